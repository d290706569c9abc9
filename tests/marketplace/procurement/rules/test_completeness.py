"""The check list: what a whole draft holds, and the one point that each flaw opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.decisions import Level, allow, refuse
from marketplace.core.rules.time import at
from marketplace.core.rulesets import Override, combine
from marketplace.core.workcalendar import seeded_calendar
from marketplace.procurement.rules.completeness import (
    ConditionFacts,
    LotFacts,
    MilestoneFacts,
    TenderFacts,
    check_list,
    likely_amount,
)
from marketplace.procurement.rules.criteria import LeafFacts, RangeFacts
from marketplace.web.wizard import open_points

TODAY = date(2026, 6, 15)
NOW = at(TODAY, 9)
RULES = combine("310106", "district", TODAY, [])
CALENDAR = seeded_calendar()
WHOLE = TenderFacts(
    title="社区老年食堂运营服务",
    needs="为六个街道 60 岁以上居民提供午、晚两餐的食堂运营、送餐和用餐陪伴，每天不少于 1,800 份。",
    quality="每月满意度不低于 90%。",
    service_place="静安区",
    service_from=date(2026, 8, 1),
    service_to=date(2027, 7, 31),
    public_consultation="听取 312 位居民意见。",
    survey_parties=(),
    is_complex=False,
    is_public_service=True,
    negative_list_confirmed=True,
    plan_filing_number="沪财采备[2026]0137",
    budget=Decimal("1860000.00"),
    item_left=Decimal("1860000.00"),
    lots=(LotFacts("食堂", "六个点位", Decimal("1860000.00"), None),),
    conditions=(ConditionFacts("持有食品经营许可证", "食品经营许可证"),),
    leaves=(
        LeafFacts(
            "营养师", "objective", Decimal(85), (RangeFacts("3 名以上", Decimal(85)), RangeFacts("1 名", Decimal(30)))
        ),
        LeafFacts("价格", "price", Decimal(15)),
    ),
    rounding_places=2,
    abnormal_raise=None,
    milestones=(MilestoneFacts("结项", date(2027, 7, 31), Decimal(100)),),
    payment_terms="验收后付款。",
    contract_terms="一、……",
    joint_bids="不接受联合体投标",
    bid_bond="本项目不收取投标保证金。",
    issued_on=TODAY,
    documents_until=at(date(2026, 7, 6), 9, 30),
    deadline=at(date(2026, 7, 6), 9, 30),
    validity_days=90,
    intention_published_on=date(2026, 5, 1),
    contact_name="王敏",
    contact_phone="021-60000000",
    has_agency=False,
    agency_scope="",
    has_mandate_file=False,
    custodians=allow("R-BID-07"),
)
SCORED_MUST_HAVE = (
    LeafFacts(
        "团队", "objective", Decimal(85), (RangeFacts("配备营养师3名以上", Decimal(85)), RangeFacts("1 名", Decimal(0)))
    ),
    LeafFacts("价格", "price", Decimal(15)),
)


def open_rules(**changes):
    checks = check_list(replace(WHOLE, **changes), RULES, CALENDAR, NOW)
    return [(page, d.rule_id) for page, rows in checks.items() for d in rows if not d.allowed]


def test_whole_draft_has_no_open_point():
    assert open_rules() == []


@pytest.mark.parametrize(
    ("changes", "page", "rule_id"),
    [
        ({"title": " "}, "needs", "R-NOTICE-03"),
        ({"needs": "食堂"}, "needs", "R-TENDER-09"),
        ({"service_place": ""}, "service", "R-GPS-08"),
        ({"quality": ""}, "service", "R-GPS-08"),
        ({"service_to": None}, "service", "R-GPS-08"),
        ({"service_to": date(2026, 7, 31)}, "service", "R-GPS-08"),
        ({"service_to": date(2027, 8, 1)}, "service", "R-CON-13"),
        ({"service_to": date(2029, 8, 1)}, "service", "R-CON-13"),
        ({"service_from": date(2026, 7, 6), "service_to": date(2027, 7, 5)}, "service", "R-CON-01"),
        ({"negative_list_confirmed": False}, "basis", "R-GPS-05"),
        ({"plan_filing_number": ""}, "basis", "R-PLAN-02"),
        ({"public_consultation": ""}, "basis", "R-PLAN-05"),
        ({"is_complex": True}, "basis", "R-PLAN-06"),
        ({"lots": ()}, "lots", "R-PLAN-04"),
        ({"budget": Decimal("1860000.01"), "item_left": Decimal("2000000")}, "lots", "R-PLAN-04"),
        ({"item_left": Decimal("1859999.99")}, "lots", "R-PLAN-01"),
        ({"lots": (LotFacts("食堂", "点", Decimal(1860000), Decimal(1860001)),)}, "lots", "R-PLAN-04"),
        (
            {"lots": (LotFacts("北", "", Decimal(930000), None), LotFacts("南", "点", Decimal(930000), None))},
            "lots",
            "R-TENDER-09",
        ),
        ({"conditions": (ConditionFacts("注册资金 50 万元以上", ""),)}, "eligibility", "R-PLAN-08"),
        ({"conditions": (ConditionFacts("仅限社会团体", ""),)}, "eligibility", "R-ELIG-09"),
        ({"rounding_places": 5}, "price", "R-EVAL-24"),
        ({"abnormal_raise": Decimal("0.70")}, "price", "R-EVAL-16"),
        ({"milestones": (MilestoneFacts("结项", date(2027, 7, 31), Decimal(90)),)}, "milestones", "R-GPS-08"),
        ({"milestones": (MilestoneFacts("启动", date(2026, 7, 1), Decimal(100)),)}, "milestones", "R-GPS-08"),
        ({"payment_terms": ""}, "milestones", "R-GPS-08"),
        ({"validity_days": 0}, "timetable", "R-TENDER-13"),
        ({"intention_published_on": None}, "timetable", "R-PLAN-03"),
        ({"contract_terms": ""}, "documents", "R-TENDER-09"),
        ({"joint_bids": ""}, "documents", "R-TENDER-10"),
        ({"bid_bond": ""}, "documents", "R-BID-01"),
        ({"needs": WHOLE.needs + "\n★ 配备营养师 3 名以上", "leaves": SCORED_MUST_HAVE}, "criteria", "R-PLAN-09"),
        ({"needs": WHOLE.needs + " 11010519491231002X"}, "needs", "R-PUB-02"),
        ({"quality": "王某 11010519491231002X"}, "service", "R-PUB-02"),
        ({"public_consultation": "王某 11010519491231002X"}, "basis", "R-PUB-02"),
        ({"contract_terms": "王某 11010519491231002X"}, "documents", "R-PUB-02"),
        ({"custodians": refuse("three", "R-BID-07")}, "custodians", "R-BID-07"),
        ({"contact_phone": ""}, "contacts", "R-NOTICE-03"),
        ({"has_agency": True}, "contacts", "R-SCOPE-10"),
        ({"has_agency": True, "agency_scope": "全部程序"}, "contacts", "R-SCOPE-10"),
    ],
)
def test_one_flaw_opens_one_point(changes, page, rule_id):
    assert open_rules(**changes) == [(page, rule_id)]


def test_needs_survey_from_ten_million_yuan_on():
    """R-PLAN-06: «以上» includes the amount; three parties are enough."""
    big = {"budget": Decimal(10_000_000), "item_left": Decimal(10_000_000)}
    lots = (LotFacts("食堂", "点", Decimal(10_000_000), None),)
    assert open_rules(**big, lots=lots) == [("basis", "R-PLAN-06")]
    assert open_rules(**big, lots=lots, survey_parties=("甲", "乙", "丙")) == []


def test_auxiliary_service_needs_no_public_consultation():
    assert open_rules(is_public_service=False, public_consultation="") == []


def test_warning_passes_with_a_written_reason_and_a_block_does_not():
    checks = check_list(replace(WHOLE, intention_published_on=None), RULES, CALENDAR, NOW)
    assert [d.rule_id for d in open_points(checks, [])] == ["R-PLAN-03"]
    assert open_points(checks, ["R-PLAN-03"]) == []
    blocked = check_list(replace(WHOLE, plan_filing_number=""), RULES, CALENDAR, NOW)
    assert [d.rule_id for d in open_points(blocked, ["R-PLAN-02"])] == ["R-PLAN-02"]


def test_level_that_the_operator_lowered_only_warns():
    lowered = combine(
        "310106",
        "district",
        TODAY,
        [Override("R-PLAN-06", "value", "", "WARN", "", "", date(2026, 1, 1), "pilot")],
    )
    checks = check_list(replace(WHOLE, is_complex=True), lowered, CALENDAR, NOW)
    found = [d for d in checks["basis"] if not d.allowed]
    assert [(d.rule_id, d.level) for d in found] == [("R-PLAN-06", Level.WARN)]


@pytest.mark.parametrize(
    ("amount", "listed", "likely"),
    [
        ("186", "1860000", False),
        ("999.99", "900", False),
        ("1860000", "1860000", True),
        ("900000", "1860000", True),
        ("18600000000", "1860000", False),
    ],
)
def test_wan_typed_for_yuan_is_noticed(amount, listed, likely):
    answer = likely_amount(Decimal(amount), Decimal(listed))
    assert answer.allowed is likely
    assert likely or answer.field == "budget_amount"
