"""A lot brought to a stage once a module: each test works on it inside its own transaction, then it is as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from marketplace.core import clock, events
from marketplace.core.models import ClockState
from tests.factories.review import Panel
from tests.support.clock import MarketClock

Stage = tuple[Panel, datetime]


@contextmanager
def staged(blocker: Any, build: Callable[[], Panel]) -> Iterator[Stage]:
    """Build inside an outer transaction that is rolled back after the last test of the module.

    Django closes the connection after each test, which would end that transaction: so closing waits.
    """
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connection.ensure_connection()
        patch.setattr(connection, "close", lambda: None)
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase does
        outer.__enter__()
        try:
            MarketClock()
            panel = build()
            moment = clock.now()
            ClockState.objects.all().delete()
            with blocker.block():
                yield panel, moment
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
    with blocker.unblock():
        connection.close()


@pytest.fixture
def at_stage(market_clock: MarketClock) -> Callable[[Stage], Panel]:
    """Move the stopped clock to where the stage was built, and read the lot anew."""

    def enter(stage: Stage) -> Panel:
        panel, moment = stage
        market_clock.move_to(moment)
        panel.refresh()
        return panel

    return enter


@contextmanager
def announced(*kinds: type) -> Iterator[list[Any]]:
    """The events of these kinds that are announced inside."""
    heard: list[Any] = []
    handlers = dict.fromkeys(kinds, heard.append)
    for kind, handler in handlers.items():
        events.subscribe(kind, handler)
    try:
        yield heard
    finally:
        for kind, handler in handlers.items():
            events._handlers[kind].remove(handler)
