"""The nightly check of the ledger: faults are raised, so that the operator sees them among the failed jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from marketplace.core.schedule import Job, register

from .services.check import check_ledger, is_checked


@register
def nightly(now: datetime) -> Iterable[Job]:
    """Once for each day of the marketplace's clock."""
    day = now.date()
    return [] if is_checked(day) else [(f"funds.check_ledger:{day.isoformat()}", partial(check_ledger, day=day))]
