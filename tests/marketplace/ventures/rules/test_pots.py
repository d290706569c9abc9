"""Pots: a line is promised once, its money is for what it is for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.ventures.rules.pots import LineFacts, PotFacts, pot_decisions, sums_by_line, within_line

LINE = LineFacts(1, "FC-01 为老服务", 7, True, "elderly", Decimal(2500000), Decimal(1000000))
FUNDERS = {7: "静安区民政局"}


def pot(amount, name="福彩资金池", line=LINE):
    return PotFacts(name, Decimal(amount), line)


def refused(pots, funders=FUNDERS):
    return [(d.rule_id, d.field) for d in pot_decisions(pots, funders) if not d.allowed]


@pytest.mark.parametrize(("total", "fits"), [("1500000.00", True), ("1500000.01", False), ("0.01", True)])
def test_the_worked_example(total, fits):
    """3,000,000 with 500,000 bound by contracts and 1,000,000 promised elsewhere: 1,500,000 are left."""
    answer = within_line(LINE, Decimal(total))
    assert answer.allowed is fits and answer.rule_id == "R-PLAN-01"


def test_two_pots_of_one_line_count_together():
    assert refused([pot(800000), pot(700000, "第二资金池")]) == []
    assert refused([pot(800000), pot(700001, "第二资金池")]) == [("R-PLAN-01", "amount")]


def test_no_pot_at_all():
    assert refused([]) == [("R-PLAN-01", "amount")]


def test_names_tell_pots_apart():
    assert refused([pot(1), pot(2)]) == [("R-SCOPE-02", "name")]


def test_line_of_a_stranger_and_funder_without_a_pot():
    stranger = LineFacts(2, "X", 9, False, "other", Decimal(100))
    assert refused([pot(1), pot(1, "外区资金池", stranger)]) == [("R-PLAN-01", "budget_line_id")]
    assert refused([pot(1)], {**FUNDERS, 8: "上海市民政局"}) == [("R-PLAN-01", "budget_line_id")]


def test_lottery_money_has_its_purposes():
    foreign = LineFacts(1, "X", 7, True, "roads", Decimal(100))
    assert refused([pot(1, line=foreign)]) == [("R-LOT-02", "purpose")]


def test_a_line_promised_beyond_itself_has_no_room():
    assert LineFacts(1, "X", 7, False, "other", Decimal(100), Decimal(300)).room == 0


AMOUNTS = st.decimals(min_value="0.01", max_value="9000000", places=2)


@given(st.lists(AMOUNTS, min_size=1, max_size=8), AMOUNTS, AMOUNTS)
def test_pots_never_promise_more_than_the_line_has(amounts, available, promised):
    line = LineFacts(1, "X", 7, False, "other", available, promised)
    pots = [pot(amount, f"{n}", line) for n, amount in enumerate(amounts)]
    assert sums_by_line(pots) == {line: sum(amounts)}
    holds = not refused(pots)
    assert holds is (sum(amounts) + promised <= available)
