"""Who writes an application, who reads one after the closing, who decides on it in the pre-review."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Application, Call
from .call import can_prepare_call, funder_of, is_lead


def can_apply(actor: Actor) -> Decision:
    """Whether applications of an organization are this person's work."""
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(Role.ORG_ADMIN, Role.BIDDER):
        return ALLOWED
    return refuse(_("Applications are written by bidders and administrators of an organization. Act for yours first."))


def can_write_application(actor: Actor, application: Application) -> Decision:
    """The applicant's own people, whoever of them began it."""
    if actor.body_id == application.body_id and can_apply(actor).allowed:
        return ALLOWED
    return refuse(_("Applications are written by bidders and administrators of the organization."))


def can_view_applications(actor: Actor, call: Call) -> Decision:
    """After the closing: the funders, supervisors, auditors. Before it nobody, not even their number."""
    if not (_is_funder(actor, call) or actor.has(Role.SUPERVISOR, Role.AUDITOR)):
        return refuse(_("Applications are read by the funders of the call."))
    if call.closed_at is None:
        return refuse(
            _("Applications are shown after the closing; until then nobody sees them, nor how many there are.")
        )
    return ALLOWED


def _is_funder(actor: Actor, call: Call) -> bool:
    is_ours = is_lead(actor, call) or funder_of(actor, call) is not None
    return is_ours and actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE)


def can_prereview(actor: Actor, application: Application) -> Decision:
    """An officer of the lead who has no part in the applicant (R-CHAR-05: related parties abstain)."""
    answer = can_prepare_call(actor, application.call)
    if not answer.allowed:
        return answer
    if belongs_to(actor, application.body_id):
        words = _("You belong to the applicant: a colleague decides on this application.")
        return refuse(words, "R-CHAR-05")
    return ALLOWED


def belongs_to(actor: Actor, body_id: int) -> bool:
    """Whether the person has a role there, whatever body is acted for now."""
    return Membership.objects.filter(user_id=actor.user_id, body_id=body_id, ended_at=None).exists()
