"""A call for charity ventures, as the demo's officers prepare, publish and explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.core.clock import ZONE
from marketplace.funds.models import FundKind, Purpose
from marketplace.ventures.models import Call
from marketplace.ventures.selectors.call import with_pages
from marketplace.ventures.services import briefings, call as calls, draft, form, questions

from .plans import JINGAN, PlannedItem, budget_line
from .town import Town

AIMS = (
    "支持社会组织在静安区设计并实施为老、助残、困境儿童服务项目：让独居老人有人照应，让残疾人家庭得到喘息，"
    "让困境儿童放学以后有人陪伴。今年三月在六个街道听取居民和社会组织意见，共收集需求 87 条，归为三个主题。"
)
STATEMENT = (
    "项目由社会组织自主提出目标、设计活动并承担成效，本局按协议给予资助并评估，不约定按数量和单价购买的服务；"
    "需要购买的服务已列入年度清单，另行招标。"
)
GUIDE = (
    "一、先看评审指标，再写项目需求，用走访或者数据说明问题。\n二、预算每一行写明由哪个资金池承担，自筹部分单列。\n"
    "三、机构负责人确认后提交，以系统回执为准；截止前可以反复修改。\n四、初审后如需补正，限一次。"
)
THEMES = (
    ("为老服务", "独居、高龄老人的照应、陪伴和互助"),
    ("助残服务", "残疾人家庭喘息、心智障碍青年社区融入"),
    ("困境儿童", "课后陪伴、家庭支持、安全教育"),
)
FAQ = (
    ("可以联合申报吗？", "可以。由一家牵头签约，其他单位写入项目团队。"),
    ("刚成立一年的机构可以申报吗？", "可以，不限成立年限；须完成上年度年检年报。"),
)
SPONSORED_POT = "社会资助资金池"


@dataclass(frozen=True)
class CallPlan:
    """What one call of the demo has that others have not. `pots`: (name, purpose, fund, amount, theme from 0)."""

    title: str
    aims: str
    opens: datetime
    deadline: datetime
    review_until: date
    briefings: tuple[datetime, ...]
    pots: tuple[tuple[str, str, str, str, int | None], ...]


SUMMER = CallPlan(
    "静安区社区公益创投（2026）",
    AIMS,
    datetime(2026, 6, 1, 9, tzinfo=ZONE),
    datetime(2026, 6, 30, 17, tzinfo=ZONE),
    date(2026, 8, 20),
    (datetime(2026, 6, 9, 14, tzinfo=ZONE), datetime(2026, 6, 17, 14, tzinfo=ZONE)),
    (
        ("福彩为老资金池", Purpose.ELDERLY, FundKind.LOTTERY, "1200000.00", 0),
        ("福彩助残资金池", Purpose.DISABLED, FundKind.LOTTERY, "600000.00", 1),
        ("财政综合资金池", Purpose.OTHER, FundKind.FISCAL, "500000.00", None),
    ),
)
SPRING = CallPlan(
    "静安区邻里互助公益创投（2026 春季）",
    "支持社会组织和居民一起，为老年人、残疾人和困境儿童找到邻里之间能够长久运转的办法。去年冬天在十二个街镇走访，"
    "居民提出的需求归为三个主题。",
    datetime(2026, 4, 7, 9, tzinfo=ZONE),
    datetime(2026, 4, 30, 17, tzinfo=ZONE),
    date(2026, 6, 26),
    (datetime(2026, 4, 13, 14, tzinfo=ZONE),),
    (
        ("福彩为老资金池", Purpose.ELDERLY, FundKind.LOTTERY, "900000.00", 0),
        ("福彩助残资金池", Purpose.DISABLED, FundKind.LOTTERY, "500000.00", 1),
        ("财政综合资金池", Purpose.OTHER, FundKind.FISCAL, "700000.00", None),
        (SPONSORED_POT, Purpose.OTHER, FundKind.SPONSOR, "300000.00", None),
    ),
)


def prepare(town: Town, plan: CallPlan) -> Call:
    """A draft that holds every rule, not yet submitted."""
    officer = town.actor(JINGAN.officer)
    call = draft.create_call(actor=officer)
    _save(town, call, "aims", {"title": plan.title, "aims": plan.aims, "place": "静安区各街道"})
    _save(town, call, "track", {"pays_for_service": False, "money_is_mixed": False, "track_statement": STATEMENT})
    _save(town, call, "themes", rows=[{"title": title, "description": text} for title, text in THEMES])
    _save(town, call, "pots", rows=_pots(town, call, plan))
    limits = {"grant_cap": Decimal("150000.00"), "own_share": Decimal("20.00"), "staff_ceiling": Decimal("40.00")}
    _save(town, call, "rules", limits)
    reason = "本区社会组织以小型服务机构为主，征求意见后自筹比例定为百分之二十。"
    _save(town, call, "switches", {"off_r_vent_07": reason})
    _save(
        town, call, "timetable", {"opens_at": plan.opens, "deadline": plan.deadline, "review_until": plan.review_until}
    )
    form.use_standard_form(actor=officer, call_id=call.pk)
    _save(town, call, "guide", {"guide": GUIDE}, rows=[{"question": q, "answer": a} for q, a in FAQ])
    _save(town, call, "briefings", rows=[_briefing(moment) for moment in plan.briefings])
    return call


def _pots(town: Town, call: Call, plan: CallPlan) -> list[dict[str, Any]]:
    themes = list(call.themes.all())
    rows = []
    for name, purpose, kind, amount, theme in plan.pots:
        item = PlannedItem("", "", "", "", "", 1, purpose, kind)
        line = budget_line(town, JINGAN, 2026, item)
        theme_id = themes[theme].pk if theme is not None else None
        rows.append({"name": name, "budget_line_id": line.pk, "amount": Decimal(amount), "theme_id": theme_id})
    return rows


def _briefing(moment: datetime) -> dict[str, Any]:
    return {
        "starts_at": moment,
        "minutes": 90,
        "place": "静安区社会组织服务中心三楼（演示地址）",
        "link": "",
        "seats": 60,
    }


def _save(town: Town, call: Call, key: str, fields: Mapping[str, Any] | None = None, rows: Any = None) -> None:
    fresh = with_pages(Call.objects.filter(pk=call.pk)).get()
    saved = draft.read_step(fresh, key)
    draft.save_step(
        actor=town.actor(JINGAN.officer),
        call_id=call.pk,
        key=key,
        version=fresh.version,
        fields={**saved.fields, **(fields or {})},
        rows=saved.rows if rows is None else rows,
    )


def submit(town: Town, call: Call) -> None:
    calls.submit_call(actor=town.actor(JINGAN.officer), call_id=call.pk)


def publish(town: Town, call: Call) -> None:
    calls.publish_call(actor=town.actor(JINGAN.approver), call_id=call.pk)


def ask(town: Town, call: Call) -> None:
    """One question answered, one that waits."""
    asked = questions.ask_question(
        actor=town.actor("nuanyang@org.example"), call_id=call.pk, text="自筹部分可以是企业捐赠吗？"
    )
    questions.answer_question(
        actor=town.actor(JINGAN.officer),
        question_id=asked.pk,
        answer="可以。须有书面捐赠协议，在预算中列入自筹或者社会资金。",
    )
    questions.ask_question(
        actor=town.actor("tongxing@org.example"), call_id=call.pk, text="项目团队可以包括高校志愿者吗？"
    )


def sign_up(town: Town, call: Call) -> None:
    second = call.briefings.order_by("starts_at")[1]
    for email, people in (("chenxi@org.example", 2), ("anlan@org.example", 1), ("tongxing@org.example", 3)):
        briefings.take_seat(actor=town.actor(email), briefing_id=second.pk, people=people)


def begin_next(town: Town) -> None:
    """A second call, just begun: the wizard's check list shows what is open."""
    call = draft.create_call(actor=town.actor(JINGAN.officer))
    fields = {
        "title": "静安区社区治理微项目征集（2026 下半年）",
        "kind": "inclusive",
        "aims": "以小额资助支持居民区里的社会组织和志愿团队改善楼道、花园和邻里关系。",
    }
    _save(town, call, "aims", fields)
    form.use_standard_form(actor=town.actor(JINGAN.officer), call_id=call.pk)
