"""Who keeps the budget."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse

from .models import Fund


def can_keep_budget(actor: Actor) -> Decision:
    """Finance officers of government bodies, each for the own body."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.FINANCE):
        return ALLOWED
    return refuse(_("Only a finance officer of a government body keeps its budget."))


def can_keep_fund(actor: Actor, fund: Fund) -> Decision:
    if can_keep_budget(actor) and fund.body_id == actor.body_id:
        return ALLOWED
    return refuse(_("This fund belongs to another body."))
