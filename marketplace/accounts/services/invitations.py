"""Invitations into a body: sent by e-mail, accepted with the confirmed address, withdrawn, sent again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import refuse, require, require_permission
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..actors import Actor
from ..mail import send_invitation_task, send_join_request_task
from ..models import Body, Invitation, InvitationState, JoinRequest, Membership, User
from ..permissions import can_manage_people
from ..roles import ROLES_OF_KIND, BodyKind, Role
from ..rules import people as rules

FIRST_ROLES: dict[str, tuple[str, ...]] = {
    BodyKind.GOVERNMENT: (Role.APPROVER,),
    BodyKind.AGENCY: (Role.APPROVER,),
    BodyKind.EVALUATOR: (Role.ORG_ADMIN, Role.EVALUATOR),
}


def first_roles(kind: str) -> tuple[str, ...]:
    """What the first invited person of an admitted body becomes: who can invite the others."""
    return FIRST_ROLES.get(kind) or ROLES_OF_KIND[kind][:1]


def invite_person(*, actor: Actor, body_id: int, email: str, roles: Iterable[str]) -> Invitation:
    """Offer roles of the body to an address."""
    with audit.transaction() as log:
        body = locked(Body, body_id)
        require_permission(can_manage_people(actor, body))
        return create_invitation(log, actor=actor, body=body, email=email, roles=roles)


def create_invitation(log: Log, *, actor: Actor, body: Body, email: str, roles: Iterable[str]) -> Invitation:
    """The rules and the row, for services that have asked their own permission."""
    now, address, wanted = clock.now(), email.strip().lower(), sorted(set(roles))
    require(rules.check_roles(body.kind, wanted), rules.check_four_eyes(wanted))
    pending = Invitation.objects.filter(body=body, email=address, accepted_at=None, withdrawn_at=None).first()
    if pending is not None and pending.state(now) is InvitationState.OPEN:
        require(refuse(_("This address has been invited already. Send it again, or withdraw it first."), field="email"))
    if pending is not None:
        pending.withdrawn_at = now
        pending.save(update_fields=["withdrawn_at"])
    invitation = Invitation.objects.create(
        body=body,
        email=address,
        roles=wanted,
        token=secrets.token_urlsafe(32),
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + rules.INVITATION_LIFE,
    )
    log.record("invitation.sent", invitation, actor, body=body.code, roles=wanted)
    send_invitation_task.enqueue(invitation.pk)
    return invitation


def resend_invitation(*, actor: Actor, invitation_id: int) -> Invitation:
    """Send it again with a new link; the old link stops, the time starts anew."""
    with audit.transaction() as log:
        invitation = _own(actor, invitation_id)
        require(_waiting(invitation))
        invitation.token = secrets.token_urlsafe(32)
        invitation.expires_at = clock.now() + rules.INVITATION_LIFE
        invitation.sent_at = None
        invitation.save(update_fields=["token", "expires_at", "sent_at"])
        log.record("invitation.sent_again", invitation, actor, body=invitation.body.code)
        send_invitation_task.enqueue(invitation.pk)
        return invitation


def withdraw_invitation(*, actor: Actor, invitation_id: int) -> Invitation:
    with audit.transaction() as log:
        invitation = _own(actor, invitation_id)
        require(_waiting(invitation))
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        log.record("invitation.withdrawn", invitation, actor, body=invitation.body.code)
        return invitation


def accept_invitation(*, actor: Actor, token: str) -> Membership:
    """The signed-in person takes the roles: with the confirmed address it was sent to, in time, once."""
    with audit.transaction() as log:
        found = Invitation.objects.filter(token=token).first()
        if found is None or not actor.is_signed_in:
            raise NotFound("")
        invitation = locked(Invitation, found.pk, "body")
        require(check_open(invitation), rules.check_address(invitation.email, confirmed_addresses(actor)))
        membership = _take_roles(actor, invitation)
        invitation.accepted_at, invitation.accepted_by_id = clock.now(), actor.user_id
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        log.record("membership.granted", membership, actor, body=invitation.body.code, roles=membership.roles)
        return membership


def check_open(invitation: Invitation) -> rules.Decision:
    return rules.check_invitation_open(
        accepted=invitation.accepted_at is not None,
        withdrawn=invitation.withdrawn_at is not None,
        expires_at=invitation.expires_at,
        now=clock.now(),
    )


def confirmed_addresses(actor: Actor) -> list[str]:
    return list(EmailAddress.objects.filter(user_id=actor.user_id, verified=True).values_list("email", flat=True))


def request_to_join(*, actor: Actor, body_id: int, note: str) -> JoinRequest:
    """Ask the body's administrators for an invitation; they get a mail. Asking again changes nothing."""
    with audit.transaction() as log:
        body = locked(Body, body_id)
        if not confirmed_addresses(actor):
            require(refuse(_("Confirm your e-mail address first, so that they know who asks.")))
        if Membership.objects.current().filter(body=body, user_id=actor.user_id).exists():
            require(refuse(_("You act for this body already. Choose it under «acting as» at the top.")))
        request, is_new = JoinRequest.objects.get_or_create(
            body=body,
            user_id=actor.user_id,
            answered_at=None,
            defaults={"note": note.strip(), "created_at": clock.now()},
        )
        if is_new:
            log.record("join_request.made", request, actor, body=body.code)
            send_join_request_task.enqueue(request.pk)
        return request


def answer_join_request(*, actor: Actor, request_id: int, roles: Iterable[str]) -> JoinRequest:
    """Invite the person who asked (with roles), or decline (without)."""
    with audit.transaction() as log:
        request = locked(JoinRequest, request_id, "body", "user")
        require_permission(can_manage_people(actor, request.body))
        if request.answered_at is not None:
            require(refuse(_("This request has been answered already.")))
        wanted = list(roles)
        if wanted:
            create_invitation(log, actor=actor, body=request.body, email=request.user.email, roles=wanted)
        request.answered_at, request.answered_by_id = clock.now(), actor.user_id
        request.is_granted = bool(wanted)
        request.save(update_fields=["answered_at", "answered_by", "is_granted"])
        log.record("join_request.answered", request, actor, is_granted=request.is_granted)
        return request


def _own(actor: Actor, invitation_id: int) -> Invitation:
    invitation = locked(Invitation, invitation_id, "body")
    if not can_manage_people(actor, invitation.body):
        raise NotFound("")
    return invitation


def _waiting(invitation: Invitation) -> rules.Decision:
    """Sending again and withdrawing are for invitations nobody has taken; an expired one may be sent again."""
    return rules.check_invitation_open(
        accepted=invitation.accepted_at is not None,
        withdrawn=invitation.withdrawn_at is not None,
        expires_at=invitation.expires_at,
        now=min(clock.now(), invitation.expires_at),
    )


def _take_roles(actor: Actor, invitation: Invitation) -> Membership:
    body, person = invitation.body, User.objects.get(pk=actor.user_id)
    others = Membership.objects.current().filter(user=person).exclude(body=body).select_related("body")
    kinds = [membership.body.kind for membership in others]
    require(rules.check_operator_apart(body.kind, BodyKind.OPERATOR in kinds, kinds))
    held = Membership.objects.current().filter(user=person, body=body).first()
    roles = sorted({*invitation.roles, *(held.roles if held else ())})
    require(rules.check_roles(body.kind, roles), rules.check_four_eyes(roles))
    if held is None:
        return Membership.objects.create(user=person, body=body, roles=roles, since=clock.now())
    held.roles = roles
    held.save(update_fields=["roles"])
    return held
