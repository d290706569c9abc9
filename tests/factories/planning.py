"""Lists of the year and intentions, brought there through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import Role
from marketplace.core import clock
from marketplace.funds.models import BudgetLine, Fund, FundKind, Purpose
from marketplace.planning.models import Intention, ListedItem, PurchaseList
from marketplace.planning.services import intentions, lists
from marketplace.planning.services.lists import ItemInput

from .accounts import make_body, make_person

FUND_NAMES = {
    FundKind.LOTTERY: "福利彩票公益金",
    FundKind.FISCAL: "财政预算资金",
    FundKind.SPONSOR: "社会资本",
    FundKind.GIFT: "协议捐赠",
}
ITEM_NAME = "静安区社区老年食堂运营服务"
OUTLINE = "为六个街道 60 岁以上居民提供午、晚两餐的食堂运营、送餐和用餐陪伴，每天不少于 1,800 份，服务期十二个月。"


@dataclass(frozen=True)
class BuyerPeople:
    """A buyer with its officer, the approver and the finance officer."""

    body: Body
    officer: Actor
    approver: Actor
    finance: Actor


def buyer_people(body: Body | None = None) -> BuyerPeople:
    body = body or make_body()
    return BuyerPeople(
        body,
        make_person(body, Role.OFFICER),
        make_person(body, Role.APPROVER),
        make_person(body, Role.FINANCE),
    )


def budget_line(
    body: Body, amount: str = "20000000.00", kind: str = FundKind.LOTTERY, code: str = "FC-01"
) -> BudgetLine:
    """An approved line; budget lines are entered from the approved budget, not by a procedure."""
    fund, _new = Fund.objects.get_or_create(
        body=body, kind=kind, year=clock.today().year, defaults={"name": FUND_NAMES[FundKind(kind)]}
    )
    return BudgetLine.objects.get_or_create(
        fund=fund,
        code=code,
        defaults={
            "name": "为老服务",
            "purpose": Purpose.ELDERLY,
            "amount": Decimal(amount),
            "approved_on": date(clock.today().year, 1, 20),
        },
    )[0]


def item_input(line: BudgetLine, **overrides: Any) -> ItemInput:
    values: dict[str, Any] = {
        "name": ITEM_NAME,
        "outline": OUTLINE,
        "directory_code": "A0402",
        "is_public_service": True,
        "negative_list_confirmed": True,
        "budget_line_id": line.pk,
        "amount": Decimal("1860000.00"),
        "planned_month": clock.today().replace(day=1),
        "plan_filing_number": "沪财采备[2026]0137",
    }
    return ItemInput(**{**values, **overrides})


def draft_list(people: BuyerPeople, *, items: int = 1, **overrides: Any) -> PurchaseList:
    purchase_list = lists.open_list(actor=people.officer, year=clock.today().year)
    line = budget_line(people.body)
    for number in range(items):
        item = item_input(line, **{"note": f"{number + 1}" if number else "", **overrides})
        lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item)
    return purchase_list


def published_list(people: BuyerPeople, *, items: int = 1, **overrides: Any) -> PurchaseList:
    purchase_list = draft_list(people, items=items, **overrides)
    lists.submit_list(actor=people.officer, list_id=purchase_list.pk)
    return lists.publish_list(actor=people.approver, list_id=purchase_list.pk)


def published_item(people: BuyerPeople, **overrides: Any) -> ListedItem:
    """A new item of the buyer's published list."""
    before = set(ListedItem.objects.values_list("pk", flat=True))
    published_list(people, **overrides)
    return ListedItem.objects.exclude(pk__in=before).get()


def published_intention(people: BuyerPeople, item: ListedItem | None = None) -> Intention:
    item = item or published_item(people)
    intention = intentions.propose_intention(actor=people.officer, item_id=item.pk)
    return intentions.publish_intention(actor=people.approver, intention_id=intention.pk)
