"""Who runs an assessment, who reviews, who decides. Four eyes: whoever hands the decision in does not approve it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..models import ApplicationReview, Assessment, Mentorship, PanelMember, PanelStatus
from .call import can_prepare_call, is_lead


def can_run_assessment(actor: Actor, assessment: Assessment) -> Decision:
    """Panel, form, deal, defence day, decision: an officer of the lead."""
    return can_prepare_call(actor, assessment.call)


def can_see_scores(actor: Actor, assessment: Assessment) -> Decision:
    """The ranking and the progress: people of the lead and of the joint funders; supervisors and auditors."""
    if is_lead(actor, assessment.call) or actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    if actor.body_id is not None and any(row.body_id == actor.body_id for row in assessment.call.funders.all()):
        return ALLOWED
    return refuse(_("Scores are shown to the bodies that fund the call."))


def can_approve_decision(actor: Actor, assessment: Assessment) -> Decision:
    """Approve and display, return, confirm: an approver of the lead who did not hand it in."""
    if not (is_lead(actor, assessment.call) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the body that leads the call decides on this."))
    if actor.user_id == assessment.proposed_by_id:
        return refuse(_("You handed the decision in yourself: a second person must check it."))
    return ALLOWED


def can_consent(actor: Actor, assessment: Assessment) -> Decision:
    """A joint funder's approver agrees to what the own pots pay."""
    waits = any(row.body_id == actor.body_id for row in assessment.consents.all()) if actor.body_id else False
    if waits and actor.has(Role.APPROVER):
        return ALLOWED
    return refuse(_("An approver of a funder whose pots pay agrees to this."))


def can_answer_seat(actor: Actor, member: PanelMember) -> Decision:
    if actor.is_signed_in and actor.user_id == member.user_id:
        return ALLOWED
    return refuse(_("Only the invited person answers."))


def can_sit(actor: Actor, member: PanelMember) -> Decision:
    """Score, as an accepted member of the panel."""
    if actor.user_id == member.user_id and member.status == PanelStatus.ACCEPTED:
        return ALLOWED
    return refuse(_("Only a member of the panel who has accepted does this."))


def can_review_application(actor: Actor, review: ApplicationReview) -> Decision:
    return can_sit(actor, review.member)


def can_coach(actor: Actor, mentorship: Mentorship) -> Decision:
    """Record sessions: the mentor."""
    if actor.is_signed_in and actor.user_id == mentorship.mentor_id:
        return ALLOWED
    return refuse(_("The mentor of this application records the sessions."))
