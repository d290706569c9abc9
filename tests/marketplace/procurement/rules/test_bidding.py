"""In time or late, prices and sizes, how many bids a lot needs: R-BID-07, R-OPEN-01, R-OPEN-02, R-EVAL-21."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.core.clock import ZONE
from marketplace.core.decisions import Level
from marketplace.procurement.rules.bidding import (
    BID_LIMIT,
    CLOSING_DELAY,
    LOCK_PATIENCE,
    all_sealed,
    closing_due,
    enough_bids,
    in_time,
    price_in_yuan,
    price_positive,
    price_within,
    size_within,
)

DEADLINE = datetime(2026, 7, 7, 9, 30, tzinfo=ZONE)
CEILING = Decimal("2000000.00")


@pytest.mark.parametrize(
    ("late_by", "is_in"),
    [
        (timedelta(days=-1), True),
        (timedelta(microseconds=-1), True),
        (timedelta(0), True),
        (timedelta(microseconds=1), False),
        (timedelta(milliseconds=1), False),
        (timedelta(seconds=59), False),
    ],
    ids=[
        "a day before",
        "just before",
        "to the second",
        "a microsecond late",
        "a millisecond late",
        "before the count",
    ],
)
def test_the_deadline_is_inclusive_and_exact(late_by: timedelta, is_in: bool) -> None:
    """R-BID-07, R-TIME-07."""
    decision = in_time(DEADLINE + late_by, DEADLINE)
    assert (decision.allowed, decision.rule_id, decision.due) == (is_in, "R-BID-07", DEADLINE)
    assert decision.blocks is not is_in


def test_another_zone_is_the_same_moment() -> None:
    assert in_time(datetime.fromisoformat("2026-07-07T01:30:00+00:00"), DEADLINE)
    assert not in_time(datetime.fromisoformat("2026-07-07T01:30:00.001+00:00"), DEADLINE)


def test_nothing_unencrypted_is_received() -> None:
    """R-EDOC-05, R-EDOC-06."""
    assert all_sealed([True, True])
    decision = all_sealed([True, False])
    assert (decision.blocks, decision.rule_id) == (True, "R-EDOC-05")


def test_the_count_leaves_a_minute_and_a_busy_database_is_asked_until_then() -> None:
    """R-OPEN-01."""
    assert not closing_due(DEADLINE + timedelta(seconds=59, milliseconds=999), DEADLINE)
    assert closing_due(DEADLINE + timedelta(seconds=60), DEADLINE)
    assert timedelta(0) < LOCK_PATIENCE < CLOSING_DELAY


@pytest.mark.parametrize(("count", "opens"), [(0, False), (2, False), (3, True), (30, True)])
def test_fewer_than_three_stay_closed(count: int, opens: bool) -> None:
    """R-OPEN-02."""
    decision = enough_bids(count, 3)
    assert (decision.allowed, decision.rule_id) == (opens, "R-OPEN-02")
    if not opens:
        assert str(count) in str(decision.reason)


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal("0.00"), Decimal("-1.00")])
def test_a_price_is_above_zero(price: Decimal | None) -> None:
    decision = price_positive(price)
    assert (decision.blocks, decision.rule_id, decision.field) == (True, "R-EVAL-21", "amount")


def test_a_price_is_at_most_the_ceiling() -> None:
    assert price_within(CEILING, CEILING)
    decision = price_within(CEILING + Decimal("0.01"), CEILING)
    assert (decision.blocks, decision.rule_id, decision.field) == (True, "R-EVAL-21", "amount")
    assert "2,000,000.00" in str(decision.reason)


@pytest.mark.parametrize(
    ("price", "is_asked"),
    [("186", True), ("200", True), ("0.01", True), ("20000", False), ("19999.99", False), ("1860000", False)],
)
def test_wan_typed_for_yuan_is_asked_about(price: str, is_asked: bool) -> None:
    """186 for 1,860,000. 19,999.99 would be 200 million: nobody meant 万元."""
    decision = price_in_yuan(Decimal(price), CEILING)
    assert decision.allowed is not is_asked
    if is_asked:
        assert (decision.level, decision.rule_id) == (Level.WARN, "R-EVAL-21")


def test_the_question_says_what_was_typed_and_what_was_meant() -> None:
    reason = str(price_in_yuan(Decimal(186), CEILING).reason)
    assert "186.00" in reason
    assert "1,860,000.00" in reason


@given(st.decimals(min_value="0.01", max_value="2000000", places=2))
def test_a_plausible_price_is_never_asked_about(price: Decimal) -> None:
    if price * 100 >= CEILING:
        assert price_in_yuan(price, CEILING).allowed


def test_all_files_together_have_500_mb() -> None:
    assert size_within(BID_LIMIT)
    decision = size_within(BID_LIMIT + 1)
    assert decision.blocks
    assert "501" in str(decision.reason)
