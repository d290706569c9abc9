"""Who drafts and who publishes corrections and terminations: two persons of the buyer or its agent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Correction, Tender, Termination
from .tender import can_prepare_tender, is_buyer


def can_draft_paper(actor: Actor, tender: Tender) -> Decision:
    return can_prepare_tender(actor, tender)


def can_decide_paper(actor: Actor, paper: Correction | Termination) -> Decision:
    """Return or publish it: an approver of the buyer who did not draft it."""
    if not (is_buyer(actor, paper.tender) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the buyer decides on this."))
    if actor.user_id == paper.drafted_by_id:
        return refuse(_("You drafted it yourself: a second person must check and publish it."))
    return ALLOWED
