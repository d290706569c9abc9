"""Roles changed and ended; bodies admitted."""

from __future__ import annotations

import pytest
from django.core import mail

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body, Invitation, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.accounts.services.bodies import BodyFacts, admit_body
from marketplace.accounts.services.memberships import change_roles, end_membership
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import NotAllowed, NotFound, Refused
from tests.factories.accounts import make_body, make_person

pytestmark = pytest.mark.django_db


def membership_of(actor: Actor) -> Membership:
    return Membership.objects.get(user_id=actor.user_id, body_id=actor.body_id, ended_at=None)


@pytest.fixture
def body() -> Body:
    return make_body(BodyKind.GOVERNMENT)


def test_an_approver_changes_anothers_roles(body: Body) -> None:
    approver, officer = make_person(body, Role.APPROVER), make_person(body, Role.OFFICER)
    changed = change_roles(actor=approver, membership_id=membership_of(officer).pk, roles=[Role.FINANCE])
    assert changed.roles == ["finance"]
    assert LogEntry.objects.filter(action="membership.changed").count() == 1


def test_nobody_changes_their_own_roles(body: Body) -> None:
    approver = make_person(body, Role.APPROVER)
    make_person(body, Role.APPROVER)
    with pytest.raises(Refused) as caught:
        change_roles(actor=approver, membership_id=membership_of(approver).pk, roles=[Role.FINANCE])
    assert caught.value.field == "roles"
    assert membership_of(approver).roles == ["approver"]


def test_wrong_roles_change_nothing(body: Body) -> None:
    approver, officer = make_person(body, Role.APPROVER), make_person(body, Role.OFFICER)
    for roles in ([], [Role.BIDDER], [Role.OFFICER, Role.FINANCE]):
        with pytest.raises(Refused):
            change_roles(actor=approver, membership_id=membership_of(officer).pk, roles=roles)
    assert membership_of(officer).roles == ["officer"]


def test_a_strangers_membership_is_not_found(body: Body) -> None:
    officer = make_person(body, Role.OFFICER)
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    for deed in (end_membership, lambda **named: change_roles(roles=[Role.FINANCE], **named)):
        with pytest.raises(NotFound):
            deed(actor=stranger, membership_id=membership_of(officer).pk)
    with pytest.raises(NotFound):
        end_membership(actor=stranger, membership_id=999_999)
    assert membership_of(officer)


def test_ending_keeps_the_row(body: Body) -> None:
    approver, officer = make_person(body, Role.APPROVER), make_person(body, Role.OFFICER)
    ended = end_membership(actor=approver, membership_id=membership_of(officer).pk)
    assert ended.ended_at == clock.now()
    assert ended.roles == ["officer"]
    with pytest.raises(Refused):
        end_membership(actor=approver, membership_id=ended.pk)


def test_everybody_may_leave_but_not_the_last_administrator(body: Body) -> None:
    approver, officer = make_person(body, Role.APPROVER), make_person(body, Role.OFFICER)
    end_membership(actor=officer, membership_id=membership_of(officer).pk)
    with pytest.raises(Refused):
        end_membership(actor=approver, membership_id=membership_of(approver).pk)
    second = make_person(body, Role.APPROVER)
    end_membership(actor=approver, membership_id=membership_of(approver).pk)
    assert membership_of(second)


class TestAdmission:
    def facts(self, kind: str = BodyKind.GOVERNMENT, code: str = "", **more: str) -> BodyFacts:
        return BodyFacts(kind=kind, code=code or valid_uscc("11", "310106", 31), name="静安区民政局", **more)

    @pytest.fixture
    def operator(self) -> Actor:
        return make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)

    def test_the_operator_admits_and_the_first_administrator_is_invited(self, operator: Actor) -> None:
        body = admit_body(actor=operator, facts=self.facts(), administrator_email="head@jingan.example")
        assert (body.region, body.admitted_at) == ("310106", clock.now())
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.roles) == ("head@jingan.example", ["approver"])
        assert len(mail.outbox) == 1
        assert LogEntry.objects.filter(action="body.admitted").count() == 1

    @pytest.mark.parametrize(
        ("kind", "prefix", "roles"),
        [
            (BodyKind.AGENCY, "91", ["approver"]),
            (BodyKind.EVALUATOR, "52", ["evaluator", "org_admin"]),
            (BodyKind.SUPERVISOR, "11", ["supervisor"]),
            (BodyKind.AUDITOR, "91", ["auditor"]),
            (BodyKind.EXPERT_REGISTER, "11", ["org_admin"]),
        ],
    )
    def test_each_kind_begins_with_its_own_role(
        self, operator: Actor, kind: str, prefix: str, roles: list[str]
    ) -> None:
        code = valid_uscc(prefix, "310106", 32)
        admit_body(actor=operator, facts=self.facts(kind, code), administrator_email="a@b.example")
        assert Invitation.objects.get().roles == roles

    def test_only_the_operator_admits(self) -> None:
        actor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
        with pytest.raises(NotAllowed):
            admit_body(actor=actor, facts=self.facts())
        assert not Body.objects.filter(name="静安区民政局").exists()

    @pytest.mark.parametrize(
        ("code", "rule_id"),
        [("52990000AAAA00015M", "R-ORG-02"), ("1234", "R-ORG-01"), ("52990000AAAA00015L", "R-GPS-01")],
    )
    def test_a_wrong_code_is_refused(self, operator: Actor, code: str, rule_id: str) -> None:
        before = Body.objects.count()
        with pytest.raises(Refused) as caught:
            admit_body(actor=operator, facts=self.facts(code=code), administrator_email="a@b.example")
        assert (caught.value.rule_id, caught.value.field) == (rule_id, "code")
        assert (Body.objects.count(), Invitation.objects.count(), mail.outbox) == (before, 0, [])

    def test_r_gps_01_an_institution_needs_a_written_ground(self, operator: Actor) -> None:
        facts = self.facts(code=valid_uscc("12", "310106", 33))
        with pytest.raises(Refused) as caught:
            admit_body(actor=operator, facts=facts)
        assert (caught.value.rule_id, caught.value.field) == ("R-GPS-01", "reason")
        assert admit_body(actor=operator, facts=facts, reason="参照《政府购买服务管理办法》第三十三条执行").pk

    def test_a_code_is_admitted_once_and_organizations_never(self, operator: Actor) -> None:
        admit_body(actor=operator, facts=self.facts())
        with pytest.raises(Refused) as caught:
            admit_body(actor=operator, facts=self.facts())
        assert caught.value.field == "code"
        with pytest.raises(Refused) as caught:
            admit_body(actor=operator, facts=self.facts(BodyKind.ORGANIZATION, "52990000AAAA00015L"))
        assert caught.value.field == "kind"
