"""What a person has in hand: for a buyer or an agent its tenders, for an organization its bids and contracts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.contracts.models import Contract, ContractStatus
from marketplace.procurement.models import Bid, Lot, LotStatus, Tender, TenderStatus
from marketplace.transparency.actions import LABELS, SAID_BY_NOTICE, label_of
from marketplace.web import navigation

FINISHED_LOTS = (LotStatus.VOID, LotStatus.TERMINATED)
IN_HAND = 30


@dataclass(frozen=True)
class ProjectRow:
    """One line of the table «projects in hand»."""

    number: str
    title: str
    url: str
    status: str
    status_label: str
    amount: Decimal | None
    due: datetime | None


def projects_in_hand(actor: Actor) -> list[ProjectRow]:
    """At most `IN_HAND` rows, the newest first; nothing for roles that have no projects of their own."""
    if actor.body_id is None:
        return []
    if actor.body_kind in (BodyKind.GOVERNMENT, BodyKind.AGENCY) and actor.has(*BUYING):
        return buyer_rows(actor)
    if actor.body_kind == BodyKind.ORGANIZATION:
        return supplier_rows(actor.body_id)
    return []


BUYING = (Role.OFFICER, Role.APPROVER, Role.FINANCE)


def buyer_rows(actor: Actor) -> list[ProjectRow]:
    tenders = (
        Tender.objects.filter(Q(buyer_id=actor.body_id) | Q(agency_id=actor.body_id))
        .exclude(status__in=[TenderStatus.TERMINATED, TenderStatus.DISCARDED])
        .prefetch_related(Prefetch("lots", Lot.objects.order_by("position")))
        .order_by("-pk")[:IN_HAND]
    )
    return [tender_row(tender) for tender in tenders]


def tender_row(tender: Tender) -> ProjectRow:
    lots = list(tender.lots.all())
    status, label = tender_status(tender, lots)
    return ProjectRow(
        number=tender.number or "",
        title=tender.title,
        url=navigation.address("procurement:tender-detail", tender.pk),
        status=status,
        status_label=label,
        amount=sum((lot.budget_amount for lot in lots), Decimal(0)) or tender.budget_amount,
        due=tender.deadline,
    )


def tender_status(tender: Tender, lots: list[Lot]) -> tuple[str, str]:
    """Before publication the tender's own state, afterwards that of the lot that lags behind."""
    going = [lot for lot in lots if lot.status not in FINISHED_LOTS] or lots
    if tender.status != TenderStatus.PUBLISHED or not going:
        return tender.status, str(TenderStatus(tender.status).label)
    order = list(LotStatus.values)
    slowest = min(going, key=lambda lot: order.index(lot.status))
    return slowest.status, str(LotStatus(slowest.status).label)


def supplier_rows(body_id: int) -> list[ProjectRow]:
    """Contracts first, then bids that are still in a procedure. What a bid holds is not read here."""
    contracts = Contract.objects.filter(supplier_id=body_id).order_by("-pk")
    rows = [contract_row(contract) for contract in contracts[:IN_HAND]]
    bids = (
        Bid.objects.filter(body_id=body_id)
        .exclude(status__in=["replaced", "withdrawn"])
        .exclude(lot__status__in=[*FINISHED_LOTS, LotStatus.CONTRACTED])
        .select_related("lot__tender")
        .only("status", "lot__title", "lot__status", "lot__position", "lot__budget_amount", "lot__tender__number",
              "lot__tender__deadline", "lot__tender__title")
        .order_by("-pk")[:IN_HAND]
    )  # fmt: skip
    return rows + [bid_row(bid) for bid in bids]


def contract_row(contract: Contract) -> ProjectRow:
    return ProjectRow(
        number=contract.project_number,
        title=contract.title,
        url=navigation.address("contracts:contract-detail", contract.pk),
        status=contract.status,
        status_label=str(ContractStatus(contract.status).label),
        amount=contract.amount,
        due=None,
    )


def bid_row(bid: Bid) -> ProjectRow:
    lot = bid.lot
    return ProjectRow(
        number=lot.tender.number or "",
        title=lot.title,
        url=navigation.address("procurement:bid", lot.pk),
        status=lot.status,
        status_label=str(LotStatus(lot.status).label),
        amount=lot.budget_amount,
        due=lot.tender.deadline,
    )


@dataclass(frozen=True)
class RecentEntry:
    at: datetime
    title: str
    text: str


def recent_entries(numbers: Iterable[str], limit: int = 8) -> list[RecentEntry]:
    """The newest lines of the log about these projects, in words; only what is disclosed: a sealed bid stays unseen."""
    wanted = [number for number in numbers if number]
    if not wanted:
        return []
    entries = LogEntry.objects.filter(
        project__in=wanted, action__in=LABELS, disclosed_at__isnull=False, erased_at=None
    ).exclude(action__in=SAID_BY_NOTICE)
    return [recent(entry) for entry in entries.order_by("-number")[:limit]]


def recent(entry: LogEntry) -> RecentEntry:
    facts = json.loads(bytes(entry.entry or b"{}")).get("facts", {})
    return RecentEntry(entry.market_time, str(label_of(entry.action)), str(facts.get("title") or entry.project))
