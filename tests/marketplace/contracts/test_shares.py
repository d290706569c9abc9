"""Splitting over pockets: exact for each payment and each pocket."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.contracts.rules.agreement import attainment_points, fit_budget
from marketplace.contracts.rules.shares import draw

D = Decimal
fen = st.integers(min_value=1, max_value=10**9).map(lambda n: D(n) / 100)


def test_draws_in_proportion_and_the_last_empties_every_pocket() -> None:
    assert draw(D("100.00"), {1: D("200.00"), 2: D("100.00")}) == {1: D("66.67"), 2: D("33.33")}
    assert draw(D("200.00"), {1: D("133.33"), 2: D("66.67")}) == {1: D("133.33"), 2: D("66.67")}


def test_more_than_there_is_and_empty_pockets() -> None:
    with pytest.raises(ValueError, match="pockets hold"):
        draw(D("0.02"), {1: D("0.01")})
    assert draw(D("1.00"), {1: D("0.00"), 2: D("5.00")}) == {2: D("1.00")}


@given(st.lists(fen, min_size=1, max_size=6), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_payments_and_pockets_sum_exactly(shares: list[Decimal], weights: list[int]) -> None:
    from marketplace.core.money import split

    held = dict(enumerate(shares))
    payments = split(sum(shares, D("0.00")), weights)
    given_by = dict.fromkeys(held, D("0.00"))
    for payment in payments:
        parts = draw(payment, held) if payment else {}
        assert sum(parts.values(), D("0.00")) == payment
        for key, part in parts.items():
            held[key] -= part
            given_by[key] += part
            assert held[key] >= 0
    assert given_by == dict(enumerate(shares))


@given(st.lists(st.tuples(fen, fen), min_size=1, max_size=8), fen, fen)
def test_a_budget_fits_what_each_pot_grants(
    lines: list[tuple[Decimal, Decimal]], first: Decimal, second: Decimal
) -> None:
    asked = {1: [a for a, _b in lines], 2: [D(0)] * len(lines)}
    fitted = fit_budget(asked, {1: first, 2: second}, [a + b for a, b in lines])
    assert sum(fitted[1]) == first
    assert sum(fitted[2]) == second
    assert all(part >= 0 for row in fitted.values() for part in row)


@pytest.mark.parametrize(("percent", "points"), [(104, 3), (100, 3), (99, 2), (80, 2), (79, 1), (60, 1), (59, 0)])
def test_attainment_scale(percent: int, points: int) -> None:
    assert attainment_points(percent) == points
