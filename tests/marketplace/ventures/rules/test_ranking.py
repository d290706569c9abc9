"""Means, normalised means, totals and places: worked examples, and what must always hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from marketplace.ventures.rules.normalisation import Given, means_of
from marketplace.ventures.rules.ranking import ranked, shortlist, total_of
from marketplace.ventures.rules.scoring import (
    DEFAULT,
    bonus_cap_holds,
    defence_share_holds,
    in_range,
    is_whole,
    weights_sum,
)


def test_raw_and_normalised_means_of_a_strict_and_a_mild_reviewer():
    """Strict: 60, 70. Mild: 80, 90. Common mean 75, deviation √125; each reviewer's own is 5: z = ±1."""
    given = [Given("x", "s", 6000), Given("y", "s", 7000), Given("x", "m", 8000), Given("y", "m", 9000)]
    means = means_of(given)
    assert (means["x"].raw, means["y"].raw) == (Decimal("70.00"), Decimal("80.00"))
    # 75 ± √125 = 75 ± 11.1803…
    assert (means["x"].normalised, means["y"].normalised) == (Decimal("63.82"), Decimal("86.18"))
    assert means["x"].count == 2


def test_an_application_of_a_strict_reviewer_alone_is_not_punished():
    given = [Given("x", "s", 5000), Given("y", "s", 6000), Given("z", "m", 8000), Given("v", "m", 9000)]
    means = means_of(given)
    assert means["y"].raw < means["z"].raw
    assert means["y"].normalised == means["v"].normalised > means["z"].normalised


def test_a_reviewer_whose_totals_are_alike_counts_as_the_mean_of_all():
    means = means_of([Given("x", "a", 8000), Given("y", "a", 8000), Given("x", "b", 6000), Given("y", "b", 9000)])
    assert means["x"].raw == Decimal("70.00")
    assert means_of([Given("x", "a", 8000)])["x"].normalised == Decimal("80.00")
    assert means_of([]) == {}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 10_000)), min_size=1, max_size=40))
def test_raw_means_are_exact(rows):
    means = means_of([Given(*row) for row in rows])
    for key in {row[0] for row in rows}:
        own = [row[2] for row in rows if row[0] == key]
        assert abs(Fraction(means[key].raw) - Fraction(sum(own), len(own) * 100)) <= Fraction(1, 200)


def test_totals():
    assert total_of(Decimal("80"), Decimal("3"), Decimal("2"), Fraction(90), 40) == Decimal("86.00")
    assert total_of(Decimal("80"), Decimal("3"), Decimal("2"), None, 40) == Decimal("82.00")
    assert total_of(Decimal("80.01"), Decimal(0), Decimal(0), Fraction(245, 3), 50) == Decimal("80.84")


def test_equal_totals_share_a_rank_and_the_lot_orders_them():
    totals = {"a": Decimal("90.00"), "b": Decimal("95.00"), "c": Decimal("90.00"), "d": Decimal("80.00")}
    rows = ranked(totals, "seed")
    assert [row.rank for row in rows] == [1, 2, 2, 4]
    assert [row.place for row in rows] == [1, 2, 3, 4]
    assert [row.is_tied for row in rows] == [False, True, True, False]
    assert rows == ranked(dict(reversed(totals.items())), "seed")
    orders = {tuple(row.key for row in ranked(totals, str(n)))[1:3] for n in range(20)}
    assert orders == {("a", "c"), ("c", "a")}


def test_shortlists():
    totals = {"a": Decimal("90.00"), "b": Decimal("95.00"), "c": Decimal("90.00"), "d": Decimal("80.00")}
    rows = ranked(totals, "seed")
    assert {row.key for row in shortlist(rows, best=2, least=None)} == {"a", "b", "c"}
    assert {row.key for row in shortlist(rows, best=None, least=Decimal("95"))} == {"b"}
    assert len(shortlist(rows, best=9, least=None)) == 4


def test_the_default_form_is_a_hundred_points():
    assert [weight for _key, _title, weight in DEFAULT] == [20, 25, 10, 15, 15, 15]
    assert weights_sum(weight for _key, _title, weight in DEFAULT)


@pytest.mark.parametrize("weights", [[50, 49], [100, 1], []])
def test_weights_that_do_not_sum_say_by_how_much(weights):
    answer = weights_sum(weights)
    assert not answer and answer.rule_id == "R-VENT-12" and answer.field == "weights"
    assert f"{100 - sum(weights):+d}" in str(answer.reason)


@pytest.mark.parametrize(
    ("points", "fine"),
    [("0", True), ("20", True), ("12.5", True), ("-0.5", False), ("20.5", False), ("12.3", False)],
)
def test_points_of_a_criterion(points, fine):
    answer = in_range(Decimal(points), 20, "需求", "c1")
    assert answer.allowed is fine
    assert fine or (answer.field == "c1" and answer.rule_id == "R-VENT-12" and "需求" in str(answer.reason))


def test_a_sheet_is_whole_with_every_criterion_and_reasons():
    wanted = {"need": "需求", "plan": "方案"}
    whole = {"need": Decimal(1), "plan": Decimal(2)}
    assert is_whole(whole, wanted, "需求真实，方案可行，预算合理。")
    assert "方案" in str(is_whole({"need": Decimal(1)}, wanted, "需求真实，方案可行，预算合理。").reason)
    assert is_whole(whole, wanted, " 好 ").field == "comment"


def test_limits_of_settings():
    assert bonus_cap_holds(Decimal(10)) and not bonus_cap_holds(Decimal(51)) and not bonus_cap_holds(Decimal(-1))
    assert defence_share_holds(0) and defence_share_holds(100) and not defence_share_holds(101)
