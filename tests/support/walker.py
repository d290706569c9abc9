"""People who walk through the marketplace in Chromium: each with an own browser profile, watched at every step.

`Walker.person(email)` is a signed-in person; `Person.picture(name)` keeps a screenshot of what the person sees and
fails on an error in the console, a page wider than the screen, or a finding of axe.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from marketplace.accounts.actors import actor_for
from marketplace.accounts.models import Membership, User

from .browser import DESKTOP, PHONE, findings
from .signed_in import client_for

PATIENCE = 120_000  # milliseconds; long, because a share is opened with scrypt and the machine may do much else


class Person:
    """Somebody at a browser. Finds things by what they are called, as a person does."""

    def __init__(self, walker: Walker, context: BrowserContext, size: dict[str, int]) -> None:
        self.walker, self.context, self.size = walker, context, size
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))

    def _note(self, text: str) -> None:
        self.walker.problems.append(f"{self.page.url}: {text}")

    # --- going about

    def go(self, path: str) -> Person:
        response = self.page.goto(path)
        assert response is not None
        assert response.status == 200, (path, response.status)
        return self

    def follow(self, name: str, *, exact: bool = True, inside: str = "main, aside, header") -> Person:
        """Click a link by its words."""
        self._leave(self.page.locator(inside).get_by_role("link", name=name, exact=exact).first)
        return self

    def press(self, name: str, *, exact: bool = True) -> Person:
        """Click a button by its words, and wait for the page that answers."""
        self._leave(self.page.get_by_role("button", name=name, exact=exact).first)
        return self

    def _leave(self, target: Locator) -> None:
        with self.page.expect_navigation():
            target.click()

    def unfold(self, name: str) -> Person:
        self.page.locator("summary", has_text=name).first.click()
        return self

    # --- forms

    def fill(self, **values: str) -> Person:
        """Fields by their names: text, a choice, or a tick."""
        for name, value in values.items():
            self.put(self.page.locator(f"[name='{name}']"), value)
        return self

    def row(self, place: int, **values: str) -> Person:
        """Fields of one row of a page that has rows."""
        return self.fill(**{f"rows-{place}-{name}": value for name, value in values.items()})

    def put(self, field: Locator, value: str) -> None:
        kind = field.first.evaluate("field => field.type")
        if kind in ("radio", "checkbox"):
            (field if value == "on" else field.and_(self.page.locator(f"[value='{value}']"))).check()
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(value)

    def label(self, label: str, value: str) -> Person:
        """One field by the words beside it."""
        self.put(self.page.get_by_label(label, exact=False), value)
        return self

    def tick(self, *labels: str) -> Person:
        for label in labels:
            self.page.get_by_label(label).check()
        return self

    def attach(self, selector: str, *files: Path) -> Person:
        self.page.locator(selector).set_input_files([str(path) for path in files])
        return self

    # --- looking

    def sees(self, *words: str) -> Person:
        for text in words:
            self.page.get_by_text(text).first.wait_for(state="attached")
        return self

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()

    def number(self, pattern: str) -> str:
        """What a pattern finds in the words of the page."""
        found = re.search(pattern, self.words)
        assert found, (pattern, self.page.url)
        return found.group(0)

    @staticmethod
    def number_in(part: Locator) -> float:
        """The last number in the words of a part of the page."""
        return float(re.findall(r"\d+(?:\.\d+)?", part.inner_text())[-1])

    def picture(self, name: str) -> Person:
        self.walker.keep(self, name)
        return self


class Walker:
    """Everybody of one journey, and the pictures of their steps in order."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.browser, self.url, self.folder = browser, url, folder
        self.people: dict[str, Person] = {}
        self.problems: list[str] = []
        self.taken = 0
        folder.mkdir(parents=True, exist_ok=True)
        for earlier in folder.glob("*.png"):
            earlier.unlink()

    def person(self, email: str, *, phone: bool = False) -> Person:
        """Signed in with all the factors the person has; "" is a visitor."""
        if email not in self.people:
            self.people[email] = self.stranger(phone=phone)
            if email:
                self._hand_over_session(self.people[email].context, email)
        return self.people[email]

    def newcomer(self, email: str) -> Person:
        """Not signed in yet: this person uses the sign-in page."""
        self.people[email] = self.stranger()
        return self.people[email]

    def stranger(self, *, phone: bool = False) -> Person:
        """A fresh browser profile, nobody signed in."""
        size = PHONE if phone else DESKTOP
        context = self.browser.new_context(
            base_url=self.url,
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        return Person(self, context, size)

    def _hand_over_session(self, context: BrowserContext, email: str) -> None:
        user = User.objects.get(email=email)
        membership = Membership.objects.select_related("body").get(user=user, ended_at=None)
        actor = actor_for(user, membership, has_second_factor=user.authenticator_set.exists())
        cookie = client_for(actor).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])

    def keep(self, person: Person, name: str) -> None:
        page = person.page
        self.taken += 1
        page.screenshot(path=self.folder / f"{self.taken:03d}-{name}.png", full_page=True, caret="initial")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > person.size["width"]:
            self.problems.append(f"{page.url} is {width} wide on a screen of {person.size['width']}")
        self.problems += [f"{page.url}: {finding}" for finding in findings(page)]

    def close(self) -> None:
        for person in self.people.values():
            person.context.close()

    def check(self) -> None:
        assert not self.problems, "\n".join(self.problems)


def screenshots(name: str) -> Path:
    return Path(settings.VAR) / "screenshots" / name
