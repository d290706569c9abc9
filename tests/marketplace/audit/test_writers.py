"""Two writers at once, 200 services each: no gap, no deadlock, a log that holds. On SQLite and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from marketplace.audit.models import LogEntry
from marketplace.audit.verification import verify
from marketplace.core.locking import locked_all
from marketplace.core.models import NumberSeries
from tests.factories.accounts import make_body

SERVICES = 200


class Nope(Exception):
    pass


def service(pks: list[int], turn: int) -> None:
    """Lock two rows (asked for in either order), change one, record, and sometimes fail at the very end."""
    with audit.transaction() as log:
        first, _second = locked_all(Body, pks if turn % 2 else pks[::-1])
        NumberSeries.objects.filter(kind="turns").update(last=turn)
        log.record("tender.published", first, SYSTEM, turn=turn)
        log.record("notice.published", first, SYSTEM, turn=turn)
        if turn % 5 == 0:
            raise Nope


def write_all(pks: list[int], errors: list[BaseException]) -> None:
    try:
        for turn in range(SERVICES):
            try:
                service(pks, turn)
            except Nope:
                continue
    except BaseException as error:
        errors.append(error)
        raise
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_writers_leave_no_gap_and_no_deadlock() -> None:
    pks, errors = [make_body().pk, make_body(name="杨浦区民政局").pk], []
    NumberSeries.objects.create(kind="turns", region="SH", year=2026)
    threads = [threading.Thread(target=write_all, args=(pks, errors)) for _writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    assert not errors
    assert not any(thread.is_alive() for thread in threads)
    kept = 2 * 2 * (SERVICES - SERVICES // 5)
    assert list(LogEntry.objects.values_list("number", flat=True)) == list(range(1, kept + 1))
    report = verify()
    assert report.findings == []
    assert report.size == kept
