"""Cap, own money, ceilings, months, tranches; and what a switched-off rule changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.core.catalogue import Enforcement, rule
from marketplace.core.decisions import refuse
from marketplace.core.rulesets import RuleSet
from marketplace.ventures.rules.switches import SWITCHABLE, applied, may_be_switched_off, switch_decision
from marketplace.ventures.rules.values import Values, plain, tranche_decisions, value_decisions

RULES = RuleSet("310106", "district", date(2026, 6, 15))
SPLIT = {"agreement": Decimal(50), "midterm": Decimal(40), "final": Decimal(10)}
GOOD = Values(Decimal(200000), Decimal(40), Decimal(10), Decimal(40), 1, 8, 12, SPLIT, Decimal(1000000))


def refused(**changes):
    return [(d.rule_id, d.field) for d in value_decisions(replace(GOOD, **changes), RULES) if not d.allowed]


def test_good_values_hold():
    assert refused() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"grant_cap": None}, ("R-VENT-06", "grant_cap")),
        ({"grant_cap": Decimal("500000.01")}, ("R-VENT-06", "grant_cap")),
        ({"total": Decimal(150000)}, ("R-PLAN-01", "grant_cap")),
        ({"own_share": Decimal("39.99")}, ("R-VENT-07", "own_share")),
        ({"own_share": Decimal(100)}, ("R-VENT-07", "own_share")),
        ({"indirect_ceiling": Decimal("10.01")}, ("R-VENT-14", "indirect_ceiling")),
        ({"staff_ceiling": None}, ("R-VENT-14", "staff_ceiling")),
        ({"applications_each": 0}, ("R-VENT-08", "applications_each")),
        ({"months_least": 6}, ("R-VENT-06", "months_most")),
        ({"months_most": 18}, ("R-VENT-06", "months_most")),
        ({"months_least": 13}, ("R-TIME-01", "months_least")),
        ({"tranches": {**SPLIT, "midterm": Decimal(41)}}, ("R-VENT-09", "tranche_agreement")),
        ({"tranches": {"agreement": Decimal(60), "midterm": Decimal(40)}}, ("R-VENT-09", "tranche_final")),
    ],
)
def test_each_value_has_its_rule(changes, found):
    assert refused(**changes) == [found]


def test_several_applications_are_the_calls_own_word():
    assert refused(applications_each=3) == []


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=3, max_size=3))
def test_tranches_hold_exactly_when_they_sum_to_the_whole(shares):
    tranches = dict(zip(("agreement", "midterm", "final"), shares, strict=True))
    holds = all(decision.allowed for decision in tranche_decisions(tranches))
    assert holds is (sum(shares) == 100 and shares[2] > 0)


def test_only_values_of_practice_can_be_switched_off():
    assert all(rule(each).enforcement is Enforcement.CFG and each.startswith("R-VENT") for each in SWITCHABLE)
    for law in ("R-SCOPE-02", "R-PLAN-01", "R-LOT-02", "R-VENT-08", "R-VENT-09", "R-CHAR-02"):
        assert not may_be_switched_off(law)
        assert not switch_decision(law, "理由充分，经过集体讨论决定。").allowed


def test_a_switch_needs_a_reason_and_turns_the_refusal():
    no = refuse("x", "R-VENT-06", field="grant_cap")
    assert not switch_decision("R-VENT-06", "太高").allowed
    assert switch_decision("R-VENT-06", "大型项目经联席会议同意。").allowed
    assert not applied(no, {}).allowed and not applied(no, {"R-VENT-07": "别的规则不适用的理由"}).allowed
    assert applied(no, {"R-VENT-06": "大型项目经联席会议同意。"}).allowed
    assert not applied(refuse("x", "R-PLAN-01"), {"R-PLAN-01": "不能停用的规则。。。。"}).allowed


@pytest.mark.parametrize(("value", "text"), [("40.00", "40"), ("12.50", "12.5"), ("100", "100"), ("0.05", "0.05")])
def test_plain(value, text):
    assert plain(Decimal(value)) == text
