"""Reads around bids: what a tender asks, what stands against a bidder, what an actor may see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.audit.selectors import entry_of, inclusion_of
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse
from marketplace.organizations.models import Evidence

from ..models import Bid, BidStatus, Criterion, CriterionKind, Lot
from ..rules.bid_contents import Asked

COUNTED = (BidStatus.SUBMITTED,)


def bidder_conflict(actor: Actor, lot: Lot) -> Decision:
    """Buyer and agent do not bid in their own tender, nor does a body with a custodian of this lot among its people."""
    tender = lot.tender
    if actor.body_id in (tender.buyer_id, tender.agency_id):
        return refuse(_("Your body runs this procedure and cannot bid in it."), "R-ELIG-06")
    holders = tender.custodians.values("key__user_id")
    if Membership.objects.filter(body_id=actor.body_id, ended_at=None, user_id__in=holders).exists():
        return refuse(
            _("One of your people guards a key share of this lot; your organization cannot bid until that ends."),
            "R-BID-07",
        )
    return allow()


def answered_criteria(lot: Lot) -> list[Criterion]:
    """The leaves that a bid answers: all but the price, in the order of the documents."""
    criteria = list(lot.tender.criteria.order_by("position", "pk"))
    parents = {criterion.parent_id for criterion in criteria}
    return [c for c in criteria if c.pk not in parents and c.kind != CriterionKind.PRICE]


def asked_of(lot: Lot) -> Asked:
    criteria = answered_criteria(lot)
    conditions = lot.tender.conditions.exclude(evidence="")
    return Asked(
        tuple((c.pk, c.title) for c in criteria),
        tuple((c.pk, c.text) for c in conditions),
        lot.effective_ceiling,
    )


def bids_of(actor: Actor) -> QuerySet[Bid]:
    """The actor's own body's bids."""
    return Bid.objects.filter(body_id=actor.body_id).select_related("lot__tender__buyer", "draft")


def counted_bids(lot: Lot) -> QuerySet[Bid]:
    """The bids that stand at the closing: the last version of each bidder that was not withdrawn."""
    return lot.bids.filter(status__in=COUNTED)


def usable_evidence(actor: Actor) -> QuerySet[Evidence]:
    """The documents of the own organization's evidence file that may be used today."""
    return Evidence.objects.usable(clock.today()).filter(organization__body_id=actor.body_id).select_related("file")


def inclusion_proof_of(bid: Bid) -> dict[str, Any] | None:
    """The proof that the bid's entry stands in the log under a signed head.

    The bidder also gets salt and entry, which the public gets with the opening. None until a head covers the entry
    (heads are fixed hourly).
    """
    entry = entry_of(bid, "bid.submitted") or entry_of(bid, "bid.replaced")
    inclusion = inclusion_of(entry.number) if entry else None
    if entry is None or inclusion is None:
        return None
    return {"salt": bytes(entry.salt or b"").hex(), "entry": bytes(entry.entry or b"").decode(), **inclusion.as_json()}
