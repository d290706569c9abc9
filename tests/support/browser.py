"""Debian's Chromium, driven by Playwright, and axe on what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Chromium is not installed. Type: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A fresh browser profile at the live server's address."""
    fresh = browser.new_context(
        base_url=live_server.url,
        viewport=DESKTOP,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",  # type: ignore[arg-type]
    )
    fresh.set_default_timeout(10_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, one line each."""
    result = Axe().run(page).response
    return [
        f"{item['id']} ({item['impact']}): {item['help']} at {node['target']}"
        for item in result["violations"]
        for node in item["nodes"]
    ]


@pytest.fixture
def axe() -> Any:
    """`axe(page)` fails the test with every finding on the page; `axe.findings(page)` lists them."""

    def check(page: Page) -> None:
        found = findings(page)
        assert not found, f"{page.url}\n" + "\n".join(found)

    check.findings = findings  # type: ignore[attr-defined]
    return check
