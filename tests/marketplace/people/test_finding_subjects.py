"""What auditors may record findings on: a tender and those who have a part in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Finding
from marketplace.accounts.roles import BodyKind, Role
from marketplace.people import subjects
from tests.factories.accounts import make_body, make_person
from tests.factories.awards import make_award
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Actor:
    return make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)


def test_a_tender_is_found_by_key_and_number_with_its_parties() -> None:
    award = make_award().award
    tender = award.lot.tender
    found = subjects.find(f"procurement.tender:{tender.pk}")
    assert found is not None
    assert found == subjects.find_project(tender.number)
    assert found.bodies == (tender.buyer_id, award.bid.body_id)
    for key in ("procurement.tender:0", "procurement.tender:x", "procurement.bid:1", "nonsense"):
        assert subjects.find(key) is None


def test_the_auditor_says_whom_it_concerns(client_for: Callable[[Actor], Client], auditor: Actor) -> None:
    award = make_award().award
    tender, client = award.lot.tender, client_for(auditor)
    url = f"{reverse('people:finding-record')}?subject=procurement.tender:{tender.pk}"
    assert tender.title in client.get(url).content.decode()
    assert (
        client.post(url, {"text": "支出缺少凭证。", "body": award.bid.body_id, "is_serious": "on"}).status_code == 302
    )
    assert client.post(url, {"text": "验收晚于拨付。"}).status_code == 302
    rows = Finding.objects.order_by("pk").values_list("body_id", "project_number", "is_serious")
    assert list(rows) == [(award.bid.body_id, tender.number, True), (tender.buyer_id, tender.number, False)]
    stranger = make_organization("新叶助残服务社").body
    assert client.post(url, {"text": "x", "body": stranger.pk}).status_code == 422
    by_number = {"text": "x", "body": stranger.pk, "project_number": tender.number}
    assert client.post(reverse("people:finding-record"), by_number).status_code == 422
    assert Finding.objects.count() == 2
