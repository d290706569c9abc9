"""Scoring and the defence in Chromium: on a phone, with the clock, live progress for the officer; axe on every page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from marketplace.accounts.actors import Actor
from marketplace.ventures.models import ApplicationReview, DefenceScore
from tests.factories import assessment as factory
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("MARKETPLACE_SHOTS", "")


def sign_in(page: Page, actor: Actor) -> None:
    cookie = client_for(actor).cookies[settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])


def visit(page: Page, axe: Any, path: str, name: str) -> None:
    for width, size in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.goto(path)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), f"{path} at {width}"
        axe(page)


@pytest.fixture
def quiet_page(page: Page) -> Any:
    """A page whose console stays silent."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


def test_score_on_a_phone_and_hand_in(quiet_page, axe):
    page, town = quiet_page, factory.scoring_town(3)
    review = ApplicationReview.objects.standing().select_related("member").first()
    sign_in(page, town.actor_of(review.member))
    visit(page, axe, f"/workspace/venture-panels/{review.member_id}/", "seat")
    visit(page, axe, f"/workspace/panel-reviews/{review.pk}/", "review")
    for row in town.assessment.criteria.all():
        page.fill(f"[name=c{row.pk}]", str(row.weight // 2))
    page.fill("[name=comment]", factory.COMMENT)
    expect(page.locator("[data-autosave-status]")).not_to_be_empty(timeout=9000)
    assert review.scores.count() == 6
    page.click("[name=hand_in]")
    page.wait_for_url(lambda url: f"/{review.pk}/" not in url)
    review.refresh_from_db()
    assert review.submitted_at is not None and review.hundredths


def test_a_defence_with_live_points(quiet_page, axe, browser, live_server):
    page, town = quiet_page, factory.defence_town()
    sign_in(page, town.officer)
    pk = town.assessment.pk
    visit(page, axe, f"/workspace/assessments/{pk}/", "assessment")
    visit(page, axe, f"/workspace/assessments/{pk}/ranking/", "ranking")
    visit(page, axe, f"/workspace/assessments/{pk}/defence/", "defence-day")
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.get_by_role("timer")).to_be_visible()
    phone = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN").new_page()
    reviewer = town.reviewers[0]
    sign_in(phone, reviewer)
    member = town.members[0]
    phone.goto(f"/workspace/venture-panels/{member.pk}/defence/")
    axe(phone)
    if SHOTS:
        phone.screenshot(path=Path(SHOTS) / "defence-phone.png", full_page=True)
    assert ":" in phone.get_by_role("timer").inner_text()
    phone.fill("[name=points]", "88.5")
    phone.get_by_role("button", name="提交分数").click()
    expect(phone.locator(".message")).to_be_visible()
    assert str(DefenceScore.objects.get().points) == "88.50"
    # the officer's screen reads itself anew
    expect(page.locator("#live")).to_contain_text("1 / 4", timeout=9000)
    phone.context.close()


def test_decision_and_result(quiet_page, axe):
    page = quiet_page
    town = factory.displayed(factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00"))
    visit(page, axe, f"/ventures/{town.call.number}/result/", "result")
    sign_in(page, town.officer)
    visit(page, axe, f"/workspace/assessments/{town.assessment.pk}/decision/", "decision")
    visit(page, axe, f"/workspace/assessments/{town.assessment.pk}/reviews/", "reviews")
    application = town.applications[2]
    sign_in(page, town.applicants[application.pk])
    visit(page, axe, f"/workspace/venture-results/{application.pk}/", "own-result")


def test_the_forms_of_the_preparation(quiet_page, axe):
    page, town = quiet_page, factory.opened(2)
    expert = factory.reviewer()
    member = factory.invited(town, expert)
    sign_in(page, town.officer)
    for name in ("settings", "invite", "coaching"):
        visit(page, axe, f"/workspace/assessments/{town.assessment.pk}/{name}/", name)
    sign_in(page, expert)
    visit(page, axe, f"/workspace/venture-panels/{member.pk}/answer/", "answer")
