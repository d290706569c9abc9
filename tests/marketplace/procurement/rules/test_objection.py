"""R-OBJ-02 … -06: windows, who may object, answer."""

from datetime import date, datetime

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.workcalendar import seeded_calendar
from marketplace.procurement.rules.objection import Starts, answer_due, last_day, may_object, window

CALENDAR = seeded_calendar()


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)


def test_seven_working_days_over_a_holiday() -> None:
    assert last_day("result", Starts(result_notice_end=date(2026, 9, 30)), 7, CALENDAR) == date(2026, 10, 15)


def test_documents_count_from_the_day_received_else_from_the_end_of_the_notice() -> None:
    starts = Starts(took_documents=date(2026, 6, 3), document_notice_end=date(2026, 6, 1))
    assert starts.of("documents") == date(2026, 6, 3)
    assert Starts(document_notice_end=date(2026, 6, 1)).of("documents") == date(2026, 6, 1)


def test_procedure_counts_from_the_end_of_the_step() -> None:
    assert Starts(step_end=date(2026, 6, 3), result_notice_end=date(2026, 6, 9)).of("procedure") == date(2026, 6, 3)


def test_the_last_second_is_in_the_next_is_out() -> None:
    starts, last = Starts(result_notice_end=date(2026, 9, 30)), date(2026, 10, 15)
    assert window("result", starts, 7, CALENDAR, at(last, 23, 59, 59)).due == last
    late = window("result", starts, 7, CALENDAR, at(date(2026, 10, 16), 0))
    assert (late.allowed, late.rule_id, late.due) == (False, "R-OBJ-02", last)


def test_nothing_to_object_to_yet() -> None:
    assert window("result", Starts(), 7, CALENDAR, at(date(2026, 6, 15), 9)).rule_id == "R-OBJ-03"


@pytest.mark.parametrize(
    ("kind", "took", "bid", "allowed"),
    [
        ("result", True, True, True),
        ("result", True, False, False),
        ("procedure", True, False, False),
        ("documents", True, False, True),
        ("documents", False, False, False),
        ("documents", False, True, True),
    ],
)
def test_who_may_object(kind: str, took: bool, bid: bool, allowed: bool) -> None:
    decision = may_object(kind, took_documents=took, has_bid=bid)
    assert decision.allowed is allowed
    assert decision.rule_id == ("" if allowed else "R-OBJ-04")


def test_answer_within_seven_working_days() -> None:
    assert answer_due(at(date(2026, 9, 30), 16), 7, CALENDAR) == datetime(2026, 10, 15, 23, 59, 59, tzinfo=ZONE)
