"""What is due in ventures by the clock, and which service does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from marketplace.core.schedule import Job, register

from .models import AssessmentStatus, Call, CallStatus, PanelMember, PanelStatus
from .services.call import close_call
from .services.scoring import remind_member

REMIND_BEFORE = timedelta(days=2)


@register
def closings(now: datetime) -> Iterable[Job]:
    """Calls whose deadline has passed: the deadline itself is included (R-TIME-03)."""
    due = Call.objects.filter(status=CallStatus.PUBLISHED, deadline__lt=now)
    for pk in due.values_list("pk", flat=True):
        yield f"ventures.close_call:{pk}", partial(close_call, call_id=pk)


@register
def score_reminders(now: datetime) -> Iterable[Job]:
    """Members with open reviews are reminded once, two days before the scores are due."""
    due = PanelMember.objects.filter(
        status=PanelStatus.ACCEPTED,
        reminded_at=None,
        assessment__status=AssessmentStatus.SCORING,
        assessment__scoring_until__gt=now,
        assessment__scoring_until__lte=now + REMIND_BEFORE,
        reviews__released_at=None,
        reviews__submitted_at=None,
        reviews__isnull=False,
    )
    for pk in due.values_list("pk", flat=True).distinct():
        yield f"ventures.remind_member:{pk}", partial(remind_member, member_id=pk)
