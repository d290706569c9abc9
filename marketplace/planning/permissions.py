"""Who draws up a list and who publishes it: two persons of the buyer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from .models import Intention, PurchaseList


def can_plan(actor: Actor) -> Decision:
    """Draw up lists and intentions at all: an officer of a government body."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of a government body draws up the list of purchases."))


def can_edit_list(actor: Actor, purchase_list: PurchaseList) -> Decision:
    if actor.body_id != purchase_list.body_id:
        return refuse(_("This list belongs to another body."))
    return can_plan(actor)


def can_decide_list(actor: Actor, purchase_list: PurchaseList) -> Decision:
    return _second_person(actor, purchase_list.body_id, purchase_list.submitted_by_id)


def can_decide_intention(actor: Actor, intention: Intention) -> Decision:
    return _second_person(actor, intention.item.purchase_list.body_id, intention.submitted_by_id)


def _second_person(actor: Actor, body_id: int, submitted_by: int | None) -> Decision:
    if actor.body_id != body_id or not actor.has(Role.APPROVER):
        return refuse(_("An approver of the buyer decides on this."))
    if actor.user_id == submitted_by:
        return refuse(_("You submitted it yourself: a second person must check and publish it."))
    return ALLOWED


def can_view_lists(actor: Actor) -> Decision:
    """The workspace pages of planning: everyone of the buyer; supervisors and auditors read."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.roles:
        return ALLOWED
    if actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    return refuse(_("Lists of purchases are drawn up by government bodies."))
