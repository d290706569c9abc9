"""Tenders in every state, brought there through the services.

`published_tender()` is a whole open tender for others to build on: two officers, three custodians of three bodies,
sealed lots, criteria that sum to 100. Its people hang on `tender.people`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.procurement.models import CustodianKey, Lot, Tender
from marketplace.procurement.services import custodians, draft, question, tender as tenders
from marketplace.procurement.services.draft import CriterionInput

from .accounts import make_body, make_person
from .bids import actor_of, proved_custodian
from .planning import BuyerPeople, buyer_people, published_item

EVIDENCE = "食品经营许可证"
CRITERIA = (
    CriterionInput(
        "服务方案",
        "服务方案的完整性",
        "judgement",
        Decimal(35),
        "供餐、送餐、陪伴三部分的流程、人员和时间安排。",
        (
            ("三部分流程齐全，人员和时间逐点写明，有高温停电预案", Decimal(35)),
            ("三部分流程齐全，人员或者时间有一处不明确", Decimal(22)),
            ("缺一部分流程，或者人员和时间均不明确", Decimal(10)),
        ),
    ),
    CriterionInput(
        "团队",
        "持证营养师",
        "objective",
        Decimal(20),
        "投入本项目的持证营养师人数。",
        (("3 名以上", Decimal(20)), ("2 名", Decimal(12)), ("1 名", Decimal(6)), ("无", Decimal(0))),
    ),
    CriterionInput(
        "食品安全",
        "食品安全管理",
        "judgement",
        Decimal(20),
        "留样、溯源、投诉处理的制度和记录。",
        (
            ("留样、溯源、投诉处理均有制度和近一年记录", Decimal(20)),
            ("三项均有制度，记录不全或者没有记录", Decimal(12)),
            ("有一项以上没有制度", Decimal(4)),
        ),
    ),
    CriterionInput(
        "质量保障",
        "响应时间",
        "objective",
        Decimal(10),
        "接到服务对象求助到人员到场的承诺时间。",
        (("20 分钟以内", Decimal(10)), ("40 分钟以内", Decimal(6)), ("60 分钟以内", Decimal(2))),
    ),
)


@dataclass(frozen=True)
class Custodian:
    actor: Actor
    key: CustodianKey


def make_custodians(count: int = 3) -> list[Custodian]:
    """Custodians of different bodies with proved keys, appointed by the operator."""
    operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    kinds = [BodyKind.SUPERVISOR, BodyKind.AUDITOR, BodyKind.GOVERNMENT]
    return [_custodian(operator, kinds[number % 3]) for number in range(count)]


def _custodian(operator: Actor, kind: str) -> Custodian:
    """With a key kept at home: one under a passphrase costs seconds for each of its uses."""
    name = "静安区档案局" if kind == BodyKind.GOVERNMENT else ""
    key = proved_custodian(make_body(kind, name=name), operator)
    return Custodian(actor_of(key), key)


def tender_draft(people: BuyerPeople | None = None, **item: Any) -> Tender:
    """A draft as it is born from a listed item."""
    people = people or buyer_people()
    tender = draft.create_tender(actor=people.officer, item_id=published_item(people, **item).pk)
    tender.people = people  # type: ignore[attr-defined]
    return tender


def save(tender: Tender, key: str, fields: Mapping[str, Any] | None = None, rows: Any = None, **more: Any) -> Tender:
    """Saves a page with what it holds, changed by `fields` and `rows`."""
    tender.refresh_from_db()
    saved = draft.read_step(tender, key)
    return draft.save_step(
        actor=tender.people.officer,  # type: ignore[attr-defined]
        tender_id=tender.pk,
        key=key,
        version=more.pop("version", tender.version),
        fields={**saved.fields, **(fields or {})},
        rows=saved.rows if rows is None else rows,
        **more,
    )


def tender_draft_ready(
    people: BuyerPeople | None = None, *, lots: int = 1, guards: list[Custodian] | None = None, **overrides: Any
) -> Tender:
    """A draft that holds every rule. `overrides` are fields of the tender, by name, whatever page they stand on."""
    tender = tender_draft(people)
    for key, fields in _pages(overrides).items():
        save(tender, key, fields)
    save(tender, "lots", rows=_lots(tender, lots))
    save(tender, "eligibility", rows=[{"text": "持有有效的食品经营许可证", "evidence": EVIDENCE}])
    save(tender, "milestones", rows=_milestones())
    for criterion in CRITERIA:
        draft.save_criterion(
            actor=tender.people.officer,  # type: ignore[attr-defined]
            tender_id=tender.pk,
            version=tender.version,
            criterion_id=None,
            criterion=criterion,
        )
    guards = guards or make_custodians()
    custodians.name_custodians(
        actor=tender.people.officer,  # type: ignore[attr-defined]
        tender_id=tender.pk,
        key_ids=[guard.key.pk for guard in guards],
    )
    draft.give_reason(
        actor=tender.people.officer,  # type: ignore[attr-defined]
        tender_id=tender.pk,
        rule_id="R-PLAN-03",
        reason="食堂租约七月底到期，供餐不能中断。",
    )
    return _again(tender, guards)


def _again(tender: Tender, guards: list[Custodian]) -> Tender:
    people = tender.people  # type: ignore[attr-defined]
    tender = Tender.objects.select_related("buyer", "item__purchase_list__body").get(pk=tender.pk)
    tender.people, tender.guards = people, guards  # type: ignore[attr-defined]
    return tender


def _pages(overrides: dict[str, Any]) -> dict[str, dict[str, Any]]:
    start = service_start()
    values = {
        "service_place": "上海市静安区六个街道老年食堂",
        "service_from": start,
        "service_to": start + timedelta(days=364),
        "quality": "每月满意度不低于 90%，留样 48 小时，投诉 24 小时内答复；按节点组织验收，服务对象代表参加。",
        "negative_list_confirmed": True,
        "public_consultation": "四月在六个街道听取 312 位居民意见，增加了清真餐和送餐到户。",
        **overrides,
    }
    return {
        key: page
        for key, names in draft.FIELDS.items()
        if (page := {name: values[name] for name in names if name in values})
    }


def service_start() -> date:
    return clock.today() + timedelta(days=60)


def _lots(tender: Tender, count: int) -> list[dict[str, Any]]:
    tender.refresh_from_db()
    share = tender.budget_amount / count  # type: ignore[operator]
    names = ["北片三个街道", "南片三个街道", "中片街道"]
    return [
        {
            "title": names[n % 3],
            "needs": f"{names[n % 3]}的食堂运营和送餐",
            "budget_amount": share,
            "price_ceiling": None,
        }
        for n in range(count)
    ]


def _milestones() -> list[dict[str, Any]]:
    start = service_start()
    return [
        {
            "name": "启动",
            "deliverable": "人员到位表、供餐方案",
            "due_on": start + timedelta(days=30),
            "share": Decimal(50),
        },
        {
            "name": "中期",
            "deliverable": "中期服务报告及佐证",
            "due_on": start + timedelta(days=180),
            "share": Decimal(40),
        },
        {
            "name": "结项",
            "deliverable": "结项报告、决算、满意度调查",
            "due_on": start + timedelta(days=360),
            "share": Decimal(10),
        },
    ]


def submitted_tender(**overrides: Any) -> Tender:
    tender = tender_draft_ready(**overrides)
    tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)  # type: ignore[attr-defined]
    return _again(tender, tender.guards)  # type: ignore[attr-defined]


def published_tender(lots: int = 1, **overrides: Any) -> Tender:
    """Open for bids. `tender.people` are the buyer's, `tender.guards` the custodians with their actors."""
    tender = submitted_tender(lots=lots, **overrides)
    tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)  # type: ignore[attr-defined]
    return _again(tender, tender.guards)  # type: ignore[attr-defined]


def published_lot(**overrides: Any) -> Lot:
    tender = published_tender(**overrides)
    lot = tender.lots.get()
    lot.tender = tender
    return lot


def supplier(name: str = "", **fields: Any) -> Actor:
    """A bidder of an organization with a valid code and a confirmed address."""
    return make_person(make_body(BodyKind.ORGANIZATION, name=name, **fields), Role.BIDDER)


def taker(tender: Tender, name: str = "") -> Actor:
    """A supplier that has taken the documents."""
    actor = supplier(name)
    question.take_documents(actor=actor, tender_id=tender.pk)
    return actor
