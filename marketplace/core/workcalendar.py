"""The working calendar as the database holds it: reading, seeding, entering a year (R-TIME-04, R-TIME-08).

A year is stored as one `WorkCalendarYear` and one `WorkCalendarDay` for each day that differs from plain Monday to
Friday. Who may enter a year, and that it is logged, is the business of `operations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .exceptions import CalendarMissing
from .rules.time import SATURDAY, WorkCalendar

__all__ = ["CalendarEntered", "CalendarMissing", "WorkCalendar", "calendar", "seed", "seeded_calendar"]

FIRST_YEAR, LAST_YEAR = 2004, 2026
SEED_SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知（据 chinesecalendar 录入）"
_cached: ContextVar[list[WorkCalendar] | None] = ContextVar("work_calendar", default=None)


@dataclass(frozen=True)
class CalendarEntered:
    """The operator has entered a year's table: rooms roll their provisional dates of that year."""

    year: int


def calendar() -> WorkCalendar:
    """The calendar from the database; read once in a request, anew everywhere else."""
    holder = _cached.get()
    if holder is None:
        return _read()
    if not holder:
        holder.append(_read())
    return holder[0]


def remember() -> object:
    """From here to `forget(token)` the calendar is read at most once (a request)."""
    return _cached.set([])


def forget(token: object) -> None:
    _cached.reset(token)  # type: ignore[arg-type]


def forget_reading() -> None:
    """After a change of the table: the next question reads again."""
    if _cached.get() is not None:
        _cached.set([])


def _read() -> WorkCalendar:
    from .models import WorkCalendarDay, WorkCalendarYear

    years = frozenset(WorkCalendarYear.objects.values_list("year", flat=True))
    return WorkCalendar(years, dict(WorkCalendarDay.objects.values_list("date", "is_workday")))


def days_of(year: int) -> Iterable[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def differing_days(year: int) -> Mapping[date, tuple[bool, str]]:
    """Days of `year` that `chinesecalendar` works differently from plain Monday to Friday, with their reason."""
    import chinese_calendar
    from chinese_calendar.constants import Holiday

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    found = {}
    for day in days_of(year):
        is_rest, name = chinese_calendar.get_holiday_detail(day)
        if is_rest == (day.weekday() < SATURDAY):
            reason = names.get(name, name or "")
            found[day] = (not is_rest, reason if is_rest else f"{reason}调休上班")
    return found


def seed(year_model: Any, day_model: Any) -> int:
    """Write the years of `chinesecalendar` that are not there yet; returns how many years were added."""
    present = set(year_model.objects.values_list("year", flat=True))
    missing = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year not in present]
    year_model.objects.bulk_create(year_model(year=year, source=SEED_SOURCE.format(year=year)) for year in missing)
    day_model.objects.bulk_create(
        day_model(date=day, is_workday=is_workday, reason=reason, source=SEED_SOURCE.format(year=year))
        for year in missing
        for day, (is_workday, reason) in differing_days(year).items()
    )
    return len(missing)


def seeded_calendar() -> WorkCalendar:
    """The same calendar without a database, for tests of rules."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return WorkCalendar(
        frozenset(years),
        {day: is_workday for year in years for day, (is_workday, _reason) in differing_days(year).items()},
    )
