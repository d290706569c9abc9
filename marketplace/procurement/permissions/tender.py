"""Who prepares, approves and publishes a tender. Four eyes: whoever submits does not publish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Tender


def is_buyer(actor: Actor, tender: Tender) -> bool:
    return actor.body_id is not None and actor.body_id == tender.buyer_id


def is_procuring_party(actor: Actor, tender: Tender) -> bool:
    """The buyer, or the agent with its mandate (R-SCOPE-10)."""
    return actor.body_id is not None and actor.body_id in (tender.buyer_id, tender.agency_id)


def can_prepare_tender(actor: Actor, tender: Tender) -> Decision:
    """Write the draft, the timetable, the answers: an officer of the buyer or of its agent."""
    if is_procuring_party(actor, tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer or of its agent does this."))


def can_decide_tender(actor: Actor, tender: Tender) -> Decision:
    """Return or publish what another person of the buyer, or the agent, submitted."""
    if not (is_buyer(actor, tender) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the buyer decides on this."))
    if actor.user_id == tender.submitted_by_id:
        return refuse(_("You submitted it yourself: a second person must check and publish it."))
    return ALLOWED


def can_record_medium(actor: Actor, tender: Tender) -> Decision:
    """Note where else a notice stands: whoever prepares the tender."""
    return can_prepare_tender(actor, tender)
