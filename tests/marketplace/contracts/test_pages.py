"""Every page of the room, as those who use it see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.accounts.roles import BodyKind, Role
from tests.factories.accounts import make_body, make_person
from tests.factories.contracts import (
    World,
    accepted_milestone,
    active_contract,
    assigned_evaluation,
    drafted_report,
    evaluated_contract,
    paid_milestone,
    requested_disbursement,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


@pytest.fixture
def world() -> World:
    return evaluated_contract(requested_disbursement(accepted_second(), 2))


def accepted_second() -> World:
    return accepted_milestone(paid_milestone(), 2)


def addresses(world: World) -> list[str]:
    contract, evaluation, request = world.contract.pk, world.evaluation, world.disbursement
    assert evaluation is not None
    assert request is not None
    return [
        reverse("contracts:contract-list"),
        reverse("contracts:contract-detail", args=[contract]),
        *(reverse("contracts:milestone-detail", args=[contract, number]) for number in (1, 2, 3)),
        reverse("contracts:disbursement-list"),
        reverse("contracts:disbursement-detail", args=[request.pk]),
        reverse("contracts:evaluation-list"),
        reverse("contracts:evaluation-detail", args=[evaluation.pk]),
    ]


def test_parties_supervisor_and_auditor_read_every_page_and_strangers_find_none(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
    auditor = make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)
    for reader in (world.officer, world.approver, world.finance, world.admin, world.reporter, supervisor, auditor):
        client = client_for(reader)
        for address in addresses(world):
            with django_assert_max_num_queries(25):
                response = client.get(address)
            assert response.status_code == 200, (reader.name, address)
            assert ">None<" not in response.content.decode()
    strangers = [
        make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER),
        make_person(make_body(BodyKind.ORGANIZATION), Role.ORG_ADMIN),
        make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR),
    ]
    for stranger in strangers:
        client = client_for(stranger)
        for address in addresses(world):
            expected = 200 if address.rstrip("/").split("/")[-1].isalpha() else 404
            assert client.get(address).status_code == expected, (stranger.body_kind, address)


def test_an_evaluator_reads_the_contract_without_links_to_its_payments(world: World, client_for: ClientFor) -> None:
    assert world.evaluator is not None
    assert world.disbursement is not None
    payment = reverse("contracts:disbursement-detail", args=[world.disbursement.pk])
    pages = [
        reverse("contracts:contract-detail", args=[world.contract.pk]),
        reverse("contracts:milestone-detail", args=[world.contract.pk, 2]),
    ]
    for reader, may_see in ((world.officer, True), (world.evaluator, False)):
        client = client_for(reader)
        assert client.get(payment).status_code == (200 if may_see else 404)
        for page in pages:
            assert (f'href="{payment}"' in client.get(page).content.decode()) == may_see, (reader.name, page)


def test_forms_open_for_those_who_may(world: World, client_for: ClientFor) -> None:
    contract = world.contract.pk
    drafted_report(world, 3)
    pages = {
        world.reporter: [reverse("contracts:milestone-report", args=[contract, 3])],
        world.officer: [
            reverse("contracts:contract-file", args=[contract]),
            reverse("contracts:contract-scan", args=[contract]),
            reverse("contracts:evaluation-assign", args=[contract]),
        ],
    }
    for actor, places in pages.items():
        client = client_for(actor)
        for place in places:
            assert client.get(place).status_code == 200, place
    assert client_for(world.approver).get(reverse("contracts:contract-edit", args=[contract])).status_code == 403


def test_an_evaluation_is_offered_where_there_is_work_and_none_under_way(client_for: ClientFor) -> None:
    world = active_contract()

    def offered() -> bool:
        page = client_for(world.officer).get(reverse("contracts:contract-detail", args=[world.contract.pk]))
        return reverse("contracts:evaluation-assign", args=[world.contract.pk]) in page.content.decode()

    assert not offered()
    accepted_milestone(world)
    assert offered()
    assigned_evaluation(world)
    assert not offered()


def test_public_money_pages(world: World, client: Client, django_assert_max_num_queries: Any) -> None:
    fund = world.awarded.line.fund
    for place in (reverse("funds:fund-list"), reverse("funds:fund-detail", args=[fund.pk])):
        with django_assert_max_num_queries(12):
            response = client.get(place)
        assert response.status_code == 200
        assert "彩票公益金资助-中国福利彩票" in response.content.decode()
    text = b"".join(client.get(reverse("funds:fund-download", args=[fund.pk, "csv"]))).decode()
    assert world.tender_number in text
    rows = client.get(reverse("funds:fund-download", args=[fund.pk, "json"])).json()
    assert [row["paid"] for row in rows] == ["243000.00"]
