"""Who may invite people, admit bodies, keep the place running, record and answer findings."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

from .actors import Actor
from .models import Body, Finding, FindingStatus, Membership
from .roles import ROLES_OF_KIND, Role
from .rules.people import ADMINISTRATORS


def administers_own_body(actor: Actor) -> bool:
    """Whether the actor invites people into the body acted for: approver, administrator, operator, by kind."""
    return bool(ADMINISTRATORS & actor.roles & frozenset(ROLES_OF_KIND.get(actor.body_kind, ())))


def can_manage_people(actor: Actor, body: Body) -> Decision:
    if actor.has(Role.OPERATOR) or (actor.body_id == body.pk and administers_own_body(actor)):
        return ALLOWED
    return refuse(_("Only the body's administrators and the operator invite people and end their roles."))


def can_end_membership(actor: Actor, membership: Membership) -> Decision:
    """Administrators end anyone's roles; everybody may leave."""
    if actor.is_signed_in and membership.user_id == actor.user_id:
        return ALLOWED
    return can_manage_people(actor, membership.body)


def can_operate(actor: Actor) -> Decision:
    if actor.has(Role.OPERATOR):
        return ALLOWED
    return refuse(_("This is for the operator of the marketplace."))


def can_record_finding(actor: Actor) -> Decision:
    if actor.has(Role.AUDITOR):
        return ALLOWED
    return refuse(_("Findings are recorded by auditors."))


def can_read_finding(actor: Actor, finding: Finding) -> Decision:
    if actor.has(Role.AUDITOR, Role.SUPERVISOR) or (actor.body_id == finding.body_id and actor.roles):
        return ALLOWED
    return refuse(_("This finding concerns another body."))


def can_answer_finding(actor: Actor, finding: Finding) -> Decision:
    """The body it concerns answers, by a person who decides there."""
    if actor.body_id == finding.body_id and actor.has(Role.APPROVER, Role.OFFICER, Role.ORG_ADMIN, Role.OPERATOR):
        return ALLOWED
    return refuse(_("A finding is answered by the body that it concerns."))


def can_close_finding(actor: Actor, finding: Finding) -> Decision:
    """The auditing body closes; it may do so with or without being content, in words."""
    if actor.body_id != finding.auditor_id or not actor.has(Role.AUDITOR):
        return refuse(_("A finding is closed by the auditors who recorded it."))
    if finding.status == FindingStatus.OPEN:
        return refuse(_("The body has not answered yet."))
    return ALLOWED
