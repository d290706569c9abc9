"""A body's list of the year: items are written by an officer, the list is published by a second person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.funds.models import BudgetLine

from ..events import DecisionWanted, ListPublished
from ..lifecycle import LIST
from ..models import ListedItem, ListStatus, PurchaseList
from ..permissions import can_decide_list, can_edit_list, can_plan
from ..rules import ItemFacts, has_items, item_decisions, likely_amount


@dataclass(frozen=True)
class ItemInput:
    """What an officer types for one item."""

    name: str
    outline: str
    directory_code: str
    is_public_service: bool
    negative_list_confirmed: bool
    budget_line_id: int
    amount: Decimal
    planned_month: date
    plan_filing_number: str = ""
    note: str = ""


def open_list(*, actor: Actor, year: int) -> PurchaseList:
    """The body's list of the year, begun if there is none yet. Asking twice answers the same list."""
    with transaction() as log:
        require_permission(can_plan(actor))
        _require_near_year(year)
        purchase_list, is_new = PurchaseList.objects.get_or_create(body_id=actor.body_id, year=year)
        if is_new:
            log.record("purchase_list.opened", purchase_list, actor, year=year)
    return purchase_list


def _require_near_year(year: int) -> None:
    this = clock.today().year
    if year not in (this, this + 1):
        raise MarketplaceError(
            _("Lists are drawn up for %(this)s or %(next)s.") % {"this": this, "next": this + 1}, field="year"
        )


def add_item(*, actor: Actor, list_id: int, item: ItemInput, confirmed: bool = False) -> ListedItem:
    """Adds an item; on a published list it opens a supplement. Refuses what breaks a rule of the item.

    The same item again, while it waits for publication, is a second click and answers the first. `confirmed`: the
    officer has confirmed an amount that looked like 万元 typed for 元.
    """
    with transaction() as log:
        purchase_list = locked(PurchaseList, list_id)
        require_permission(can_edit_list(actor, purchase_list))
        twin = next((row for row in purchase_list.waiting_items() if _same(row, item)), None)
        if twin is not None:
            return twin
        if purchase_list.status == ListStatus.PUBLISHED:
            LIST.apply(purchase_list, "supplement")
        _require_draft(purchase_list)
        require(*_unit_decisions(item, confirmed), *item_decisions(_facts(purchase_list, item), clock.today()))
        row = ListedItem.objects.create(purchase_list=purchase_list, created_by_id=actor.user_id, **asdict(item))
        log.record("listed_item.added", row, actor, name=row.name, amount=row.amount)
    return row


def change_item(*, actor: Actor, item_id: int, version: int, item: ItemInput, confirmed: bool = False) -> ListedItem:
    """Rewrites an item that is not published yet. A save over somebody else's raises `StaleVersion`."""
    with transaction() as log:
        row = locked(ListedItem, item_id, "purchase_list")
        require_permission(can_edit_list(actor, row.purchase_list))
        _require_unpublished(row)
        _require_draft(row.purchase_list)
        if _same(row, item):
            return row
        if row.version != version:
            raise StaleVersion(_("Somebody else has saved this item meanwhile."), current=row)
        facts = _facts(row.purchase_list, item, without=row)
        require(*_unit_decisions(item, confirmed), *item_decisions(facts, clock.today()))
        for name, value in asdict(item).items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        log.record("listed_item.changed", row, actor, name=row.name, amount=row.amount)
    return row


def withdraw_item(*, actor: Actor, item_id: int) -> ListedItem:
    """Takes an unpublished item off the list."""
    with transaction() as log:
        row = locked(ListedItem, item_id, "purchase_list")
        require_permission(can_edit_list(actor, row.purchase_list))
        _require_unpublished(row)
        _require_draft(row.purchase_list)
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        log.record("listed_item.withdrawn", row, actor)
    return row


def file_plan(*, actor: Actor, item_id: int, plan_filing_number: str) -> ListedItem:
    """Notes the number under which the finance department filed the plan (R-PLAN-02); it may come after publication."""
    with transaction() as log:
        row = locked(ListedItem, item_id, "purchase_list")
        require_permission(can_edit_list(actor, row.purchase_list))
        number = plan_filing_number.strip()
        if not number:
            raise MarketplaceError(_("Type the plan filing number."), field="plan_filing_number", rule_id="R-PLAN-02")
        row.plan_filing_number = number
        row.save(update_fields=["plan_filing_number"])
        log.record("listed_item.plan_filed", row, actor, plan_filing_number=number)
    return row


def submit_list(*, actor: Actor, list_id: int) -> PurchaseList:
    """Hands the unpublished items to the second officer."""
    with transaction() as log:
        purchase_list = locked(PurchaseList, list_id)
        require_permission(can_edit_list(actor, purchase_list))
        require(has_items(purchase_list.waiting_items().count()))
        LIST.apply(purchase_list, "submit")
        purchase_list.submitted_by_id, purchase_list.return_reason = actor.user_id, ""
        purchase_list.save(update_fields=["submitted_by", "return_reason"])
        log.record("purchase_list.submitted", purchase_list, actor)
        announce(DecisionWanted("list", purchase_list.pk))
    return purchase_list


def return_list(*, actor: Actor, list_id: int, reason: str) -> PurchaseList:
    with transaction() as log:
        purchase_list = locked(PurchaseList, list_id)
        require_permission(can_decide_list(actor, purchase_list))
        LIST.apply(purchase_list, "return")
        purchase_list.return_reason = require_text(reason)
        purchase_list.save(update_fields=["return_reason"])
        log.record("purchase_list.returned", purchase_list, actor, reason=purchase_list.return_reason)
    return purchase_list


def publish_list(*, actor: Actor, list_id: int) -> PurchaseList:
    """Publishes every waiting item with its number. Checks each item's rules again on that day."""
    with transaction() as log:
        purchase_list = locked(PurchaseList, list_id, "body")
        require_permission(can_decide_list(actor, purchase_list))
        waiting = list(purchase_list.waiting_items())
        for row in waiting:
            require(*item_decisions(_facts(purchase_list, row, without=row), clock.today()))
        LIST.apply(purchase_list, "publish")
        _number(purchase_list, actor)
        _number_items(purchase_list, waiting)
        log.record(
            "purchase_list.published",
            purchase_list,
            actor,
            number=purchase_list.number,
            items=[{"number": row.number, "name": row.name, "amount": row.amount} for row in waiting],
        )
        announce(ListPublished(purchase_list.pk))
    return purchase_list


def _number(purchase_list: PurchaseList, actor: Actor) -> None:
    if not purchase_list.number:
        purchase_list.number = next_number("list", purchase_list.body.region, year=purchase_list.year)
        purchase_list.published_at = clock.now()
    purchase_list.published_by_id = actor.user_id
    purchase_list.save(update_fields=["number", "published_at", "published_by"])


def _number_items(purchase_list: PurchaseList, waiting: list[ListedItem]) -> None:
    taken = purchase_list.items.exclude(published_at=None).count()
    for position, row in enumerate(waiting, start=taken + 1):
        row.number, row.published_at = f"{purchase_list.number}-{position:03d}", clock.now()
        row.save(update_fields=["number", "published_at"])


def line_left(line: BudgetLine, *, without: ListedItem | None = None) -> Decimal:
    """What of a budget line no listed item claims yet."""
    claimed = ListedItem.objects.filter(budget_line=line, withdrawn_at=None)
    if without is not None:
        claimed = claimed.exclude(pk=without.pk)
    return line.amount - (claimed.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


def _facts(purchase_list: PurchaseList, item: Any, without: ListedItem | None = None) -> ItemFacts:
    line = BudgetLine.objects.filter(pk=item.budget_line_id, fund__body_id=purchase_list.body_id).first()
    if line is None:
        raise MarketplaceError(_("Choose a budget line of your own body."), field="budget_line", rule_id="R-PLAN-01")
    return ItemFacts(
        amount=item.amount,
        line_left=line_left(line, without=without),
        directory_code=item.directory_code,
        is_public_service=item.is_public_service,
        negative_list_confirmed=item.negative_list_confirmed,
        planned_month=item.planned_month,
        year=purchase_list.year,
    )


def _unit_decisions(item: ItemInput, confirmed: bool) -> list[Decision]:
    line = BudgetLine.objects.filter(pk=item.budget_line_id).first()
    return [] if confirmed or line is None else [likely_amount(item.amount, line.amount)]


def _same(row: ListedItem, item: ItemInput) -> bool:
    return all(getattr(row, name) == value for name, value in asdict(item).items())


def _require_draft(purchase_list: PurchaseList) -> None:
    if purchase_list.status != ListStatus.DRAFT:
        raise MarketplaceError(
            _("The list waits for the second officer; have it returned to change it."), code="wrong_state"
        )


def _require_unpublished(row: ListedItem) -> None:
    if row.published_at:
        raise MarketplaceError(_("This item is published and stays as it is; add a new one."), code="wrong_state")


def require_text(reason: str) -> str:
    """A return without a reason helps nobody."""
    if not reason.strip():
        raise MarketplaceError(_("Write what has to be changed."), field="reason")
    return reason.strip()
