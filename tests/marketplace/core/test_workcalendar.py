"""The working calendar in the database: seeded once, read once in a request, missing years refused."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from django.test import Client

from marketplace.core import workcalendar
from marketplace.core.exceptions import CalendarMissing
from marketplace.core.models import WorkCalendarDay, WorkCalendarYear
from marketplace.core.workcalendar import calendar

pytestmark = pytest.mark.django_db


def test_the_seed_says_what_chinesecalendar_says() -> None:
    known = calendar()
    assert known.years == frozenset(range(2004, 2027))
    day = date(2004, 1, 1)
    while day.year < 2027:
        assert known.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_only_days_that_differ_are_stored_with_their_reason() -> None:
    assert WorkCalendarDay.objects.count() == 557
    assert WorkCalendarDay.objects.get(date=date(2026, 10, 10)).reason == "国庆节调休上班"
    assert WorkCalendarDay.objects.get(date=date(2026, 10, 1)).reason == "国庆节"
    assert not WorkCalendarDay.objects.filter(date=date(2026, 10, 3)).exists()


def test_seeding_again_adds_nothing() -> None:
    assert workcalendar.seed(WorkCalendarYear, WorkCalendarDay) == 0
    for rows in (WorkCalendarDay.objects.filter(date__year=2026), WorkCalendarYear.objects.filter(year=2026)):
        rows._raw_delete(rows.db)  # type: ignore[attr-defined]
    assert workcalendar.seed(WorkCalendarYear, WorkCalendarDay) == 1
    assert calendar().is_workday(date(2026, 10, 10))


def test_a_year_without_table_is_refused() -> None:
    """R-TIME-08."""
    with pytest.raises(CalendarMissing):
        calendar().is_workday(date(2027, 1, 4))


def test_it_is_read_once_between_remember_and_forget(django_assert_num_queries: object) -> None:
    token = workcalendar.remember()
    try:
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert calendar() is calendar()
        WorkCalendarYear.objects.create(year=2027, source="测试")
        assert not calendar().knows(date(2027, 1, 4))
        workcalendar.forget_reading()
        assert calendar().knows(date(2027, 1, 4))
    finally:
        workcalendar.forget(token)
    assert calendar() is not calendar()


def test_a_request_leaves_nothing_remembered(client: Client) -> None:
    client.get("/healthz")
    assert workcalendar._cached.get() is None
