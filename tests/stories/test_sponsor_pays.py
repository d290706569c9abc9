"""A sponsor pays in the browser. Stripe's page is replaced at the network edge by a local one that posts signed events."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, Route, expect

from marketplace.sponsorship.models import Agreement, AgreementStatus, Payment
from tests.factories import sponsorship as make
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for
from tests.support.stripe_fake import StripeFake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def sign_in(page: Page, actor: Any, site: str) -> None:
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client_for(actor).cookies[name].value, "url": site}])


class LocalCheckout:
    """What stands where Stripe's page would be."""

    def __init__(self, edge: StripeFake, site: str) -> None:
        self.edge, self.site = edge, site

    def __call__(self, route: Route) -> None:
        session_id = route.request.url.rsplit("/", 1)[1]
        if session_id.endswith("?pay"):
            session = session_id.removesuffix("?pay")
            self.deliver(self.edge.pay(session))
            sent = next(form for _m, path, form in self.edge.requests if path == "/v1/checkout/sessions")
            back = self.site + re.sub(r"^https?://[^/]+", "", sent["success_url"])
            route.fulfill(status=302, headers={"Location": back})
        else:
            link = f'<a href="{route.request.url}?pay">付款</a>'
            route.fulfill(content_type="text/html; charset=utf-8", body=f"<!doctype html><title>支付</title>{link}")

    def deliver(self, event: dict[str, Any]) -> None:
        body, signature = self.edge.signed(event)
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        request = urllib.request.Request(self.site + "/webhooks/stripe/", data=body.encode(), headers=headers)
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200


def test_a_sponsor_pays_on_a_phone_and_everybody_sees_where_it_comes_from(
    page: Page, live_server: Any, stripe_edge: StripeFake, market_clock: Any, axe: Any, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    world = make.sponsored_call()
    agreement = make.called(world, market_clock, naming="海川之家")
    make.make_grant(world, {"社会资本资金池": "120000.00", "福彩资金池": "30000.00"})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.route("https://checkout.example/**", LocalCheckout(stripe_edge, live_server.url))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, world.admin, live_server.url)
    page.goto(f"/workspace/sponsorships/{agreement.pk}/")
    axe(page)
    page.get_by_role("button", name="在线支付").click()
    axe(page)
    page.get_by_role("link", name="前往 Stripe 支付").click()
    page.get_by_role("link", name="付款").click()
    expect(page.get_by_role("heading", name="您的付款已入账")).to_be_visible()
    axe(page)
    agreement = Agreement.objects.get()
    assert agreement.status == AgreementStatus.PAID and Payment.objects.count() == 1
    sign_in(page, world.people.finance, live_server.url)
    page.goto("/workspace/sponsor-money/")
    axe(page)
    page.context.clear_cookies()
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in (f"/ventures/{world.call.number}/money/", "/sponsors/", f"/funds/{world.line.fund_id}/"):
            page.goto(path)
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, path
    page.goto(f"/ventures/{world.call.number}/money/")
    expect(page.get_by_text("冠名“海川之家”")).to_be_visible()
    assert errors == []
