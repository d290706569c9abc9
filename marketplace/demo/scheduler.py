"""Plays stories side by side in the order of their moments: the clock only moves forward.

A story is a generator: it yields the moment at which it wants to go on, and acts when it is resumed. Whatever
became due in between (closings, reminders) `run_due` has done by then.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from marketplace.core import clock
from marketplace.core.models import ClockState
from marketplace.core.schedule import run_due

Story = Iterator[datetime]


def play(stories: Iterable[Story], until: datetime) -> None:
    """Run every story up to `until`; what wants to act later stays where it is: a procedure under way."""
    queue: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _push(queue, number, story)
    while queue and queue[0][0] <= until:
        moment, number, story = heapq.heappop(queue)
        _go_to(moment)
        _push(queue, number, story)
    _go_to(until)


def _push(queue: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(queue, (moment, number, story))


def _go_to(moment: datetime) -> None:
    if moment > clock.now():
        clock.move_to(moment)
        run_due(moment)


@contextmanager
def stopped_clock(start: datetime) -> Iterator[None]:
    """A clock that stands still while the demo world is built, and runs afterwards."""
    state = ClockState.objects.create(market=start, machine=clock.machine_now(), is_running=False)
    token = clock.remember()  # thousands of questions for the time, one answer for each moment
    try:
        yield
    finally:
        clock.forget(token)
        state.refresh_from_db()
        state.machine, state.is_running = clock.machine_now(), True
        state.save()
