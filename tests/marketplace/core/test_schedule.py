"""`run_due`: everything once, one process at a time, one failure keeps nothing else from running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from marketplace.core import clock, schedule
from marketplace.core.models import DueFailure, Lease
from marketplace.core.schedule import Job, run_due


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[list[schedule.Source]]:
    """Only what the test registers."""
    schedule.autodiscover_modules("schedule")
    registered: list[schedule.Source] = []
    monkeypatch.setattr(schedule, "_sources", registered)
    yield registered


class Counter:
    """A job that counts how often it ran, and a source that stops naming it then."""

    def __init__(self, key: str = "room.job:1", fails: int = 0) -> None:
        self.key, self.runs, self.fails = key, 0, fails

    def job(self) -> None:
        self.runs += 1
        if self.runs <= self.fails:
            raise RuntimeError("broken")

    def due(self, _now: datetime) -> list[Job]:
        return [(self.key, self.job)] if self.runs == 0 or self.runs <= self.fails else []


def test_what_is_due_is_done_once(sources: list[schedule.Source]) -> None:
    counter = Counter()
    schedule.register(counter.due)
    schedule.register(counter.due)
    assert run_due().done == ["room.job:1"]
    assert run_due().done == []
    assert counter.runs == 1


def test_sources_are_asked_with_the_marketplace_time(sources: list[schedule.Source]) -> None:
    asked: list[datetime] = []
    schedule.register(lambda now: asked.append(now) or [])  # type: ignore[func-returns-value]
    run_due()
    run_due(clock.now() + timedelta(days=1))
    assert asked == [clock.now(), clock.now() + timedelta(days=1)]


def test_a_failure_is_noted_waits_and_is_tried_again(sources: list[schedule.Source]) -> None:
    broken, other = Counter("room.broken", fails=1), Counter("room.other")
    sources += [broken.due, other.due]
    result = run_due()
    assert (result.done, result.failed) == (["room.other"], ["room.broken"])
    failure = DueFailure.objects.get()
    assert (failure.key, failure.attempts, failure.error) == ("room.broken", 1, "RuntimeError: broken")
    assert failure.next_attempt_at - failure.failed_at == timedelta(seconds=2)
    assert run_due().failed == []
    assert broken.runs == 1, "it waits"
    DueFailure.objects.update(next_attempt_at=clock.machine_now())
    assert run_due().done == ["room.broken"]
    assert not DueFailure.objects.exists()


def test_the_pause_doubles_up_to_ten_minutes(sources: list[schedule.Source]) -> None:
    sources.append(Counter(fails=99).due)
    for _round in range(12):
        run_due()
        DueFailure.objects.update(next_attempt_at=clock.machine_now())
    run_due()
    failure = DueFailure.objects.get()
    assert failure.attempts == 13
    assert failure.next_attempt_at - failure.failed_at == timedelta(minutes=10)


def test_a_failure_that_is_no_longer_due_is_forgotten(sources: list[schedule.Source]) -> None:
    sources.append(Counter(fails=99).due)
    run_due()
    sources.clear()
    run_due()
    assert not DueFailure.objects.exists()


def test_a_source_that_breaks_stops_no_other(sources: list[schedule.Source]) -> None:
    def broken(_now: datetime) -> list[Job]:
        raise RuntimeError("no list today")

    counter = Counter()
    sources += [broken, counter.due]
    result = run_due()
    assert result.done == ["room.job:1"]
    assert len(result.failed) == 1
    assert "broken" in DueFailure.objects.get().key


def test_one_process_at_a_time(sources: list[schedule.Source]) -> None:
    counter = Counter()
    sources.append(counter.due)
    assert Lease.take("run_due", "somebody", clock.machine_now(), timedelta(seconds=60))
    assert not run_due().ran
    assert counter.runs == 0
    Lease.objects.update(until=clock.machine_now() - timedelta(seconds=1))
    assert run_due().done == ["room.job:1"], "a lease runs out after a crash"


def test_the_lease_is_given_back_even_after_a_failure(sources: list[schedule.Source]) -> None:
    sources.append(Counter(fails=1).due)
    run_due()
    assert run_due().ran


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_do_a_thing_once(sources: list[schedule.Source]) -> None:
    counter = Counter()
    sources.append(counter.due)
    rounds: list[schedule.Round] = []

    def go() -> None:
        try:
            rounds.append(run_due(wait=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _process in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [each.ran for each in rounds] == [True, True, True]
    assert counter.runs == 1


def test_every_room_is_asked(db: None) -> None:
    """The rooms' own schedules are found without being listed anywhere."""
    result = run_due()
    assert result.ran
    assert {source.__module__ for source in schedule._sources} >= {
        "marketplace.audit.schedule",
        "marketplace.procurement.schedule",
        "marketplace.contracts.schedule",
    }
