"""The room's pages in Chromium: no finding of axe, desktop and phone; nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from marketplace.accounts.actors import Actor
from marketplace.ventures.models import Call, CallStatus
from tests.factories import grants
from tests.factories.contracts import (
    World,
    accepted_milestone,
    drafted_report,
    evaluated_contract,
    paid_milestone,
    proposed_contract,
    reported_milestone,
    requested_disbursement,
    scored_evaluation,
)

pytestmark = [pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("MARKETPLACE_SHOTS", "")
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def sign_in(context: BrowserContext, client: Client, url: str) -> None:
    context.clear_cookies()
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]  # type: ignore[list-item]
    )


def visit(page: Page, name: str, path: str, axe: Any) -> None:
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, (name, response.status)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{size}.png"), full_page=True)
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], (name, size, width)


def test_pages_of_a_contract_in_performance(
    page: Page, context: BrowserContext, live_server: Any, client_for: Callable[..., Client], axe: Any
) -> None:
    world = evaluated_contract(paid_milestone())
    requested_disbursement(accepted_milestone(world, 2), 2)
    contract, request, evaluation = world.contract.pk, world.disbursement, world.evaluation
    assert request is not None
    assert evaluation is not None
    drafted_report(world, 3)

    def look(actor: Actor, name: str, address: str, *args: Any) -> None:
        sign_in(context, client_for(actor), live_server.url)
        visit(page, name, reverse(f"contracts:{address}", args=args), axe)

    look(world.officer, "contracts", "contract-list")
    look(world.officer, "contract", "contract-detail", contract)
    look(world.officer, "milestone", "milestone-detail", contract, 1)
    look(world.officer, "assign", "evaluation-assign", contract)
    look(world.approver, "disbursement", "disbursement-detail", request.pk)
    look(world.finance, "disbursements", "disbursement-list")
    look(world.reporter, "report", "milestone-report", contract, 3)
    look(world.admin, "evaluation", "evaluation-detail", evaluation.pk)
    look(world.admin, "evaluations", "evaluation-list")
    sign_in(context, client_for(world.finance), live_server.url)
    visit(page, "budget", reverse("funds:budget"), axe)
    context.clear_cookies()
    visit(page, "funds", reverse("funds:fund-list"), axe)
    visit(page, "fund", reverse("funds:fund-detail", args=[world.awarded.line.fund_id]), axe)


def test_pages_of_signing_and_decisions(
    page: Page, context: BrowserContext, live_server: Any, client_for: Callable[..., Client], axe: Any
) -> None:
    drafted: World = proposed_contract()
    sign_in(context, client_for(drafted.approver), live_server.url)
    visit(page, "sign", reverse("contracts:contract-sign", args=[drafted.contract.pk]), axe)
    visit(page, "signing", reverse("contracts:contract-detail", args=[drafted.contract.pk]), axe)
    reported = reported_milestone()
    sign_in(context, client_for(reported.officer), live_server.url)
    visit(page, "accept", reverse("contracts:milestone-accept", args=[reported.contract.pk, 1]), axe)
    accepted = accepted_milestone()
    sign_in(context, client_for(accepted.reporter), live_server.url)
    visit(page, "request", reverse("contracts:disbursement-request", args=[accepted.contract.pk, 1]), axe)
    scored = scored_evaluation(paid_milestone(accepted, 2))
    assert scored.evaluation is not None
    sign_in(context, client_for(scored.evaluator), live_server.url)
    visit(page, "score", reverse("contracts:evaluation-score", args=[scored.evaluation.pk]), axe)
    visit(page, "evaluating", reverse("contracts:evaluation-detail", args=[scored.evaluation.pk]), axe)


def test_pages_of_a_grant_agreement(
    page: Page, context: BrowserContext, live_server: Any, client_for: Callable[..., Client], axe: Any
) -> None:
    town, row = grants.demanded_payback(grants.paid(grants.active_agreement()), cause="unused", asks_ban=False)
    _town, change = grants.asked_change(town)
    grants.reported(town)
    waiting = grants.make_grant(call=town.call)
    Call.objects.filter(pk=town.call.pk).update(status=CallStatus.CLOSED)
    contract = town.agreement.pk

    def look(actor: Actor, name: str, address: str, *args: Any) -> None:
        sign_in(context, client_for(actor), live_server.url)
        visit(page, name, reverse(f"contracts:{address}", args=args), axe)

    look(town.officer, "grants-waiting", "contract-list")
    assert waiting.grant.number in page.content()
    look(town.officer, "agreement", "contract-detail", contract)
    look(town.officer, "stage", "milestone-detail", contract, 2)
    look(town.officer, "stage-look", "stage-look", contract, 2)
    look(town.officer, "change-decide", "change-decide", change.pk)
    look(town.reporter, "change-ask", "change-ask", contract, "period")
    look(town.finance, "payback-receipt", "payback-receipt", row.pk)
    context.clear_cookies()
    visit(page, "grant-project", reverse("transparency:project-detail", args=[town.grant.number]), axe)
    visit(page, "call-funded", town.call.get_absolute_url(), axe)
