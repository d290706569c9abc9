"""Being coached, on a phone: until when and by whom, a page changed, the improved version handed in, both compared."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from marketplace.accounts.actors import Actor
from tests.factories.applications import coached_application
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("MARKETPLACE_SHOTS", "")
BETTER = "走访后改进：每周两次上门，另设夜间应急电话，由社工轮值。"


def sign_in(page: Page, actor: Actor) -> None:
    cookie = client_for(actor).cookies[settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])


def look(page: Page, axe: Any, name: str) -> None:
    """Both widths, nothing wider than the screen, accessible."""
    for width, size in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), f"{name} at {width}"
        axe(page)


def test_improved_on_a_phone_and_compared_by_the_funder(page: Page, axe: Any, market_clock: Any) -> None:
    application = coached_application()
    sign_in(page, application.actor)
    page.set_viewport_size(PHONE)
    page.goto(f"/workspace/applications/{application.pk}/")
    expect(page.get_by_role("heading", name="辅导")).to_be_visible()
    look(page, axe, "coached")
    page.get_by_role("link", name="去修改").click()
    page.fill("[name=summary]", BETTER)
    page.locator("form button:not([name])", has_text="保存").first.click()
    page.goto(f"/workspace/applications/{application.pk}/edit/check/")
    look(page, axe, "coached-check")
    page.check("[name=declares]")
    page.get_by_role("button", name="提交").last.click()
    expect(page.get_by_text("评委评分")).to_be_visible()
    look(page, axe, "coached-receipt")
    assert [row.content["basics"]["summary"] == BETTER for row in application.versions.all()] == [False, True]
    sign_in(page, application.town.officer)
    page.goto(f"/workspace/assessments/{application.town.assessment.pk}/coaching/")
    look(page, axe, "coaching-officer")
    page.get_by_role("link", name="对照").click()
    expect(page.get_by_text(BETTER)).to_be_visible()
    look(page, axe, "coached-compare")
