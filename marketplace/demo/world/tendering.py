"""From the listed item to the sealed bids, as the demo's officers and bidders do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.procurement.models import BidDraft, Criterion, Lot, Tender
from marketplace.procurement.rules.bid_contents import EVIDENCE, version_of
from marketplace.procurement.selectors.bids import answered_criteria
from marketplace.procurement.services import custodians, draft, question, tender as tenders
from marketplace.procurement.services.bids import mark_complete, seal_parts, submit_bid
from marketplace.procurement.services.draft import CriterionInput
from marketplace.procurement.services.drafts import PartPlace, attach_bytes, read_payload, save_section, start_draft

from ..papers import paper
from .custody import Custody
from .plans import Buyer, PlannedItem, listed
from .town import Town

PDF = "application/pdf"
CRITERIA = (
    CriterionInput(
        "服务方案", "服务方案的完整性", "judgement", Decimal(35), "对需求的理解、服务流程、人员和时间安排。",
        (
            ("流程齐全，人员和时间逐点写明，有应急预案", Decimal(35)),
            ("流程齐全，人员或者时间有一处不明确", Decimal(28)),
            ("流程齐全，但人员和时间安排均不明确", Decimal(20)),
            ("缺少一部分服务流程，或者没有时间安排", Decimal(10)),
        ),
    ),
    CriterionInput(
        "团队", "持证专业人员", "objective", Decimal(20), "投入本项目的持证社会工作者或相应专业人员人数。",
        (("5 名以上", Decimal(20)), ("3 至 4 名", Decimal(14)), ("1 至 2 名", Decimal(8)), ("无", Decimal(0))),
    ),
    CriterionInput(
        "质量保障", "质量控制与回访", "judgement", Decimal(20), "检查制度、回访比例和整改时限。",
        (
            ("三级检查，每月回访不少于 20%，整改时限明确", Decimal(20)),
            ("有检查和回访安排，整改时限不明确", Decimal(14)),
            ("只有检查制度，没有对服务对象的回访", Decimal(7)),
        ),
    ),
    CriterionInput(
        "质量保障", "响应时间", "objective", Decimal(10), "接到服务对象求助到人员到场的承诺时间。",
        (("20 分钟以内", Decimal(10)), ("40 分钟以内", Decimal(6)), ("60 分钟以内", Decimal(2))),
    ),
)  # fmt: skip
LOT_NAMES = ("北片三个街道", "南片三个街道")


@dataclass(frozen=True)
class Plan:
    """What a demo procurement looks like. Prices are shares of the lot's ceiling."""

    item: PlannedItem
    buyer: Buyer
    deadline: datetime | None = None
    service_from: date | None = None
    service_days: int = 330
    milestone_days: tuple[int, int, int] = (30, 180, 320)
    lots: int = 1
    bidders: tuple[str, ...] = ("chenxi", "xinye", "anlan", "nuanyang")
    prices: tuple[str, ...] = ("0.935", "0.900", "0.962", "0.981")
    levels: tuple[int, ...] = (0, 1, 2, 1)
    early_reason: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def prepare(town: Town, custody: Custody, plan: Plan) -> Tender:
    """A draft that holds every rule, not yet submitted."""
    officer = town.actor(plan.buyer.officer)
    tender = draft.create_tender(actor=officer, item_id=listed(town, plan.buyer, plan.item).pk)
    starts = plan.service_from or clock.today() + timedelta(days=75)
    _save(tender, officer, "service", {
        "service_place": f"上海市{town.body(plan.buyer.key).name.removesuffix('民政局')}",
        "service_from": starts,
        "service_to": starts + timedelta(days=plan.service_days),
        "quality": "每月满意度不低于 90%，投诉 24 小时内答复；按节点组织验收，服务对象代表参加。",
    })  # fmt: skip
    _save(tender, officer, "basis", {
        "negative_list_confirmed": True,
        "public_consultation": "在相关街道听取 312 位居民意见，据此调整了服务时间和点位。",
    })  # fmt: skip
    _save(tender, officer, "lots", rows=_lots(tender, plan))
    _save(
        tender, officer, "eligibility", rows=[{"text": "具有履行合同所必需的专业人员", "evidence": "专业人员资格证书"}]
    )
    _save(tender, officer, "milestones", rows=_milestones(starts, plan))
    if plan.deadline:
        _save(tender, officer, "timetable", {"deadline": plan.deadline})
    for criterion in CRITERIA:
        tender.refresh_from_db()
        draft.save_criterion(
            actor=officer, tender_id=tender.pk, version=tender.version, criterion_id=None, criterion=criterion
        )
    custodians.name_custodians(actor=officer, tender_id=tender.pk, key_ids=[key.pk for key in custody.keys])
    if plan.early_reason:
        draft.give_reason(actor=officer, tender_id=tender.pk, rule_id="R-PLAN-03", reason=plan.early_reason)
    return tender


def _save(tender: Tender, officer: Actor, key: str, fields: Mapping[str, Any] | None = None, rows: Any = None) -> None:
    tender.refresh_from_db()
    saved = draft.read_step(tender, key)
    draft.save_step(
        actor=officer,
        tender_id=tender.pk,
        key=key,
        version=tender.version,
        fields={**saved.fields, **(fields or {})},
        rows=saved.rows if rows is None else rows,
    )


def _lots(tender: Tender, plan: Plan) -> list[dict[str, Any]]:
    tender.refresh_from_db()
    assert tender.budget_amount is not None
    titles = LOT_NAMES if plan.lots == 2 else (plan.item.name,)
    share = (tender.budget_amount / plan.lots).quantize(Decimal("0.01"))
    return [
        {"title": title, "needs": plan.item.outline, "budget_amount": share, "price_ceiling": None} for title in titles
    ]


def _milestones(starts: date, plan: Plan) -> list[dict[str, Any]]:
    texts = (
        ("启动", "人员到位表、服务方案", Decimal(50)),
        ("中期", "中期服务报告及佐证", Decimal(40)),
        ("结项", "结项报告、决算、满意度调查", Decimal(10)),
    )
    return [
        {"name": name, "deliverable": deliverable, "due_on": starts + timedelta(days=days), "share": share}
        for (name, deliverable, share), days in zip(texts, plan.milestone_days, strict=True)
    ]


def submit(town: Town, plan: Plan, tender: Tender) -> None:
    tenders.submit_tender(actor=town.actor(plan.buyer.officer), tender_id=tender.pk)


def publish(town: Town, plan: Plan, tender: Tender) -> None:
    tenders.publish_tender(actor=town.actor(plan.buyer.approver), tender_id=tender.pk)
    tender.refresh_from_db()


def take(town: Town, tender: Tender, bidder: str) -> None:
    question.take_documents(actor=bidder_actor(town, bidder), tender_id=tender.pk)


def bidder_actor(town: Town, key: str) -> Actor:
    return town.actor(f"{key}@org.example")


def seal_bid(town: Town, lot: Lot, key: str, share: str, level: int = 0) -> None:
    """A complete bid of an organization, sealed to the lot's key and submitted. `level`: how good it is, 0 the best."""
    actor = bidder_actor(town, key)
    draft_row = start_draft(actor=actor, lot_id=lot.pk)
    price = (lot.effective_ceiling * Decimal(share)).quantize(Decimal("1.00"))
    for section, values in _sections(lot, price, actor, level).items():
        version = version_of(read_payload(draft_row), section)
        save_section(actor=actor, draft_id=draft_row.pk, section=section, version=version, values=values)
        draft_row.refresh_from_db()
    _attach(draft_row, lot, actor)
    mark_complete(actor=actor, draft_id=draft_row.pk)
    seal_parts(draft_row.pk)
    submit_bid(actor=actor, draft_id=draft_row.pk, received_at=clock.now())


def _sections(lot: Lot, price: Decimal, actor: Actor, level: int) -> dict[str, dict[str, Any]]:
    answers = {
        str(
            criterion.pk
        ): f"{actor.body_name}对“{criterion.title}”的响应：专职团队、服务流程、质量控制和应急预案见所附文件。"
        for criterion in answered_criteria(lot)
    }
    return {
        "evidence": {"note": "证照齐全，均在有效期内。"},
        "declaration": {"agreed": True, "name": actor.name, "made_at": clock.now().isoformat()},
        "price": {"amount": f"{price:.2f}", "confirmed": False},
        "technical": answers,
        "stated": {str(row.pk): _stated(row, level) for row in answered_criteria(lot) if row.kind == "objective"},
        "related": {"none": True, "rows": "", "subcontracting": ""},
        "contact": {"name": actor.name, "phone": Body.objects.get(pk=actor.body_id).contact_phone},
    }


def _stated(criterion: Criterion, level: int) -> str:
    ranges = list(criterion.ranges.order_by("-points"))
    return str(ranges[min(level, len(ranges) - 1)].pk)


def _attach(draft_row: BidDraft, lot: Lot, actor: Actor) -> None:
    for place in _places(lot):
        technical = place.purpose == "technical"
        title = "服务响应文件" if technical else "证明文件"
        content = paper(title, actor.body_name, pages=2 if technical else 1)
        attach_bytes(
            actor=actor,
            draft_id=draft_row.pk,
            content=content,
            name=f"{place.title}.pdf",
            content_type=PDF,
            place=place,
        )


def _places(lot: Lot) -> list[PartPlace]:
    conditions = lot.tender.conditions.exclude(evidence="")
    return [
        *(
            PartPlace("evidence", kind, title)
            for kind, title in zip(EVIDENCE, ("登记证书", "财务和社保证明", "能力证明"), strict=True)
        ),
        *(PartPlace("evidence", f"condition-{condition.pk}", condition.evidence) for condition in conditions),
        *(PartPlace("technical", str(criterion.pk), criterion.title) for criterion in answered_criteria(lot)),
    ]
