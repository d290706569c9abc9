"""The worker as a step of a test: tasks wait in the database, as behind `make run`, until the test works them off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asgiref.local import Local
from django_tasks import task_backends
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


@pytest.fixture
def queued_tasks() -> Iterator[None]:
    """In place of the tests' own backend, which runs every task inside the request."""
    restore = pytest.MonkeyPatch()
    queue = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
    restore.setattr(task_backends, "settings", task_backends.configure_settings({"default": queue}))
    restore.setattr(task_backends, "_connections", Local(task_backends.thread_critical))
    yield
    restore.undo()


def work_off() -> None:
    """Run what is queued; a task that fails fails the test."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
    failed = list(DBTaskResult.objects.failed().values_list("task_path", "traceback"))
    assert not failed, failed
