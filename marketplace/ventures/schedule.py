"""What is due in ventures by the clock, and which service does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from marketplace.core.schedule import Job, register

from .models import Application, ApplicationStatus, AssessmentStatus, Call, CallStatus, PanelMember, PanelStatus
from .selectors.reminders import reminders_due
from .services.call import close_call
from .services.likeness import compare_applications
from .services.prereview import lapse_correction
from .services.reminders import send_reminder
from .services.scoring import remind_member

REMIND_BEFORE = timedelta(days=2)
GRACE = timedelta(seconds=60)
"""What came in time is let through first: its moment was taken before any lock."""


@register
def closings(now: datetime) -> Iterable[Job]:
    """Calls whose deadline has passed: the deadline itself is included (R-TIME-03)."""
    due = Call.objects.filter(status=CallStatus.PUBLISHED, deadline__lt=now - GRACE)
    for pk in due.values_list("pk", flat=True):
        yield f"ventures.close_call:{pk}", partial(close_call, call_id=pk)


@register
def comparisons(now: datetime) -> Iterable[Job]:
    """Closed calls whose applications have not been compared since the last one came in."""
    due = Call.objects.filter(status=CallStatus.CLOSED, compared_at=None)
    for pk in due.values_list("pk", flat=True):
        yield f"ventures.compare_applications:{pk}", partial(compare_applications, call_id=pk)


@register
def lapses(now: datetime) -> Iterable[Job]:
    """Corrections that did not come in time."""
    due = Application.objects.filter(status=ApplicationStatus.CORRECTION, correct_until__lt=now - GRACE)
    for pk in due.values_list("pk", flat=True):
        yield f"ventures.lapse_correction:{pk}", partial(lapse_correction, application_id=pk)


@register
def reminders(now: datetime) -> Iterable[Job]:
    """Drafts whose deadline is near."""
    for pk, days in reminders_due(now):
        yield f"ventures.send_reminder:{pk}:{days}", partial(send_reminder, application_id=pk, days=days)


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
