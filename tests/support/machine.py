"""The machine's date in tests: `MARKETPLACE_TEST_TODAY=2027-03-01` lets a whole session live on that day.

No rule reads the machine's date, so every test must pass on any. The date is a far one of a year without a table of
working days: a rule that looked at it would refuse or compute something else. Clocks outside the process (the database's,
the file system's, the browser's) stay real; a test that compares with one of them is marked `real_clock`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from zoneinfo import ZoneInfo

import time_machine

MORNING = time(10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Machine:
    """Travels to the chosen day, where the clock runs on; does nothing when none is chosen."""

    def __init__(self, day: str) -> None:
        self.day = day
        start = datetime.combine(datetime.fromisoformat(day).date(), MORNING) if day else None
        self.journey = time_machine.travel(start, tick=True) if start else None

    def leave(self) -> None:
        if self.journey is not None:
            self.journey.start()

    def come_back(self) -> None:
        if self.journey is not None:
            self.journey.stop()

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """The real clock meanwhile."""
        self.come_back()
        try:
            yield
        finally:
            self.leave()


def chosen() -> Machine:
    return Machine(os.environ.get("MARKETPLACE_TEST_TODAY", ""))
