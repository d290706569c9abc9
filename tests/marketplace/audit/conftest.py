"""Something to write about, and a service to write with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.accounts.models import Body
from tests.factories.accounts import make_body


@pytest.fixture
def body(db: None) -> Body:
    return make_body()


@pytest.fixture
def record(body: Body) -> Callable[..., None]:
    """`record("tender.published", "tender.corrected")`: one transaction with these entries."""

    def write(*actions: str, project: str = "SH-2026-0001", **facts: object) -> None:
        with audit.transaction() as log:
            for action in actions:
                log.record(action, body, SYSTEM, project=project, **facts)

    return write
