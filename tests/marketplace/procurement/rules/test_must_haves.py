"""Must-have terms: how they are found, that they stand out, that they are not scored (R-TENDER-09, R-PLAN-09)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.core.decisions import Level
from marketplace.procurement.rules.criteria import LeafFacts, RangeFacts
from marketplace.procurement.rules.must_haves import Block, blocks, must_haves, not_scored, stand_out

NEEDS = "为老人供餐。\n每天两餐。\n★ 每日供餐前留样 48 小时。\n  ★★持证上岗\n送餐上门。\n★"


def test_each_marked_line_stands_alone_and_the_order_stays():
    assert blocks(NEEDS) == [
        Block("为老人供餐。\n每天两餐。", False),
        Block("每日供餐前留样 48 小时。", True),
        Block("持证上岗", True),
        Block("送餐上门。", False),
    ]
    assert blocks(" \r\n ") == []


def test_terms_of_all_texts_are_counted():
    terms = must_haves(NEEDS, "★ 每月公布满意度")
    assert len(terms) == 3
    answer = stand_out(terms)
    assert answer.allowed and answer.rule_id == "R-TENDER-09" and "3" in str(answer.reason)
    assert stand_out([]).allowed  # nothing has to be a must-have


def leaf(title="食品安全", kind="judgement", text="留样、溯源齐全"):
    return LeafFacts(title, kind, Decimal(20), (RangeFacts(text, Decimal(20)), RangeFacts("没有制度", Decimal(0))))


@pytest.mark.parametrize(
    "row",
    [leaf(text="每日供餐前留样48小时"), leaf(text="满足全部★条款"), leaf(title="每日供餐前留样 48 小时")],
    ids=["its words", "the mark", "its title"],
)
def test_scored_must_have_warns(row):
    answer = not_scored(must_haves(NEEDS), [row])
    assert not answer.allowed
    assert (answer.rule_id, answer.level, answer.field) == ("R-PLAN-09", Level.WARN, "title")
    assert row.title in str(answer.reason)


@pytest.mark.parametrize(
    "row",
    [leaf(), leaf(text="持证上岗"), leaf(kind="price", title="每日供餐前留样 48 小时")],
    ids=["other", "short", "price"],
)
def test_other_criteria_pass(row):
    """A term of a few characters is too common to tell anything."""
    assert not_scored(must_haves(NEEDS), [row]).allowed
