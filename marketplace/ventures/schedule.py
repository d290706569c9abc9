"""What is due in ventures by the clock, and which service does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from marketplace.core.schedule import Job, register

from .models import Call, CallStatus
from .services.call import close_call


@register
def closings(now: datetime) -> Iterable[Job]:
    """Calls whose deadline has passed: the deadline itself is included (R-TIME-03)."""
    due = Call.objects.filter(status=CallStatus.PUBLISHED, deadline__lt=now)
    for pk in due.values_list("pk", flat=True):
        yield f"ventures.close_call:{pk}", partial(close_call, call_id=pk)
