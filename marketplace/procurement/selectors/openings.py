"""What the opening hall and its minutes show."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import Decision

from ..models import Bid, BidStatus, CustodianShare, Lot, LotStatus, Opening, OpeningStatement
from ..rules.collusion import Opened, signs_of_collusion

READ_OUT = (
    BidStatus.OPENED,
    BidStatus.UNREADABLE,
    BidStatus.INELIGIBLE,
    BidStatus.INVALID,
    BidStatus.VALID,
)


def read_out(lot: Lot) -> QuerySet[Bid]:
    """The bids that were opened or tried, in the order of their arrival, with what their bidders said."""
    return (
        lot.bids.filter(status__in=READ_OUT)
        .select_related("body", "opening_statement__user")
        .order_by("received_at", "pk")
    )


def signs_in(bids: Iterable[Bid]) -> list[Decision]:
    """What makes opened bids of a lot look made together (R-BID-10), for those who read whole bids."""
    return signs_of_collusion([_as_opened(bid) for bid in bids if bid.contents and bid.price is not None])


def _as_opened(bid: Bid) -> Opened:
    contents = bid.contents or {}
    return Opened(
        label=bid.label,
        price=bid.price or Decimal(0),
        contact=contents["contact"]["name"].strip(),
        phone=contents["contact"]["phone"].strip(),
        signer=contents["declaration"]["name"].strip(),
        files=frozenset(part["sha256"] for part in contents["parts"]),
    )


def statement_of(bid: Bid) -> OpeningStatement | None:
    return getattr(bid, "opening_statement", None)


def shares_of(lot: Lot) -> QuerySet[CustodianShare]:
    return (
        CustodianShare.objects.filter(lot_key__lot=lot)
        .select_related("custodian__user", "custodian__body")
        .order_by("index")
    )


def minutes_of(opening: Opening) -> dict[str, Any]:
    """Everything that the minutes record (R-OPEN-03)."""
    lot = opening.lot
    rows: list[dict[str, Any]] = [{"bid": bid, "statement": statement_of(bid)} for bid in read_out(lot)]
    return {
        "opening": opening,
        "lot": lot,
        "tender": lot.tender,
        "closing": lot.closing,
        "rows": rows,
        "objections": [row for row in rows if row["statement"] and not row["statement"].confirms],
        "shares": list(shares_of(lot)),
    }


def attended_lots(actor: Actor) -> QuerySet[Lot]:
    """Lots whose hall the actor may enter, the next opening first.

    Before the deadline a bidder's own bid is no secret to it.
    """
    lots = Lot.objects.exclude(status=LotStatus.DRAFT).select_related("tender__buyer", "closing", "opening")
    if actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return lots.order_by("-tender__deadline", "position")
    seats = Q(pk__in=[])
    if actor.has(Role.OFFICER, Role.APPROVER):
        seats |= Q(tender__buyer_id=actor.body_id) | Q(tender__agency_id=actor.body_id)
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(Role.BIDDER, Role.ORG_ADMIN):
        gone = (BidStatus.REPLACED, BidStatus.WITHDRAWN)
        own = Bid.objects.filter(body_id=actor.body_id).exclude(status__in=gone)
        seats |= Q(pk__in=own.values("lot_id"))
    if actor.has(Role.CUSTODIAN):
        seats |= Q(pk__in=CustodianShare.objects.filter(custodian__user_id=actor.user_id).values("lot_key__lot_id"))
    return lots.filter(seats).order_by("-tender__deadline", "position")
