"""A form whose security token went stale by signing in again in another tab: kept, and back on the page, filled."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.accounts.models import KeptForm
from tests.factories.organizations import admin_of, make_organization
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
URL = "/workspace/organization/facts/"
DATA = {"name": "晨曦新名称", "registered_on": "2015-05-04", "summary": "写了很久", "service_areas": ""}
STALE = {"csrfmiddlewaretoken": "a" * 64}
OWN = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": f"http://testserver{URL}"}


@pytest.fixture
def client() -> Client:
    browser = client_for(admin_of(make_organization()))
    browser.handler.enforce_csrf_checks = True
    browser.get(URL)
    return browser


def test_nothing_typed_is_lost(client: Client) -> None:
    response = client.post(URL, {**DATA, **STALE}, **OWN)
    assert (response.status_code, response["Location"]) == (302, URL)
    text = client.get(URL).content.decode()
    assert 'value="晨曦新名称"' in text and "写了很久" in text and "您填的内容已放回表单" in text
    assert not KeptForm.objects.exists()
    assert "晨曦新名称" not in client.get(URL).content.decode()  # it was put back, not sent


@pytest.mark.parametrize(
    "headers",
    [{}, {"HTTP_ORIGIN": "https://elsewhere.example"}, {"HTTP_ORIGIN": "null"}],
    ids=["no origin", "another site", "hidden origin"],
)
def test_a_strangers_form_is_refused_and_fills_in_nothing(client: Client, headers: dict[str, str]) -> None:
    response = client.post(URL, {**DATA, **STALE}, **headers)
    assert response.status_code == 403
    assert not KeptForm.objects.exists()
    assert "晨曦新名称" not in client.get(URL).content.decode()


def test_a_save_while_typing_is_only_refused(client: Client) -> None:
    assert client.post(URL, {**DATA, **STALE}, HTTP_HX_REQUEST="true", **OWN).status_code == 403
    assert not KeptForm.objects.exists()


def test_the_sign_in_itself_is_never_kept() -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/accounts/login/", {"login": "a@b.example", "password": "x", **STALE}, **OWN)
    assert response.status_code == 403
    assert not KeptForm.objects.exists()
