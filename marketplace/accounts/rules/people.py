"""Rules about roles, invitations and memberships (our decisions, no law)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

from ..roles import ROLES_OF_KIND, BodyKind, Role

INVITATION_LIFE = timedelta(days=14)
ADMINISTRATORS: frozenset[str] = frozenset({Role.APPROVER, Role.ORG_ADMIN, Role.OPERATOR})


def check_roles(kind: str, roles: Collection[str]) -> Decision:
    """A body grants the roles of its kind only, and at least one."""
    if not roles:
        return refuse(_("Choose at least one role."), field="roles")
    strange = [role for role in roles if role not in ROLES_OF_KIND.get(kind, ())]
    if strange:
        return refuse(
            _("This kind of body has no role «%(role)s». Choose one of its own.") % {"role": _label(strange[0])},
            field="roles",
        )
    return ALLOWED


def check_four_eyes(roles: Collection[str]) -> Decision:
    """Who prepares does not approve, who approves does not pay: one person holds one of the three in a body."""
    held = [role for role in (Role.OFFICER, Role.APPROVER, Role.FINANCE) if role in roles]
    if len(held) > 1:
        return refuse(
            _("One person cannot be both «%(first)s» and «%(second)s» of a body: a second person checks. "
              "Choose one of them.") % {"first": held[0].label, "second": held[1].label},
            field="roles",
        )  # fmt: skip
    return ALLOWED


def check_operator_apart(kind: str, operates: bool, other_kinds: Collection[str]) -> Decision:
    """Who runs the marketplace holds no role in a body whose procedures run on it, and the other way round."""
    if kind == BodyKind.OPERATOR and any(other != BodyKind.OPERATOR for other in other_kinds):
        return refuse(_("Operators hold no role in another body. End the other memberships first."), field="roles")
    if kind != BodyKind.OPERATOR and operates:
        return refuse(
            _("Operators hold no role in another body. Invite somebody else, or end the role of operator first."),
            field="roles",
        )
    return ALLOWED


def check_administrator_remains(kind: str, leaving: Collection[str], others: Collection[Collection[str]]) -> Decision:
    """A body keeps at least one person who can invite others."""
    needed = ADMINISTRATORS.intersection(ROLES_OF_KIND.get(kind, ()))
    if not needed or needed.isdisjoint(leaving):
        return ALLOWED
    if any(not needed.isdisjoint(roles) for roles in others):
        return ALLOWED
    return refuse(
        _("This is the last person who can invite others into the body. Invite a second one first, then try again."),
        field="roles",
    )


def check_invitation_open(*, accepted: bool, withdrawn: bool, expires_at: datetime, now: datetime) -> Decision:
    if accepted:
        return refuse(_("This invitation has been accepted already. Each is good for one person, once."))
    if withdrawn:
        return refuse(_("This invitation was withdrawn. Ask the body's administrator for a new one."))
    if now > expires_at:
        return refuse(_("This invitation has expired. Ask the body's administrator to send it again."), due=expires_at)
    return ALLOWED


def check_address(invited: str, confirmed: Collection[str]) -> Decision:
    """An invitation is for the address it was sent to, and that address must be confirmed."""
    if invited.casefold() in {address.casefold() for address in confirmed}:
        return ALLOWED
    return refuse(
        _("The invitation was sent to %(email)s. Confirm this address under «E-mail addresses», or sign in with it, "
          "and open the link again.") % {"email": invited},
        field="email",
    )  # fmt: skip


def _label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role
