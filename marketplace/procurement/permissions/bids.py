"""Who writes, reads and opens bids. Before the opening a bid is its bidder's alone; strangers get «not found»."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Bid, BidDraft, BidStatus, CustodianShare, Lot, MemberStatus, Tender
from ..rules.opening import committee_stays_outside
from .tender import is_procuring_party


def can_bid(actor: Actor) -> Decision:
    """Bid for an organization: its bidder or administrator. No mark of the registrar is needed."""
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(Role.BIDDER, Role.ORG_ADMIN):
        return ALLOWED
    return refuse(
        _("Bidding is done by a bidder or the administrator of an organization. Choose that role under «acting as».")
    )


def can_edit_draft(actor: Actor, draft: BidDraft) -> Decision:
    return can_bid(actor) if owns(actor, draft) else refuse("")


def can_withdraw_bid(actor: Actor, bid: Bid) -> Decision:
    return can_bid(actor) if owns(actor, bid) else refuse("")


def owns(actor: Actor, item: Bid | BidDraft) -> bool:
    return actor.body_id is not None and actor.body_id == item.body_id


def can_name_custodians(actor: Actor, tender: Tender) -> Decision:
    if is_procuring_party(actor, tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer or of its agent names the custodians."))


def can_keep_share(actor: Actor) -> Decision:
    if actor.has(Role.CUSTODIAN):
        return ALLOWED
    return refuse(_("Only custodians keep shares of keys."))


def can_appoint_custodian(actor: Actor) -> Decision:
    if actor.has(Role.OPERATOR):
        return ALLOWED
    return refuse(_("The operator appoints custodians."))


def can_run_opening(actor: Actor, lot: Lot) -> Decision:
    """Answer objections and fix the minutes: an officer of the buyer or of its agent."""
    if is_procuring_party(actor, lot.tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer or of its agent leads the opening."))


def can_read_opened_bids(actor: Actor, lot: Lot) -> Decision:
    """Whole bids after the opening: the buyer's and agent's people, supervisor and auditor; never the operator."""
    insider = is_procuring_party(actor, lot.tender) and actor.has(Role.OFFICER, Role.APPROVER)
    if insider or actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    return refuse(_("Bids are read by the buyer, its agent and those who supervise them."))


def can_attend_opening(actor: Actor, lot: Lot) -> Decision:
    """The hall of a lot: buyer and agent, its bidders, its custodians, supervisor and auditor. Nobody else, ever."""
    if can_read_opened_bids(actor, lot) or is_bidder_of(actor, lot) or holds_share_of(actor, lot):
        return ALLOWED
    return refuse(_("The opening hall is for the buyer, the bidders of this lot and its custodians."))


def may_enter_hall(actor: Actor, lot: Lot) -> Decision:
    """Of those who may attend, members of the lot's committee stay outside while the opening runs (R-OPEN-03)."""
    if holds_share_of(actor, lot):
        return ALLOWED
    gone = (MemberStatus.DECLINED, MemberStatus.RECUSED, MemberStatus.REPLACED)
    seats = lot.members.exclude(status__in=gone)
    opening = getattr(lot, "opening", None)
    return committee_stays_outside(
        seats.filter(user_id=actor.user_id).exists(), opening is not None and opening.closed_at is not None
    )


def is_bidder_of(actor: Actor, lot: Lot) -> bool:
    """Whether the actor's own body has a bid that counts here; it tells nothing of others."""
    gone = (BidStatus.REPLACED, BidStatus.WITHDRAWN)
    return can_bid(actor).allowed and lot.bids.filter(body_id=actor.body_id).exclude(status__in=gone).exists()


def holds_share_of(actor: Actor, lot: Lot) -> bool:
    if not actor.has(Role.CUSTODIAN):
        return False
    return CustodianShare.objects.filter(lot_key__lot=lot, custodian__user_id=actor.user_id).exists()


def can_propose_extension(actor: Actor, tender: Tender) -> Decision:
    if is_procuring_party(actor, tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer or of its agent proposes what follows from an outage."))


def can_decide_extension(actor: Actor) -> Decision:
    if actor.has(Role.SUPERVISOR):
        return ALLOWED
    return refuse(_("The supervising department confirms a new deadline after an outage."))


def can_see_outages(actor: Actor) -> Decision:
    if actor.has(Role.OFFICER, Role.APPROVER, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR):
        return ALLOWED
    return refuse(_("Outages are shown to buyers, agents, supervisors and the operator."))
