"""The marketplace's clock in tests: stopped at 15 June 2026, 09:00 in Shanghai, and moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.core import clock
from marketplace.core.models import ClockState

START = datetime(2026, 6, 15, 9, 0, tzinfo=clock.ZONE)


class MarketClock:
    """Stands still; `move_to` and `advance` go forward only, as the clock itself does."""

    def __init__(self) -> None:
        ClockState.objects.create(market=START, machine=clock.machine_now(), is_running=False)

    @property
    def now(self) -> datetime:
        return clock.now()

    def move_to(self, instant: datetime) -> datetime:
        """Move to an instant; a naive one is taken as Shanghai's."""
        aware = instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)
        clock.move_to(aware)
        return aware

    def advance(self, **by: float) -> datetime:
        """`advance(days=3, minutes=1)`."""
        return self.move_to(self.now + timedelta(**by))
