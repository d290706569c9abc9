"""What the clock demands here: late milestones are flagged, provisional dates rolled, the face loses what is old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from marketplace.core.rules.time import day_of
from marketplace.core.schedule import Job, register
from marketplace.core.workcalendar import calendar

from .models import ContractStatus, Milestone
from .selectors import late_milestones
from .services.milestone import flag_late, roll_due


@register
def late(now: datetime) -> Iterable[Job]:
    return [
        (f"contracts.flag_late:{milestone.pk}", partial(flag_late, milestone_id=milestone.pk))
        for milestone in late_milestones(day_of(now))
    ]


@register
def provisional(now: datetime) -> Iterable[Job]:
    """Dates stored before their year had a table (R-TIME-08)."""
    known = calendar()
    waiting = Milestone.objects.filter(is_provisional=True).exclude(contract__status=ContractStatus.COMPLETED)
    return [
        (f"contracts.roll_due:{milestone.pk}", partial(roll_due, milestone_id=milestone.pk))
        for milestone in waiting
        if known.knows(milestone.due_on)
    ]
