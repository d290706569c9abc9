"""When silence is an outage, which deadlines it touches, how far they move (our decision, R-TIME-07)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from marketplace.core.clock import ZONE
from marketplace.procurement.rules.outages import concerns, extension_long_enough, holds_closing, is_outage

DEADLINE = datetime(2026, 7, 7, 9, 30, tzinfo=ZONE)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_two_minutes_of_silence_are_an_outage() -> None:
    assert not is_outage(DEADLINE, DEADLINE + 2 * MINUTE - timedelta(seconds=1))
    assert is_outage(DEADLINE, DEADLINE + 2 * MINUTE)


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [
        (-30 * HOUR, -25 * HOUR, False),
        (-30 * HOUR, -24 * HOUR, True),
        (-20 * MINUTE, 20 * MINUTE, True),
        (timedelta(0), HOUR, True),
        (MINUTE, HOUR, False),
    ],
    ids=["days before", "into the last day", "over the deadline", "from the deadline on", "after it"],
)
def test_what_touches_a_deadline(start: timedelta, end: timedelta, touches: bool) -> None:
    assert concerns(DEADLINE + start, DEADLINE + end, DEADLINE) is touches


def test_the_count_is_held_for_four_hours_after_the_end_and_no_longer() -> None:
    start, end = DEADLINE - 20 * MINUTE, DEADLINE + 20 * MINUTE
    assert holds_closing(start, end, DEADLINE, end + 4 * HOUR - MINUTE)
    assert not holds_closing(start, end, DEADLINE, end + 4 * HOUR)
    assert not holds_closing(DEADLINE - 5 * HOUR, DEADLINE - 3 * HOUR, DEADLINE, DEADLINE)


def test_a_new_deadline_gives_back_what_was_lost() -> None:
    length, now = 40 * MINUTE, DEADLINE + HOUR
    decision = extension_long_enough(DEADLINE, now + 39 * MINUTE, length, now)
    assert (decision.blocks, decision.rule_id, decision.field) == (True, "R-TIME-07", "new_deadline")
    assert decision.due == now + length
    assert extension_long_enough(DEADLINE, now + length, length, now)
    assert extension_long_enough(DEADLINE, DEADLINE + length, length, DEADLINE - HOUR)
