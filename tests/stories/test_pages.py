"""Every kind of page that a person of the demo world can reach, looked at in Chromium.

Each is answered, shows no error in the console, fits a phone, and gives axe nothing to find. `make test` looks at one
page of each kind; `make look` at each kind as every person, and keeps pictures of all under `var/screenshots/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import BrowserContext, Page
from wagtail.models import Page as SitePage

from marketplace.core.models import ClockState
from tests.support.browser import DESKTOP, PHONE
from tests.support.signed_in import client_for
from tests.support.world import World

pytestmark = [
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
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
WORKSPACE = "/workspace/"


def kind_of(path: str) -> str:
    """The address's name; the portal's pages by their type, notices by their kind as well."""
    match = resolve(path)
    if match.url_name != "wagtail_serve" or path in PUBLIC:
        return path if path in PUBLIC else str(match.view_name)
    found = SitePage.objects.filter(url_path__endswith=path).first()
    if found is None:
        return path
    page = found.specific
    return f"{type(page).__name__} {page.snapshot.kind if hasattr(page, 'snapshot') else ''}"


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


def reachable(email: str, world: World, problems: list[str]) -> Iterator[str]:
    """One address of each kind that the person comes to by links, found without a browser; notes links that fail."""
    client = client_for(world.actor(email)) if email else Client()
    waiting, kinds, came_from = ([WORKSPACE] if email else list(PUBLIC)), set[str](), dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in kinds:
            continue
        kinds.add(kind_of(path))
        if email and not path.startswith((WORKSPACE, "/accounts/")):
            continue  # the public side is walked by the visitor
        response = client.get(path, follow=True)
        translation.activate(settings.LANGUAGE_CODE)  # a page below /en/ leaves its language behind
        if response.status_code != 200:
            problems.append(f"{path}: {response.status_code}, but {came_from.get(path)} leads there")
            continue
        if response.streaming:  # a file, not a page
            response.close()
            continue
        yield path
        for link in LINK.findall(response.content.decode()):
            target = urlsplit(link).path
            if is_page(target) and came_from.setdefault(target, path) == path:
                waiting.append(target)


def browse(context: BrowserContext, world: World, email: str, url: str) -> tuple[Page, list[str]]:
    """A page of the person's browser, and the list in which the console's errors gather."""
    context.clear_cookies()
    if email:
        cookie = client_for(world.actor(email)).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    page, problems = context.new_page(), list[str]()
    page.on("console", lambda said: problems.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    return page, problems


def look_at(page: Page, path: str, axe: Any, keep: Path | None = None) -> list[str]:
    """Open it at both widths; answers what is wrong. With a folder, a picture of each."""
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    response = page.goto(path)
    if response is None or response.status != 200:
        return [f"{path}: {response.status if response else 'no answer'}"]
    problems = list[str]()
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            problems.append(f"{path} is {width} wide on a {name} of {size['width']}")
        problems += [f"{path} ({name}): {finding}" for finding in axe.findings(page)]
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            title = path.strip("/").replace("/", "_") or "home"
            page.screenshot(path=keep / f"{title}-{name}.png", full_page=True)
    return problems


def name_of(email: str) -> str:
    return email.removesuffix(".example").replace("@", "-") or "visitor"


def test_every_kind_of_page(demo_world: World, context: BrowserContext, live_server: Any, axe: Any) -> None:
    ClockState.objects.update(is_running=False)
    seen, findings = set[str](), list[str]()
    for email in PEOPLE:
        page, problems = browse(context, demo_world, email, live_server.url)
        for path in reachable(email, demo_world, problems):
            if kind_of(path) not in seen:
                problems += look_at(page, path, axe)
            seen.add(kind_of(path))
        findings += [f"{name_of(email)}: {problem}" for problem in problems]
        page.close()
    assert not findings, "\n".join(findings)
    assert len(seen) >= 100, sorted(seen)


@pytest.mark.look
@pytest.mark.parametrize("email", PEOPLE, ids=name_of)
def test_every_page_of(email: str, demo_world: World, context: BrowserContext, live_server: Any, axe: Any) -> None:
    ClockState.objects.update(is_running=False)
    page, problems = browse(context, demo_world, email, live_server.url)
    folder = Path(settings.VAR) / "screenshots" / name_of(email)
    paths = list(reachable(email, demo_world, problems))
    for path in paths:
        problems += look_at(page, path, axe, folder)
    assert not problems, "\n".join(problems)
    assert len(paths) >= (4 if email else len(PUBLIC))
