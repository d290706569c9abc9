"""Invitations: who sends, who accepts, what expires; requests to join."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Invitation, JoinRequest, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.services import invitations
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import NotAllowed, NotFound, Refused
from tests.factories.accounts import make_body, make_person, make_user
from tests.factories.organizations import admin_of, make_organization
from tests.support.clock import MarketClock

pytestmark = pytest.mark.django_db


def person(email: str, *, verified: bool = True) -> Actor:
    return actor_for(make_user(email=email, verified=verified), None)


@pytest.fixture
def approver() -> Actor:
    return make_person(make_body(BodyKind.GOVERNMENT, name="静安区民政局"), Role.APPROVER)


def invite(actor: Actor, email: str = "new@jingan.example", *roles: str) -> Invitation:
    return invitations.invite_person(
        actor=actor, body_id=actor.body_id or 0, email=email, roles=roles or [Role.OFFICER]
    )


def test_an_approver_invites_and_the_mail_carries_the_link(approver: Actor) -> None:
    invitation = invite(approver, " New@Jingan.example ")
    invitation.refresh_from_db()
    assert (invitation.email, invitation.roles) == ("new@jingan.example", ["officer"])
    assert invitation.expires_at == clock.now() + timedelta(days=14)
    assert invitation.sent_at is not None
    assert [message.to for message in mail.outbox] == [["new@jingan.example"]]
    assert invitation.token in mail.outbox[0].body
    assert "静安区民政局" in mail.outbox[0].subject
    assert LogEntry.objects.filter(action="invitation.sent").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE, Role.CUSTODIAN])
def test_others_of_the_body_do_not_invite(role: str) -> None:
    actor = make_person(make_body(BodyKind.GOVERNMENT), role)
    with pytest.raises(NotAllowed):
        invite(actor)
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_nobody_invites_into_another_body_but_the_operator(approver: Actor) -> None:
    other = make_body(BodyKind.GOVERNMENT)
    with pytest.raises(NotAllowed):
        invitations.invite_person(actor=approver, body_id=other.pk, email="a@b.example", roles=[Role.OFFICER])
    operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    found = invitations.invite_person(actor=operator, body_id=other.pk, email="a@b.example", roles=[Role.APPROVER])
    assert found.body == other


@pytest.mark.parametrize("roles", [[], [Role.BIDDER], [Role.OPERATOR], [Role.OFFICER, Role.APPROVER]])
def test_wrong_roles_are_refused_by_field(approver: Actor, roles: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        invitations.invite_person(actor=approver, body_id=approver.body_id or 0, email="a@b.example", roles=roles)
    assert caught.value.field == "roles"
    assert not Invitation.objects.exists()


def test_accepting_gives_the_roles_once(approver: Actor) -> None:
    invitation = invite(approver)
    newcomer = person("new@jingan.example")
    membership = invitations.accept_invitation(actor=newcomer, token=invitation.token)
    assert (membership.body_id, membership.roles, membership.ended_at) == (approver.body_id, ["officer"], None)
    with pytest.raises(Refused):
        invitations.accept_invitation(actor=newcomer, token=invitation.token)
    assert Membership.objects.filter(user_id=newcomer.user_id).count() == 1
    assert LogEntry.objects.filter(action="membership.granted").count() == 1


def test_only_the_confirmed_address_accepts(approver: Actor) -> None:
    invitation = invite(approver)
    for actor in (person("other@jingan.example"), person("new@jingan.example", verified=False)):
        with pytest.raises(Refused) as caught:
            invitations.accept_invitation(actor=actor, token=invitation.token)
        assert caught.value.field == "email"
    with pytest.raises(NotFound):
        invitations.accept_invitation(actor=person("x@y.example"), token="made-up")
    assert not Membership.objects.filter(body_id=approver.body_id).exclude(user_id=approver.user_id).exists()


def test_it_expires_and_can_be_sent_again_with_a_new_link(approver: Actor, market_clock: MarketClock) -> None:
    invitation = invite(approver)
    newcomer, old = person("new@jingan.example"), invitation.token
    market_clock.move_to(invitation.expires_at + timedelta(seconds=1))
    with pytest.raises(Refused):
        invitations.accept_invitation(actor=newcomer, token=old)
    again = invitations.resend_invitation(actor=approver, invitation_id=invitation.pk)
    assert again.token != old
    assert len(mail.outbox) == 2
    with pytest.raises(NotFound):
        invitations.accept_invitation(actor=newcomer, token=old)
    assert invitations.accept_invitation(actor=newcomer, token=again.token).roles == ["officer"]


def test_it_is_good_to_the_last_second(approver: Actor, market_clock: MarketClock) -> None:
    invitation = invite(approver)
    market_clock.move_to(invitation.expires_at)
    assert invitations.accept_invitation(actor=person("new@jingan.example"), token=invitation.token)


def test_withdrawn_is_withdrawn(approver: Actor) -> None:
    invitation = invite(approver)
    invitations.withdraw_invitation(actor=approver, invitation_id=invitation.pk)
    with pytest.raises(Refused):
        invitations.accept_invitation(actor=person("new@jingan.example"), token=invitation.token)
    with pytest.raises(Refused):
        invitations.resend_invitation(actor=approver, invitation_id=invitation.pk)


def test_a_strangers_invitation_is_not_found(approver: Actor) -> None:
    invitation = invite(approver)
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    with pytest.raises(NotFound):
        invitations.withdraw_invitation(actor=stranger, invitation_id=invitation.pk)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None


def test_one_open_invitation_for_an_address(approver: Actor, market_clock: MarketClock) -> None:
    first = invite(approver)
    with pytest.raises(Refused) as caught:
        invite(approver)
    assert caught.value.field == "email"
    market_clock.move_to(first.expires_at + timedelta(seconds=1))
    assert invite(approver).pk != first.pk


def test_accepting_a_second_one_adds_roles_but_never_both_pairs_of_eyes(approver: Actor) -> None:
    newcomer = person("new@jingan.example")
    invitations.accept_invitation(actor=newcomer, token=invite(approver).token)
    more = invitations.accept_invitation(
        actor=newcomer, token=invite(approver, "new@jingan.example", Role.CUSTODIAN).token
    )
    assert more.roles == ["custodian", "officer"]
    with pytest.raises(Refused) as caught:
        invitations.accept_invitation(actor=newcomer, token=invite(approver, "new@jingan.example", Role.APPROVER).token)
    assert caught.value.field == "roles"
    more.refresh_from_db()
    assert more.roles == ["custodian", "officer"]


def test_operators_take_no_role_elsewhere(approver: Actor) -> None:
    operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    email = Membership.objects.get(user_id=operator.user_id).user.email
    with pytest.raises(Refused):
        invitations.accept_invitation(actor=operator, token=invite(approver, email).token)
    assert Membership.objects.filter(user_id=operator.user_id).count() == 1


def test_a_mail_is_sent_once_for_a_link(approver: Actor) -> None:
    from marketplace.accounts.mail import send_invitation_task

    invitation = invite(approver)
    send_invitation_task.enqueue(invitation.pk)
    assert len(mail.outbox) == 1


class TestRequestsToJoin:
    def test_the_administrators_get_a_mail_and_invite(self) -> None:
        organization = make_organization()
        admin, asks = admin_of(organization), person("colleague@org.example")
        request = invitations.request_to_join(actor=asks, body_id=organization.body_id, note="项目主管，2024 年入职")
        address = Membership.objects.get(user_id=admin.user_id).user.email
        assert [message.to for message in mail.outbox] == [[address]]
        assert "项目主管" in mail.outbox[0].body
        invitations.answer_join_request(actor=admin, request_id=request.pk, roles=[Role.BIDDER])
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.roles) == ("colleague@org.example", ["bidder"])
        assert JoinRequest.objects.get().is_granted is True
        with pytest.raises(Refused):
            invitations.answer_join_request(actor=admin, request_id=request.pk, roles=[Role.BIDDER])

    def test_asking_twice_is_asking_once(self) -> None:
        organization, asks = make_organization(), person("colleague@org.example")
        for _round in range(2):
            invitations.request_to_join(actor=asks, body_id=organization.body_id, note="项目主管")
        assert (JoinRequest.objects.count(), len(mail.outbox)) == (1, 1)

    def test_declining_invites_nobody(self) -> None:
        organization, asks = make_organization(), person("colleague@org.example")
        request = invitations.request_to_join(actor=asks, body_id=organization.body_id, note="?")
        invitations.answer_join_request(actor=admin_of(organization), request_id=request.pk, roles=[])
        assert (JoinRequest.objects.get().is_granted, Invitation.objects.count()) == (False, 0)

    def test_who_acts_already_or_has_no_address_is_refused(self) -> None:
        organization = make_organization()
        for actor in (admin_of(organization), person("x@org.example", verified=False)):
            with pytest.raises(Refused):
                invitations.request_to_join(actor=actor, body_id=organization.body_id, note="…")
        assert not JoinRequest.objects.exists()

    def test_a_stranger_does_not_answer(self) -> None:
        organization, other = make_organization(), make_organization("新叶助残服务社")
        request = invitations.request_to_join(
            actor=person("c@org.example"), body_id=organization.body_id, note="项目主管"
        )
        with pytest.raises(NotAllowed):
            invitations.answer_join_request(actor=admin_of(other), request_id=request.pk, roles=[Role.BIDDER])
        assert not Invitation.objects.exists()
