"""axe finds nothing on the public pages, the error pages and the workspace's home, at the desk and on a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from marketplace.demo.history import write_history
from marketplace.publication.models import NoticeKind
from marketplace.web import tasks
from marketplace.web.tasks import Task
from tests.factories.contracts import evaluated_contract, paid_milestone
from tests.factories.publication import published_notice
from tests.factories.review import awarded_lot
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("MARKETPLACE_SHOTS", "")


def visit(page: Page, axe: Any, path: str, name: str) -> None:
    """Open the page at both widths; keep a picture where one is wanted."""
    for width, size in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.goto(path)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert not sideways(page), f"{path} scrolls sideways at {size['width']}"
        axe(page)


def sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_an_empty_place(page, axe):
    for path, name in (
        ("/", "home-empty"),
        ("/notices/", "notices-empty"),
        ("/projects/", "projects-empty"),
        ("/projects/?q=无", "projects-none"),
        ("/about/figures/", "figures-empty"),
        ("/open-data/", "open-data"),
        ("/verify/", "verify"),
        ("/verify/?number=SH-2026-9999", "verify-unknown"),
        ("/guide/", "guide"),
        ("/guide/first-bid/", "guide-page"),
        ("/en/", "home-en"),
        ("/nothing-here/", "error-404"),
    ):
        visit(page, axe, path, name)


def test_without_a_script_lists_filter_and_nothing_is_offered_that_needs_one(browser, live_server):
    notice = published_notice()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(notice.get_absolute_url())
    assert not page.locator("[data-print]").is_visible()
    page.goto("/notices/")
    page.fill(".filters [name=q]", "没有这样的公告")
    page.click(".filters button")
    assert page.locator(".empty").is_visible()
    page.fill(".filters [name=q]", notice.title)
    page.click(".filters button")
    assert page.locator(".entries > li").count() == 1
    context.close()


@pytest.mark.parametrize("kind", ["tender", "result", "correction", "evaluation"])
def test_notices(page, axe, kind):
    original = published_notice()
    notice = (
        original
        if kind == NoticeKind.TENDER
        else published_notice(kind, body=original.body, corrects=original if kind == "correction" else None)
    )
    visit(page, axe, notice.get_absolute_url(), f"notice-{kind}")
    visit(page, axe, "/en" + notice.get_absolute_url(), f"notice-{kind}-en")
    visit(page, axe, f"/verify/?notice={notice.number}", f"verify-{kind}")
    visit(page, axe, "/notices/", "notices")


def test_an_awarded_project(page, axe):
    award = awarded_lot(bids=3)
    number = award.lot.tender.number
    visit(page, axe, f"/projects/{number}/", "project-awarded")
    visit(page, axe, f"/verify/?number={number}", "verify-award")
    visit(page, axe, "/", "home-awarded")


def test_a_finished_project(page, axe):
    world = evaluated_contract(paid_milestone())
    write_history()
    visit(page, axe, f"/projects/{world.tender_number}/", "project-evaluated")
    visit(page, axe, "/", "home")
    visit(page, axe, "/projects/", "projects")
    visit(page, axe, "/projects/SHLS-0001/", "project-history")
    visit(page, axe, "/about/figures/", "figures")


def test_the_component_page(page, axe, settings):
    settings.MARKETPLACE_DEMO = True
    visit(page, axe, "/styleguide/", "styleguide")


def test_the_workspace(page, axe, context, live_server, monkeypatch):
    world = evaluated_contract()
    due = [
        Task("确认中标人", "静安区失独家庭关爱服务", rule_id="R-AWARD-02", url="/workspace/", urgency="now"),
        Task("答复质疑", "静安区日间照料中心委托管理", rule_id="R-OBJ-06", url="/workspace/", urgency="overdue"),
        Task("开标", "静安区社区老年食堂运营服务", url="/workspace/", urgency="soon"),
    ]
    monkeypatch.setattr(tasks, "_sources", [lambda actor: due])
    for actor, name in ((world.officer, "buyer"), (world.admin, "supplier")):
        client = client_for(actor)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        visit(page, axe, "/workspace/", f"workspace-{name}")
        page.locator("details.acting summary").click()
        axe(page)
