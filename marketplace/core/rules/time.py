"""Counting days, working days and deadlines (rules R-TIME-01 to R-TIME-09).

Everything takes dates, instants and a working calendar and gives dates, instants or a `Decision`. Which day it is
now is the caller's business; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _, ngettext

from ..clock import ZONE
from ..decisions import Decision, Level, allow, refuse
from ..exceptions import CalendarMissing

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked (R-TIME-04): Monday to Friday, but for the days that a yearly notice names.

    A year that is not in `years` has no table: asking about it raises `CalendarMissing` (R-TIME-08).
    """

    years: frozenset[int]
    exceptions: Mapping[date, bool]

    def is_workday(self, day: date) -> bool:
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def knows(self, day: date) -> bool:
        return day.year in self.years


def day_of(moment: datetime) -> date:
    """The day in Asia/Shanghai on which an instant lies (R-TIME-07)."""
    return moment.astimezone(ZONE).date()


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a wall time in Asia/Shanghai (R-TIME-07)."""
    return datetime.combine(day, time(hour, minute, second), tzinfo=ZONE)


def end_of_day(day: date) -> datetime:
    """The last second of a day: a day ends at 24:00 unless business hours are set (R-TIME-07, 民法典第二百零三条)."""
    return at(day, 23, 59, 59)


def in_time(received_at: datetime, deadline: datetime) -> bool:
    """Whether something came in time: the deadline itself is included (R-TIME-03, R-TIME-07)."""
    return received_at <= deadline


def add_days(start: date, n: int) -> date:
    """Day n after `start`, which is not counted itself (R-TIME-01). 12 September + 20 d = 2 October."""
    return start + timedelta(days=n)


def roll_forward(day: date, calendar: WorkCalendar) -> date:
    """The day itself, or the next one that is no statutory rest day (R-TIME-02). 2 October 2026 → 8 October."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def last_day(start: date, n: int, calendar: WorkCalendar) -> date:
    """Last day of a period of n days that begins after `start` (R-TIME-01, R-TIME-02)."""
    return roll_forward(add_days(start, n), calendar)


def add_working_days(start: date, n: int, calendar: WorkCalendar) -> date:
    """The n-th working day after `start` (R-TIME-01, R-TIME-04). 29 April 2026 + 5 wd = 9 May 2026."""
    day = start
    for _step in range(n):
        day = roll_forward(day + ONE_DAY, calendar)
    return day


def subtract_working_days(end: date, n: int, calendar: WorkCalendar) -> date:
    """The n-th working day before `end`: the latest start of something due n working days ahead."""
    day = end
    for _step in range(n):
        day -= ONE_DAY
        while not calendar.is_workday(day):
            day -= ONE_DAY
    return day


def days_between(a: date, b: date) -> int:
    """Difference of dates: the first day is not counted (R-TIME-09)."""
    return (b - a).days


def whole_days_between(a: date, moment: date) -> int:
    """Whole days that lie between two days, neither of them counted (R-TIME-09). Negative never."""
    return max((moment - a).days - 1, 0)


def working_days_between(a: date, b: date, calendar: WorkCalendar) -> int:
    """Working days after `a` up to and with `b`; 0 when `b` is not later."""
    return sum(calendar.is_workday(add_days(a, n)) for n in range(1, days_between(a, b) + 1))


def earliest_deadline(issued: date, n: int, calendar: WorkCalendar) -> date:
    """First lawful day for a deadline «at least n days after» issue, rolled (R-TIME-05)."""
    return last_day(issued, n, calendar)


def proposed_deadline(issued: date, n: int, calendar: WorkCalendar) -> date:
    """The day a form proposes: one more than the law asks, so that nobody counts hours (R-TIME-05)."""
    return last_day(issued, n + 1, calendar)


def objection_window_end(published: date, calendar: WorkCalendar) -> date:
    """Last day to object to a result: one working day of notice, then seven (R-TIME-06)."""
    return add_working_days(add_working_days(published, 1, calendar), 7, calendar)


def safe_day(notice: date, n: int) -> date:
    """The first day that leaves n whole days after the notice: what a form proposes (R-TIME-09)."""
    return notice + timedelta(days=n + 1)


def check_days_before(
    notice: date, moment: date, n: int, *, rule_id: str = "R-TIME-09", field: str = "", level: Level = Level.BLOCK
) -> Decision:
    """«At least n days before» a moment (R-TIME-09).

    Fewer than n by difference of dates: refused. Exactly n, so that only n − 1 whole days lie between: a warning.
    """
    if whole_days_between(notice, moment) >= n:
        return allow(rule_id, due=safe_day(notice, n))
    actual = days_between(notice, moment)
    if actual >= n:
        reason = _(
            "Only %(whole)d whole days lie between %(notice)s and %(moment)s; %(needed)d are meant. "
            "The safe day is %(safe)s; to keep yours, write down why."
        )
        level = Level.WARN
    else:
        reason = ngettext(
            "Between %(notice)s and %(moment)s lies %(actual)d day; at least %(needed)d are needed. "
            "Choose %(safe)s or later.",
            "Between %(notice)s and %(moment)s lie %(actual)d days; at least %(needed)d are needed. "
            "Choose %(safe)s or later.",
            actual,
        )
    return refuse(
        reason
        % {
            "whole": whole_days_between(notice, moment),
            "actual": actual,
            "needed": n,
            "notice": notice.isoformat(),
            "moment": moment.isoformat(),
            "safe": safe_day(notice, n).isoformat(),
        },
        rule_id,
        due=safe_day(notice, n),
        level=level,
        field=field,
    )


@dataclass(frozen=True)
class FarDate:
    """A far date: rolled where its year has a table, else the plain day, marked provisional (R-TIME-08)."""

    day: date
    is_provisional: bool


def far_date(day: date, calendar: WorkCalendar) -> FarDate:
    """A milestone, term, archive or validity date: never refused, never guessed (R-TIME-08)."""
    try:
        return FarDate(roll_forward(day, calendar), False)
    except CalendarMissing:
        return FarDate(day, True)
