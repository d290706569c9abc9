"""The worker as a process of its own: runs tasks and due work, ends cleanly on SIGTERM. And `run_due` by hand."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from marketplace.core import clock, schedule
from marketplace.core.models import Heartbeat
from marketplace.core.schedule import Round
from marketplace.operations import worker

ROOT = Path(__file__).resolve().parents[3]


def wait_until(what: str, is_so: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():  # type: ignore[operator]
            return
        time.sleep(0.2)
    raise AssertionError(what)


@pytest.mark.django_db(transaction=True)
def test_a_worker_works_and_ends_on_sigterm(tmp_path: Path) -> None:
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.marketplace.operations.tasks.note_that_it_ran",
        backend_name="default",
        run_after=get_date_max(),
        exception_class_path="",
        traceback="",
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.marketplace.operations.worker_settings",
        **{f"TEST_{key}": str(connection.settings_dict[key] or "") for key in ("NAME", "HOST", "PORT", "USER")},
        "MARKETPLACE_VAR": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "worker", "--interval=0.1", "--due-interval=0.2"]
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        wait_until("the task ran", lambda: DBTaskResult.objects.filter(pk=row.pk, status="SUCCESSFUL").exists())
        wait_until("a heartbeat", lambda: Heartbeat.objects.filter(name="run_due").exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, (tmp_path / "output").read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert not Heartbeat.objects.filter(name__startswith="worker:").exists()
    assert "Traceback" not in (tmp_path / "output").read_text()


@pytest.mark.django_db
def test_a_round_gives_a_sign_of_life_and_queues_again() -> None:
    clockwork = worker.Clockwork("w1", 1)
    failed = DBTaskResult.objects.create(
        status=TaskResultStatus.FAILED,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        backend_name="default",
        run_after=get_date_max(),
        worker_ids=["w0"],
        finished_at=clock.machine_now() - timedelta(hours=1),
        exception_class_path="",
        traceback="",
    )
    clockwork.pruned_at -= 2 * worker.PRUNE_EVERY
    clockwork.tick()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"run_due", "worker:w1"}
    failed.refresh_from_db()
    assert failed.status == TaskResultStatus.READY


@pytest.mark.django_db
def test_no_sign_of_due_work_while_another_process_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "run_due", lambda: Round(ran=False))
    worker.Clockwork("w1", 1).tick()
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker:w1"]


@pytest.mark.django_db
def test_a_round_that_breaks_does_not_end_the_thread(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: worker.Clockwork) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(worker.Clockwork, "work", broken)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    with caplog.at_level(logging.CRITICAL):
        worker.Clockwork("w1", 1).tick()


@pytest.mark.django_db
def test_run_due_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule.autodiscover_modules("schedule")
    jobs: list[schedule.Job] = [("room.good", lambda: None)]
    monkeypatch.setattr(schedule, "_sources", [lambda _now: jobs])
    out = io.StringIO()
    call_command("run_due", stdout=out)
    assert out.getvalue() == "room.good\n"
    assert Heartbeat.objects.filter(name="run_due").exists()
    jobs.append(("room.bad", lambda: 1 / 0))
    err = io.StringIO()
    with pytest.raises(CommandError, match="1"):
        call_command("run_due", stdout=out, stderr=err)
    assert "room.bad" in err.getvalue()


@pytest.mark.django_db
def test_run_due_gives_way_to_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.operations.management.commands.run_due.run_due", lambda wait: Round(ran=False))
    with pytest.raises(CommandError):
        call_command("run_due")
    assert not Heartbeat.objects.exists()
