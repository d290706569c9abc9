"""Roles of people in a body: changed and ended, never deleted."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.core import clock
from marketplace.core.decisions import Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..actors import Actor
from ..events import MembershipEnded
from ..models import Body, Membership
from ..permissions import can_end_membership, can_manage_people
from ..rules import people as rules


def change_roles(*, actor: Actor, membership_id: int, roles: Iterable[str]) -> Membership:
    """Give a person other roles of the same body; nobody changes their own (a second person does)."""
    with audit.transaction() as log:
        membership = _locked(membership_id)
        if not can_manage_people(actor, membership.body):
            raise NotFound("")
        wanted = sorted(set(roles))
        require(
            _current(membership),
            _not_oneself(actor, membership),
            rules.check_roles(membership.body.kind, wanted),
            rules.check_four_eyes(wanted),
            _administrator_remains(membership, set(membership.roles) - set(wanted)),
        )
        membership.roles = wanted
        membership.save(update_fields=["roles"])
        log.record("membership.changed", membership, actor, body=membership.body.code, roles=wanted)
        return membership


def end_membership(*, actor: Actor, membership_id: int) -> Membership:
    """End a person's roles in a body: by an administrator, or by oneself (leaving)."""
    with audit.transaction() as log:
        membership = _locked(membership_id)
        if membership.user_id != actor.user_id and not can_manage_people(actor, membership.body):
            raise NotFound("")
        require_permission(can_end_membership(actor, membership))
        require(_current(membership), _administrator_remains(membership, set(membership.roles)))
        membership.ended_at = clock.now()
        membership.save(update_fields=["ended_at"])
        log.record("membership.ended", membership, actor, body=membership.body.code)
        announce(MembershipEnded(membership.pk))
        return membership


def _locked(membership_id: int) -> Membership:
    """The membership, with its body locked first: two administrators cannot end each other at once."""
    found = Membership.objects.filter(pk=membership_id).first()
    if found is None:
        raise NotFound("")
    body = locked(Body, found.body_id)
    membership = locked(Membership, membership_id, "user")
    membership.body = body
    return membership


def _current(membership: Membership) -> Decision:
    if membership.is_current:
        return rules.ALLOWED
    return refuse(_("These roles have ended already."))


def _not_oneself(actor: Actor, membership: Membership) -> Decision:
    if membership.user_id != actor.user_id:
        return rules.ALLOWED
    return refuse(_("Nobody changes their own roles. Ask a second administrator or the operator."), field="roles")


def _administrator_remains(membership: Membership, leaving: set[str]) -> Decision:
    others = Membership.objects.current().filter(body=membership.body).exclude(pk=membership.pk)
    return rules.check_administrator_remains(
        membership.body.kind, leaving, list(others.values_list("roles", flat=True))
    )
