"""Queued tasks that failed or whose worker died are queued again, a few times; the rest waits for the operator.

Tasks are safe to repeat (stack of `django-tasks-db` has neither retry nor recovery of its own). How often a task was
tried is the number of workers that claimed it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from marketplace.core.models import Heartbeat

TRIES = 5
FIRST_PAUSE = timedelta(seconds=5)
SILENCE = timedelta(seconds=60)
KEEP = timedelta(days=7)
WORKER = "worker:"


def requeue(machine: datetime) -> int:
    """Queue again what failed or was left behind; returns how many tasks."""
    return sum(_retry(row, machine) for row in _failed()) + sum(_recover(row) for row in _left_behind(machine))


def _failed() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(status=TaskResultStatus.FAILED))


def _retry(row: DBTaskResult, machine: datetime) -> bool:
    """A failed task: after a pause that grows with each try, five tries in all."""
    tries = max(len(row.worker_ids), 1)
    if tries >= TRIES or row.finished_at is None or machine - row.finished_at < FIRST_PAUSE * 3 ** (tries - 1):
        return False
    return _queue(row)


def _left_behind(machine: datetime) -> list[DBTaskResult]:
    """Running tasks whose worker gives no sign of life."""
    alive = set(
        Heartbeat.objects.filter(name__startswith=WORKER, beat_at__gt=machine - SILENCE).values_list("name", flat=True)
    )
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=machine - SILENCE)
    return [row for row in running if not row.worker_ids or WORKER + row.worker_ids[-1] not in alive]


def _recover(row: DBTaskResult) -> bool:
    """A task cut in two: queued again, or failed for good when that has happened too often."""
    if len(row.worker_ids) < TRIES:
        return _queue(row)
    DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at).update(
        status=TaskResultStatus.FAILED, finished_at=row.started_at, exception_class_path="marketplace.operations.Lost"
    )
    return False


def _queue(row: DBTaskResult) -> bool:
    """Only if nobody has touched it meanwhile."""
    same = DBTaskResult.objects.filter(
        pk=row.pk, status=row.status, started_at=row.started_at, finished_at=row.finished_at
    )
    return bool(same.update(status=TaskResultStatus.READY, started_at=None, finished_at=None))


def prune(machine: datetime) -> None:
    """Forget tasks that succeeded a week ago and workers that have been silent for a day."""
    DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=machine - KEEP).delete()
    Heartbeat.objects.filter(name__startswith=WORKER, beat_at__lt=machine - timedelta(days=1)).delete()
