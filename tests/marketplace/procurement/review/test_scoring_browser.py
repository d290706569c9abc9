"""The scoring screen in a real browser: by keyboard alone, saved by itself, honest when a save fails; on a phone too."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marketplace.procurement.models import Score
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from tests.factories.review import reviewing_lot
from tests.support.browser import PHONE
from tests.support.signed_in import client_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def test_a_bid_is_scored_by_keyboard_and_nothing_is_lost(context: Any, page: Any, live_server: Any, axe: Any) -> None:
    panel = reviewing_lot(3)
    member, bids = panel.members[0], list(reviewed_bids(panel.lot))
    first, second = leaf_criteria(panel.lot.tender)
    cookie = client_for(panel.actor(member)).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(reverse("procurement:panel-detail", args=[member.pk]))
    axe(page)
    page.click("text=开始评分")
    expect(page.locator(f"input[name=c{first.pk}]:focus")).to_have_count(1)
    page.keyboard.press("2")
    expect(page.locator("[data-done]")).to_have_text("1")
    assert page.inner_text("[data-scored-text]") == "已评 1 / 6 项"
    page.keyboard.press("m")
    page.keyboard.type("方案可行")
    page.keyboard.press("Enter")
    expect(page.locator(f"input[name=c{second.pk}]:focus")).to_have_count(1)

    context.set_offline(True)
    page.keyboard.press("1")
    page.wait_for_selector("[data-score-status].failed")
    assert Score.objects.filter(criterion=second).count() == 0
    context.set_offline(False)
    expect(page.locator("[data-done]")).to_have_text("2", timeout=15_000)
    score = Score.objects.get(sheet__member=member, bid=bids[0], criterion=first)
    assert (score.points, score.note) == (first.ranges.order_by("-points")[1].points, "方案可行")
    assert Score.objects.get(sheet__member=member, bid=bids[0], criterion=second).points == second.points

    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('procurement:panel-score', args=[member.pk, bids[1].pk])}#criterion-1")
    expect(page.locator(f"input[name=c{first.pk}]:focus")).to_have_count(1)
    axe(page)
    page.set_viewport_size(PHONE)
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert errors == []
