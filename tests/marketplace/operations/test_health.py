"""/healthz and /readyz: each thing that can be wrong makes it 503 and is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django_tasks_db.models import DBTaskResult, get_date_max

from marketplace.core import clock
from marketplace.core.models import Heartbeat
from marketplace.operations import health

pytestmark = [pytest.mark.django_db, pytest.mark.real_clock]


@pytest.fixture
def working(db: None) -> None:
    Heartbeat.beat("run_due", clock.machine_now())


def ready(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz")
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()["checks"]


def test_a_process_that_runs_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert client.post("/healthz").status_code == 405


def test_ready(client: Client, working: None) -> None:
    code, checks = ready(client)
    assert checks == dict.fromkeys(["database", "due_work", "queue", "files", "clock"], "ok")
    assert code == 200


@pytest.mark.parametrize(("seconds", "code"), [(45, 200), (62, 503)])
def test_due_work_a_minute_late(client: Client, seconds: int, code: int) -> None:
    Heartbeat.beat("run_due", clock.machine_now() - timedelta(seconds=seconds))
    assert ready(client)[0] == code


def test_no_worker_at_all(client: Client) -> None:
    code, checks = ready(client)
    assert code == 503
    assert checks["due_work"] != "ok"


def test_a_queue_that_stands_still(client: Client, working: None) -> None:
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default", run_after=get_date_max()
    )
    assert ready(client)[0] == 200
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=clock.machine_now() - timedelta(minutes=11))
    code, checks = ready(client)
    assert code == 503
    assert "660" in checks["queue"] or "661" in checks["queue"]


def test_files_that_cannot_be_written(client: Client, working: None, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.MARKETPLACE_FILES = tmp_path / "file"
    code, checks = ready(client)
    assert code == 503
    assert checks["files"].startswith("files cannot be written")


@pytest.mark.parametrize(("seconds", "code"), [(-0.6, 503), (-0.3, 200), (0.3, 200), (0.7, 503)])
def test_a_clock_that_is_off(
    client: Client, working: None, monkeypatch: pytest.MonkeyPatch, seconds: float, code: int
) -> None:
    monkeypatch.setattr(health, "database_clock", lambda: datetime.now(UTC) + timedelta(seconds=seconds))
    assert ready(client)[0] == code


def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise DatabaseError("gone")

    checks: dict[str, Callable[[], str]] = {**health.CHECKS, "database": away}
    monkeypatch.setattr(health, "CHECKS", checks)
    code, answers = ready(client)
    assert code == 503
    assert answers["database"] == "the database does not answer: DatabaseError"
    assert "gone" not in str(answers)
