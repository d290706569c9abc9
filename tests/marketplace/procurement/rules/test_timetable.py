"""Dates of a tender: the earliest lawful ones, the proposal, and the refusal of each unlawful date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.decisions import Level
from marketplace.core.exceptions import CalendarMissing
from marketplace.core.rules.time import at, end_of_day
from marketplace.core.rulesets import combine
from marketplace.core.workcalendar import seeded_calendar
from marketplace.procurement.rules import timetable as rules
from marketplace.procurement.rules.timetable import Timetable

ISSUED = date(2026, 6, 15)
NOW = at(ISSUED, 9)
RULES = combine("310106", "district", ISSUED, [])
CALENDAR = seeded_calendar()


def plan(deadline: datetime | None, until: datetime | None = None, issued: date = ISSUED) -> Timetable:
    return Timetable(issued, until or deadline, deadline)


def by_rule(timetable: Timetable, now: datetime = NOW):
    return {d.rule_id: d for d in reversed(rules.timetable_decisions(timetable, RULES, CALENDAR, now))}


def test_proposal_is_one_day_more_than_the_law_asks_rolled():
    """R-TIME-05: 15 June + 20 d is Sunday 5 July, so Monday 6 July is the earliest; + 21 d is 6 July as well."""
    offer = rules.propose(ISSUED, RULES, CALENDAR)
    assert offer.deadline_earliest == date(2026, 7, 6)
    assert offer.deadline == datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
    assert offer.documents_until == offer.deadline
    assert offer.notice_until == date(2026, 6, 23)  # 19 June is the Dragon Boat Festival
    assert offer.documents_earliest == date(2026, 6, 23)


def test_earliest_deadline_rolls_over_the_national_holiday():
    """The vector of R-TIME-02: 2026-09-12 + 20 d = 2026-10-02, rolled to 2026-10-08."""
    assert rules.earliest_deadline(date(2026, 9, 12), RULES, CALENDAR) == date(2026, 10, 8)


def test_every_rule_holds_for_the_proposal():
    offer = rules.propose(ISSUED, RULES, CALENDAR)
    answers = rules.timetable_decisions(plan(offer.deadline), RULES, CALENDAR, NOW)
    assert [answer.rule_id for answer in answers if not answer.allowed] == []


def test_twentieth_day_on_a_working_day_is_lawful():
    """R-TENDER-01: «不少于二十日» includes the twentieth day (R-TIME-03)."""
    assert by_rule(plan(at(date(2026, 7, 7), 9, 30), issued=date(2026, 6, 17)))["R-TENDER-01"].allowed
    assert not by_rule(plan(at(date(2026, 7, 6), 9, 30), issued=date(2026, 6, 17)))["R-TENDER-01"].allowed


def test_too_early_a_deadline_names_the_rule_and_the_earliest_lawful_day():
    answer = by_rule(plan(at(date(2026, 7, 3), 9, 30)))["R-TENDER-01"]
    assert answer.blocks
    assert answer.due == date(2026, 7, 6)
    assert answer.field == "deadline"
    assert "2026-07-06" in str(answer.reason)


def test_deadline_in_utc_counts_by_its_day_in_shanghai():
    """R-TIME-07: 23:30 UTC of 5 July is the morning of 6 July in Shanghai."""
    utc = datetime.fromisoformat("2026-07-05T23:30:00+00:00")
    assert by_rule(plan(utc))["R-TENDER-01"].allowed


@pytest.mark.parametrize(
    ("until", "lawful"),
    [
        pytest.param(end_of_day(date(2026, 6, 23)), True, id="end of the fifth working day"),
        pytest.param(at(date(2026, 6, 23), 17), False, id="five o'clock of the fifth working day"),
        pytest.param(at(date(2026, 6, 22), 23, 59, 59), False, id="end of the fourth working day"),
        pytest.param(at(date(2026, 7, 6), 9, 30), True, id="until the deadline"),
    ],
)
def test_documents_stay_obtainable_for_five_working_days(until, lawful):
    """R-TENDER-03, with the Dragon Boat Festival on 19 June 2026."""
    answer = rules.obtainable_long_enough(Timetable(ISSUED, until, at(date(2026, 7, 6), 9, 30)), RULES, CALENDAR)
    assert answer.allowed is lawful
    assert lawful or answer.due == end_of_day(date(2026, 6, 23))


def test_documents_are_not_handed_out_after_the_deadline():
    deadline = at(date(2026, 7, 6), 9, 30)
    answer = rules.obtainable_before_deadline(Timetable(ISSUED, deadline + timedelta(minutes=1), deadline))
    assert answer.blocks and answer.due == deadline


def test_notice_period_ends_before_the_deadline():
    """R-TENDER-02."""
    answer = rules.notice_before_deadline(plan(at(date(2026, 6, 23), 9)), RULES, CALENDAR)
    assert answer.blocks and answer.rule_id == "R-TENDER-02" and answer.due == date(2026, 6, 23)


def test_issue_day_in_the_past_is_refused():
    """R-TIME-07: the server's day counts."""
    answer = rules.issue_day(plan(None, issued=ISSUED - timedelta(days=1)), NOW)
    assert answer.blocks and answer.field == "planned_on" and answer.due == ISSUED


def test_missing_dates_say_from_when_on():
    answers = by_rule(plan(None))
    assert answers["R-TENDER-01"].due == date(2026, 7, 6)
    assert answers["R-TENDER-03"].due == date(2026, 6, 23)
    assert not answers["R-OPEN-01"].allowed


def test_deadline_on_a_rest_day_warns_with_the_next_working_day():
    """R-TIME-02: nobody is there to open on a Sunday; a written reason lets it pass."""
    answer = by_rule(plan(at(date(2026, 7, 12), 9, 30)))["R-TIME-02"]
    assert not answer.allowed and answer.level is Level.WARN and answer.due == date(2026, 7, 13)


def test_year_without_a_table_is_never_guessed():
    """R-TIME-08."""
    with pytest.raises(CalendarMissing):
        rules.propose(date(2026, 12, 20), RULES, CALENDAR)


@pytest.mark.parametrize(
    ("published", "allowed", "earliest"),
    [
        pytest.param(None, False, None, id="never published"),
        pytest.param(date(2026, 5, 16), True, date(2026, 6, 15), id="thirty days"),
        pytest.param(date(2026, 5, 17), False, date(2026, 6, 16), id="twenty-nine days"),
    ],
)
def test_intention_stands_thirty_days_ahead_or_a_reason_is_written(published, allowed, earliest):
    """R-PLAN-03 warns, it does not block."""
    answer = rules.intention_early_enough(published, ISSUED, RULES)
    assert answer.allowed is allowed
    assert answer.due == earliest
    assert allowed or answer.level is Level.WARN


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        pytest.param(date(2026, 6, 29), "block", id="fourteen days by difference"),
        pytest.param(date(2026, 6, 30), "warn", id="fifteen by difference, fourteen whole days"),
        pytest.param(date(2026, 7, 1), "pass", id="fifteen whole days"),
    ],
)
def test_change_that_may_affect_bids_needs_fifteen_days(day, kind):
    """R-TENDER-06 with R-TIME-09; the form proposes 1 July."""
    answer = rules.change_early_enough(ISSUED, at(day, 9, 30), RULES, CALENDAR)
    found = "pass" if answer.allowed else answer.level.value
    assert found == kind
    assert answer.due == date(2026, 7, 1)


def test_safe_day_after_a_change_is_a_working_day():
    """16 days after 18 June 2026 is Saturday 4 July: Monday 6 July is proposed."""
    assert rules.safe_deadline_day(date(2026, 6, 18), RULES, CALENDAR) == date(2026, 7, 6)
