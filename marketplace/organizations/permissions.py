"""Who may change what about an organization."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from .models import AccountChange, Organization


def can_register_organization(actor: Actor) -> Decision:
    if not actor.is_signed_in:
        return refuse(_("Sign in first."))
    if actor.has(Role.OPERATOR):
        return refuse(_("Operators hold no role in another body."))
    return ALLOWED


def can_see_organization(actor: Actor, organization: Organization) -> Decision:
    """Its own people, whatever their role there."""
    if actor.body_id == organization.body_id and actor.roles:
        return ALLOWED
    return refuse(_("This is another organization's page."))


def can_change_organization(actor: Actor, organization: Organization) -> Decision:
    if actor.body_id == organization.body_id and actor.has(Role.ORG_ADMIN):
        return ALLOWED
    return refuse(_("The organization's facts are changed by its administrators."))


def can_keep_evidence(actor: Actor, organization: Organization) -> Decision:
    if actor.body_id == organization.body_id and actor.has(Role.ORG_ADMIN, Role.BIDDER):
        return ALLOWED
    return refuse(_("The evidence file is kept by the organization's administrators and bidders."))


def can_confirm_account(actor: Actor, change: AccountChange) -> Decision:
    """A second person of the organization: not the one who typed it in."""
    if actor.body_id != change.organization.body_id or not actor.has(Role.ORG_ADMIN, Role.BIDDER):
        return refuse(_("A new account is confirmed by a second person of the organization."))
    if actor.user_id == change.proposed_by_id:
        return refuse(_("Somebody else confirms what you typed in: a colleague of the organization."))
    return ALLOWED


def can_verify_organization(actor: Actor) -> Decision:
    if actor.has(Role.OPERATOR, Role.SUPERVISOR):
        return ALLOWED
    return refuse(_("The mark is given by the supervising department or the operator."))
