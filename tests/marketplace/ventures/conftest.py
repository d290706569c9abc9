"""Papers stay in the queue, as they do while the worker is busy; a test that reads one has it made."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def papers_wait_in_the_queue(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
