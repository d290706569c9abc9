"""Sums of the ledger, and the picture of the money to scale."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from marketplace.funds.rules.ledger import LineBalance, check_commitment, check_draw, check_new_amount
from marketplace.web.pictures import Link, Node, flow_picture

D = Decimal


def test_available_is_amount_less_what_contracts_hold() -> None:
    """R-PLAN-01: paid money is part of what is committed."""
    balance = LineBalance(D(500_000), committed=D(300_000), released=D(20_000), paid=D(100_000))
    assert (balance.bound, balance.available, balance.outstanding, balance.faults) == (
        D(280_000),
        D(220_000),
        D(180_000),
        [],
    )


@pytest.mark.parametrize(
    ("balance", "faults"),
    [
        (LineBalance(D(10), committed=D("10.01")), ["overcommitted"]),
        (LineBalance(D(10), committed=D(5), paid=D("5.01")), ["overpaid"]),
        (LineBalance(D(10), committed=D(1), released=D(2)), ["overpaid", "overreleased"]),
    ],
)
def test_impossible_sums_are_named(balance: LineBalance, faults: list[str]) -> None:
    """R-LOT-01."""
    assert balance.faults == faults


def test_never_more_than_the_line_or_the_commitment_holds() -> None:
    balance = LineBalance(D(100), committed=D(40))
    assert check_commitment(balance, D(60))
    assert check_commitment(balance, D("60.01")).rule_id == "R-PLAN-01"
    assert check_draw(D(40), D(40))
    assert check_draw(D(40), D("40.01")).rule_id == "R-LOT-01"
    assert check_new_amount(balance, D(40))
    assert not check_new_amount(balance, D("39.99"))


def rects(svg: str) -> list[tuple[float, float]]:
    """(y, height) of each bar."""
    found = re.findall(r'<rect x="[\d.]+" y="([\d.]+)" width="12" height="([\d.]+)"', svg)
    return [(float(y), float(height)) for y, height in found]


def wide(pictures: str) -> str:
    """The picture for a desktop, without the one for a phone."""
    return pictures.partition("</svg>")[0]


def thicknesses(svg: str) -> list[float]:
    return [float(value) for value in re.findall(r"<path [^>]*?v([\d.]+)C", svg)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6))
def test_heights_and_bands_are_to_scale(values: list[int]) -> None:
    total = D(sum(values))
    nodes = [Node(str(index), f"用途{index}", D(value)) for index, value in enumerate(values)]
    svg = wide(
        flow_picture([[Node("fund", "资金", total)], nodes], [Link("fund", n.key, n.value) for n in nodes], "图")
    )
    heights = [height for _y, height in rects(svg)]
    scale = heights[0] / float(total)
    assert heights[0] == pytest.approx(300, abs=0.02)
    for node, height, thick in zip(nodes, heights[1:], thicknesses(svg), strict=True):
        assert height == pytest.approx(float(node.value) * scale, abs=0.02)
        assert thick == pytest.approx(height, abs=0.02)


def test_bars_of_a_column_do_not_overlap_and_nothing_empty_is_drawn() -> None:
    nodes = [Node("a", "甲", D(1)), Node("b", "乙", D(99)), Node("c", "丙", D(0))]
    svg = wide(flow_picture([[Node("f", "资金", D(100))], nodes], [Link("f", "a", D(1)), Link("f", "b", D(99))], "图"))
    assert "丙" not in svg
    (first, tall), (second, _height) = rects(svg)[1:]
    assert first + tall < second


def test_a_phone_has_a_picture_of_its_own_with_the_words_on_the_bands() -> None:
    nodes = [Node("a", "扶老", D(40), "40 元"), Node("b", "助残", D(60), "60 元")]
    links = [Link("f", "a", D(40)), Link("f", "b", D(60))]
    desktop, phone, _end = flow_picture([[Node("f", "福利彩票公益金 2026", D(100))], nodes], links, "图").split(
        "</svg>"
    )
    assert 'class="wide" viewBox="0 0 960' in desktop
    assert 'class="narrow" viewBox="0 0 360' in phone
    assert thicknesses(phone) == thicknesses(desktop)
    assert re.findall(r'text-anchor="(\w+)"', phone) == ["start"] * 2 + ["end"] * 4
    assert "福利彩票公益金 2026" in desktop
    three = flow_picture([[Node("f", "资金", D(100))], nodes, [Node("x", "余", D(1))]], links, "图")
    assert "narrow" not in three


def test_a_long_word_is_cut_by_its_width() -> None:
    svg = flow_picture([[Node("f", "静安区民政局福利彩票公益金与财政资金", D(1))]], [], "图")
    assert "静安区民政局福利彩票…" in svg
    assert "Welfare-lottery 2026" in flow_picture([[Node("f", "Welfare-lottery 2026", D(1))]], [], "图")


def test_words_of_the_data_are_escaped() -> None:
    svg = flow_picture([[Node("f", "<script>", D(1))]], [], '"><script>')
    assert "<script>" not in svg


def test_a_line_of_sponsors_money_holds_what_is_promised_and_pays_what_came() -> None:
    """Of 500,000 with 350,000 promised and 300,000 bound 50,000 are available (R-PLAN-01)."""
    balance = LineBalance(D(500_000), committed=D(300_000), promised=D(350_000), received=D(120_000), paid=D(100_000))
    assert (balance.available, balance.not_bound, balance.cash) == (D(50_000), D(200_000), D(20_000))
    assert (balance.shortfall, balance.unreceived, balance.returnable) == (0, D(230_000), D(20_000))
    assert balance.faults == []
    assert LineBalance(D(500), committed=D(300), promised=D(100)).shortfall == D(200)
    assert LineBalance(D(10), promised=D(11), received=D(-1)).faults == ["overpromised", "overrefunded"]
    assert LineBalance(D(10)).cash is None and LineBalance(D(10)).returnable == 0
