"""What the clock demands: rooms say what is due, `run_due` does it (from the worker every few seconds).

A room's `schedule.py` registers one or more sources:

    @register
    def due(now: datetime) -> Iterable[Job]:
        return [(f"procurement.close_lot:{lot.pk}", partial(close_lot, actor=SYSTEM, lot_id=lot.pk)) for lot in …]

A job is a key and a call without arguments that opens its own transaction and is safe to repeat. One that fails is
noted (`DueFailure`) and tried again later; it never keeps the others from running.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.module_loading import autodiscover_modules

from . import clock

Job = tuple[str, Callable[[], object]]
Source = Callable[[datetime], Iterable[Job]]
logger = logging.getLogger(__name__)
_sources: list[Source] = []

LEASE = "run_due"
LEASE_LENGTH = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=10)


def register(source: Source) -> Source:
    """Add a source of due jobs; used as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


@dataclass
class Round:
    """What one round of `run_due` did. `ran` is False when another process was at it."""

    ran: bool = True
    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def run_due(now: datetime | None = None, *, wait: float = 0) -> Round:
    """Do everything that is due at `now`, once. Harmless when run twice or by two processes at the same time."""
    from .models import DueFailure

    autodiscover_modules("schedule")
    with _lease(wait) as renew:
        if renew is None:
            return Round(ran=False)
        result, waiting = Round(), DueFailure.waiting(clock.machine_now())
        now, seen = now or clock.now(), set()
        for source in list(_sources):
            for key, job in _ask(source, now):
                seen.add(key)
                if key not in waiting:
                    (result.done if _run(key, job) else result.failed).append(key)
                    renew()
        DueFailure.objects.exclude(key__in=seen).delete()
    return result


def _ask(source: Source, now: datetime) -> list[Job]:
    key = f"{source.__module__}.{source.__qualname__}"
    jobs: list[Job] = []
    return jobs if _run(key, lambda: jobs.extend(source(now))) else [(key, lambda: list(source(now)))]


def _run(key: str, job: Callable[[], object]) -> bool:
    """Run one job. The boundary of the worker: whatever a job raises is kept, shown to the operator and retried."""
    from .models import DueFailure

    try:
        job()
    except Exception as error:
        logger.exception("due job failed: %s", key)
        DueFailure.note(key, f"{type(error).__name__}: {error}", clock.machine_now(), LONGEST_PAUSE)
        return False
    DueFailure.objects.filter(key=key).delete()
    return True


@contextmanager
def _lease(wait: float) -> Iterator[Callable[[], None] | None]:
    """One process at a time: a row says who is at it and until when; it runs out by itself after a crash."""
    from .models import Lease

    holder, give_up = secrets.token_hex(8), time.monotonic() + wait
    while not Lease.take(LEASE, holder, clock.machine_now(), LEASE_LENGTH):
        if time.monotonic() >= give_up:
            yield None
            return
        time.sleep(0.1)
    try:
        yield lambda: Lease.renew(LEASE, holder, clock.machine_now(), LEASE_LENGTH)
    finally:
        Lease.objects.filter(name=LEASE, holder=holder).update(until=clock.machine_now())
