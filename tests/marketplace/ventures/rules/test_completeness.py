"""The check list of a draft, page by page, and what briefings and papers are held to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.rulesets import RuleSet
from marketplace.core.workcalendar import seeded_calendar
from marketplace.ventures.rules.briefings import SeatFacts, can_be_taken
from marketplace.ventures.rules.completeness import BriefingFacts, CallFacts, FunderFacts, check_list
from marketplace.ventures.rules.form import STANDARD
from marketplace.ventures.rules.pots import LineFacts, PotFacts
from marketplace.ventures.rules.timetable import Timetable
from marketplace.ventures.rules.values import Values
from marketplace.ventures.wizard import STEPS
from marketplace.web.wizard import open_points

CALENDAR = seeded_calendar()
RULES = RuleSet("310106", "district", date(2026, 6, 15))
NOW = datetime(2026, 6, 15, 9, tzinfo=ZONE)
LEAD = FunderFacts(7, "静安区民政局")
CITY = FunderFacts(8, "上海市民政局")
LINE = LineFacts(1, "FC-01", 7, True, "elderly", Decimal(1000000))
SPLIT = {"agreement": Decimal(50), "midterm": Decimal(40), "final": Decimal(10)}
MORNING = datetime(2026, 6, 22, 14, tzinfo=ZONE)
GOOD = CallFacts(
    title="社区公益创投",
    aims="支持社会组织为独居老人和困境儿童提供社区互助服务，让人在家门口得到照顾。",
    kind="seed",
    level="district",
    street="",
    place="静安区",
    pays_for_service=False,
    money_is_mixed=False,
    track_statement="项目由社会组织自主设计并承担成效，不购买约定的服务。",
    lead=LEAD,
    funders=(),
    themes=("为老服务",),
    pots=(PotFacts("福彩资金池", Decimal(600000), LINE),),
    values=Values(Decimal(200000), Decimal(40), Decimal(10), Decimal(40), 1, 8, 12, SPLIT, Decimal(600000)),
    timetable=Timetable(
        datetime(2026, 6, 16, 9, tzinfo=ZONE), datetime(2026, 7, 16, 17, tzinfo=ZONE), 5, date(2026, 9, 14), 15
    ),
    blocks=STANDARD,
    guide="先读指标。",
    briefings=(BriefingFacts(MORNING, "服务中心", "", 50),),
    contact_name="梁文",
    contact_phone="021-60000000",
)


def refused(**changes):
    checks = check_list(replace(GOOD, **changes), RULES, CALENDAR, NOW)
    return [(page, d.rule_id, d.field) for page, rows in checks.items() for d in rows if not d.allowed]


def test_a_good_call_holds_on_every_page_of_the_wizard():
    checks = check_list(GOOD, RULES, CALENDAR, NOW)
    assert open_points(checks) == []
    assert list(checks) == [step.key for step in STEPS if step.key != "check"]
    assert all(rows for rows in checks.values())


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"title": " "}, ("aims", "R-VENT-01", "title")),
        ({"aims": "短"}, ("aims", "R-VENT-01", "aims")),
        ({"place": ""}, ("aims", "R-VENT-05", "place")),
        ({"level": "street"}, ("aims", "R-VENT-05", "street")),
        ({"kind": "regional", "level": "city"}, ("aims", "R-VENT-05", "level")),
        ({"pays_for_service": None}, ("track", "R-SCOPE-03", "pays_for_service")),
        ({"pays_for_service": True}, ("track", "R-SCOPE-03", "pays_for_service")),
        ({"money_is_mixed": None}, ("track", "R-SCOPE-02", "money_is_mixed")),
        ({"money_is_mixed": True}, ("track", "R-SCOPE-02", "money_is_mixed")),
        ({"track_statement": "是资助"}, ("track", "R-SCOPE-03", "track_statement")),
        ({"kind": "targeted", "themes": ()}, ("themes", "R-VENT-05", "title")),
        ({"themes": ("为老服务", "为老服务")}, ("themes", "R-VENT-05", "title")),
        ({"funders": (CITY,)}, ("pots", "R-PLAN-01", "budget_line_id")),
        ({"funders": (LEAD,)}, ("funders", "R-PLAN-01", "body_id")),
        ({"blocks": ()}, ("form", "R-VENT-12", "form")),
        ({"guide": ""}, ("guide", "R-VENT-01", "guide")),
        ({"contact_phone": " "}, ("contacts", "R-VENT-01", "contact_name")),
        ({"briefings": (BriefingFacts(NOW, "x", "", 5),)}, ("briefings", "R-TIME-07", "starts_at")),
        ({"briefings": (BriefingFacts(MORNING, "", " ", 5),)}, ("briefings", "R-VENT-01", "place")),
        (
            {"briefings": (BriefingFacts(MORNING + timedelta(days=60), "x", "", 5),)},
            ("briefings", "R-VENT-01", "starts_at"),
        ),
        ({"off": {"R-VENT-06": "短"}}, ("switches", "R-VENT-06", "off_r_vent_06")),
        ({"off": {"R-PLAN-01": "这条规则不能停用的"}}, ("switches", "R-PLAN-01", "off_r_plan_01")),
    ],
)
def test_each_point_has_its_page_rule_and_field(changes, found):
    assert refused(**changes) == [found]


def test_a_funder_that_is_no_government_body():
    stranger = FunderFacts(9, "晨光联合会", is_government=False)
    line = LineFacts(2, "X", 9, False, "other", Decimal(100))
    pots = (*GOOD.pots, PotFacts("外部资金池", Decimal(1), line))
    assert refused(funders=(stranger,), pots=pots) == [("funders", "R-SCOPE-01", "body_id")]


def test_the_jiangmen_call_holds_with_its_rules_switched_off():
    """Facts, F9: a cap of 1,500,000, several projects each, no match ratio; each with its published reason."""
    values = replace(
        GOOD.values, grant_cap=Decimal(1500000), own_share=Decimal(0), applications_each=5, total=Decimal(28700000)
    )
    pots = (PotFacts("综合资金池", Decimal(28700000), replace(LINE, available=Decimal(30000000))),)
    found = {("rules", "R-VENT-06", "grant_cap"), ("rules", "R-VENT-07", "own_share")}
    assert set(refused(values=values, pots=pots)) == found
    off = {"R-VENT-06": "首次创投，项目覆盖全市，经联席会议同意。", "R-VENT-07": "首次创投，不设配资比例。"}
    assert refused(values=values, pots=pots, off=off) == []


@pytest.mark.parametrize(
    ("facts", "people", "fits"),
    [
        (SeatFacts(MORNING, False, 3, 0), 3, True),
        (SeatFacts(MORNING, False, 3, 2), 1, True),
        (SeatFacts(MORNING, False, 3, 2), 2, False),
        (SeatFacts(MORNING, False, 3, 3), 1, False),
        (SeatFacts(MORNING, True, 3, 0), 1, False),
        (SeatFacts(NOW, False, 3, 0), 1, False),
        (SeatFacts(MORNING, False, 99, 0), 6, False),
        (SeatFacts(MORNING, False, 99, 0), 0, False),
    ],
)
def test_seats(facts, people, fits):
    assert can_be_taken(facts, people, NOW).allowed is fits
