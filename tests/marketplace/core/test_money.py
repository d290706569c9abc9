"""Money: rounding, splitting, amounts as people type them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from marketplace.core import money
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.fields import YuanField

D = Decimal
AMOUNTS = st.decimals(D("0"), D("99999999.99"), places=2)


@pytest.mark.parametrize(
    ("x", "places", "rounded"),
    [
        (D("0.125"), 2, D("0.13")),
        (D("-0.125"), 2, D("-0.13")),
        (Fraction(2, 3), 2, D("0.67")),
        (Fraction(1, 3), 2, D("0.33")),
        (D("92.445"), 1, D("92.4")),
        (86, 2, D("86.00")),
        (D("2.5"), 0, D("3")),
    ],
)
def test_round_half_up(x: D | Fraction | int, places: int, rounded: D) -> None:
    """R-EVAL-24."""
    result = money.round_half_up(x, places)
    assert result == rounded
    assert -result.as_tuple().exponent == places


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        money.round_half_up(0.1, 2)  # type: ignore[arg-type]


def test_split_gives_the_odd_fen_to_the_largest_remainder() -> None:
    assert money.split(D("100.00"), [1, 1, 1]) == [D("33.34"), D("33.33"), D("33.33")]
    assert money.split(D("0.05"), [50, 40, 10]) == [D("0.03"), D("0.02"), D("0.00")]
    assert money.split(D("-100.00"), [1, 2]) == [D("-33.33"), D("-66.67")]
    assert money.split(D("486000.00"), [50, 40, 10]) == [D("243000.00"), D("194400.00"), D("48600.00")]


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1]])
def test_split_refuses_impossible_shares(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        money.split(D("1.00"), shares)


def test_split_refuses_a_total_finer_than_a_fen() -> None:
    with pytest.raises(ValueError, match="two places"):
        money.split(D("1.001"), [1])


@given(AMOUNTS, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_split_sums_to_the_whole_and_is_within_a_fen(total: D, shares: list[int]) -> None:
    parts = money.split(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        exact = Fraction(total) * share / sum(shares)
        assert abs(Fraction(part) - exact) < Fraction(1, 100)
        assert share or part == 0


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_is_never_more_than_half_a_unit_away(x: Fraction, places: int) -> None:
    assert abs(Fraction(money.round_half_up(x, places)) - x) <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1860000", "1860000.00"),
        ("1,860,000.00", "1860000.00"),
        ("１，８６０，０００．５元", "1860000.50"),
        ("¥ 1 860 000", "1860000.00"),
        ("186万", "1860000.00"),
        ("186.5 万元", "1865000.00"),
        ("1.2亿元", "120000000.00"),
        ("1860000元整", "1860000.00"),
        ("0.01", "0.01"),
    ],
)
def test_amounts_as_people_type_them(text: str, amount: str) -> None:
    assert str(money.parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "-5", "1,86,000", "1.860.000", "1e6", "NaN", "12万3", "1.005", "186.0000001万"]
)
def test_unclear_amounts_are_refused_by_field(text: str) -> None:
    with pytest.raises(MarketplaceError) as refusal:
        money.parse_amount(text, field="price")
    assert refusal.value.field == "price"


def test_an_amount_beyond_all_measure_is_refused() -> None:
    with pytest.raises(MarketplaceError):
        money.parse_amount("9999999999亿")


@pytest.mark.parametrize(
    ("amount", "expected", "allowed", "meant"),
    [
        ("186", "1860000", False, "1,860,000.00"),
        ("98.5", "980000", False, "985,000.00"),
        ("9800000000", "980000", False, "980,000.00"),
        ("900000", "980000", True, ""),
        ("100000", "980000", True, ""),
        ("1", "980000", True, ""),
    ],
)
def test_wan_typed_for_yuan(amount: str, expected: str, allowed: bool, meant: str) -> None:
    answer = money.check_unit(D(amount), D(expected), field="price")
    assert answer.allowed is allowed
    assert meant in str(answer.reason)
    assert answer.field == ("" if allowed else "price")


def test_the_form_field_reads_shows_and_refuses() -> None:
    field = YuanField(required=False)
    assert field.clean("186 万元") == D("1860000.00")
    assert field.clean("") is None
    assert field.prepare_value(D("1860000")) == "1,860,000.00"
    for wrong in ("abc", "0"):
        with pytest.raises(Exception, match="amount|金额"):
            field.clean(wrong)
    assert YuanField(allow_zero=True).clean("0") == 0
