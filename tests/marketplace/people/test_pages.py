"""The pages about people, as their readers get them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Finding, Invitation, JoinRequest, Membership, User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.accounts.rules.credit_code import valid_uscc
from marketplace.accounts.services import findings, invitations
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.decisions import Level
from marketplace.core.models import RuleValue, WorkCalendarDay, WorkCalendarYear
from marketplace.core.rulesets import ruleset_for
from marketplace.core.workcalendar import calendar
from tests.factories.accounts import make_body, make_person, make_user
from tests.factories.organizations import admin_of, make_organization
from tests.marketplace.accounts.test_year_table import FULL
from tests.support.clock import MarketClock

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Actor], Client]


@pytest.fixture
def body() -> Body:
    return make_body(BodyKind.GOVERNMENT, name="静安区民政局")


@pytest.fixture
def approver(body: Body) -> Actor:
    return make_person(body, Role.APPROVER, name="周衡")


@pytest.fixture
def operator() -> Actor:
    return make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)


def membership_of(actor: Actor) -> Membership:
    return Membership.objects.get(user_id=actor.user_id, ended_at=None)


class TestActingAs:
    def test_one_chooses_for_whom_one_acts(self, client_for: ClientFor, approver: Actor) -> None:
        other = make_body(BodyKind.AGENCY, name="晨光社会组织联合会")
        second = Membership.objects.create(
            user_id=approver.user_id, body=other, roles=["officer"], since="2026-01-01T00:00+08:00"
        )
        client = client_for(approver)
        response = client.post(reverse("accounts:acting"), {"membership": second.pk, "next": "/accounts/roles/"})
        assert (response.status_code, response["Location"]) == (302, "/accounts/roles/")
        page = client.get("/accounts/roles/")
        assert page.wsgi_request.actor.body_id == other.pk

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_leads_nowhere_else(self, client_for: ClientFor, approver: Actor, target: str) -> None:
        response = client_for(approver).post(
            reverse("accounts:acting"), {"membership": membership_of(approver).pk, "next": target}
        )
        assert response["Location"] == "/workspace/"

    def test_a_strangers_or_ended_membership_is_not_found(
        self, client_for: ClientFor, approver: Actor, body: Body
    ) -> None:
        stranger = make_person(body, Role.OFFICER)
        client = client_for(approver)
        assert client.post(reverse("accounts:acting"), {"membership": membership_of(stranger).pk}).status_code == 404
        assert client.post(reverse("accounts:acting"), {})["Location"] == reverse("people:memberships")
        assert client.get(reverse("accounts:acting")).status_code == 405


class TestPeopleOfABody:
    def test_the_list_shows_members_invitations_and_missing_factors(
        self, client_for: ClientFor, approver: Actor, body: Body
    ) -> None:
        make_person(body, Role.FINANCE, name="钱正", second_factor=False)
        invitations.invite_person(actor=approver, body_id=body.pk, email="new@jingan.example", roles=[Role.OFFICER])
        text = client_for(approver).get(reverse("people:list")).content.decode()
        for expected in ("周衡", "钱正", "new@jingan.example", "未设置"):
            assert expected in text

    def test_queries_do_not_grow_with_the_people(
        self, client_for: ClientFor, approver: Actor, body: Body, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(30):
            make_person(body, Role.OFFICER)
        client = client_for(approver)
        with django_assert_max_num_queries(25):
            assert client.get(reverse("people:list")).status_code == 200

    def test_others_are_refused(self, client_for: ClientFor, body: Body) -> None:
        assert client_for(make_person(body, Role.OFFICER)).get(reverse("people:list")).status_code == 403
        stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
        assert client_for(stranger).get(reverse("people:list"), {"body": body.pk}).status_code == 404
        assert Client().get(reverse("people:list")).status_code == 302

    def test_the_operator_sees_any_body(
        self, client_for: ClientFor, operator: Actor, body: Body, approver: Actor
    ) -> None:
        page = client_for(operator).get(reverse("people:list"), {"body": body.pk})
        assert "周衡" in page.content.decode()
        assert client_for(operator).get(reverse("people:list"), {"body": "x"}).status_code == 404

    def test_inviting_by_the_form(self, client_for: ClientFor, approver: Actor) -> None:
        client = client_for(approver)
        page = client.get(reverse("people:invite"))
        assert "bidder" not in page.content.decode()
        data = {"email": "new@jingan.example", "roles": ["officer"]}
        assert client.post(reverse("people:invite"), data).status_code == 302
        assert len(mail.outbox) == 1
        again = client.post(reverse("people:invite"), data)
        assert again.status_code == 422
        assert 'value="new@jingan.example"' in again.content.decode()
        assert client.post(reverse("people:invite"), {**data, "roles": ["bidder"]}).status_code == 422
        assert Invitation.objects.count() == 1

    def test_change_end_resend_withdraw(self, client_for: ClientFor, approver: Actor, body: Body) -> None:
        client, officer = client_for(approver), membership_of(make_person(body, Role.OFFICER))
        assert client.get(reverse("people:change", args=[officer.pk])).status_code == 200
        assert client.post(reverse("people:change", args=[officer.pk]), {"roles": ["finance"]}).status_code == 302
        assert client.get(reverse("people:end", args=[officer.pk])).status_code == 200
        assert client.post(reverse("people:end", args=[officer.pk])).status_code == 302
        officer.refresh_from_db()
        assert (officer.roles, officer.ended_at is not None) == (["finance"], True)
        assert client.get(reverse("people:change", args=[officer.pk])).status_code == 404
        invitation = invitations.invite_person(actor=approver, body_id=body.pk, email="a@b.example", roles=["officer"])
        assert client.post(reverse("people:resend", args=[invitation.pk])).status_code == 302
        assert client.post(reverse("people:withdraw", args=[invitation.pk])).status_code == 302
        invitation.refresh_from_db()
        assert invitation.withdrawn_at is not None

    def test_requests_are_granted_or_declined(self, client_for: ClientFor) -> None:
        organization = make_organization()
        admin = admin_of(organization)
        asked = [
            invitations.request_to_join(
                actor=actor_for(make_user(), None), body_id=organization.body_id, note="项目主管"
            )
            for _n in range(2)
        ]
        client = client_for(admin)
        assert "项目主管" in client.get(reverse("people:list")).content.decode()
        assert client.get(reverse("people:request-grant", args=[asked[0].pk])).status_code == 200
        assert (
            client.post(reverse("people:request-grant", args=[asked[0].pk]), {"roles": ["bidder"]}).status_code == 302
        )
        assert client.post(reverse("people:request-decline", args=[asked[1].pk])).status_code == 302
        assert list(JoinRequest.objects.order_by("pk").values_list("is_granted", flat=True)) == [True, False]
        assert Invitation.objects.get().roles == ["bidder"]


class TestInvitationPage:
    def test_a_stranger_reads_and_is_shown_the_way(self, client_for: ClientFor, approver: Actor, body: Body) -> None:
        token = invitations.invite_person(
            actor=approver, body_id=body.pk, email="new@jingan.example", roles=["officer"]
        ).token
        url = reverse("people:invitation", args=[token])
        page = Client().get(url).content.decode()
        assert "静安区民政局" in page
        assert f"/accounts/login/?next={url}" in page
        other = client_for(actor_for(make_user(), None))
        assert "new@jingan.example" in other.get(url).content.decode()
        assert other.post(url).status_code == 422
        assert Client().get(reverse("people:invitation", args=["made-up"])).status_code == 404
        assert Client().post(url).status_code == 404

    def test_accepting_makes_one_act_for_the_body(self, client_for: ClientFor, approver: Actor, body: Body) -> None:
        token = invitations.invite_person(
            actor=approver, body_id=body.pk, email="new@jingan.example", roles=["officer"]
        ).token
        client = client_for(actor_for(make_user(email="new@jingan.example"), None))
        assert token in client.get(reverse("people:memberships")).content.decode()
        assert client.post(reverse("people:invitation", args=[token])).status_code == 302
        assert client.get(reverse("people:memberships")).wsgi_request.actor.body_id == body.pk
        assert client.post(reverse("people:invitation", args=[token])).status_code == 422


class TestFindings:
    @pytest.fixture
    def auditor(self) -> Actor:
        return make_person(make_body(BodyKind.AUDITOR, name="正达会计师事务所"), Role.AUDITOR)

    @pytest.fixture
    def finding(self, auditor: Actor, body: Body) -> Finding:
        subject = findings.FindingSubject(key=f"accounts.body:{body.pk}", title=body.name, body_id=body.pk)
        return findings.record_finding(actor=auditor, subject=subject, text="第三期拨付早于验收。", is_serious=True)

    def test_recorded_answered_closed(self, client_for: ClientFor, auditor: Actor, body: Body, approver: Actor) -> None:
        client = client_for(auditor)
        data = {"body": body.pk, "text": "第三期拨付早于验收。", "is_serious": "on"}
        response = client.post(reverse("people:finding-record"), data)
        finding = Finding.objects.get()
        assert response["Location"] == reverse("people:finding", args=[finding.pk])
        assert (finding.body_id, finding.auditor_id, finding.is_serious) == (body.pk, auditor.body_id, True)
        url = reverse("people:finding-answer", args=[finding.pk])
        officer = client_for(approver)
        assert url in officer.get(reverse("people:finding", args=[finding.pk])).content.decode()
        assert officer.get(url).status_code == 200
        assert officer.post(url, {"answer": "属实，已补办验收手续。"}).status_code == 302
        assert (
            client.post(reverse("people:finding-close", args=[finding.pk]), {"conclusion": "已整改。"}).status_code
            == 302
        )
        finding.refresh_from_db()
        assert (finding.status, finding.answer, finding.conclusion) == ("closed", "属实，已补办验收手续。", "已整改。")
        assert officer.post(url, {"answer": "再答"}).status_code == 422
        finding.refresh_from_db()
        assert finding.answer == "属实，已补办验收手续。"

    def test_who_reads_and_who_does_not(self, client_for: ClientFor, finding: Finding, approver: Actor) -> None:
        url = reverse("people:finding", args=[finding.pk])
        supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
        for reader in (approver, supervisor):
            assert client_for(reader).get(url).status_code == 200
            assert "静安区民政局" in client_for(reader).get(reverse("people:findings")).content.decode()
        stranger = admin_of(make_organization())
        assert client_for(stranger).get(url).status_code == 404
        assert finding.text not in client_for(stranger).get(reverse("people:findings")).content.decode()
        assert (
            client_for(stranger).post(reverse("people:finding-answer", args=[finding.pk]), {"answer": "x"}).status_code
            == 404
        )

    def test_who_may_not_record_answer_or_close(
        self, client_for: ClientFor, finding: Finding, approver: Actor, auditor: Actor
    ) -> None:
        supervisor = client_for(make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR))
        assert supervisor.get(reverse("people:finding-record")).status_code == 403
        assert supervisor.post(reverse("people:finding-answer", args=[finding.pk]), {"answer": "x"}).status_code == 403
        other = client_for(make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR))
        assert other.post(reverse("people:finding-close", args=[finding.pk]), {"conclusion": "x"}).status_code == 403
        early = client_for(auditor).post(reverse("people:finding-close", args=[finding.pk]), {"conclusion": "x"})
        assert early.status_code == 403
        finding.refresh_from_db()
        assert finding.status == "open"

    def test_the_form_names_what_is_missing(self, client_for: ClientFor, auditor: Actor) -> None:
        client = client_for(auditor)
        for data in ({"text": "x"}, {"text": "x", "project_number": "SH-1999-0001"}):
            assert client.post(reverse("people:finding-record"), data).status_code == 422
        assert client.get(reverse("people:finding-record") + "?subject=procurement.bid:1").status_code == 404
        assert not Finding.objects.exists()

    def test_filters(self, client_for: ClientFor, auditor: Actor, finding: Finding) -> None:
        client, url = client_for(auditor), reverse("people:findings")
        row = reverse("people:finding", args=[finding.pk])
        for query, seen in (("?status=open", True), ("?status=closed", False), ("?q=静安", True), ("?q=没有", False)):
            assert (row in client.get(url + query).content.decode()) is seen


class TestOperatorsRoom:
    PAGES = ("operator", "bodies", "admit", "jobs", "calendar", "calendar-enter", "rule-values", "rule-value-add")

    @pytest.mark.parametrize("name", PAGES)
    def test_only_operators_enter(self, client_for: ClientFor, operator: Actor, approver: Actor, name: str) -> None:
        url = reverse(f"people:{name}")
        assert client_for(operator).get(url).status_code == 200
        assert client_for(approver).get(url).status_code == 403

    def test_admitting_by_the_form(self, client_for: ClientFor, operator: Actor) -> None:
        client, url = client_for(operator), reverse("people:admit")
        data = {
            "kind": "government",
            "code": valid_uscc("11", "310110", 77),
            "name": "杨浦区民政局",
            "administrator_email": "head@yangpu.example",
        }
        wrong = client.post(url, {**data, "code": data["code"][:-1] + ("0" if data["code"][-1] != "0" else "1")})
        assert wrong.status_code == 422
        assert "R-ORG-02" in wrong.content.decode()
        assert client.post(url, data).status_code == 302
        assert Body.objects.get(name="杨浦区民政局").region == "310110"
        text = client.get(reverse("people:bodies"), {"q": "杨浦"}).content.decode()
        assert data["code"] in text
        assert data["code"] not in client.get(reverse("people:bodies"), {"kind": "agency"}).content.decode()

    def test_a_year_is_checked_then_entered(self, client_for: ClientFor, operator: Actor) -> None:
        client, url = client_for(operator), reverse("people:calendar-enter")
        data = {"year": 2027, "source": "国办发明电〔2026〕8号", "table": FULL}
        preview = client.post(url, {**data, "step": "check"})
        assert (preview.status_code, WorkCalendarYear.objects.filter(year=2027).exists()) == (200, False)
        assert 'value="enter"' in preview.content.decode()
        assert client.post(url, {**data, "step": "enter"}).status_code == 302
        assert WorkCalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕8号"
        assert WorkCalendarDay.objects.filter(date__year=2027).count() == 7
        assert calendar().is_workday(datetime.date(2027, 2, 7))
        assert not calendar().is_workday(datetime.date(2027, 10, 4))

    def test_a_year_is_corrected_without_deleting_a_day(self, client_for: ClientFor, operator: Actor) -> None:
        client, url = client_for(operator), reverse("people:calendar-enter")
        data = {"year": 2027, "source": "国办发明电〔2026〕8号", "table": FULL, "step": "enter"}
        client.post(url, data)
        corrected = FULL.replace("2027-02-07 班 春节调休", "2027-02-06 班 春节调休")
        assert client.post(url, {**data, "table": corrected, "source": "更正通知"}).status_code == 302
        assert WorkCalendarDay.objects.filter(date__year=2027).count() == 8
        assert calendar().is_workday(datetime.date(2027, 2, 6))
        assert not calendar().is_workday(datetime.date(2027, 2, 7))
        assert client.post(url, {**data, "table": corrected}).status_code == 302
        page = client.get(reverse("people:calendar")).content.decode()
        assert "国办发明电〔2026〕8号" in page

    def test_r_time_08_past_days_of_this_year_stay(self, client_for: ClientFor, operator: Actor) -> None:
        stored = WorkCalendarDay.objects.filter(date__year=2026)
        lines = [f"{row.date} {'班' if row.is_workday else '休'} {row.reason}" for row in stored.order_by("date")]
        data = {"year": 2026, "source": "更正通知", "step": "enter"}
        client, url = client_for(operator), reverse("people:calendar-enter")
        assert client.post(url, {**data, "table": "\n".join(lines[1:])}).status_code == 422
        assert client.post(url, {**data, "table": "\n".join(lines)}).status_code == 302

    def test_wrong_rows_are_named_and_nothing_is_entered(self, client_for: ClientFor, operator: Actor) -> None:
        client, url = client_for(operator), reverse("people:calendar-enter")
        data = {"year": 2027, "source": "通知", "table": FULL + "2027-02-30 休\n"}
        preview = client.post(url, {**data, "step": "check"})
        assert preview.status_code == 422
        assert "2027-02-30" in preview.content.decode()
        assert 'value="enter"' not in preview.content.decode()
        assert client.post(url, {**data, "step": "enter"}).status_code == 422
        assert client.post(url, {**data, "table": FULL, "year": 2025, "step": "enter"}).status_code == 422
        assert not WorkCalendarYear.objects.filter(year=2027).exists()

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_a_table_file_is_read_into_the_form(self, client_for: ClientFor, operator: Actor, kind: str) -> None:
        import io

        from django.core.files.uploadedfile import SimpleUploadedFile
        from openpyxl import Workbook

        rows = [re.split(r"[\s,]+", line) for line in FULL.strip().splitlines()]
        if kind == "csv":
            content = ("\ufeff" + "\n".join(",".join(row) for row in rows)).encode()
        else:
            book, buffer = Workbook(), io.BytesIO()
            for row in rows:
                book.worksheets[0].append(row)
            book.save(buffer)
            content = buffer.getvalue()
        upload = SimpleUploadedFile(f"2027.{kind}", content)
        page = client_for(operator).post(
            reverse("people:calendar-enter"), {"year": 2027, "source": "通知", "file": upload, "step": "check"}
        )
        assert page.status_code == 200
        assert "2027-02-07" in page.content.decode()

    def test_a_wrong_file_is_refused(self, client_for: ClientFor, operator: Actor) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        for name, content in (("a.xlsx", b"no zip"), ("a.csv", b"\xff\xfe\xfa"), ("a.csv", b"x" * 600_000)):
            data = {"year": 2027, "source": "通知", "file": SimpleUploadedFile(name, content), "step": "check"}
            assert client_for(operator).post(reverse("people:calendar-enter"), data).status_code == 422

    def test_a_rule_value_is_entered(self, client_for: ClientFor, operator: Actor) -> None:
        client, url = client_for(operator), reverse("people:rule-value-add")
        data = {
            "rule": "R-TENDER-01:value",
            "value": "25",
            "region": "310000",
            "valid_from": "2026-07-01",
            "reason": "沪财采〔2026〕9号：公开招标不少于 25 日",
        }
        assert client.post(url, data).status_code == 302
        row = RuleValue.objects.get()
        assert (row.rule_id, row.value, row.region, row.enforcement) == ("R-TENDER-01", "25", "310000", "")
        assert "沪财采〔2026〕9号" in client.get(reverse("people:rule-values")).content.decode()
        assert client.post(url, data).status_code == 422

    def test_a_refusal_is_lowered_with_a_reason_and_brought_back(
        self, client_for: ClientFor, operator: Actor, market_clock: MarketClock
    ) -> None:
        """A rule to be verified, without a value, of one level: logged, shown to everybody, and not for ever."""
        client, url = client_for(operator), reverse("people:rule-value-add")
        data = {"rule": "R-COMM-05:value", "is_lowered": "on", "region": "310000", "budget_level": "city"}
        day = {"valid_from": "2026-06-15", "reason": "沪财采〔2026〕12号：市级可由采购人说明理由"}
        assert client.post(url, {**data, **day, "reason": ""}).status_code == 422
        back = {**data, **day, "is_lowered": ""}
        assert client.post(url, back).status_code == 422, "there is nothing to bring back"
        assert not RuleValue.objects.exists() and not LogEntry.objects.filter(action="rule_value.added").exists()
        assert client.post(url, {**data, **day}).status_code == 302
        entry = json.loads(bytes(LogEntry.objects.get(action="rule_value.added").entry))
        assert (entry["facts"]["rule_id"], entry["facts"]["enforcement"]) == ("R-COMM-05", "WARN")
        assert entry["facts"]["reason"] == day["reason"]
        today = market_clock.now.date()
        assert ruleset_for("310000", "city", today).level("R-COMM-05") is Level.WARN
        assert ruleset_for("310106", "district", today).level("R-COMM-05") is Level.BLOCK
        for page in (reverse("people:rule-values"), reverse("transparency:rules") + "?q=R-COMM-05"):
            text = client.get(page).content.decode()
            assert day["reason"] in text and "市级" in text
        assert client.post(url, {**back, "valid_from": "2026-07-01"}).status_code == 302
        assert ruleset_for("310000", "city", datetime.date(2026, 6, 30)).level("R-COMM-05") is Level.WARN
        assert ruleset_for("310000", "city", datetime.date(2026, 7, 1)).level("R-COMM-05") is Level.BLOCK

    @pytest.mark.parametrize("rule", ["R-TENDER-01:value", "R-SCOPE-01:value", "R-TIME-06:objection"])
    def test_a_refusal_of_verified_law_is_not_lowered(self, client_for: ClientFor, operator: Actor, rule: str) -> None:
        data = {"rule": rule, "is_lowered": "on", "valid_from": "2026-06-15", "reason": "本区希望放宽这一条规则"}
        response = client_for(operator).post(reverse("people:rule-value-add"), data)
        assert response.status_code == 422
        assert not RuleValue.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"value": "10"},
            {"value": "viele"},
            {"value": "2/3"},
            {"value": ""},
            {"region": "31"},
            {"valid_from": "2026-06-14"},
            {"reason": "x"},
            {"rule": "R-NOTHING-01:value"},
        ],
    )
    def test_an_unlawful_value_is_refused(self, client_for: ClientFor, operator: Actor, change: dict[str, str]) -> None:
        data = {
            "rule": "R-TENDER-01:value",
            "value": "25",
            "region": "310000",
            "valid_from": "2026-07-01",
            "reason": "沪财采〔2026〕9号：公开招标不少于 25 日",
        }
        response = client_for(operator).post(reverse("people:rule-value-add"), {**data, **change})
        assert response.status_code == 422
        assert not RuleValue.objects.exists()

    def failed_job(self) -> DBTaskResult:
        return DBTaskResult.objects.create(
            status="FAILED",
            args_kwargs={"args": ["marker-secret"], "kwargs": {}},
            task_path="marketplace.documents.generation.build_document_task",
            backend_name="default",
            run_after="2026-06-15T00:00:00+08:00",
            finished_at="2026-06-15T08:00:00+08:00",
            exception_class_path="builtins.ValueError",
            traceback='File "/x/pdf.py", line 31, in render_pdf\nValueError: marker-secret',
            worker_ids=["w"],
        )

    def test_failed_jobs_are_shown_without_what_they_were_about(self, client_for: ClientFor, operator: Actor) -> None:
        job = self.failed_job()
        text = client_for(operator).get(reverse("people:jobs")).content.decode()
        assert "build_document_task" in text
        assert "ValueError · pdf.py:31 render_pdf" in text
        assert "marker-secret" not in text
        assert str(job.pk) in text

    def test_mails_that_were_not_sent(self, client_for: ClientFor, operator: Actor, approver: Actor) -> None:
        from marketplace.notifications.models import Message

        message = Message.objects.create(
            user_id=approver.user_id,
            kind="finding_recorded",
            key="1",
            title="marker-title",
            text="marker-text",
            created_at=clock.now(),
            mail_tries=5,
            mail_error="SMTPRecipientsRefused: marker-address@x.example",
        )
        client = client_for(operator)
        text = client.get(reverse("people:jobs")).content.decode()
        assert "finding_recorded" in text
        assert "SMTPRecipientsRefused" in text
        assert "marker-" not in text
        assert client.post(reverse("people:retry"), {"source": "mails"}).status_code == 302
        message.refresh_from_db()
        assert message.mailed_at is not None
        assert [mail_.to for mail_ in mail.outbox] == [[User.objects.get(pk=approver.user_id).email]]

    def test_jobs_are_tried_again(self, client_for: ClientFor, operator: Actor, approver: Actor) -> None:
        job, url = self.failed_job(), reverse("people:retry")
        assert client_for(approver).post(url, {"job": job.pk}).status_code == 403
        client = client_for(operator)
        assert client.post(url, {"job": job.pk}).status_code == 302
        job.refresh_from_db()
        assert job.status == "READY"
        assert client.post(url, {"job": job.pk}).status_code == 404
        DBTaskResult.objects.update(status="FAILED")
        assert client.post(url).status_code == 302
        assert DBTaskResult.objects.get().status == "READY"
        assert client.post(url, {"source": "nonsense"}).status_code == 404
