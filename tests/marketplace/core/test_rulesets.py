"""Rule sets: overrides by region, level and day; frozen sets never change; what an operator may set."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from marketplace.core.decisions import Level, refuse
from marketplace.core.rulesets import Override, RuleSet, combine, covers

DAY = date(2026, 6, 15)


def override(
    text: str = "", *, region: str = "", level: str = "", since: date = date(2026, 1, 1), enf: str = ""
) -> Override:
    return Override("R-SCOPE-05", "open_tender", text, enf, region, level, since)


def test_without_overrides_the_catalogue_counts() -> None:
    ruleset = combine("310106", "district", DAY, [])
    assert ruleset.value("R-TENDER-01") == 20
    assert ruleset.value("R-SCOPE-05", "open_tender") == 2_000_000
    assert ruleset.level("R-PLAN-03") is Level.WARN


@pytest.mark.parametrize(
    ("region", "level", "on", "value"),
    [
        ("310106", "district", DAY, 4_500_000),
        ("310106", "city", DAY, 5_000_000),
        ("310115", "district", DAY, 4_000_000),
        ("440700", "city", DAY, 3_000_000),
        ("310106", "district", date(2026, 1, 31), 3_000_000),
        ("310106", "district", date(2025, 12, 31), 2_000_000),
    ],
)
def test_the_most_local_and_newest_counts(region: str, level: str, on: date, value: int) -> None:
    overrides = [
        override("4500000", region="310106", since=date(2026, 3, 1)),
        override("5000000", region="310106", level="city", since=date(2026, 2, 1)),
        override("3500000", region="310000", since=date(2026, 2, 1)),
        override("4000000", region="310000", since=date(2026, 3, 1)),
        override("3000000"),
    ]
    assert combine(region, level, on, overrides).value("R-SCOPE-05", "open_tender") == value


def test_a_level_is_lowered_and_a_refusal_becomes_a_warning() -> None:
    ruleset = combine("310106", "", DAY, [Override("R-EVAL-16", "mean", "", "WARN", "", "", date(2026, 1, 1), "说明")])
    refusal = refuse("低于均价的百分之五十", "R-EVAL-16", field="price")
    assert ruleset.level("R-EVAL-16") is Level.WARN
    assert ruleset.apply(refusal).level is Level.WARN
    assert not ruleset.apply(refusal).allowed
    assert ruleset.apply(refuse("x", "R-TENDER-01")).blocks
    assert ruleset.value("R-EVAL-16", "mean") == Decimal("0.50")


def test_a_later_entry_brings_the_refusal_back() -> None:
    lowered = Override("R-EVAL-16", "mean", "", "WARN", "", "", date(2026, 1, 1), "说明")
    other = Override("R-EVAL-16", "max", "0.4", "", "", "", date(2026, 2, 1), "说明")
    raised = Override("R-EVAL-16", "mean", "0.5", "", "", "", date(2026, 3, 1), "说明")
    assert combine("310106", "", DAY, [lowered, other]).level("R-EVAL-16") is Level.WARN
    assert combine("310106", "", DAY, [lowered, other, raised]).level("R-EVAL-16") is Level.BLOCK
    assert combine("310106", "", date(2026, 2, 28), [lowered, raised]).level("R-EVAL-16") is Level.WARN


def test_a_frozen_set_survives_json_and_later_values() -> None:
    before = combine("310106", "district", DAY, [override("2500000")])
    frozen = json.loads(json.dumps(before.freeze()))
    thawed = RuleSet.thaw(frozen)
    assert thawed.value("R-SCOPE-05", "open_tender") == 2_500_000
    assert thawed.value("R-TENDER-01") == 20
    assert thawed.value("R-COMM-03") == Fraction(2, 3)
    assert thawed.value("R-EVAL-16", "ceiling") == Decimal("0.45")
    assert thawed.level("R-PLAN-03") is Level.WARN
    assert thawed.freeze() == frozen


@given(st.sampled_from(["", "310000", "310100", "310106", "330000", "330203"]))
def test_a_region_is_covered_by_itself_and_by_everywhere(region: str) -> None:
    assert covers("", region)
    assert covers(region, region)


def test_a_district_does_not_cover_its_city_or_a_neighbour() -> None:
    assert covers("310000", "310106")
    assert not covers("310106", "310000")
    assert not covers("310106", "310115")
    assert not covers("330000", "310106")
