"""What has failed in the machine room: jobs, due work, mails. Rooms above add their own sources.

The operator sees what failed and where in the program, never what it was about: no arguments, no texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import can_operate
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import NotFound
from marketplace.core.models import DueFailure

FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)')
MOST_SHOWN = 200


@dataclass(frozen=True)
class Failure:
    """One line of the page: what, the kind of error, when, how often it was tried."""

    what: str
    error: str
    failed_at: datetime | None
    tries: int = 1
    key: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of failure that another room knows: its heading, its list, and how to try all of them again."""

    title: Any
    failures: Callable[[], Iterable[Failure]]
    retry: Callable[[], int]
    key: str


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def sources() -> list[Source]:
    return list(_sources.values())


def failed_jobs() -> list[Failure]:
    rows = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("-finished_at")[:MOST_SHOWN]
    return [
        Failure(
            row.task_path.rsplit(".", 1)[-1],
            f"{row.exception_class_path.rsplit('.', 1)[-1]} · {place_of(row.traceback)}",
            row.finished_at,
            len(row.worker_ids) or 1,
            str(row.pk),
        )
        for row in rows
    ]


def failed_due_work() -> list[Failure]:
    return [
        Failure(row.key, row.error.partition(":")[0], row.failed_at, row.attempts)
        for row in DueFailure.objects.order_by("key")[:MOST_SHOWN]
    ]


def place_of(traceback: str) -> str:
    """File, line and function where it broke: `pdf.py:31 render_pdf`; nothing of the message."""
    frames = FRAME.findall(traceback)
    if not frames:
        return ""
    path, line, function = frames[-1]
    return f"{PurePath(path).name}:{line} {function}"


def retry_job(*, actor: Actor, job_id: str) -> None:
    """Queue one failed job again. Jobs are safe to repeat."""
    require_permission(can_operate(actor))
    changed = DBTaskResult.objects.filter(pk=job_id, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY, started_at=None, finished_at=None, exception_class_path="", traceback=""
    )
    if not changed:
        raise NotFound("")


def retry_all_jobs(*, actor: Actor) -> int:
    require_permission(can_operate(actor))
    return DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY, started_at=None, finished_at=None, exception_class_path="", traceback=""
    )


def retry_source(*, actor: Actor, key: str) -> int:
    require_permission(can_operate(actor))
    if key not in _sources:
        raise NotFound("")
    return _sources[key].retry()
