"""What the clock demands here: late milestones are flagged, provisional dates rolled, the face loses what is old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from marketplace.core.rules.time import day_of
from marketplace.core.schedule import Job, register
from marketplace.core.workcalendar import calendar
from marketplace.ventures.models import TrancheStage

from .models import ContractStatus, Milestone, Payback, PaybackStatus
from .selectors import late_milestones
from .services.closing import flag_overdue
from .services.milestone import flag_late, roll_due
from .services.stage import fail_late


@register
def late(now: datetime) -> Iterable[Job]:
    return [
        (f"contracts.flag_late:{milestone.pk}", partial(flag_late, milestone_id=milestone.pk))
        for milestone in late_milestones(day_of(now))
    ]


@register
def missed_midterms(now: datetime) -> Iterable[Job]:
    """Mid-term reports of grants that were not handed in on time (R-VENT-10)."""
    waiting = Milestone.objects.filter(
        stage=TrancheStage.MIDTERM,
        contract__status=ContractStatus.ACTIVE,
        reported_at=None,
        is_provisional=False,
        due_on__lt=day_of(now),
    )
    return [
        (f"contracts.fail_late:{pk}", partial(fail_late, milestone_id=pk))
        for pk in waiting.values_list("pk", flat=True)
    ]


@register
def overdue_paybacks(now: datetime) -> Iterable[Job]:
    rows = Payback.objects.filter(status=PaybackStatus.DEMANDED, overdue_at=None, due_on__lt=day_of(now))
    return [
        (f"contracts.flag_overdue:{pk}", partial(flag_overdue, payback_id=pk))
        for pk in rows.values_list("pk", flat=True)
    ]


@register
def provisional(now: datetime) -> Iterable[Job]:
    """Dates stored before their year had a table (R-TIME-08)."""
    known = calendar()
    waiting = Milestone.objects.filter(is_provisional=True).exclude(
        contract__status__in=(ContractStatus.COMPLETED, ContractStatus.ENDED)
    )
    return [
        (f"contracts.roll_due:{milestone.pk}", partial(roll_due, milestone_id=milestone.pk))
        for milestone in waiting
        if known.knows(milestone.due_on)
    ]
