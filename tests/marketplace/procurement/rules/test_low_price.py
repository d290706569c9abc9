"""R-EVAL-15 … -17: strict triggers, raised thresholds, time for the answer, majority."""

from datetime import datetime
from decimal import Decimal as Num
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from marketplace.core.clock import ZONE
from marketplace.procurement.rules.low_price import Thresholds, Trigger, answer_due, answer_time, majority, triggers

DEFAULT = Thresholds()
CEILING = Num("1000000")


def kinds(prices: dict[int, Num], thresholds: Thresholds = DEFAULT) -> dict[int, list[str]]:
    return {bid: [hit.kind for hit in hits] for bid, hits in triggers(prices, CEILING, thresholds).items()}


def test_no_bids_no_triggers() -> None:
    assert triggers({}, CEILING, Thresholds()) == {}


def test_half_of_the_second_lowest_is_not_below_it() -> None:
    assert kinds({1: Num("450000"), 2: Num("900000"), 3: Num("900000")}) == {}
    assert kinds({1: Num("449999.99"), 2: Num("900000"), 3: Num("900000")}) == {1: ["second_lowest", "ceiling"]}


def test_half_of_the_mean() -> None:
    prices = {1: Num("460000"), 2: Num("900000"), 3: Num("990000"), 4: Num("999000"), 5: Num("999000")}
    assert kinds(prices) == {}
    assert kinds({1: Num("455000"), 2: Num("909000"), 3: Num("990000"), 4: Num("999000"), 5: Num("999000")}) == {}
    assert kinds({1: Num("310000"), 2: Num("480000"), 3: Num("990000"), 4: Num("990000"), 5: Num("990000")}) == {
        1: ["mean", "ceiling"]
    }


def test_share_of_the_ceiling() -> None:
    assert kinds({1: Num("450000"), 2: Num("460000"), 3: Num("470000")}) == {}
    assert triggers({1: Num("449999.99"), 2: Num("460000"), 3: Num("470000")}, CEILING, Thresholds()) == {
        1: [Trigger("ceiling", Fraction(450000))]
    }


def test_one_conforming_bid_has_no_second_lowest() -> None:
    assert kinds({1: Num("100")}) == {1: ["ceiling"]}


def test_documents_may_raise_the_lines() -> None:
    raised = Thresholds().raised(Num("0.65"))
    assert raised == Thresholds(Num("0.65"), Num("0.65"), Num("0.65"))
    assert Thresholds().raised(None) == Thresholds()
    assert kinds({1: Num("600000"), 2: Num("950000"), 3: Num("950000")}, raised) == {1: ["second_lowest", "ceiling"]}


@given(st.lists(st.decimals(min_value="1", max_value="1000000", places=2), min_size=3, max_size=7))
def test_never_the_dearest(prices: list[Num]) -> None:
    hits = triggers(dict(enumerate(prices)), Num("1"), Thresholds())
    assert max(range(len(prices)), key=prices.__getitem__) not in hits


@pytest.mark.parametrize(("minutes", "allowed"), [(29, False), (30, True), (60, True)])
def test_thirty_minutes_at_least(minutes: int, allowed: bool) -> None:
    decision = answer_time(minutes, 30)
    assert decision.allowed is allowed
    assert decision.rule_id == ("" if allowed else "R-EVAL-17")


def test_due() -> None:
    asked = datetime(2026, 6, 15, 10, 0, tzinfo=ZONE)
    assert answer_due(asked, 30) == datetime(2026, 6, 15, 10, 30, tzinfo=ZONE)


@pytest.mark.parametrize(("votes", "yes"), [([True, True, False], True), ([True, False, False], False), ([], False)])
def test_majority(votes: list[bool], yes: bool) -> None:
    assert majority(votes) is yes
