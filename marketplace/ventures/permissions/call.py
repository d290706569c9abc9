"""Who begins, writes, confirms, publishes and changes a call. Four eyes: whoever submits does not publish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import Call, CallFunder, CallPaper


def is_lead(actor: Actor, call: Call) -> bool:
    return actor.body_id is not None and actor.body_id == call.lead_id


def can_view_calls(actor: Actor) -> Decision:
    """The list of the workspace: people of government bodies; supervisors and auditors read."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE):
        return ALLOWED
    if actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    return refuse(_("Calls are prepared by government bodies; the public ones stand under «Ventures»."))


def can_begin_call(actor: Actor) -> Decision:
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of a government body begins a call."))


def can_prepare_call(actor: Actor, call: Call) -> Decision:
    """Write the draft, add briefings, answer questions, draft corrections: an officer of the leading body."""
    if is_lead(actor, call) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the body that leads the call does this."))


def can_decide_call(actor: Actor, call: Call) -> Decision:
    """Publish, or return, what another person of the lead submitted."""
    if not (is_lead(actor, call) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the body that leads the call decides on this."))
    if actor.user_id == call.submitted_by_id:
        return refuse(_("You submitted it yourself: a second person must check and publish it."))
    return ALLOWED


def funder_of(actor: Actor, call: Call) -> CallFunder | None:
    """The actor's body among the joint funders."""
    if actor.body_id is None:
        return None
    return next((row for row in call.funders.all() if row.body_id == actor.body_id), None)


def can_confirm_call(actor: Actor, call: Call) -> Decision:
    """A joint funder's approver confirms the call with the pots of the own body."""
    if funder_of(actor, call) is None or not actor.has(Role.APPROVER):
        return refuse(_("An approver of a joint funder confirms the call."))
    return ALLOWED


def can_return_call(actor: Actor, call: Call) -> Decision:
    """The lead's second officer, or a joint funder who does not agree."""
    if can_confirm_call(actor, call).allowed:
        return ALLOWED
    return can_decide_call(actor, call)


def can_decide_paper(actor: Actor, paper: CallPaper) -> Decision:
    """Publish or return a correction or termination that another person drafted."""
    if not (is_lead(actor, paper.call) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the body that leads the call decides on this."))
    if actor.user_id == paper.drafted_by_id:
        return refuse(_("You drafted it yourself: a second person must check and publish it."))
    return ALLOWED


def can_speak_up(actor: Actor) -> Decision:
    """Ask a question, sign up for a briefing: anybody who is signed in."""
    if actor.is_signed_in:
        return ALLOWED
    return refuse(_("Sign in first: the answer is sent to you."))
