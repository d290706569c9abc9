"""Every kind of page that a person of the demo world can reach, looked at in Chromium.

Each is answered, shows no error in the console, fits a phone, and gives axe nothing to find. Pictures of all are
kept under `var/screenshots/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page

from marketplace.core.models import ClockState
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for
from tests.support.world import World

pytestmark = [
    pytest.mark.look,
    pytest.mark.story,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("world"),
]

PEOPLE = (
    "",
    "officer@jingan.example",
    "approver@jingan.example",
    "finance@jingan.example",
    "officer@pudong.example",
    "chenxi@org.example",
    "nuanyang@org.example",
    "expert1@register.example",
    "custodian1@finance.example",
    "evaluator@mingde.example",
    "supervisor@finance.example",
    "auditor@zhengda.example",
    "operator@yizhao.example",
)
PUBLIC = (
    "/",
    "/en/",
    "/notices/",
    "/projects/",
    "/projects/SH-2025-0001/",
    "/tenders/SH-2026-0009/",
    "/organizations/",
    "/plans/",
    "/funds/",
    "/rules/",
    "/log/",
    "/verify/",
    "/about/figures/",
    "/open-data/",
    "/accounts/login/",
    "/accounts/signup/",
)
NOT_PAGES = (".pdf", ".csv", ".json", ".jsonl", ".ics", ".atom", ".xlsx", ".age", ".py", ".png", ".svg", "/logout/")
looked_at: set[str] = set()


def kind_of(path: str) -> str:
    """The address's name; what Wagtail serves is told apart by its path."""
    match = resolve(path)
    return path if match.url_name == "wagtail_serve" else match.view_name


def is_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith(("//", "/en/", "/static/", "/media/", "/files/", "/admin/")):
        return False
    if path.endswith(NOT_PAGES):
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def links_of(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [urlsplit(href).path for href in found if is_page(urlsplit(href).path)]


def sign_in(context: BrowserContext, world: World, email: str, url: str) -> None:
    cookie = client_for(world.actor(email)).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


@pytest.mark.parametrize("email", PEOPLE, ids=lambda email: email.partition("@")[0] or "visitor")
def test_every_page_of(email: str, demo_world: World, context: BrowserContext, live_server: Any, axe: Any) -> None:
    ClockState.objects.update(is_running=False)
    if email:
        sign_in(context, demo_world, email, live_server.url)
    page, problems = context.new_page(), list[str]()
    page.on(
        "console", lambda message: problems.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    waiting, kinds = (["/workspace/"] if email else list(PUBLIC)), set()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in kinds:
            continue
        kinds.add(kind_of(path))
        problems += look_at(page, path, email, axe)
        if email or path in PUBLIC:
            waiting += [link for link in links_of(page) if kind_of(link) not in kinds]
    assert not problems, "\n".join(problems)
    assert len(kinds) >= (4 if email else len(PUBLIC))


def look_at(page: Page, path: str, email: str, axe: Any) -> list[str]:
    """Open it; fit it to desktop and phone; axe and a picture once for each kind of page. Answers what is wrong."""
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    response = page.goto(path)
    if response is None or response.status != 200:
        return [f"{path}: {response.status if response else 'no answer'}"]
    problems, first_time = list[str](), kind_of(path) not in looked_at
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            problems.append(f"{path} is {width} wide on a {name} of {size['width']}")
        if first_time:
            problems += [f"{path} ({name}): {finding}" for finding in axe.findings(page)]
            keep_picture(page, path, email, name)
    looked_at.add(kind_of(path))
    return problems


def keep_picture(page: Page, path: str, email: str, size: str) -> None:
    folder = Path(settings.VAR) / "screenshots" / (email.partition("@")[0] or "visitor")
    folder.mkdir(parents=True, exist_ok=True)
    name = path.strip("/").replace("/", "_") or "home"
    page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
