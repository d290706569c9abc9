"""A form that meets an expired session: nothing lost after signing in, nothing in clear in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from marketplace.accounts import kept_forms
from marketplace.accounts.actors import Actor
from marketplace.accounts.kept_forms import Entries
from marketplace.accounts.models import Finding, KeptForm, Membership
from marketplace.accounts.refill import refill
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from tests.factories.accounts import PASSWORD, make_body, make_person

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Actor], Client]
URL = "/workspace/organization/facts/"
MARKER = "marker-仅此一处-7731"
DATA = {
    "name": f"晨曦 {MARKER}",
    "registered_on": "2015-05-04",
    "summary": "第一行\n第二行 <b>&amp;",
    "service_areas": "",
}


@pytest.fixture
def organization_admin() -> Actor:
    from tests.factories.organizations import admin_of, make_organization

    return admin_of(make_organization())


def expire(client: Client) -> None:
    """What time does: the row stays until it is cleared, but no longer counts."""
    Session.objects.update(expire_date=clock.machine_now() - timedelta(minutes=1))


def sign_in(client: Client, actor: Actor, url: str) -> str:
    email = Membership.objects.filter(user_id=actor.user_id)[0].user.email
    return str(client.post(url, {"login": email, "password": PASSWORD})["Location"])


def posted(client: Client, data: dict | None = None, **headers: str) -> str:
    return str(client.post(URL, data or DATA, **headers)["Location"])


def test_the_form_comes_back_filled(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    login = posted(client)
    assert urlsplit(login).path == reverse("account_login")
    assert parse_qs(urlsplit(login).query)["next"] == [URL]
    assert "已加密保留" in client.get(login).content.decode()
    assert sign_in(client, organization_admin, login) == URL
    page = client.get(URL)
    text = page.content.decode()
    assert f'value="晨曦 {MARKER}"' in text
    assert 'value="2015-05-04"' in text
    assert "第一行\n第二行 &lt;b&gt;&amp;amp;</textarea>" in text
    assert "您填的内容已放回表单" in text
    assert Membership.objects.get(user_id=organization_admin.user_id).body.name == "晨曦社区服务中心"
    assert not KeptForm.objects.exists()
    assert client.cookies[kept_forms.COOKIE].value == ""
    assert MARKER not in client.get(URL).content.decode()


def test_it_can_then_be_sent(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    sign_in(client, organization_admin, posted(client))
    client.get(URL)
    assert client.post(URL, DATA).status_code == 302
    assert Membership.objects.get(user_id=organization_admin.user_id).body.name == DATA["name"]


def test_nothing_stands_in_clear_anywhere_in_the_database(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    posted(client)
    assert KeptForm.objects.count() == 1
    key = client.cookies[kept_forms.COOKIE].value.partition(".")[2]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    content = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    assert MARKER.encode() not in content, table
                    assert key.encode() not in content, table


def test_the_cookie_is_short_lived_and_closed_to_scripts(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    response = client.post(URL, DATA, secure=True)
    cookie = response.cookies[kept_forms.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (True, "Lax", True, 1800)


def test_another_person_on_the_same_machine_gets_nothing(client_for: ClientFor, organization_admin: Actor) -> None:
    from tests.factories.organizations import admin_of, make_organization

    client = client_for(organization_admin)
    expire(client)
    login = posted(client)
    other = admin_of(make_organization("新叶助残服务社"))
    sign_in(client, other, login)
    assert MARKER not in client.get(URL).content.decode()
    assert not KeptForm.objects.exists()


def test_after_half_an_hour_it_is_gone(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    login = posted(client)
    KeptForm.objects.update(created_at=clock.machine_now() - timedelta(minutes=31))
    sign_in(client, organization_admin, login)
    assert MARKER not in client.get(URL).content.decode()
    assert kept_forms.forget_old() == 0


def test_old_ones_are_forgotten_by_the_next(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    posted(client)
    KeptForm.objects.update(created_at=clock.machine_now() - timedelta(minutes=31))
    posted(client)
    assert KeptForm.objects.count() == 1


def test_run_due_forgets_them_too(client_for: ClientFor, organization_admin: Actor) -> None:
    from marketplace.core.schedule import run_due

    client = client_for(organization_admin)
    expire(client)
    posted(client)
    run_due()
    assert KeptForm.objects.count() == 1
    KeptForm.objects.update(created_at=clock.machine_now() - timedelta(minutes=31))
    assert "accounts.forget_kept_forms" in run_due().done
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("cookie", ["nonsense", "1.2", "00000000-0000-0000-0000-000000000000.AAAA", ".", ""])
def test_made_up_cookies_do_no_harm(client_for: ClientFor, organization_admin: Actor, cookie: str) -> None:
    client = client_for(organization_admin)
    client.cookies[kept_forms.COOKIE] = cookie
    assert client.get(URL).status_code == 200


def test_passwords_and_codes_are_never_kept() -> None:
    from django.test import RequestFactory

    request = RequestFactory().post(URL, {"code": "123456", "password": "x", "passphrase": "y", "text": "z"})
    assert kept_forms.entries_of(request).data == {"text": ["z"]}


def test_files_are_said_to_be_missing(client_for: ClientFor, organization_admin: Actor) -> None:
    url = reverse("organizations:evidence-add")
    client = client_for(organization_admin)
    expire(client)
    data = {"kind": "finance", "title": MARKER, "file": SimpleUploadedFile("a.pdf", b"%PDF-")}
    login = client.post(url, data)["Location"]
    sign_in(client, organization_admin, login)
    text = client.get(url).content.decode()
    assert "文件无法代为保留" in text
    assert f'value="{MARKER}"' in text
    chosen = BeautifulSoup(text, "html.parser").find("select", attrs={"name": "kind"}).find_all("option", selected=True)
    assert [option["value"] for option in chosen] == ["finance"]


def test_a_form_on_another_page_goes_back_there(client_for: ClientFor) -> None:
    """The page the form stood on is the referer, when it is ours."""
    auditor = make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)
    client = client_for(auditor)
    expire(client)
    page = reverse("people:finding-record")
    login = client.post(page, {"text": MARKER}, HTTP_REFERER=f"http://testserver{page}?from=list")["Location"]
    assert parse_qs(urlsplit(login).query)["next"] == [f"{page}?from=list"]
    login = client.post(page, {"text": MARKER}, HTTP_REFERER="https://evil.example/x")["Location"]
    assert parse_qs(urlsplit(login).query)["next"] == [page]
    assert not Finding.objects.exists()


def test_one_acts_for_the_same_body_again(client_for: ClientFor, organization_admin: Actor) -> None:
    first = Membership.objects.get(user_id=organization_admin.user_id)
    agency = make_body(BodyKind.AGENCY)
    Membership.objects.filter(pk=first.pk).update(body=agency, roles=["officer"])
    Membership.objects.create(user=first.user, body=first.body, roles=["org_admin"], since=clock.now())
    client = client_for(organization_admin)
    expire(client)
    login = posted(client)
    sign_in(client, organization_admin, login)
    assert MARKER in client.get(URL).content.decode()


def test_what_cannot_be_shown_as_a_form_is_shown_as_text(client_for: ClientFor, organization_admin: Actor) -> None:
    """The page is not theirs any more: the entries are given back as text, once."""
    client = client_for(organization_admin)
    expire(client)
    login = posted(client)
    Membership.objects.filter(user_id=organization_admin.user_id).update(roles=["reporter"])
    sign_in(client, organization_admin, login)
    page = client.get(URL)
    assert page.status_code == 200
    assert MARKER in page.content.decode()
    assert client.get(URL).status_code == 403


def test_too_much_and_too_often_is_not_kept(client_for: ClientFor, organization_admin: Actor) -> None:
    client = client_for(organization_admin)
    expire(client)
    assert "kept" not in posted(client, {"summary": "长" * 300_000})
    for _n in range(kept_forms.MOST_PER_ADDRESS):
        posted(client)
    assert "kept" not in posted(client)
    assert KeptForm.objects.count() == kept_forms.MOST_PER_ADDRESS


def test_a_signed_in_post_and_the_sign_in_itself_are_never_kept(
    client_for: ClientFor, organization_admin: Actor
) -> None:
    client_for(organization_admin).post(URL, DATA)
    Client().post(reverse("account_login"), {"login": "x", "password": "y"})
    assert not KeptForm.objects.exists()


class TestRefill:
    def entries(self, path: str = "/a/", **data: str | list[str]) -> Entries:
        return Entries(
            path, "/a/", {name: value if isinstance(value, list) else [value] for name, value in data.items()}
        )

    def test_every_kind_of_field(self) -> None:
        html = (
            '<main><form method="post"><input name="t" value="old"><input type="checkbox" name="c" value="1" checked>'
            '<input type="checkbox" name="c" value="2"><input type="radio" name="r" value="a" checked>'
            '<input type="radio" name="r" value="b"><select name="s"><option value="1" selected>x</option>'
            '<option value="2">y</option></select><textarea name="a">old</textarea>'
            '<input type="file" name="f"><input type="hidden" name="version" value="9"><button name="b" value="1">ok</button>'
            "</form></main>"
        )
        result = refill(
            html, self.entries(t='new "<', c=["2"], r="b", s="2", a="\nzeile", version="3", b="1", gone="weg", empty="")
        )
        form = BeautifulSoup(result.html, "html.parser").form
        assert form is not None
        assert form.find(attrs={"name": "t"})["value"] == 'new "<'
        assert [box["value"] for box in form.find_all(attrs={"name": "c", "checked": True})] == ["2"]
        assert [box["value"] for box in form.find_all(attrs={"name": "r", "checked": True})] == ["b"]
        assert [option["value"] for option in form.find_all("option", selected=True)] == ["2"]
        assert form.textarea.string == "\n\nzeile"
        assert form.find(attrs={"name": "version"})["value"] == "3"
        assert form.find(attrs={"name": "f"}).get("value") is None
        assert result.left_over == {"gone": ["weg"]}

    def test_repeated_names_keep_their_order(self) -> None:
        html = '<form method="post"><input name="x"><input name="x"><input name="x"></form>'
        result = refill(html, self.entries(x=["1", "2"]))
        assert [part.split('"')[1] for part in result.html.split("value=")[1:]] == ["1", "2", ""]

    def test_the_right_form_is_chosen(self) -> None:
        html = (
            '<form method="post" action="/b/"><input name="t"></form><form method="get"><input name="t"></form>'
            '<form method="post" action="/a/"><input name="other"></form>'
            '<form id="m" method="post" action="/a/?x=1"><input name="t"></form><textarea form="m" name="u"></textarea>'
        )
        result = refill(html, self.entries(t="hier", u="auch"))
        assert result.html.count("hier") == 1
        assert result.html.index("hier") > result.html.index('id="m"')
        assert (result.html.count("auch"), result.left_over) == (1, {})

    def test_without_a_fitting_form_all_is_left_over(self) -> None:
        result = refill('<form method="post" action="/b/"><input name="t"></form>', self.entries(t="x"))
        assert (result.is_filled, result.left_over) == (False, {"t": ["x"]})
