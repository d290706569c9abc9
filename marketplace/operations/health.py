"""Whether this process can serve: database, worker, queue, files, clock. A check answers what is wrong, or nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django_tasks_db.models import DBTaskResult

from marketplace.core import clock
from marketplace.core.models import Heartbeat

from .worker import DUE

LATE = timedelta(minutes=1)
WAITING = timedelta(minutes=10)
SKEW = timedelta(milliseconds=500)


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def due_work() -> str:
    """The worker must have gone through the due work within the last minute."""
    beat = Heartbeat.objects.filter(name=DUE).first()
    if beat is None:
        return "no worker has done due work yet"
    late = clock.machine_now() - beat.beat_at
    return f"due work is {late.total_seconds():.0f} s old" if late > LATE else ""


def queue() -> str:
    """A task that waits for ten minutes: the workers do not keep up."""
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waiting = clock.machine_now() - oldest if oldest else timedelta(0)
    return f"a task has waited for {waiting.total_seconds():.0f} s" if waiting > WAITING else ""


def files() -> str:
    """The folder of files takes a file."""
    folder = Path(settings.MARKETPLACE_FILES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"ready")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return f"files cannot be written: {error.strerror}"
    return ""


def skew() -> str:
    """This process's clock against the database's: bids are judged to the second."""
    before = datetime.now(UTC)
    theirs = database_clock()
    after = datetime.now(UTC)
    difference = max(before - theirs, theirs - after, timedelta(0))
    return f"the clock differs from the database's by {difference.total_seconds():.3f} s" if difference >= SKEW else ""


def database_clock() -> datetime:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0])


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "due_work": due_work,
    "queue": queue,
    "files": files,
    "clock": skew,
}


def report() -> dict[str, str]:
    """Name of the check → what is wrong with it, «ok» when nothing is."""
    return {name: _answer(check) for name, check in CHECKS.items()}


def _answer(check: Callable[[], str]) -> str:
    try:
        return check() or "ok"
    except DatabaseError as error:
        return f"the database does not answer: {type(error).__name__}"
