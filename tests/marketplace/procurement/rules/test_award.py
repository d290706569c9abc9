"""R-AWARD-02 … -07, R-TIME-06: due days, order of candidates, draw by lot."""

from datetime import date, datetime

from marketplace.core.clock import ZONE
from marketplace.core.decisions import Level
from marketplace.core.workcalendar import seeded_calendar
from marketplace.procurement.rules.award import (
    Standing,
    decision_due,
    first_candidates,
    in_order,
    notice_end,
    objection_until,
    tie_order,
)
from marketplace.procurement.rules.draw import draw_seed, drawn_order

CALENDAR = seeded_calendar()


def test_five_working_days_to_confirm() -> None:
    """Over 端午 2026 (19 June)."""
    assert decision_due(datetime(2026, 6, 15, 16, 0, tzinfo=ZONE), 5, CALENDAR) == datetime(
        2026, 6, 23, 23, 59, 59, tzinfo=ZONE
    )


def test_one_day_of_notice_then_seven() -> None:
    assert notice_end(date(2026, 6, 15), 1, CALENDAR) == date(2026, 6, 16)
    assert objection_until(datetime(2026, 6, 15, 9, 0, tzinfo=ZONE), 1, 7, CALENDAR) == datetime(
        2026, 6, 26, 23, 59, 59, tzinfo=ZONE
    )


def test_over_national_day() -> None:
    """2026-09-29 + 1 wd = 09-30; + 7 wd = 10-15 (vector of section 22)."""
    assert objection_until(datetime(2026, 9, 29, 23, 0, tzinfo=ZONE), 1, 7, CALENDAR).date() == date(2026, 10, 15)


def test_whose_turn_it_is() -> None:
    standings = [Standing(1, 1), Standing(2, 2), Standing(3, 2), Standing(4, 4)]
    assert first_candidates(standings) == [1]
    assert first_candidates([Standing(1, 1, has_refused=True), *standings[1:]]) == [2, 3]
    assert first_candidates([Standing(1, 1, has_refused=True)]) == []


def test_order_among_equals_comes_from_the_log() -> None:
    order = tie_order(["A", "B"], "ab12", "SH-2026-0137-1")
    assert order == drawn_order(["A", "B"], draw_seed("ab12", "SH-2026-0137-1", "tie"))


def test_off_the_order() -> None:
    assert in_order(1, 1, is_deemed=True).allowed
    warning = in_order(2, 1, is_deemed=False)
    assert (warning.allowed, warning.level, warning.rule_id) == (False, Level.WARN, "R-AWARD-02")
    late = in_order(2, 1, is_deemed=True)
    assert (late.allowed, late.level, late.rule_id) == (False, Level.WARN, "R-AWARD-03")
