"""R-EVAL-07 … -12, -18, -24: points, means, totals, ranks, equality, outliers."""

from decimal import Decimal as Num
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from marketplace.procurement.rules.exact import exact, mean
from marketplace.procurement.rules.ranking import Candidate, ranking
from marketplace.procurement.rules.result import Inputs, evaluate
from marketplace.procurement.rules.scoring import (
    Outlier,
    Point,
    criterion_means,
    outliers,
    price_points,
    total,
    unequal_cells,
)

PRICE = st.decimals(min_value="0.01", max_value="9999999", places=2)


def test_a_float_is_not_exact() -> None:
    with pytest.raises(TypeError):
        exact(0.1)  # type: ignore[arg-type]


def test_price_points_are_base_price_over_price_times_weight() -> None:
    prices = [Num("900000"), Num("1000000"), Num("960000")]
    assert price_points(Num("900000"), prices, 15) == 15
    assert price_points(Num("1000000"), prices, 15) == Fraction(27, 2)
    assert price_points(Num("960000"), prices, 15) == Fraction(225, 16)


def test_a_fixed_price_is_not_scored() -> None:
    assert price_points(Num("5"), [Num("5")], 0) == 0


@given(st.lists(PRICE, min_size=3, max_size=8))
def test_the_lowest_price_gets_all_points_and_no_other_gets_more(prices: list[Num]) -> None:
    points = [price_points(price, prices, 30) for price in prices]
    assert max(points) == 30
    assert all(
        (left <= right) == (points[i] >= points[j]) for i, left in enumerate(prices) for j, right in enumerate(prices)
    )


def test_means_are_exact_and_drop_nobody() -> None:
    points = [Point(m, 1, 7, Num(value)) for m, value in enumerate(("8", "8", "5", "8", "8"))]
    assert criterion_means(points) == {(1, 7): Fraction(37, 5)}
    assert mean([Fraction(1), Fraction(2)]) == Fraction(3, 2)


def test_objective_scores_that_differ_are_named() -> None:
    points = [Point(1, 1, 7, Num("3")), Point(2, 1, 7, Num("3.00")), Point(1, 2, 7, Num("3")), Point(2, 2, 7, Num("5"))]
    points += [Point(1, 1, 8, Num("1")), Point(2, 1, 8, Num("4"))]
    assert unequal_cells(points, frozenset({7})) == [(7, 2)]


def test_an_outlier_is_more_than_half_of_the_points_from_the_others() -> None:
    points = [Point(m, 1, 7, Num(value)) for m, value in enumerate(("9", "9", "9", "9", "4"))]
    assert outliers(points, {7: Num("10")}, frozenset()) == []
    points[4] = Point(4, 1, 7, Num("3.99"))
    assert outliers(points, {7: Num("10")}, frozenset()) == [Outlier(points[4], Fraction(9))]
    assert outliers(points, {7: Num("10")}, frozenset({7})) == []


def test_one_member_alone_is_no_outlier() -> None:
    assert outliers([Point(1, 1, 7, Num("0"))], {7: Num("10")}, frozenset()) == []


def test_ranking_by_total_then_price_then_tied() -> None:
    candidates = [
        Candidate(1, Num("88.10"), Num("950000")),
        Candidate(2, Num("90.00"), Num("990000")),
        Candidate(3, Num("88.10"), Num("940000")),
        Candidate(4, Num("80"), Num("1")),
        Candidate(5, Num("80"), Num("1")),
        Candidate(6, Num("70"), Num("2")),
    ]
    ranks = [(ranked.bid, ranked.rank, ranked.is_tied) for ranked in ranking(candidates)]
    assert ranks == [(2, 1, False), (3, 2, False), (1, 3, False), (4, 4, True), (5, 4, True), (6, 6, False)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), max_size=9))
def test_ranks_are_those_of_a_competition(pairs: list[tuple[int, int]]) -> None:
    ranks = ranking(Candidate(n, Num(total_), Num(price)) for n, (total_, price) in enumerate(pairs))
    for ranked in ranks:
        own = pairs[ranked.bid]
        better = sum((-t, p) < (-own[0], own[1]) for t, p in pairs)
        assert ranked.rank == better + 1
        assert ranked.is_tied is (pairs.count(own) > 1)


def lot() -> Inputs:
    points = [Point(m, bid, 7, Num(value)) for bid, value in ((1, "80"), (2, "70"), (3, "60")) for m in range(5)]
    points[0] = Point(0, 1, 7, Num("79"))
    prices = {1: Num("1000000"), 2: Num("900000"), 3: Num("950000")}
    return Inputs([7], points, prices, Num(15), 2)


def test_a_whole_lot() -> None:
    outcomes = evaluate(lot())
    assert [(outcome.bid, outcome.total, outcome.rank) for outcome in outcomes] == [
        (1, Num("93.30"), 1),
        (2, Num("85.00"), 2),
        (3, Num("74.21"), 3),
    ]
    assert outcomes[0].means == {7: Fraction(399, 5)}
    assert outcomes[2].price_points == Fraction(270, 19)
    assert outcomes[2].exact_total == total([Fraction(60), Fraction(270, 19)])


def test_points_for_a_bid_that_became_invalid_do_not_count() -> None:
    inputs = lot()
    del inputs.prices[2]
    assert [(outcome.bid, outcome.total) for outcome in evaluate(inputs)] == [(1, Num("94.05")), (3, Num("75.00"))]


def test_the_rounded_total_ranks_and_the_price_decides() -> None:
    """R-EVAL-24: 80.004 and 80.001 are equal when the documents state two places."""
    points = [Point(1, 1, 7, Num("80.004")), Point(1, 2, 7, Num("80.001"))]
    outcomes = evaluate(Inputs([7], points, {1: Num("5"), 2: Num("4")}, Num(0), 2))
    assert [(outcome.bid, outcome.total, outcome.rank) for outcome in outcomes] == [
        (2, Num("80.00"), 1),
        (1, Num("80.00"), 2),
    ]
