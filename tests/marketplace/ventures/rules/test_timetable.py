"""Dates of a call: proposals with 调休, limits, a year without a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.exceptions import CalendarMissing
from marketplace.core.rulesets import RuleSet
from marketplace.core.workcalendar import seeded_calendar
from marketplace.ventures.rules.timetable import Timetable, phase, propose, timetable_decisions

CALENDAR = seeded_calendar()
RULES = RuleSet("310106", "district", date(2026, 6, 15))
NOW = datetime(2026, 6, 15, 9, tzinfo=ZONE)


def at(month, day, hour=17, year=2026):
    return datetime(year, month, day, hour, tzinfo=ZONE)


GOOD = Timetable(at(6, 16, 9), at(7, 16), 5, date(2026, 9, 14), 15)


def refused(now=NOW, **changes):
    plan = replace(GOOD, **changes)
    return [(d.rule_id, d.field) for d in timetable_decisions(plan, RULES, CALENDAR, now) if not d.allowed]


def test_the_worked_example():
    offer = propose(date(2026, 6, 15), 5, RULES, CALENDAR)
    assert (offer.opens_at, offer.deadline) == (at(6, 16, 9), at(7, 16))
    assert offer.corrected_until.date() == date(2026, 7, 23)
    assert offer.review_until == date(2026, 9, 14) and offer.display_until == date(2026, 9, 29)


def test_proposals_step_over_holidays():
    """30 days after 1 September is 1 October, a holiday: the first working day is 8 October; 60 days on is a Monday."""
    offer = propose(date(2026, 8, 31), 5, RULES, CALENDAR)
    assert offer.deadline.date() == date(2026, 10, 8)
    assert offer.review_until == date(2026, 12, 7)


def test_good_dates_hold():
    assert refused() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"opens_at": None}, ("R-TIME-07", "opens_at")),
        ({"opens_at": at(6, 14, 9)}, ("R-TIME-07", "opens_at")),
        ({"deadline": None}, ("R-TIME-07", "deadline")),
        ({"deadline": at(6, 16, 9)}, ("R-TIME-07", "deadline")),
        ({"deadline": at(7, 18)}, ("R-TIME-02", "deadline")),
        ({"correction_days": 0}, ("R-TIME-04", "correction_days")),
        ({"review_until": None}, ("R-VENT-02", "review_until")),
        ({"review_until": date(2026, 9, 15)}, ("R-VENT-02", "review_until")),
        ({"review_until": date(2026, 7, 23)}, ("R-TIME-01", "review_until")),
        ({"display_days": 14}, ("R-VENT-02", "display_days")),
    ],
)
def test_each_date_has_its_rule(changes, found):
    assert refused(**changes) == [found]


def test_a_weekend_that_is_worked_is_a_working_day():
    """Sunday 20 September 2026 is worked for the Mid-Autumn holiday (R-TIME-04)."""
    assert refused(deadline=at(9, 20), review_until=date(2026, 11, 18)) == []


def test_the_day_of_publication_may_be_the_first_day():
    assert refused(now=at(6, 16, 15)) == []


def test_a_year_without_a_table_is_refused_not_guessed():
    assert refused(deadline=at(12, 30)) == [("R-TIME-08", "deadline")]
    with pytest.raises(CalendarMissing):
        propose(date(2026, 12, 15), 5, RULES, CALENDAR)


@pytest.mark.parametrize(
    ("status", "now", "name"),
    [
        ("draft", NOW, "draft"),
        ("submitted", NOW, "draft"),
        ("published", at(6, 16, 8), "announced"),
        ("published", at(6, 16, 9), "open"),
        ("published", at(7, 16), "open"),
        ("published", at(7, 16, 18), "closed"),
        ("closed", at(7, 20), "closed"),
        ("terminated", at(6, 20), "terminated"),
    ],
)
def test_phase(status, now, name):
    assert phase(status, GOOD.opens_at, GOOD.deadline, now) == name
