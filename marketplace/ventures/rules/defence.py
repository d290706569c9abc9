"""The defence day: slots one after another, and what has to be said about the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

RULE = "R-VENT-01"


@dataclass(frozen=True)
class Schedule:
    """`minutes` for each, `pause` between two, a break of `break_minutes` after every `break_after` slots (0: none)."""

    starts_at: datetime
    minutes: int
    pause: int = 0
    break_after: int = 0
    break_minutes: int = 0


def slot_times(schedule: Schedule, count: int) -> list[datetime]:
    """09:00, 15 minutes, 5 between, 10 after every two: 09:00, 09:20, 09:50, 10:10."""
    times, moment = [], schedule.starts_at
    for number in range(1, count + 1):
        times.append(moment)
        moment += timedelta(minutes=schedule.minutes + schedule.pause)
        if schedule.break_after and number % schedule.break_after == 0:
            moment += timedelta(minutes=schedule.break_minutes)
    return times


def day_holds(schedule: Schedule, count: int, now: datetime, place: str, link: str) -> list[Decision]:
    ends = slot_times(schedule, count)[-1] + timedelta(minutes=schedule.minutes) if count else schedule.starts_at
    return [
        ALLOWED if count else refuse(_("Nobody is on the list. Lower the threshold."), RULE, field="least"),
        ALLOWED
        if schedule.starts_at >= now + timedelta(days=1)
        else refuse(_("Applicants learn of the defence at least a day before."), RULE, field="starts_at"),
        ALLOWED
        if 5 <= schedule.minutes <= 120
        else refuse(_("Each defence takes 5 to 120 minutes."), RULE, field="minutes"),
        ALLOWED if place.strip() or link.strip() else refuse(_("Name the room or a link."), RULE, field="place"),
        ALLOWED
        if ends.date() == schedule.starts_at.date()
        else refuse(
            _("The day would end after midnight. Begin earlier, shorten the slots or the list."), RULE, field="minutes"
        ),
    ]


def points_hold(points: Decimal) -> Decision:
    if 0 <= points <= 100 and points % Decimal("0.5") == 0:
        return ALLOWED
    return refuse(
        _("A defence takes 0 to 100 points, whole or half; %(points)s is outside.") % {"points": points},
        "R-VENT-12",
        field="points",
    )


def one_shortlist(best: int | None, least: Decimal | None) -> Decision:
    if (best is None) != (least is None):
        return ALLOWED
    return refuse(_("Say either how many come, or from how many points on."), RULE, field="best")


def current(began: Sequence[bool], ended: Sequence[bool]) -> int | None:
    """The slot on now: begun and not ended, else the first one to come."""
    for number, (has_begun, has_ended) in enumerate(zip(began, ended, strict=True)):
        if has_begun and not has_ended:
            return number
    return next((number for number, has_ended in enumerate(ended) if not has_ended), None)
