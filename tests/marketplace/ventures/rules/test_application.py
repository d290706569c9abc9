"""Budget sums, spending, periods, who may apply: pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from marketplace.core.clock import ZONE
from marketplace.ventures.rules.application import (
    Limits,
    Line,
    Pot,
    budget_decisions,
    characters,
    last_day_of,
    period_decisions,
    sums_of,
)
from marketplace.ventures.rules.eligibility import Applicant, eligibility_decisions, takes_applications
from marketplace.ventures.rules.spending import banned_words

FEN = st.integers(min_value=0, max_value=10_000_000).map(lambda fen: Decimal(fen) / 100)
LIMITS = Limits(Decimal("200000"), Decimal(40), Decimal(10), Decimal(40), 8, 12)
POTS = {1: Pot(1, "福彩", is_lottery=True), 2: Pot(2, "财政"), 3: Pot(3, "助残", theme=7)}
SHARES = st.dictionaries(st.sampled_from([1, 2]), FEN.filter(bool), max_size=2)


def line(shares, own, *, off=Decimal(0), kind="direct", name="物资"):
    return Line(name, sum(shares.values(), Decimal(0)) + own + off, kind, "x", shares, own)


def refusals(lines, limits=LIMITS, theme=None):
    return [decision.rule_id for decision in budget_decisions(lines, POTS, limits, theme) if not decision.allowed]


@given(st.lists(st.tuples(SHARES, FEN), min_size=1, max_size=12))
def test_sums_are_exact_and_ratios_are_of_the_whole(rows):
    lines = [line(shares, own) for shares, own in rows]
    sums = sums_of(lines)
    assert sums.total == sums.granted + sums.own == sum((each.amount for each in lines), Decimal(0))
    assert sums.granted == sum(sums.by_pot.values(), Decimal(0))
    found = refusals([each for each in lines if each.amount])
    kept = [each for each in lines if each.amount]
    if kept:
        assert ("R-VENT-06" in found) == (sums.granted > LIMITS.cap)
        assert ("R-VENT-07" in found) == (sums.own * 100 < 40 * sums.total)
        assert "R-SCOPE-02" not in found


@given(SHARES, FEN, st.integers(min_value=1, max_value=5000))
def test_a_fen_too_much_or_too_little_is_found(shares, own, fen):
    off = Decimal(fen) / 100
    assert "R-SCOPE-02" in refusals([line(shares, own, off=off)])


def test_every_line_names_its_pot():
    assert "R-SCOPE-02" in refusals([Line("物资", Decimal("10.00"), "direct", "x")])
    assert "R-SCOPE-02" in refusals([line({9: Decimal(6)}, Decimal(4))])


def test_a_pot_kept_for_a_theme_pays_for_no_other():
    lines = [line({3: Decimal("6.00")}, Decimal("4.00"))]
    assert refusals(lines, theme=7) == [] and refusals(lines, theme=8) == ["R-VENT-05"]


def test_ceilings_are_included():
    rows = [line({2: Decimal("54.00")}, Decimal("36.00")), line({2: Decimal("6.00")}, Decimal("4.00"), kind="indirect")]
    assert refusals(rows) == []
    rows[1] = line({2: Decimal("6.00")}, Decimal("4.01"), kind="indirect")
    assert refusals(rows) == ["R-VENT-14"]


def test_an_empty_budget_says_nothing():
    assert list(budget_decisions([], POTS, LIMITS, None)) == []


@pytest.mark.parametrize(
    ("text", "kind", "granted", "lottery", "rules"),
    [
        ("公务 接待费", "direct", True, True, ["R-LOT-03"]),
        ("公务接待", "direct", True, False, []),
        ("公务接待", "direct", False, False, []),
        ("活动分包给其他机构", "direct", True, False, ["R-VENT-11"]),
        ("管理费", "direct", True, False, ["R-VENT-11"]),
        ("管理费", "indirect", True, False, []),
        ("购车", "direct", False, False, []),
        ("入户物资", "direct", True, True, []),
    ],
)
def test_spending_by_words(text, kind, granted, lottery, rules):
    found = banned_words(text, kind, is_granted=granted, is_lottery=lottery)
    assert [rule for rule, _word in found] == rules


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 9, 1), 8, date(2027, 4, 30)),
        (date(2026, 9, 15), 12, date(2027, 9, 14)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 11, 30)),
        (date(2027, 1, 1), 11, date(2027, 11, 30)),
    ],
)
def test_whole_months(start, months, end):
    assert last_day_of(start, months) == end


def test_periods():
    deadline = datetime(2026, 7, 15, 17, tzinfo=ZONE)

    def found(start, end):
        return [d.rule_id for d in period_decisions(start, end, deadline, LIMITS) if not d.allowed]

    assert found(date(2026, 9, 1), date(2027, 4, 30)) == [] == found(date(2026, 9, 1), date(2027, 8, 31))
    assert found(date(2026, 9, 1), date(2027, 4, 29)) == ["R-VENT-06"] == found(date(2026, 9, 1), date(2027, 9, 1))
    assert found(date(2026, 7, 15), date(2027, 5, 1)) == ["R-VENT-01"]
    assert found(None, date(2027, 5, 1)) == ["R-VENT-06"]


def test_characters_as_people_count():
    assert characters("好👵\r\n好") == 4 == characters("好👵\n好")


def test_open_from_the_first_to_the_last_moment():
    opens, deadline = datetime(2026, 6, 16, 9, tzinfo=ZONE), datetime(2026, 7, 15, 17, tzinfo=ZONE)
    assert takes_applications("published", opens, deadline, opens)
    assert takes_applications("published", opens, deadline, deadline)
    assert not takes_applications("published", opens, deadline, deadline.replace(microsecond=1))
    assert not takes_applications("published", opens, deadline, opens.replace(hour=8))
    assert not takes_applications("closed", opens, deadline, opens)


def test_who_may_apply():
    def found(**more):
        facts = Applicant(**{"is_organization": True, "kind": "service_agency", "living": 0, "most": 1, **more})
        return [decision.allowed for decision in eligibility_decisions(facts)]

    assert found() == [True, True, True]
    assert found(kind="enterprise") == [False, True, True] == found(is_organization=False)
    assert found(living=1) == [True, False, True] and found(living=1, most=2) == [True, True, True]
    assert found(unfinished=("去年的项目",)) == [True, True, False]
