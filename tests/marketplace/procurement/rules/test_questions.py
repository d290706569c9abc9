"""Taking documents, asking, extending: moments and counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.rules.time import at, end_of_day
from marketplace.core.rulesets import combine
from marketplace.core.workcalendar import seeded_calendar
from marketplace.procurement.rules import corrections, questions, terminations

RULES = combine("310106", "district", date(2026, 6, 15), [])
CALENDAR = seeded_calendar()
DEADLINE = datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 6, 12), date(2026, 6, 17)),
        (date(2026, 6, 15), date(2026, 6, 18)),
        (date(2026, 6, 17), date(2026, 6, 23)),  # 19 June is a holiday
    ],
)
def test_answer_is_due_after_three_working_days(asked, due):
    """R-OBJ-01."""
    assert questions.answer_due(asked, RULES, CALENDAR) == end_of_day(due)


def test_documents_and_questions_end_to_the_second():
    """R-TENDER-03, R-TIME-07: inclusive."""
    assert questions.obtainable(DEADLINE, DEADLINE).allowed
    late = questions.obtainable(DEADLINE + SECOND, DEADLINE)
    assert late.blocks and late.rule_id == "R-TENDER-03" and "2026-07-06 09:30" in str(late.reason)
    assert questions.still_asking(DEADLINE, DEADLINE).allowed
    assert questions.still_asking(DEADLINE + SECOND, DEADLINE).blocks


@pytest.mark.parametrize(("code", "valid"), [("52990000AAAA00015L", True), ("52990000AAAA00015P", False), ("", False)])
def test_credit_code_is_checked(code, valid):
    """R-ORG-01, R-ORG-02."""
    assert questions.code_is_valid(code).allowed is valid


UNTIL = datetime(2026, 6, 23, 23, 59, 59, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("count", "now", "offered"),
    [
        pytest.param(2, UNTIL + SECOND, True, id="two takers, period over"),
        pytest.param(0, UNTIL + SECOND, True, id="none"),
        pytest.param(3, UNTIL + SECOND, False, id="three are enough"),
        pytest.param(2, UNTIL, False, id="period still running: nothing is told"),
        pytest.param(2, DEADLINE + SECOND, False, id="bids are closed"),
    ],
)
def test_extension_is_offered_to_fewer_than_three_takers(count, now, offered):
    """R-TENDER-04; before the period ends the answer tells nothing about the count (R-TENDER-14)."""
    assert questions.takers_too_few(count, UNTIL, DEADLINE, now, RULES).allowed is offered


def test_refused_extension_does_not_tell_the_count():
    early = [questions.takers_too_few(n, UNTIL, DEADLINE, UNTIL, RULES).reason for n in (0, 2, 3, 50)]
    assert len(set(early)) == 1


def test_correction_must_not_change_object_or_eligibility():
    """R-TENDER-05."""
    answer = corrections.only_correctable(["field:needs", "field:quality"], ["field:quality"])
    assert answer.blocks and "field:needs" in str(answer.reason)
    assert corrections.only_correctable(["field:quality"], ["field:quality"]).allowed


def test_correction_needs_a_change_and_an_open_tender():
    assert corrections.changes_something(0, False).blocks
    assert corrections.changes_something(0, True).allowed
    assert corrections.before_deadline(DEADLINE, DEADLINE).allowed
    assert corrections.before_deadline(DEADLINE + SECOND, DEADLINE).blocks


def test_published_moment_moves_later_only():
    assert corrections.not_earlier(DEADLINE, DEADLINE - SECOND, "new_deadline").blocks
    assert corrections.not_earlier(DEADLINE, DEADLINE, "new_deadline").allowed
    assert corrections.documents_before_bids(DEADLINE + SECOND, DEADLINE).blocks


def test_change_that_does_not_affect_bids_moves_nothing():
    """R-TENDER-06 is about changes that may affect bids."""
    day = date(2026, 7, 5)
    assert corrections.early_enough(False, day, DEADLINE, RULES, CALENDAR).allowed
    assert corrections.early_enough(True, day, DEADLINE, RULES, CALENDAR).blocks
    assert corrections.early_enough(True, date(2026, 6, 15), at(date(2026, 7, 1), 9), RULES, CALENDAR).allowed


def test_tender_is_not_ended_at_will_nor_after_the_award():
    """R-TENDER-12, R-AWARD-09."""
    assert terminations.facts_written("不想买了").rule_id == "R-TENDER-12"
    assert terminations.facts_written("因区政府机构改革，该项服务任务自七月一日起取消。").allowed
    assert terminations.not_awarded(True).rule_id == "R-AWARD-09"
    assert terminations.not_awarded(False).allowed
