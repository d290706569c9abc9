"""The criteria tree: sum, floor of the price, quantified ranges with one score each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.rulesets import combine
from marketplace.procurement.rules import criteria as rules
from marketplace.procurement.rules.criteria import LeafFacts, RangeFacts

RULES = combine("310106", "district", date(2026, 6, 15), [])


def leaf(
    points="85", ranges=(("3 名以上持证营养师", "85"), ("1 至 2 名持证营养师", "40")), kind="objective", title="团队"
):
    return LeafFacts(title, kind, Decimal(points), tuple(RangeFacts(text, Decimal(score)) for text, score in ranges))


def price(points="15"):
    return LeafFacts("价格", "price", Decimal(points))


def refusals(*leaves):
    return [answer for answer in rules.criteria_decisions(leaves, RULES) if not answer.allowed]


def test_whole_tree_holds():
    assert refusals(leaf(), price()) == []


@pytest.mark.parametrize(("points", "gap"), [("80", "5"), ("90.5", "5.5")])
def test_points_must_sum_to_a_hundred(points, gap):
    """R-EVAL-03: the gap is named, whichever side it is on."""
    found = refusals(leaf(points, ((f"3 名以上 {points}", points), ("1 名", "1"))), price())
    assert [answer.rule_id for answer in found] == ["R-EVAL-03"]
    assert gap in str(found[0].reason)


@pytest.mark.parametrize(("weight", "holds"), [("10", True), ("9.99", False), ("100", True)])
def test_price_of_a_service_counts_ten_points_at_least(weight, holds):
    """R-EVAL-05: a floor, no ceiling."""
    assert rules.price_weight_floor([price(weight)], RULES).allowed is holds


def test_price_alone_is_no_comprehensive_scoring():
    """R-EVAL-01."""
    assert "R-EVAL-01" in [answer.rule_id for answer in refusals(price("100"))]


@pytest.mark.parametrize(
    ("ranges", "kind"),
    [
        pytest.param((("3 名以上持证营养师", "85"),), "objective", id="one range only"),
        pytest.param((("3 名以上", "80"), ("1 名", "40")), "objective", id="best range below the full points"),
        pytest.param((("3 名以上", "85"), ("2 名", "85")), "objective", id="two ranges, one score"),
        pytest.param((("3 名以上得 60-85 分", "85"), ("1 名", "40")), "objective", id="a span of points"),
        pytest.param((("人员充足", "85"), ("人员不足", "40")), "objective", id="objective without a quantity"),
        pytest.param((("优", "85"), ("良", "40")), "judgement", id="grades without content"),
        pytest.param((("方案较好", "85"), ("方案一般", "40")), "judgement", id="too short to be scored"),
        pytest.param((("3 名以上", "85"), ("无", "-1")), "objective", id="negative score"),
    ],
)
def test_ranges_that_cannot_be_scored_are_refused(ranges, kind):
    """R-EVAL-03: ranges are quantified, each with one score."""
    found = refusals(leaf("85", ranges, kind), price())
    assert {answer.rule_id for answer in found} == {"R-EVAL-03"}
    assert all("团队" in str(answer.reason) for answer in found)


@pytest.mark.parametrize(("places", "holds"), [(0, True), (4, True), (5, False)])
def test_rounding_places(places, holds):
    """R-EVAL-24."""
    assert rules.rounding_places_fit(places).allowed is holds


@pytest.mark.parametrize(
    ("value", "holds"), [(None, True), ("0.50", True), ("0.65", True), ("0.66", False), ("0.49", False)]
)
def test_low_price_triggers_may_be_raised_to_65_percent(value, holds):
    """R-EVAL-16."""
    assert rules.abnormal_raise_fits(None if value is None else Decimal(value), RULES).allowed is holds


def test_plain_numbers():
    assert [rules.plain(Decimal(text)) for text in ("15.00", "12.50", "100", "0.00")] == ["15", "12.5", "100", "0"]
