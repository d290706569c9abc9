"""R-TIME-01 to R-TIME-09: the worked vectors of the law's counting, and properties that hold on every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from marketplace.core.decisions import Level
from marketplace.core.exceptions import CalendarMissing
from marketplace.core.rules import time as rules
from marketplace.core.workcalendar import seeded_calendar

CALENDAR = seeded_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 4, 29), 5, date(2026, 5, 9)),
        (date(2026, 9, 22), 5, date(2026, 9, 30)),
        (date(2026, 9, 30), 7, date(2026, 10, 15)),
    ],
)
def test_working_days_over_holidays(start: date, n: int, end: date) -> None:
    """R-TIME-01, R-TIME-04: vectors of section 22."""
    assert rules.add_working_days(start, n, CALENDAR) == end
    assert rules.working_days_between(start, end, CALENDAR) == n


def test_a_period_of_days_rolls_over_the_holiday() -> None:
    """R-TIME-02, R-TIME-05: 12 September + 20 d = 2 October, a holiday, so 8 October."""
    assert rules.add_days(date(2026, 9, 12), 20) == date(2026, 10, 2)
    assert rules.roll_forward(date(2026, 10, 2), CALENDAR) == date(2026, 10, 8)
    assert rules.earliest_deadline(date(2026, 9, 12), 20, CALENDAR) == date(2026, 10, 8)
    assert rules.proposed_deadline(date(2026, 9, 7), 20, CALENDAR) == date(2026, 9, 28)


@pytest.mark.parametrize(
    ("year", "worked_weekend_days"),
    [
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
    ],
)
def test_shifted_workdays(year: int, worked_weekend_days: list[str]) -> None:
    """R-TIME-04: weekend days declared workdays."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    found = [f"{day:%m-%d}" for day in days if day.weekday() > 4 and CALENDAR.is_workday(day)]
    assert found == worked_weekend_days


def test_weekdays_that_rest() -> None:
    assert not CALENDAR.is_workday(date(2026, 10, 1))
    assert CALENDAR.is_workday(date(2026, 10, 9))
    assert not CALENDAR.is_workday(date(2026, 10, 11))


def test_objection_window() -> None:
    """R-TIME-06: notice on Monday 15 June 2026; notice period Tuesday, Dragon Boat on Friday 19."""
    assert rules.objection_window_end(date(2026, 6, 15), CALENDAR) == date(2026, 6, 26)


def test_deadline_is_inclusive_to_the_second() -> None:
    """R-TIME-03, R-TIME-07."""
    deadline = rules.at(date(2026, 6, 16), 9, 30)
    assert rules.in_time(deadline, deadline)
    assert not rules.in_time(deadline + timedelta(milliseconds=1), deadline)


def test_a_day_ends_at_midnight_in_shanghai() -> None:
    """R-TIME-07."""
    assert rules.end_of_day(date(2026, 6, 16)).isoformat() == "2026-06-16T23:59:59+08:00"
    assert rules.day_of(datetime(2026, 6, 15, 16, 0, tzinfo=UTC)) == date(2026, 6, 16)
    assert rules.day_of(datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC)) == date(2026, 6, 15)


def test_a_year_without_a_table_is_refused() -> None:
    """R-TIME-08: never guessed, and the way out is named."""
    with pytest.raises(CalendarMissing) as refusal:
        rules.add_working_days(date(2026, 12, 31), 1, CALENDAR)
    assert refusal.value.rule_id == "R-TIME-08"
    assert refusal.value.year == 2027
    assert "2027" in str(refusal.value)


def test_far_dates_are_kept_plain_and_marked() -> None:
    """R-TIME-08: rolled where the table is there, provisional where it is not."""
    assert rules.far_date(date(2026, 10, 2), CALENDAR) == rules.FarDate(date(2026, 10, 8), False)
    assert rules.far_date(date(2027, 10, 2), CALENDAR) == rules.FarDate(date(2027, 10, 2), True)


@pytest.mark.parametrize(
    ("moment", "allowed", "level"),
    [
        (date(2026, 6, 14), False, Level.BLOCK),
        (date(2026, 6, 15), False, Level.BLOCK),
        (date(2026, 6, 16), False, Level.WARN),
        (date(2026, 6, 17), True, Level.BLOCK),
    ],
)
def test_at_least_fifteen_days_before(moment: date, allowed: bool, level: Level) -> None:
    """R-TIME-09: 14 days by difference refuse, 15 warn (14 whole days), 16 pass."""
    answer = rules.check_days_before(date(2026, 6, 1), moment, 15, rule_id="R-TENDER-06", field="deadline")
    assert (answer.allowed, answer.level, answer.rule_id) == (allowed, level, "R-TENDER-06")
    assert answer.due == date(2026, 6, 17)


def test_reverse_order_of_dates_is_refused() -> None:
    answer = rules.check_days_before(date(2026, 6, 10), date(2026, 6, 1), 3)
    assert answer.blocks
    assert rules.whole_days_between(date(2026, 6, 10), date(2026, 6, 1)) == 0


@given(DAYS, st.integers(0, 40))
def test_a_working_day_count_ends_on_a_working_day(start: date, n: int) -> None:
    end = rules.add_working_days(start, n, CALENDAR)
    assert rules.working_days_between(start, end, CALENDAR) == n
    assert n == 0 or CALENDAR.is_workday(end)


@given(DAYS, st.integers(1, 20), st.integers(1, 20))
def test_working_days_add_up(start: date, n: int, m: int) -> None:
    step = rules.add_working_days(rules.add_working_days(start, n, CALENDAR), m, CALENDAR)
    assert step == rules.add_working_days(start, n + m, CALENDAR)


@given(st.dates(date(2004, 3, 1), date(2026, 6, 30)), st.integers(1, 20))
def test_counting_back_from_a_counted_day(start: date, n: int) -> None:
    end = rules.add_working_days(start, n, CALENDAR)
    back = rules.subtract_working_days(end, n, CALENDAR)
    assert back <= start or not CALENDAR.is_workday(start)
    assert rules.add_working_days(back, n, CALENDAR) == end


@given(DAYS)
def test_rolling_never_goes_back_and_is_done_once(day: date) -> None:
    rolled = rules.roll_forward(day, CALENDAR)
    assert rolled >= day
    assert rules.roll_forward(rolled, CALENDAR) == rolled


@given(DAYS, st.integers(1, 60), st.integers(-5, 80))
def test_the_proposed_day_always_passes(notice: date, n: int, offset: int) -> None:
    """R-TIME-09: whatever was asked, the safe day is lawful, and it is the first that is."""
    answer = rules.check_days_before(notice, rules.add_days(notice, offset), n)
    assert rules.check_days_before(notice, rules.safe_day(notice, n), n).allowed
    assert answer.allowed == (offset > n)
    assert answer.blocks == (offset < n)
