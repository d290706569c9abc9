"""The dates of a call: what is proposed, what is held to (R-VENT-02, R-TIME-07, R-TIME-08).

Example: begun on Monday 15 June 2026: open from Tuesday 16 June, until Thursday 16 July (30 days on), reviews done
by 14 September at the latest (60 days on).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.exceptions import CalendarMissing
from marketplace.core.rules.time import (
    WorkCalendar,
    add_days,
    add_working_days,
    at,
    day_of,
    days_between,
    end_of_day,
    roll_forward,
)
from marketplace.core.rulesets import RuleSet

OPENING_HOUR, CLOSING_HOUR, OPEN_DAYS = 9, 17, 30


@dataclass(frozen=True)
class Timetable:
    opens_at: datetime | None
    deadline: datetime | None
    correction_days: int
    review_until: date | None
    display_days: int


@dataclass(frozen=True)
class Proposal:
    """What the form offers."""

    opens_at: datetime
    deadline: datetime
    corrected_until: datetime
    review_until: date
    display_until: date


def propose(today: date, correction_days: int, ruleset: RuleSet, calendar: WorkCalendar) -> Proposal:
    opens = add_working_days(today, 1, calendar)
    closes = roll_forward(add_days(opens, OPEN_DAYS), calendar)
    reviewed = latest_review_day(closes, ruleset, calendar)
    return Proposal(
        opens_at=at(opens, OPENING_HOUR),
        deadline=at(closes, CLOSING_HOUR),
        corrected_until=correction_end(closes, correction_days, calendar),
        review_until=reviewed,
        display_until=display_end(reviewed, int(ruleset.value("R-VENT-02", "display")), calendar),
    )


def correction_end(closed_on: date, days: int, calendar: WorkCalendar) -> datetime:
    """The last moment of a correction that is asked for on the day of the closing: working days, to their end."""
    return end_of_day(add_working_days(closed_on, days, calendar))


def latest_review_day(closed_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> date:
    """R-VENT-02: the last working day within sixty days after the closing."""
    day = add_days(closed_on, int(ruleset.value("R-VENT-02", "review")))
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


def display_end(decided_on: date, days: int, calendar: WorkCalendar) -> date:
    """R-VENT-02 with R-TIME-02: the display ends on a day that is no rest day."""
    return roll_forward(add_days(decided_on, days), calendar)


def phase(status: str, opens_at: datetime | None, deadline: datetime | None, now: datetime) -> str:
    """announced, open, closed or terminated; before publication draft."""
    if status in ("draft", "submitted"):
        return "draft"
    if status == "terminated":
        return "terminated"
    if status == "closed" or deadline is None or now > deadline:
        return "closed"
    return "announced" if opens_at is not None and now < opens_at else "open"


def timetable_decisions(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar, now: datetime) -> list[Decision]:
    answers = [opening_day(plan, now), closing(plan, now)]
    if not all(answers) or plan.deadline is None:
        return answers
    try:
        answers += [
            on_working_day(plan.deadline, calendar),
            corrections(plan, calendar),
            review_in_time(plan, ruleset, calendar),
        ]
    except CalendarMissing as missing:
        answers.append(refuse(missing.message, missing.rule_id, field="deadline"))
    return [*answers, display_long_enough(plan, ruleset)]


def opening_day(plan: Timetable, now: datetime) -> Decision:
    if plan.opens_at is None:
        return refuse(_("Choose from when applications are taken."), "R-TIME-07", field="opens_at")
    today = day_of(now)
    if day_of(plan.opens_at) >= today:
        return allow("R-TIME-07", _("Applications are taken from %(day)s.") % {"day": day_of(plan.opens_at)})
    return refuse(
        _("%(day)s is over; applications can be taken from %(today)s at the earliest.")
        % {"day": day_of(plan.opens_at), "today": today},
        "R-TIME-07",
        due=today,
        field="opens_at",
    )


def closing(plan: Timetable, now: datetime) -> Decision:
    if plan.deadline is None:
        return refuse(_("Choose until when applications are taken."), "R-TIME-07", field="deadline")
    start = max(plan.opens_at or now, now)
    if plan.deadline > start:
        days = days_between(day_of(start), day_of(plan.deadline))
        return allow("R-TIME-07", _("Applications are taken for %(days)s days.") % {"days": days}, due=plan.deadline)
    return refuse(
        _("The call closes before it opens; choose a later moment than %(day)s.") % {"day": day_of(start)},
        "R-TIME-07",
        due=day_of(start),
        field="deadline",
    )


def on_working_day(deadline: datetime, calendar: WorkCalendar) -> Decision:
    """R-TIME-02: on the last day somebody has to be there to help."""
    day = day_of(deadline)
    if calendar.is_workday(day):
        return allow("R-TIME-02", _("The deadline is a working day."))
    following = roll_forward(day, calendar)
    words = _("%(day)s is a rest day, nobody answers the phone. Choose %(next)s.")
    return refuse(words % {"day": day, "next": following}, "R-TIME-02", due=following, field="deadline")


def corrections(plan: Timetable, calendar: WorkCalendar) -> Decision:
    if plan.correction_days < 1:
        words = _("Applicants get at least one working day to correct what is missing.")
        return refuse(words, "R-TIME-04", field="correction_days")
    until = correction_end(day_of(plan.deadline), plan.correction_days, calendar)  # type: ignore[arg-type]
    words = _("A correction asked for at the closing can be handed in until the end of %(day)s.")
    return allow("R-TIME-04", words % {"day": day_of(until)}, due=until)


def review_in_time(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar) -> Decision:
    """R-VENT-02: reviews and defence end within sixty days after the closing, after the time for corrections."""
    closed = day_of(plan.deadline)  # type: ignore[arg-type]
    most, latest = int(ruleset.value("R-VENT-02", "review")), latest_review_day(closed, ruleset, calendar)
    if plan.review_until is None:
        words = _("Choose until when reviews and defence are done: %(day)s at the latest.")
        return refuse(words % {"day": latest}, "R-VENT-02", due=latest, field="review_until")
    earliest = day_of(correction_end(closed, plan.correction_days, calendar))
    if plan.review_until <= earliest:
        words = _("Reviews cannot end before the time for corrections; choose a day after %(day)s.")
        return refuse(words % {"day": earliest}, "R-TIME-01", due=earliest, field="review_until")
    days = days_between(closed, plan.review_until)
    if days <= most:
        words = _("Reviews and defence end %(days)s days after the closing, at most %(most)s.")
        return allow("R-VENT-02", words % {"days": days, "most": most}, due=latest)
    words = _("Reviews and defence would end %(days)s days after the closing, at most %(most)s; latest day %(day)s.")
    return refuse(words % {"days": days, "most": most, "day": latest}, "R-VENT-02", due=latest, field="review_until")


def display_long_enough(plan: Timetable, ruleset: RuleSet) -> Decision:
    """R-VENT-02: the result stands in public for fifteen days at least."""
    least = int(ruleset.value("R-VENT-02", "display"))
    if plan.display_days >= least:
        return allow("R-VENT-02", _("The result is displayed for %(days)s days.") % {"days": plan.display_days})
    words = _("The result has to be displayed for %(least)s days at least.")
    return refuse(words % {"least": least}, "R-VENT-02", field="display_days")
