"""Papers stay in the queue; a test that reads one has it made."""

from __future__ import annotations

import pytest

from tests.factories.sponsorship import Sponsored, sponsored_call


@pytest.fixture(autouse=True)
def papers_wait_in_the_queue(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def world(db) -> Sponsored:
    return sponsored_call()
