"""The directory, the public page, the organization's own pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, JoinRequest, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.organizations import csv_rows, sections
from marketplace.organizations.models import AccountChange, Evidence, FaceRecord, Organization, PersonLink
from marketplace.organizations.services import accounts
from marketplace.organizations.views import public
from tests.factories.accounts import make_body, make_person, make_user
from tests.factories.organizations import PDF, admin_of, make_code, make_evidence, make_organization

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Actor], Client]


def text_of(response: Any) -> str:
    return response.content.decode()


class TestDirectory:
    def test_it_is_public_and_counts(self, client: Client) -> None:
        make_organization("晨曦社区服务中心")
        make_organization("新叶助残服务社", prefix="51", region="310110")
        page = text_of(client.get("/organizations/"))
        assert "2 家" in page
        assert "晨曦社区服务中心" in page
        assert "新叶助残服务社" in page

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"kind": "association"}, {"新叶"}),
            ({"region": "310106"}, {"晨曦"}),
            ({"face": "good"}, {"晨曦"}),
            ({"q": "新"}, {"新叶"}),
            ({"q": "助残"}, {"新叶"}),
            ({"q": "51310110"}, {"新叶"}),
            ({"q": "没有这家"}, set()),
            ({"kind": "nonsense"}, {"晨曦", "新叶"}),
            ({}, {"晨曦", "新叶"}),
        ],
    )
    def test_filters(self, client: Client, query: dict[str, str], names: set[str]) -> None:
        first, second = make_organization("晨曦"), make_organization("新叶", prefix="51", region="310110")
        Organization.objects.filter(pk=first.pk).update(face="good")
        Organization.objects.filter(pk=second.pk).update(service_areas="助残服务")
        page = client.get("/organizations/", query)
        assert {organization.body.name for organization in page.context["organizations"]} == names
        assert page.context["count"] == len(names)
        if not names:
            assert "没有符合条件的社会组织" in text_of(page)

    def test_pages_by_key_show_each_once(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(public, "PAGE_SIZE", 2)
        for name in ("同名", "同名", "甲", "乙", "丙"):
            make_organization(name)
        seen, query = [], {}
        while True:
            page = client.get("/organizations/", query)
            seen += [organization.pk for organization in page.context["organizations"]]
            if page.context["next_key"] is None:
                break
            query = {"after": page.context["next_key"]}
        assert len(seen) == len(set(seen)) == 5
        assert client.get("/organizations/", {"after": "nonsense"}).status_code == 200

    def test_queries_do_not_grow(self, client: Client, django_assert_max_num_queries: Any) -> None:
        for number in range(30):
            make_organization(f"第{number}服务社")
        client.get("/organizations/")
        with django_assert_max_num_queries(12):
            client.get("/organizations/")

    def test_the_download_follows_the_filters_and_guards_formulas(self, client: Client) -> None:
        first = make_organization("晨曦")
        make_organization("新叶", prefix="51")
        Body.objects.filter(pk=first.body_id).update(name='=HYPERLINK("http://evil.example")')
        response = client.get("/organizations/download.csv", {"kind": "service_agency"})
        content = b"".join(response.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content)))
        assert (len(rows), rows[1][0]) == (2, first.body.code)
        assert rows[1][1] == '\'=HYPERLINK("http://evil.example")'

    @pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "＝1"])
    def test_every_formula_is_guarded(self, text: str) -> None:
        assert csv_rows.guarded(text) == f"'{text}"

    def test_plain_texts_stay(self) -> None:
        assert [csv_rows.guarded(value) for value in ("晨曦", None, "a=b", 5)] == ["晨曦", "", "a=b", "5"]


class TestPublicPage:
    def test_face_reason_sample_and_history(self, client: Client) -> None:
        organization = make_organization()
        Organization.objects.update(face="good", face_reason="两次第三方评估，加权 91.20 分。")
        for face, size in (("fair", 1), ("good", 2)):
            FaceRecord.objects.create(
                organization=organization,
                face=face,
                reason=f"第 {size} 次",
                sample_size=size,
                points="91.20",
                since=f"2026-0{size}-01T00:00+08:00",
            )
        page = text_of(client.get(organization.get_absolute_url()))
        for expected in (
            "笑脸",
            "两次第三方评估，加权 91.20 分。",
            "依据 2 次评估",
            "平脸",
            "第 1 次",
            organization.body.code,
        ):
            assert expected in page

    def test_without_an_evaluation_there_is_no_face(self, client: Client) -> None:
        page = text_of(client.get(make_organization().get_absolute_url()))
        assert "暂无" in page
        assert 'class="face none"' in page
        assert 'class="face good"' not in page

    def test_unknown_and_foreign_codes_are_not_found(self, client: Client) -> None:
        assert client.get("/organizations/52990000AAAA00015L/").status_code == 404
        government = make_body(BodyKind.GOVERNMENT)
        assert client.get(f"/organizations/{government.code}/").status_code == 404

    def test_nothing_of_the_account_or_the_evidence_is_public(self, client: Client) -> None:
        organization = make_organization()
        admin = admin_of(organization)
        accounts.propose_account(
            actor=admin, organization_id=organization.pk, bank_name="工行", bank_account="6222021001123456"
        )
        item = make_evidence(admin, organization, title="机密证书")
        page = text_of(client.get(organization.get_absolute_url()))
        for secret in ("6222021001123456", "机密证书", str(item.file_id)):
            assert secret not in page
        assert client.get(reverse("documents:file-download", args=[item.file_id])).status_code == 302

    @pytest.fixture
    def extra_section(self) -> Iterator[None]:
        def source(organization: Organization) -> sections.Section | None:
            return sections.Section("办过的项目", "components/empty.html", order=1)

        sections.register(source)
        yield
        sections._sources.remove(source)

    def test_upper_rooms_add_sections(
        self, client: Client, extra_section: None, django_assert_max_num_queries: Any
    ) -> None:
        url = make_organization().get_absolute_url()
        with django_assert_max_num_queries(12):
            assert "办过的项目" in text_of(client.get(url))


class TestRegisterPage:
    def test_registering_leads_to_the_own_page(self, client_for: ClientFor) -> None:
        client = client_for(actor_for(make_user(), None))
        data = {"code": make_code(), "name": "晨曦社区服务中心", "legal_representative": "林晓晨"}
        assert client.get(reverse("organizations:register")).status_code == 200
        response = client.post(reverse("organizations:register"), data)
        assert response["Location"] == reverse("organizations:own")
        page = client.get(reverse("organizations:own"))
        assert page.status_code == 200
        assert page.wsgi_request.actor.roles == {"org_admin", "bidder", "reporter"}

    def test_a_wrong_code_comes_back_on_the_filled_form(self, client_for: ClientFor) -> None:
        client = client_for(actor_for(make_user(), None))
        data = {"code": "52990000AAAA00015M", "name": "晨曦社区服务中心", "legal_representative": "林晓晨"}
        response = client.post(reverse("organizations:register"), data)
        assert response.status_code == 422
        page = text_of(response)
        assert "R-ORG-02" in page
        assert 'value="52990000AAAA00015M"' in page
        assert 'value="林晓晨"' in page

    def test_a_taken_code_offers_to_ask(self, client_for: ClientFor) -> None:
        first = make_organization()
        asks = actor_for(make_user(), None)
        client = client_for(asks)
        data = {"code": first.body.code, "name": "又一家", "legal_representative": "某某"}
        page = client.post(reverse("organizations:register"), data)
        url = reverse("organizations:join", args=[first.body.code])
        assert page.status_code == 422
        assert url in text_of(page)
        assert client.get(url).status_code == 200
        assert client.post(url, {"reason": "项目主管，2024 年入职"}).status_code == 302
        request = JoinRequest.objects.get()
        assert (request.user_id, request.body, request.note) == (asks.user_id, first.body, "项目主管，2024 年入职")

    def test_operators_are_refused(self, client_for: ClientFor) -> None:
        operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
        assert client_for(operator).get(reverse("organizations:register")).status_code == 403

    def test_a_body_that_is_no_organization_cannot_be_joined(self, client_for: ClientFor) -> None:
        government = make_body(BodyKind.GOVERNMENT)
        client = client_for(actor_for(make_user(), None))
        assert client.get(reverse("organizations:join", args=[government.code])).status_code == 404


class TestOwnPages:
    PAGES = ("facts", "account", "evidence-add", "link-add")

    @pytest.fixture
    def organization(self) -> Organization:
        return make_organization()

    @pytest.fixture
    def client(self, client_for: ClientFor, organization: Organization) -> Client:  # type: ignore[override]
        return client_for(admin_of(organization))

    def test_pages_open_within_the_budget(
        self, client: Client, organization: Organization, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(12):
            make_evidence(admin_of(organization), organization, title=f"证书{number}")
        with django_assert_max_num_queries(25):
            page = client.get(reverse("organizations:own"))
        assert text_of(page).count("证书") >= 12
        for name in self.PAGES:
            assert client.get(reverse(f"organizations:{name}")).status_code == 200

    def test_who_has_no_organization_finds_nothing(self, client_for: ClientFor) -> None:
        officer = make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)
        for name in ("own", *self.PAGES):
            assert client_for(officer).get(reverse(f"organizations:{name}")).status_code == 404

    def test_reporters_read_and_change_nothing(self, client_for: ClientFor, organization: Organization) -> None:
        reporter = client_for(make_person(organization.body, Role.REPORTER))
        assert reporter.get(reverse("organizations:own")).status_code == 200
        for name in self.PAGES:
            assert reporter.get(reverse(f"organizations:{name}")).status_code == 403

    def test_facts(self, client: Client, organization: Organization) -> None:
        url = reverse("organizations:facts")
        assert client.post(url, {"name": "晨曦社会服务中心", "registered_on": "2015-05-04"}).status_code == 302
        assert Body.objects.get(pk=organization.body_id).name == "晨曦社会服务中心"
        assert "晨曦社会服务中心" in text_of(client.get(reverse("organizations:own")))
        assert client.post(url, {"name": "", "registered_on": "gestern"}).status_code == 422

    def test_the_account_needs_a_second_person(
        self, client: Client, client_for: ClientFor, organization: Organization
    ) -> None:
        second = client_for(make_person(organization.body, Role.BIDDER))
        data = {"bank_name": "工商银行静安支行", "bank_account": "6222 0210 0112 3456"}
        assert client.post(reverse("organizations:account"), data).status_code == 302
        change = AccountChange.objects.get()
        confirm = reverse("organizations:account-confirm", args=[change.pk])
        assert confirm not in text_of(client.get(reverse("organizations:own")))
        assert client.post(confirm).status_code == 403
        assert confirm in text_of(second.get(reverse("organizations:own")))
        assert second.post(confirm).status_code == 302
        organization.refresh_from_db()
        assert organization.bank_account == "6222021001123456"

    def test_evidence(self, client: Client) -> None:
        url = reverse("organizations:evidence-add")
        data = {"kind": "registration", "title": "法人登记证书", "valid_until": "2030-01-01"}
        wrong = client.post(url, {**data, "file": SimpleUploadedFile("a.pdf", b"MZ")})
        assert wrong.status_code == 422
        assert 'value="法人登记证书"' in text_of(wrong)
        assert client.post(url, {**data, "file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 302
        item = Evidence.objects.get()
        withdraw = reverse("organizations:evidence-withdraw", args=[item.pk])
        assert client.get(withdraw).status_code == 200
        assert client.post(withdraw, {"reason": "换发新证"}).status_code == 302
        assert client.get(withdraw).status_code == 404
        assert "换发新证" in text_of(client.get(reverse("organizations:own")))

    def test_a_strangers_evidence_is_not_found(self, client: Client) -> None:
        other = make_organization("新叶")
        item = make_evidence(admin_of(other), other)
        assert (
            client.post(reverse("organizations:evidence-withdraw", args=[item.pk]), {"reason": "x"}).status_code == 404
        )
        assert client.get(reverse("documents:file-download", args=[item.file_id])).status_code == 404
        item.refresh_from_db()
        assert item.withdrawn_at is None

    def test_links(self, client: Client) -> None:
        data = {"relation": "holder", "name": "晨曦集团", "share": "60", "code": make_code("91")}
        assert client.post(reverse("organizations:link-add"), data).status_code == 302
        link = PersonLink.objects.get()
        end = reverse("organizations:link-end", args=[link.pk])
        assert client.get(end).status_code == 200
        assert client.post(end).status_code == 302
        assert client.post(end).status_code == 404

    def test_the_mark(self, client_for: ClientFor, organization: Organization, client: Client) -> None:
        supervisor = client_for(make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR))
        code = organization.body.code
        url = reverse("organizations:verify", args=[code])
        assert url in text_of(supervisor.get(reverse("organizations:verification-list")))
        assert supervisor.get(url).status_code == 200
        assert supervisor.post(url, {"evidence": "登记管理机关公示信息"}).status_code == 302
        assert "登记管理机关公示信息" in text_of(Client().get(organization.get_absolute_url()))
        end = reverse("organizations:verify-end", args=[code])
        assert supervisor.get(end).status_code == 200
        assert supervisor.post(end, {"reason": "名称已变更"}).status_code == 302
        assert client.get(url).status_code == 403
        assert client.get(reverse("organizations:verification-list")).status_code == 403
        assert Membership.objects.filter(body=organization.body).count() == 1
