"""Which unfinished applications are to be reminded of the deadline: three days before it, and one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ..models import Application, ApplicationReminder, ApplicationStatus, CallStatus

DAYS = (3, 1)


def unfinished() -> QuerySet[Application]:
    """Never handed in, or written on after a withdrawal."""
    return Application.objects.filter(status=ApplicationStatus.DRAFT, call__status=CallStatus.PUBLISHED)


def reminders_due(now: datetime) -> Iterator[tuple[UUID, int]]:
    """(application, days) that have not been sent for this deadline; who begins on the last day gets the last one."""
    for days, later in zip(DAYS, (*DAYS[1:], 0), strict=True):
        sent = ApplicationReminder.objects.filter(
            application=OuterRef("pk"), days=days, deadline=OuterRef("call__deadline")
        )
        near = unfinished().filter(
            call__deadline__gt=now + timedelta(days=later), call__deadline__lte=now + timedelta(days=days)
        )
        for pk in near.filter(~Exists(sent)).values_list("pk", flat=True):
            yield pk, days
