"""Tasks that failed or were left behind are queued again, five tries in all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from marketplace.core import clock
from marketplace.core.models import Heartbeat
from marketplace.operations.queue import prune, requeue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=clock.ZONE)
READY, RUNNING, FAILED = TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED


def task(status: str, *, tries: int = 1, seconds_ago: int = 3600, worker: str = "w") -> DBTaskResult:
    then = NOW - timedelta(seconds=seconds_ago)
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="marketplace.documents.generation.build_document_task",
        backend_name="default",
        run_after=get_date_max(),
        worker_ids=[worker] * tries,
        started_at=then,
        finished_at=then if status in (FAILED, TaskResultStatus.SUCCESSFUL) else None,
        exception_class_path="",
        traceback="",
    )


def status_of(row: DBTaskResult) -> str:
    row.refresh_from_db()
    return row.status


@pytest.mark.parametrize(
    ("tries", "seconds_ago", "is_queued"),
    [(1, 4, False), (1, 5, True), (2, 14, False), (2, 15, True), (4, 134, False), (4, 135, True), (5, 99999, False)],
)
def test_a_failed_task_waits_longer_each_time_and_gives_up(tries: int, seconds_ago: int, is_queued: bool) -> None:
    row = task(FAILED, tries=tries, seconds_ago=seconds_ago)
    assert requeue(NOW) == int(is_queued)
    assert status_of(row) == (READY if is_queued else FAILED)
    assert requeue(NOW) == 0
    assert len(row.worker_ids) == tries


def test_a_task_whose_worker_died_is_queued_again() -> None:
    dead, alive, fresh = task(RUNNING), task(RUNNING, worker="alive"), task(RUNNING, seconds_ago=30)
    Heartbeat.beat("worker:alive", NOW - timedelta(seconds=10))
    Heartbeat.beat("worker:w", NOW - timedelta(seconds=61))
    assert requeue(NOW) == 1
    assert [status_of(row) for row in (dead, alive, fresh)] == [READY, RUNNING, RUNNING]


def test_a_task_that_kills_its_worker_five_times_is_failed() -> None:
    row = task(RUNNING, tries=5)
    assert requeue(NOW) == 0
    assert status_of(row) == FAILED
    assert requeue(NOW) == 0


def test_a_queued_task_runs_again(settings: object) -> None:
    row = task(FAILED)
    requeue(NOW)
    assert DBTaskResult.objects.ready().get() == row


def test_old_successes_and_dead_workers_are_forgotten() -> None:
    old = task(TaskResultStatus.SUCCESSFUL, seconds_ago=8 * 86400)
    recent = task(TaskResultStatus.SUCCESSFUL, seconds_ago=6 * 86400)
    failed = task(FAILED, seconds_ago=99 * 86400)
    for name, days in (("worker:a", 2), ("worker:b", 0), ("run_due", 30)):
        Heartbeat.beat(name, NOW - timedelta(days=days))
    prune(NOW)
    assert set(DBTaskResult.objects.all()) == {recent, failed}
    assert not DBTaskResult.objects.filter(pk=old.pk).exists()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker:b", "run_due"}
