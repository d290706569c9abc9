"""The award: order of candidates, due days, draw by lot among equals (R-AWARD-01 … -09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, Level, refuse
from marketplace.core.rules.time import WorkCalendar, add_working_days, day_of, end_of_day

from .draw import draw_seed, drawn_order

TIE = "tie"


def decision_due(report_received: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The buyer confirms within five working days after receipt of the report (R-AWARD-02)."""
    return end_of_day(add_working_days(day_of(report_received), days, calendar))


def notice_end(published: date, days: int, calendar: WorkCalendar) -> date:
    """Last day of the result notice's period (R-AWARD-07)."""
    return add_working_days(published, days, calendar)


def objection_until(published: datetime, notice_days: int, objection_days: int, calendar: WorkCalendar) -> datetime:
    """One working day of notice, then seven: 2026-06-15 → 2026-06-26 24:00 (R-TIME-06)."""
    end = notice_end(day_of(published), notice_days, calendar)
    return end_of_day(add_working_days(end, objection_days, calendar))


@dataclass(frozen=True)
class Standing:
    """Where a bid stands when the buyer decides."""

    bid: int
    rank: int
    has_refused: bool = False


def first_candidates(standings: Sequence[Standing]) -> list[int]:
    """The candidates whose turn it is: best rank among those who have not refused; several when tied."""
    left = [standing for standing in standings if not standing.has_refused]
    best = min((standing.rank for standing in left), default=0)
    return [standing.bid for standing in left if standing.rank == best]


def tie_order(keys: Sequence[str], head_root: str, lot_number: str) -> list[str]:
    """Equals are put in order by lot, with a head of the log that nobody could know (R-AWARD-04)."""
    return drawn_order(keys, draw_seed(head_root, lot_number, TIE))


def in_order(chosen: int, first: int, *, is_deemed: bool) -> Decision:
    """Off the ranking order only with a lawful reason; after the time has run out another rule is cited."""
    if chosen == first:
        return ALLOWED
    if is_deemed:
        return refuse(
            _("The five working days are over: the first candidate counts as chosen. Propose the first candidate."),
            "R-AWARD-03",
            level=Level.WARN,
            field="reason",
        )
    return refuse(
        _("The buyer confirms in the order of the ranking. Propose the first candidate, or write the lawful reason."),
        "R-AWARD-02",
        level=Level.WARN,
        field="reason",
    )
