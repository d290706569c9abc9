"""R-COMM-01 … -09: size, share of experts, leader, early draw, recusal."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.core.decisions import Level
from marketplace.procurement.rules.committee import (
    Composition,
    Limits,
    Tie,
    binding_tie,
    composition,
    draw_in_time,
    experts_needed,
    is_lawful,
    leader,
    recusal,
    years_before,
)


@pytest.mark.parametrize(("size", "experts"), [(5, 4), (7, 5), (9, 6), (11, 8)])
def test_two_thirds_are_experts(size: int, experts: int) -> None:
    assert experts_needed(size) == experts


@given(st.integers(min_value=1, max_value=99))
def test_the_share_is_reached_and_not_exceeded(size: int) -> None:
    experts = experts_needed(size)
    assert 3 * experts >= 2 * size > 3 * (experts - 1)


@pytest.mark.parametrize(
    ("budget", "is_complex", "expected"),
    [
        (Decimal("980000"), False, Composition(5, 4)),
        (Decimal("9999999.99"), False, Composition(5, 4)),
        (Decimal("10000000"), False, Composition(7, 5)),
        (Decimal("980000"), True, Composition(7, 5)),
    ],
    ids=["small", "a fen below", "from ten million", "complex"],
)
def test_size_by_budget_and_complexity(budget: Decimal, is_complex: bool, expected: Composition) -> None:
    assert composition(budget, is_complex=is_complex) == expected
    assert expected.representatives == expected.size - expected.experts


def test_values_of_the_rule_set_count() -> None:
    assert composition(Decimal("600000"), is_complex=False, limits=Limits(5, 9, Decimal("500000"))).size == 9


@pytest.mark.parametrize(
    ("size", "experts", "rule"),
    [(5, 4, ""), (7, 5, ""), (4, 3, "R-COMM-01"), (3, 2, "R-COMM-01"), (5, 3, "R-COMM-03")],
)
def test_who_may_sit(size: int, experts: int, rule: str) -> None:
    decision = is_lawful(size, experts, Composition(5, 4))
    assert decision.rule_id == rule
    assert decision.allowed is (rule == "")


def test_a_large_purchase_names_its_own_rule() -> None:
    assert is_lawful(5, 4, Composition(7, 5)).rule_id == "R-COMM-02"


def test_most_votes_lead_and_among_equals_the_one_drawn_first() -> None:
    assert leader([12, 12, 12, 11, 13], [11, 12, 13, 14]) == 12
    assert leader([12, 12, 11, 11, 13], [11, 12, 13, 14]) == 11


def test_an_early_draw_wants_a_reason() -> None:
    assert draw_in_time(date(2026, 6, 15), date(2026, 6, 15)).allowed
    early = draw_in_time(date(2026, 6, 12), date(2026, 6, 15))
    assert (early.allowed, early.level, early.rule_id, early.due) == (
        False,
        Level.WARN,
        "R-COMM-06",
        date(2026, 6, 15),
    )


@pytest.mark.parametrize(
    ("until", "binds"),
    [(None, True), (date(2023, 6, 16), True), (date(2023, 6, 15), False), (date(2020, 1, 1), False)],
    ids=["holds", "ended a day less than three years ago", "ended three years ago", "long ago"],
)
def test_ties_of_the_last_three_years_bind(until: date | None, binds: bool) -> None:
    tie = Tie("晨曦社区服务中心", "employee", until)
    assert (binding_tie([tie], date(2026, 6, 15)) == tie) is binds
    assert recusal([tie], date(2026, 6, 15)).allowed is not binds


def test_three_years_before_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
