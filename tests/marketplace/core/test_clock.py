"""The marketplace's clock: forward only, on while the server runs, from where it stopped, never the machine's date."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.models import ClockState
from marketplace.operations.clock import resume, resume_at_start
from tests.factories.accounts import make_body

START = datetime(2026, 6, 15, 9, 0, tzinfo=clock.ZONE)
MACHINE = datetime(2027, 3, 1, 12, 0, tzinfo=clock.ZONE)


@pytest.fixture
def running(market_clock: object) -> ClockState:
    """A demo clock that runs, anchored now."""
    ClockState.objects.update(market=START, machine=clock.machine_now(), is_running=True)
    return ClockState.objects.get()


def ahead(state: ClockState, **by: float) -> None:
    """As if the machine had gone on by so much since the last anchor."""
    state.machine -= timedelta(**by)
    state.save()


def close_to(instant: datetime) -> bool:
    return abs(clock.now() - instant) < timedelta(seconds=5)


def test_without_a_state_it_is_the_real_time(db: None) -> None:
    ClockState.objects.all().delete()
    assert abs(clock.now() - clock.machine_now()) < timedelta(seconds=5)
    resume()
    clock.keep()
    with pytest.raises(MarketplaceError):
        clock.move_to(clock.now() + timedelta(days=1))


def test_it_runs_on(running: ClockState) -> None:
    ahead(running, hours=2)
    assert close_to(START + timedelta(hours=2))
    assert clock.today() == START.date()


def test_the_machines_date_is_not_read(running: ClockState) -> None:
    running.machine = MACHINE
    running.save()
    with time_machine.travel(MACHINE + timedelta(minutes=5), tick=False):
        assert clock.now() == START + timedelta(minutes=5)


def test_a_machine_set_back_does_not_set_it_back(running: ClockState) -> None:
    ahead(running, hours=-3)
    assert clock.now() == START


def test_it_moves_forward_only(running: ClockState) -> None:
    clock.move_to(START + timedelta(days=1))
    assert close_to(START + timedelta(days=1))
    with pytest.raises(MarketplaceError):
        clock.move_to(START)
    assert close_to(START + timedelta(days=1))


def test_a_request_reads_it_once_and_sees_a_move(running: ClockState, django_assert_num_queries: object) -> None:
    token = clock.remember()
    try:
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert close_to(START)
        clock.move_to(START + timedelta(days=2))
        assert close_to(START + timedelta(days=2))
    finally:
        clock.forget(token)


def test_it_goes_on_from_where_the_server_stopped(running: ClockState) -> None:
    ahead(running, minutes=10)
    clock.keep()
    kept = clock.now()
    ahead(ClockState.objects.get(), hours=14)
    resume()
    assert close_to(kept)


def test_resuming_while_the_server_runs_changes_nothing(running: ClockState) -> None:
    ahead(running, seconds=20)
    before = ClockState.objects.get().market
    resume_at_start()
    assert ClockState.objects.get().market == before
    assert close_to(START + timedelta(seconds=20))


def test_it_never_goes_back_behind_the_log(running: ClockState) -> None:
    """The server died an hour after the worker's last sign of life, and the log had gone on."""
    ahead(running, hours=1)
    with audit.transaction() as log:
        log.record("tender.published", make_body(), SYSTEM)
    written = clock.now()
    ahead(ClockState.objects.get(), hours=9)
    resume()
    assert clock.now() >= written - timedelta(seconds=1)
    assert close_to(START + timedelta(hours=1))


def test_a_stopped_clock_stays_stopped(market_clock: object) -> None:
    before = clock.now()
    clock.keep()
    resume()
    assert clock.now() == before


def test_the_command_shows_and_starts(running: ClockState) -> None:
    ahead(running, hours=14)
    out = io.StringIO()
    call_command("clock", "start", stdout=out)
    assert "2026-06-15T09:00" in out.getvalue()
    ClockState.objects.all().delete()
    call_command("clock", "show", stdout=out)
    assert str(clock.machine_now().year) in out.getvalue()
