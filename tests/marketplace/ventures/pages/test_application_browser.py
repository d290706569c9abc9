"""Applying on a phone, and the officer's pages: axe finds nothing, the console is quiet, nothing scrolls sideways."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from marketplace.accounts.actors import Actor
from marketplace.documents.generation import build_document
from marketplace.ventures.models import ApplicationStatus, BlockKind
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.services.likeness import compare_applications
from tests.factories import ventures
from tests.factories.applications import (
    add_file,
    again,
    applicant,
    closed_call,
    decide,
    filled_application,
    hand_in,
    key_of,
    save,
    started_application,
    submitted_application,
)
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("MARKETPLACE_SHOTS", "")


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any) -> Any:
    """A quiet page of a signed-in person."""
    problems: list[str] = []

    def page_of(actor: Actor) -> Page:
        context.clear_cookies()
        cookie = client_for(actor).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield page_of
    assert problems == []


def look(page: Page, axe: Any, path: str, name: str) -> None:
    for width, size in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(path)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), f"{path} on {width}"
        axe(page)


def test_a_text_saves_itself_on_a_phone_and_is_counted(signed_in):
    application = started_application()
    page = signed_in(application.actor)
    page.set_viewport_size(PHONE)
    page.goto(reverse("ventures:application-edit", args=[application.pk, "b1"]))
    page.fill("[name=text]", "居民说，最缺的是有人照应👵")
    expect(page.locator("#save-state")).to_contain_text("09:00")
    expect(page.locator("#checks")).to_contain_text("1,500")
    assert application.texts.get(block="b1").text == "居民说，最缺的是有人照应👵"
    page.fill("[name=text]", "居民说，最缺的是有人照应👵，夜里也是")
    page.click("form.form button:not(.quiet)")
    assert application.texts.get(block="b1").text.endswith("夜里也是")


def test_a_budget_is_written_on_a_phone_and_handed_in(signed_in):
    application = filled_application()
    key = key_of(application, BlockKind.BUDGET)
    pot = application.call.pots.all()[0]
    save(application, key, rows=[])
    page = signed_in(application.actor)
    page.set_viewport_size(PHONE)
    page.goto(reverse("ventures:application-edit", args=[application.pk, key]))
    page.fill(f"[name={key}-0-name]", "入户物资")
    page.fill(f"[name={key}-0-basis]", "100 户 × 100 元")
    page.fill(f"[name={key}-0-amount]", "1万")
    page.fill(f"[name={key}-0-pot_{pot.pk}]", "6000")
    page.fill(f"[name={key}-0-own]", "3000")
    expect(page.locator("#checks .fail").first).to_contain_text("1,000.00")
    page.fill(f"[name={key}-0-own]", "4000")
    expect(page.locator("#checks .fail")).to_have_count(0)
    page.goto(reverse("ventures:application-check", args=[application.pk]))
    page.check("[name=declares]")
    page.click("form.form button")
    expect(page.locator("h1")).to_have_text("申报已收到")
    assert again(application).status == ApplicationStatus.SUBMITTED


def test_the_applicants_pages(signed_in, axe):
    application = add_file(submitted_application())
    for kind in ("application_receipt", "application_copy"):
        build_document(kind, application.versions.get())
    page = signed_in(application.actor)
    own = [application.pk]
    look(page, axe, reverse("ventures:application-begin", args=[application.call.number]), "apply")
    look(page, axe, reverse("ventures:application-list"), "applications")
    look(page, axe, reverse("ventures:application-detail", args=own), "application")
    for key in (BASICS, "b1", "b2", "b8"):
        look(page, axe, reverse("ventures:application-edit", args=[application.pk, key]), f"application-{key}")
    look(page, axe, reverse("ventures:application-files", args=[application.pk, "b10"]), "application-files")
    look(page, axe, reverse("ventures:application-check", args=own), "application-check")
    look(page, axe, reverse("ventures:application-withdraw", args=own), "application-withdraw")
    receipt = application.versions.get().receipt_number
    look(page, axe, reverse("ventures:application-receipt", args=[application.pk, receipt]), "application-receipt")


def test_the_officers_pages(signed_in, axe, market_clock):
    call = ventures.open_call()
    first, second = (hand_in(add_file(filled_application(call, applicant()))) for _number in range(2))
    closed_call(call)
    compare_applications(call_id=call.pk)
    decide(again(first), "correct", "请补充预算第二行的计算依据。")
    hand_in(save(again(first), BASICS, {"title": "补正后的名称"}))
    page = signed_in(call.people.officer)
    look(page, axe, reverse("ventures:call-applications", args=[call.pk]), "prereview-list")
    look(page, axe, reverse("ventures:application-review", args=[first.pk]), "prereview")
    look(page, axe, reverse("ventures:application-review", args=[second.pk]), "prereview-second")
    look(page, axe, reverse("ventures:application-compare", args=[first.pk]), "prereview-compare")
    look(page, axe, reverse("ventures:call-detail", args=[call.pk]), "call-closed")
