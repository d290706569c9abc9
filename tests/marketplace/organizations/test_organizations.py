"""Registering, facts and their history, bank account, evidence, ties, the mark (R-ORG, R-ELIG, R-GPS)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.documents.access import can_read_file
from marketplace.organizations.models import (
    AccountChange,
    Evidence,
    Organization,
    OrganizationChange,
    PersonLink,
    Verification,
)
from marketplace.organizations.rules.registration import check_account, check_usable
from marketplace.organizations.services import accounts, evidence, links, organizations, verification
from tests.factories.accounts import make_body, make_person, make_user
from tests.factories.organizations import PDF, admin_of, make_code, make_evidence, make_organization, pdf_upload

pytestmark = pytest.mark.django_db


def anyone(*, verified: bool = True) -> Actor:
    return actor_for(make_user(verified=verified), None)


def register(actor: Actor, code: str, **more: Any) -> Organization:
    registration = organizations.Registration(code=code, name="晨曦社区服务中心", **more)
    return organizations.register_organization(actor=actor, registration=registration)


def colleague(organization: Organization, *roles: str) -> Actor:
    return make_person(organization.body, *roles)


class TestRegistration:
    def test_whoever_has_a_confirmed_address_and_a_valid_code_may_at_once_act(self) -> None:
        actor = anyone()
        organization = register(actor, " 52990000-aaaa00015l ", legal_representative="林晓晨")
        body = organization.body
        assert (body.code, body.kind, body.region) == ("52990000AAAA00015L", BodyKind.ORGANIZATION, "990000")
        assert (organization.kind, organization.is_verified) == ("service_agency", False)
        member = Membership.objects.get(body=body)
        assert (member.user_id, member.roles) == (actor.user_id, ["bidder", "org_admin", "reporter"])
        actions = LogEntry.objects.order_by("number").values_list("action", flat=True)
        assert list(actions) == ["organization.registered", "membership.granted"]

    @pytest.mark.parametrize(
        ("code", "rule_id"),
        [
            ("52990000AAAA00015M", "R-ORG-02"),
            ("52990000AAAA00015", "R-ORG-01"),
            ("5299000OAAAA00015L", "R-ORG-01"),
            ("11310106000000031", "R-ORG-01"),
            (valid_uscc("11", "310106", 3), "R-GPS-02"),
        ],
    )
    def test_a_wrong_code_names_field_rule_and_way_out(self, code: str, rule_id: str) -> None:
        with pytest.raises(Refused) as caught:
            register(anyone(), code)
        assert (caught.value.field, caught.value.rule_id) == ("code", rule_id)
        assert len(str(caught.value)) > 15
        assert not Body.objects.exists()

    def test_r_gps_03_what_the_code_cannot_tell_is_asked(self) -> None:
        code = valid_uscc("12", "310106", 9)
        with pytest.raises(Refused) as caught:
            register(anyone(), code)
        assert (caught.value.field, caught.value.rule_id) == ("warnings_confirmed", "R-GPS-03")
        assert not Body.objects.exists()
        assert register(anyone(), code, warnings_confirmed=True).kind == "other"

    def test_a_taken_code_leads_to_its_administrators(self) -> None:
        first = make_organization()
        with pytest.raises(organizations.CodeTaken) as caught:
            register(anyone(), first.body.code)
        assert (caught.value.body, caught.value.field) == (first.body, "code")
        assert Organization.objects.count() == 1

    def test_without_a_confirmed_address_nothing_is_registered(self) -> None:
        with pytest.raises(Refused):
            register(anyone(verified=False), make_code())
        assert not Body.objects.exists()

    def test_operators_register_nothing(self) -> None:
        operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
        with pytest.raises(NotAllowed):
            register(operator, make_code())
        with pytest.raises(NotAllowed):
            register(Actor(None, "", ""), make_code())
        assert not Organization.objects.exists()


class TestFacts:
    def test_each_change_is_kept_with_before_and_after(self) -> None:
        organization = make_organization()
        actor = admin_of(organization)
        facts = {
            "name": "晨曦社会服务中心",
            "registered_on": date(2015, 5, 4),
            "summary": "",
            "address": organization.body.address,
        }
        organizations.change_facts(actor=actor, organization_id=organization.pk, facts=facts)
        organization.refresh_from_db()
        assert (organization.body.name, organization.registered_on) == ("晨曦社会服务中心", date(2015, 5, 4))
        kept = OrganizationChange.objects.order_by("field").values_list("field", "before", "after", "changed_by")
        assert list(kept) == [
            ("name", "晨曦社区服务中心", "晨曦社会服务中心", actor.user_id),
            ("registered_on", "", "2015-05-04", actor.user_id),
        ]
        assert {change.label for change in OrganizationChange.objects.all()} == {"名称", "成立登记日期"}

    def test_saving_the_same_again_changes_nothing(self) -> None:
        organization = make_organization()
        facts = {"name": organization.body.name}
        assert (
            organizations.change_facts(actor=admin_of(organization), organization_id=organization.pk, facts=facts) == []
        )
        assert not LogEntry.objects.filter(action="organization.changed").exists()

    def test_the_code_and_unknown_facts_never_change(self) -> None:
        organization = make_organization()
        facts = {"code": "x", "face": "good", "verified_at": clock.now(), "bank_account": "1"}
        organizations.change_facts(actor=admin_of(organization), organization_id=organization.pk, facts=facts)
        again = Organization.objects.get()
        assert (again.body.code, again.face, again.verified_at, again.bank_account) == (
            organization.body.code,
            "none",
            None,
            "",
        )

    def test_refusals(self) -> None:
        organization, other = make_organization(), make_organization("新叶助残服务社")
        for actor, error in (
            (colleague(organization, Role.REPORTER), NotAllowed),
            (colleague(organization, Role.BIDDER), NotAllowed),
            (admin_of(other), NotFound),
            (anyone(), NotFound),
        ):
            with pytest.raises(error):
                organizations.change_facts(actor=actor, organization_id=organization.pk, facts={"name": "别名"})
        with pytest.raises(Refused) as caught:
            organizations.change_facts(
                actor=admin_of(organization), organization_id=organization.pk, facts={"name": " "}
            )
        assert caught.value.field == "name"
        assert not OrganizationChange.objects.exists()


class TestAccount:
    NUMBER = "6222 0210 0112 3456"

    def propose(self, organization: Organization, actor: Actor, **more: str) -> AccountChange:
        facts = {"bank_name": "工商银行静安支行", "bank_account": self.NUMBER, **more}
        return accounts.propose_account(actor=actor, organization_id=organization.pk, **facts)

    def test_a_single_person_puts_it_in_force(self) -> None:
        organization = make_organization()
        self.propose(organization, admin_of(organization))
        organization.refresh_from_db()
        assert organization.bank_account == "6222021001123456"
        assert organization.account_changed_at == clock.now()
        assert OrganizationChange.objects.filter(field="bank_account").count() == 1

    def test_where_there_is_a_second_person_that_person_confirms(self) -> None:
        organization = make_organization()
        proposer, second = admin_of(organization), colleague(organization, Role.BIDDER)
        change = self.propose(organization, proposer)
        organization.refresh_from_db()
        assert (organization.bank_account, organization.account_changed_at) == ("", None)
        with pytest.raises(NotAllowed):
            accounts.confirm_account(actor=proposer, change_id=change.pk)
        with pytest.raises(NotAllowed):
            accounts.confirm_account(actor=colleague(organization, Role.REPORTER), change_id=change.pk)
        with pytest.raises(NotFound):
            accounts.confirm_account(actor=admin_of(make_organization("新叶")), change_id=change.pk)
        organization.refresh_from_db()
        assert organization.bank_account == ""
        accounts.confirm_account(actor=second, change_id=change.pk)
        organization.refresh_from_db()
        assert (organization.bank_account, organization.account_changed_at) == ("6222021001123456", clock.now())
        with pytest.raises(Refused):
            accounts.confirm_account(actor=second, change_id=change.pk)

    def test_one_change_at_a_time_and_it_can_be_taken_back(self) -> None:
        organization = make_organization()
        proposer, _second = admin_of(organization), colleague(organization, Role.ORG_ADMIN)
        change = self.propose(organization, proposer)
        with pytest.raises(Refused):
            self.propose(organization, proposer, bank_account="99998888777766")
        accounts.reject_account(actor=proposer, change_id=change.pk)
        assert self.propose(organization, proposer, bank_account="99998888777766").is_pending

    @pytest.mark.parametrize(
        ("bank_name", "bank_account", "field"),
        [
            ("", "6222021001123456", "bank_name"),
            ("工行", "12", "bank_account"),
            ("工行", "六二二二零二一零零一", "bank_account"),
            ("工行", "1234x5678", "bank_account"),
        ],
    )
    def test_a_wrong_account_is_refused_by_field(self, bank_name: str, bank_account: str, field: str) -> None:
        decision = check_account(bank_name, bank_account)
        assert (decision.blocks, decision.field) == (True, field)

    def test_the_same_account_again_is_refused(self) -> None:
        organization = make_organization()
        self.propose(organization, admin_of(organization))
        with pytest.raises(Refused):
            self.propose(organization, admin_of(organization))
        assert AccountChange.objects.count() == 1


class TestEvidence:
    def test_a_document_is_filed_and_hashed(self) -> None:
        organization = make_organization()
        item = make_evidence(admin_of(organization), organization, valid_until=date(2030, 1, 1))
        assert (item.kind, item.file.content_type, item.file.size) == ("registration", "application/pdf", len(PDF))
        assert LogEntry.objects.filter(action="evidence.added").count() == 1

    @pytest.mark.parametrize("content", [b"MZ\x90\x00 a program", b"<html>no pdf</html>", b""])
    def test_the_content_counts_and_not_the_name(self, content: bytes) -> None:
        organization = make_organization()
        facts = evidence.EvidenceFacts(kind="other", title="证明")
        upload = SimpleUploadedFile("证明.pdf", content, "application/pdf")
        with pytest.raises(MarketplaceError) as caught:
            evidence.add_evidence(
                actor=admin_of(organization), organization_id=organization.pk, facts=facts, upload=upload
            )
        assert caught.value.field == "file"
        assert not Evidence.objects.exists()

    def test_r_elig_02_an_expired_document_is_refused_and_expires_after_its_day(self) -> None:
        organization, today = make_organization(), clock.today()
        with pytest.raises(Refused) as caught:
            make_evidence(admin_of(organization), organization, valid_until=today - timedelta(days=1))
        assert (caught.value.field, caught.value.rule_id) == ("valid_until", "R-ELIG-02")
        make_evidence(admin_of(organization), organization, valid_until=today)
        assert Evidence.objects.usable(today).count() == 1
        assert Evidence.objects.usable(today + timedelta(days=1)).count() == 0
        assert check_usable(today, False, today).allowed
        assert not check_usable(today, False, today + timedelta(days=1)).allowed
        assert not check_usable(None, True, today).allowed

    def test_withdrawn_and_never_deleted(self) -> None:
        organization = make_organization()
        actor = admin_of(organization)
        item = make_evidence(actor, organization)
        with pytest.raises(Refused) as caught:
            evidence.withdraw_evidence(actor=actor, evidence_id=item.pk, reason=" ")
        assert caught.value.field == "reason"
        evidence.withdraw_evidence(actor=actor, evidence_id=item.pk, reason="换发新证")
        assert Evidence.objects.usable(clock.today()).count() == 0
        assert Evidence.objects.get().withdrawal_reason == "换发新证"
        with pytest.raises(Refused):
            evidence.withdraw_evidence(actor=actor, evidence_id=item.pk, reason="再来")

    def test_who_keeps_and_who_reads_it(self) -> None:
        organization, other = make_organization(), admin_of(make_organization("新叶"))
        item = make_evidence(colleague(organization, Role.BIDDER), organization)
        with pytest.raises(NotAllowed):
            make_evidence(colleague(organization, Role.REPORTER), organization)
        with pytest.raises(NotFound):
            make_evidence(other, organization)
        with pytest.raises(NotFound):
            evidence.withdraw_evidence(actor=other, evidence_id=item.pk, reason="x")
        buyer = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
        supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
        readers = [
            can_read_file(actor, item.file) for actor in (admin_of(organization), supervisor, other, buyer, anyone())
        ]
        assert readers == [True, True, False, False, False]


class TestLinks:
    def add(self, organization: Organization, actor: Actor, **facts: Any) -> PersonLink:
        return links.add_link(
            actor=actor,
            organization_id=organization.pk,
            facts=links.LinkFacts(**{"name": "林晓晨", "relation": "head", **facts}),
        )

    def test_r_elig_05_ties_are_entered_and_ended(self) -> None:
        organization = make_organization()
        actor = admin_of(organization)
        self.add(organization, actor)
        holder = self.add(
            organization, actor, name="晨曦集团", relation="holder", code=make_code("91"), share=Decimal("60")
        )
        assert (holder.since, holder.until) == (clock.today(), None)
        links.end_link(actor=actor, link_id=holder.pk)
        holder.refresh_from_db()
        assert holder.until == clock.today()
        with pytest.raises(Refused):
            links.end_link(actor=actor, link_id=holder.pk)
        assert PersonLink.objects.count() == 2

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"share": Decimal("10")}, "share"),
            ({"relation": "holder", "share": Decimal("0")}, "share"),
            ({"relation": "holder", "share": Decimal("100.01")}, "share"),
            ({"relation": "holder", "code": "91310106"}, "code"),
            ({"relation": "holder", "code": "52990000AAAA00015M"}, "code"),
        ],
    )
    def test_wrong_entries_are_refused_by_field(self, facts: dict[str, Any], field: str) -> None:
        organization = make_organization()
        with pytest.raises(Refused) as caught:
            self.add(organization, admin_of(organization), **facts)
        assert caught.value.field == field
        assert not PersonLink.objects.exists()

    def test_strangers_and_bidders_enter_none(self) -> None:
        organization = make_organization()
        with pytest.raises(NotFound):
            self.add(organization, admin_of(make_organization("新叶")))
        with pytest.raises(NotAllowed):
            self.add(organization, colleague(organization, Role.BIDDER))
        link = self.add(organization, admin_of(organization))
        with pytest.raises(NotFound):
            links.end_link(actor=admin_of(make_organization("同行")), link_id=link.pk)
        assert PersonLink.objects.get().until is None


class TestMark:
    @pytest.fixture(params=[(BodyKind.OPERATOR, Role.OPERATOR), (BodyKind.SUPERVISOR, Role.SUPERVISOR)])
    def verifier(self, request: Any) -> Actor:
        kind, role = request.param
        return make_person(make_body(kind), role)

    def test_given_on_evidence_and_ended_with_reason(self, verifier: Actor) -> None:
        organization = make_organization()
        verification.verify_organization(
            actor=verifier, organization_id=organization.pk, evidence="登记管理机关公示信息 2026-06-15"
        )
        organization.refresh_from_db()
        assert organization.verified_at == clock.now()
        with pytest.raises(Refused):
            verification.verify_organization(actor=verifier, organization_id=organization.pk, evidence="再来")
        verification.end_verification(actor=verifier, organization_id=organization.pk, reason="名称已变更")
        organization.refresh_from_db()
        assert organization.verified_at is None
        assert Verification.objects.get().end_reason == "名称已变更"
        with pytest.raises(Refused):
            verification.end_verification(actor=verifier, organization_id=organization.pk, reason="再来")

    def test_without_words_it_is_refused(self, verifier: Actor) -> None:
        organization = make_organization()
        with pytest.raises(Refused) as caught:
            verification.verify_organization(actor=verifier, organization_id=organization.pk, evidence=" ")
        assert caught.value.field == "evidence"
        assert not Verification.objects.exists()

    def test_nobody_else_gives_it(self) -> None:
        organization = make_organization()
        buyer = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
        for actor in (admin_of(organization), buyer, anyone()):
            with pytest.raises(NotAllowed):
                verification.verify_organization(actor=actor, organization_id=organization.pk, evidence="公示信息")
        assert not Verification.objects.exists()


def test_uploads_of_the_factory_pass_the_check(client_for: Callable[..., Any]) -> None:
    assert pdf_upload().size == len(PDF)
