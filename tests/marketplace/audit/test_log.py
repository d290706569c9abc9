"""`audit.transaction()`: entries come last, whole or not at all, in order, each hashed with its salt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from marketplace.audit.models import LogEntry, TreeNode
from marketplace.core import clock
from tests.support.clock import MarketClock

Record = Callable[..., None]


class Nope(Exception):
    pass


def test_an_entry_says_who_what_which_and_when(body: Body, record: Record) -> None:
    record("tender.published", amount=Decimal("1860000"), deadline=clock.now())
    entry = LogEntry.objects.get()
    said = json.loads(bytes(entry.entry))
    assert said == {
        "v": 1,
        "number": 1,
        "action": "tender.published",
        "subject": f"accounts.body:{body.pk}",
        "project": "SH-2026-0001",
        "lot": "",
        "actor": "p-system",
        "stage": entry.stage,
        "facts": {"amount": "1860000.00", "deadline": "2026-06-15T09:00:00+08:00"},
        "market_time": "2026-06-15T09:00:00+08:00",
        "machine_time": entry.machine_time.astimezone(clock.ZONE).isoformat(),
    }
    assert len(entry.salt) == 32
    assert bytes(entry.leaf) == hashlib.sha256(b"\0" + bytes(entry.salt) + bytes(entry.entry)).digest()


def test_numbers_have_no_gap_and_salts_no_twin(record: Record) -> None:
    for _round in range(5):
        record("tender.published", "tender.corrected", "tender.terminated")
    entries = LogEntry.objects.all()
    assert [entry.number for entry in entries] == list(range(1, 16))
    assert len({bytes(entry.salt) for entry in entries}) == 15
    assert TreeNode.objects.count() == 7 + 3 + 1


def test_a_failure_leaves_nothing(body: Body) -> None:
    def fail() -> None:
        with audit.transaction() as log:
            log.record("tender.published", body, SYSTEM)
            Body.objects.filter(pk=body.pk).update(name="changed")
            raise Nope

    with pytest.raises(Nope):
        fail()
    body.refresh_from_db()
    assert body.name != "changed"
    assert not LogEntry.objects.exists()
    assert not TreeNode.objects.exists()


def test_an_inner_transaction_joins_the_outer_one(body: Body) -> None:
    with audit.transaction() as log:
        log.record("tender.published", body, SYSTEM)
        with audit.transaction() as inner:
            inner.record("notice.published", body, SYSTEM)
        log.record("tender.corrected", body, SYSTEM)
        assert not LogEntry.objects.exists()
    assert list(LogEntry.objects.values_list("action", flat=True)) == [
        "tender.published",
        "notice.published",
        "tender.corrected",
    ]


def test_a_failed_inner_transaction_takes_its_entries_with_it(body: Body) -> None:
    def fail() -> None:
        with audit.transaction() as inner:
            inner.record("notice.published", body, SYSTEM)
            raise Nope

    with audit.transaction() as log:
        log.record("tender.published", body, SYSTEM)
        with pytest.raises(Nope):
            fail()
    assert list(LogEntry.objects.values_list("action", flat=True)) == ["tender.published"]


def test_facts_are_taken_when_they_are_recorded(body: Body) -> None:
    facts = ["a"]
    with audit.transaction() as log:
        log.record("tender.published", body, SYSTEM, parts=facts)
        facts.append("b")
    assert json.loads(bytes(LogEntry.objects.get().entry))["facts"] == {"parts": ["a"]}


def test_a_float_is_refused_and_nothing_is_written(body: Body) -> None:
    with pytest.raises(TypeError, match="no exact form"), audit.transaction() as log:
        log.record("tender.published", body, SYSTEM, price=0.1)
    assert not LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_service_never_runs_inside_another_transaction(body: Body) -> None:
    """Else the log's lock would be held for longer than the service."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), audit.transaction():
        pass


def test_marketplace_time_never_goes_back(record: Record, market_clock: MarketClock) -> None:
    market_clock.advance(minutes=5)
    record("tender.published")
    later = market_clock.now
    from marketplace.core.models import ClockState

    ClockState.objects.update(market=clock.now() - timedelta(minutes=3))
    record("tender.corrected")
    assert [entry.market_time for entry in LogEntry.objects.all()] == [later, later]


def test_writing_costs_the_same_in_a_long_log(record: Record) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            record("tender.published", "notice.published")
        return len(queries)

    for _round in range(20):
        record("tender.published")
    assert cost() <= 9
    for _round in range(43):
        record("tender.published")
    assert cost() <= 9
