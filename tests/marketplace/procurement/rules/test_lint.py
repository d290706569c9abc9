"""Words in conditions and criteria that the law bans (block) or doubts (warn)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.core.decisions import Level
from marketplace.procurement.rules import lint
from marketplace.procurement.rules.criteria import LeafFacts, RangeFacts


def findings(text):
    return {d.rule_id: d.level for d in lint.eligibility_findings([text]) if not d.allowed}


@pytest.mark.parametrize(
    ("text", "rule_id", "level"),
    [
        ("注册资金不低于 50 万元", "R-PLAN-08", Level.BLOCK),
        ("上年度营业收入 100 万元以上", "R-PLAN-08", Level.BLOCK),
        ("从业人员数 30 人以上", "R-PLAN-08", Level.BLOCK),
        ("须为本市登记的社会组织", "R-ELIG-09", Level.BLOCK),
        ("仅限民办非企业单位参加", "R-ELIG-09", Level.BLOCK),
        ("国有企业", "R-ELIG-09", Level.BLOCK),
        ("在采购人所在地设有分支机构", "R-ELIG-09", Level.BLOCK),
        ("具有本区同类项目业绩", "R-PLAN-07", Level.WARN),
        ("获得市级以上表彰", "R-PLAN-07", Level.WARN),
        ("指定品牌的送餐箱", "R-PLAN-07", Level.WARN),
        ("成立满三年", "R-GPS-12", Level.WARN),
    ],
)
def test_banned_and_doubtful_words(text, rule_id, level):
    assert findings(text) == {rule_id: level}


@pytest.mark.parametrize(
    "text", ["持有有效的食品经营许可证", "具备每日供餐 1,800 份的厨房", "接报后 30 分钟内到达现场"]
)
def test_ability_may_be_asked_for(text):
    assert findings(text) == {}


def leaf(text, title="团队"):
    return LeafFacts(title, "objective", Decimal(20), (RangeFacts(text, Decimal(20)),))


def test_age_of_an_organization_is_no_matter_of_criteria_lint():
    """R-GPS-12 is about eligibility; R-PLAN-08 about both."""
    assert [d.rule_id for d in lint.criteria_findings([leaf("成立满三年")]) if not d.allowed] == []
    assert [d.rule_id for d in lint.criteria_findings([leaf("注册资金 100 万元以上")]) if not d.allowed] == [
        "R-PLAN-08"
    ]


def test_price_is_not_read_for_words():
    assert all(d.allowed for d in lint.criteria_findings([LeafFacts("营业收入", "price", Decimal(15))]))


@pytest.mark.parametrize("text", ["提供审计报告得 5 分", "持有食品经营许可证得 5 分", "近三年无重大违法记录"])
def test_conditions_of_eligibility_are_never_scored(text):
    """R-EVAL-03: neither the general ones nor the evidence of this tender's own conditions."""
    found = lint.eligibility_not_scored(["食品经营许可证"], [leaf(text)])
    assert [d.rule_id for d in found if d.blocks] == ["R-EVAL-03"]
    assert "团队" in str(found[0].reason)


def test_other_criteria_pass():
    assert lint.eligibility_not_scored(["食品经营许可证", ""], [leaf("3 名以上持证营养师")])[0].allowed
