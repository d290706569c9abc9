"""Labels, statements, minutes, and who stays outside: R-OPEN-03, R-OPEN-04."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from marketplace.core.clock import ZONE
from marketplace.procurement.rules.opening import (
    committee_stays_outside,
    labels_in_order,
    letters,
    minutes_may_be_fixed,
    statements_open,
)

UNTIL = datetime(2026, 7, 7, 10, 5, tzinfo=ZONE)


@given(st.lists(st.text("0123456789abcdef", min_size=8, max_size=8), unique=True, max_size=40))
def test_labels_do_not_depend_on_the_order_asked_in(hashes: list[str]) -> None:
    labels = labels_in_order("ab" * 32, hashes)
    assert labels == labels_in_order("ab" * 32, reversed(hashes))
    assert sorted(labels.values(), key=lambda text: (len(text), text)) == [letters(n) for n in range(len(hashes))]


def test_another_head_gives_another_order() -> None:
    hashes = [f"{n:064x}" for n in range(20)]
    assert labels_in_order("aa" * 32, hashes) != labels_in_order("bb" * 32, hashes)


@pytest.mark.parametrize(("position", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")])
def test_letters_go_on_after_z(position: int, text: str) -> None:
    assert letters(position) == text


def test_statements_are_taken_for_thirty_minutes_to_the_second() -> None:
    """R-OPEN-04."""
    assert statements_open(UNTIL, UNTIL)
    late = statements_open(UNTIL + timedelta(milliseconds=1), UNTIL)
    assert (late.blocks, late.rule_id, late.due) == (True, "R-OPEN-04", UNTIL)


@pytest.mark.parametrize(
    ("after", "all_stated", "unanswered", "may"),
    [
        (timedelta(0), False, 0, False),
        (timedelta(0), True, 0, True),
        (timedelta(0), True, 1, False),
        (timedelta(seconds=1), False, 0, True),
        (timedelta(hours=5), False, 2, False),
    ],
    ids=["still running", "all have spoken", "one unanswered", "time is over", "over, but unanswered"],
)
def test_when_the_minutes_may_be_fixed(after: timedelta, all_stated: bool, unanswered: int, may: bool) -> None:
    """R-OPEN-04: every objection is answered at once, in the minutes."""
    decision = minutes_may_be_fixed(UNTIL + after, UNTIL, all_stated=all_stated, unanswered=unanswered)
    assert (decision.allowed, decision.rule_id) == (may, "R-OPEN-04")


@pytest.mark.parametrize(
    ("is_member", "is_over", "enters"), [(False, False, True), (True, False, False), (True, True, True)]
)
def test_members_of_the_committee_do_not_attend(is_member: bool, is_over: bool, enters: bool) -> None:
    """R-OPEN-03."""
    decision = committee_stays_outside(is_member, is_over)
    assert (decision.allowed, decision.rule_id) == (enters, "R-OPEN-03")
