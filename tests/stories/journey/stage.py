"""What all chapters of the journey share: the people, the clock, what is bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marketplace.core.schedule import run_due
from tests.support.clock import MarketClock
from tests.support.walker import Person, Walker
from tests.support.worker import work_off

TITLE = "静安区独居老人助餐与陪伴服务"
BIDDERS = ("chenxi", "xinye", "anlan")
PASSWORD = "yizhao-demo-2026"


@dataclass
class Stage:
    """`number`: the tender's, once it is published."""

    walker: Walker
    clock: MarketClock
    papers: Path
    number: str = ""

    def person(self, email: str) -> Person:
        return self.walker.person(email)

    def officer(self) -> Person:
        return self.person("officer@jingan.example")

    def approver(self) -> Person:
        return self.person("approver@jingan.example")

    def finance(self) -> Person:
        return self.person("finance@jingan.example")

    def bidder(self, key: str) -> Person:
        """Small organizations work from a phone."""
        return self.walker.person(f"{key}@org.example", phone=True)

    def work(self, person: Person, task: str) -> Person:
        """Take a task from the list of what is due, as one does in the morning."""
        person.go("/workspace/")
        row = person.page.locator(".tasks li").filter(has_text=task).first
        with person.page.expect_navigation():
            row.locator("a.button").click()
        return person

    def until(self, year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        """Time goes by, and the worker does what the clock demands."""
        self.clock.move_to(datetime(year, month, day, hour, minute))
        done = run_due()
        assert done.ran
        assert not done.failed, done.failed
        work_off()
