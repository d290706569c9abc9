"""Dates of a tender: the earliest lawful ones, the proposed ones, and what each chosen date is held to.

Sources: Government Procurement Law 35, its Regulation 31, Order 87 articles 16, 18, 27, 39; how days are counted
stands in `core.rules.time`. Example: issued on 2026-05-25 → deadline from 2026-06-15 on (14 June is a Sunday),
proposed 2026-06-15.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from marketplace.core.clock import ZONE
from marketplace.core.decisions import Decision, Level, allow, refuse
from marketplace.core.rules import time as days
from marketplace.core.rules.time import (
    WorkCalendar,
    add_days,
    add_working_days,
    check_days_before,
    day_of,
    days_between,
    end_of_day,
    roll_forward,
)
from marketplace.core.rulesets import RuleSet

OPENING_HOUR = time(9, 30)


@dataclass(frozen=True)
class Timetable:
    """The chosen dates. `issued_on` is the day on which the documents are first issued."""

    issued_on: date
    documents_until: datetime | None
    deadline: datetime | None


@dataclass(frozen=True)
class Proposal:
    """The dates that the form offers, and the earliest lawful ones beside them."""

    notice_until: date
    documents_earliest: date
    deadline_earliest: date
    deadline: datetime
    documents_until: datetime


def notice_end(issued_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> date:
    """R-TENDER-02: last day of the notice period of five working days."""
    return add_working_days(issued_on, int(ruleset.value("R-TENDER-02")), calendar)


def documents_earliest_end(issued_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> date:
    """R-TENDER-03: documents stay obtainable until the end of this day at least."""
    return add_working_days(issued_on, int(ruleset.value("R-TENDER-03")), calendar)


def earliest_deadline(issued_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> date:
    """R-TENDER-01 with R-TIME-02: twenty days on, rolled to the next day that is not a rest day."""
    return days.earliest_deadline(issued_on, int(ruleset.value("R-TENDER-01")), calendar)


def propose(issued_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> Proposal:
    """R-TIME-05: one day more than the minimum, rolled; documents obtainable until the deadline."""
    day = days.proposed_deadline(issued_on, int(ruleset.value("R-TENDER-01")), calendar)
    deadline = datetime.combine(day, OPENING_HOUR, ZONE)
    return Proposal(
        notice_until=notice_end(issued_on, ruleset, calendar),
        documents_earliest=documents_earliest_end(issued_on, ruleset, calendar),
        deadline_earliest=earliest_deadline(issued_on, ruleset, calendar),
        deadline=deadline,
        documents_until=deadline,
    )


def timetable_decisions(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar, now: datetime) -> list[Decision]:
    """Each rule of the timetable with its answer and the earliest lawful date."""
    return [
        issue_day(plan, now),
        long_enough_for_bids(plan, ruleset, calendar),
        obtainable_long_enough(plan, ruleset, calendar),
        obtainable_before_deadline(plan),
        notice_before_deadline(plan, ruleset, calendar),
        opening_at_deadline(plan),
        opening_on_working_day(plan.deadline, calendar),
    ]


def issue_day(plan: Timetable, now: datetime) -> Decision:
    """A day in the past cannot be the day of issue (R-TIME-07: the server's day counts)."""
    if plan.issued_on >= day_of(now):
        return allow("R-TIME-07", _("The documents are issued on %(day)s.") % {"day": plan.issued_on})
    return refuse(
        _("%(day)s is over. The documents can be issued on %(today)s at the earliest.")
        % {"day": plan.issued_on, "today": day_of(now)},
        "R-TIME-07",
        due=day_of(now),
        field="planned_on",
    )


def long_enough_for_bids(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar) -> Decision:
    """R-TENDER-01: at least twenty days from the first issue of the documents to the deadline."""
    least, earliest = int(ruleset.value("R-TENDER-01")), earliest_deadline(plan.issued_on, ruleset, calendar)
    if plan.deadline is None:
        return _missing(_("Choose the deadline: %(day)s at the earliest."), "R-TENDER-01", earliest, "deadline")
    actual = days_between(plan.issued_on, day_of(plan.deadline))
    if day_of(plan.deadline) >= earliest:
        words = _("From the issue of the documents to the deadline at least %(least)s days: it is %(days)s.")
        return allow("R-TENDER-01", words % {"least": least, "days": actual}, due=earliest)
    return refuse(
        _(
            "From the issue of the documents on %(issued)s to the deadline there must be at least %(least)s days, "
            "it would be %(days)s. Earliest lawful day: %(earliest)s."
        )
        % {"issued": plan.issued_on, "least": least, "days": actual, "earliest": earliest},
        "R-TENDER-01",
        due=earliest,
        field="deadline",
    )


def obtainable_long_enough(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar) -> Decision:
    """R-TENDER-03: documents stay obtainable for five working days at least, to the end of the last one."""
    earliest = documents_earliest_end(plan.issued_on, ruleset, calendar)
    least = int(ruleset.value("R-TENDER-03"))
    if plan.documents_until is None:
        words = _("Choose until when documents can be obtained: %(day)s at the earliest.")
        return _missing(words, "R-TENDER-03", earliest, "documents_until")
    to_the_end = plan.documents_until >= end_of_day(earliest) or plan.documents_until == plan.deadline
    if to_the_end and day_of(plan.documents_until) >= earliest:
        words = _("Documents stay obtainable for at least %(least)s working days, until %(day)s or later.")
        return allow("R-TENDER-03", words % {"least": least, "day": earliest}, due=earliest)
    return refuse(
        _("Documents must stay obtainable for %(least)s working days, to the end of %(earliest)s at the earliest.")
        % {"least": least, "earliest": earliest},
        "R-TENDER-03",
        due=end_of_day(earliest),
        field="documents_until",
    )


def obtainable_before_deadline(plan: Timetable) -> Decision:
    """Documents handed out after the deadline are of no use (Order 87, 18)."""
    if plan.deadline is None or plan.documents_until is None or plan.documents_until <= plan.deadline:
        return allow("R-TENDER-03", _("Nobody gets documents after the deadline."))
    return refuse(
        _("Documents cannot be obtained longer than until the deadline. Choose the deadline or an earlier moment."),
        "R-TENDER-03",
        due=plan.deadline,
        field="documents_until",
    )


def notice_before_deadline(plan: Timetable, ruleset: RuleSet, calendar: WorkCalendar) -> Decision:
    """R-TENDER-02: the notice stands five working days; it must have ended when bids close."""
    end, least = notice_end(plan.issued_on, ruleset, calendar), int(ruleset.value("R-TENDER-02"))
    values = {"least": least, "day": end}
    if plan.deadline is None or plan.deadline >= end_of_day(end):
        return allow("R-TENDER-02", _("Notice period of %(least)s working days: to the end of %(day)s.") % values, end)
    return refuse(
        _("The notice period of %(least)s working days runs to the end of %(day)s; the deadline has to be later.")
        % values,
        "R-TENDER-02",
        due=end,
        field="deadline",
    )


def opening_at_deadline(plan: Timetable) -> Decision:
    """R-OPEN-01: one moment for both, so one field; nothing can be wrong with it but being empty."""
    if plan.deadline is None:
        return refuse(_("The opening is at the deadline; choose it."), "R-OPEN-01", field="deadline")
    return allow("R-OPEN-01", _("The opening is at the deadline, in the same minute."), due=plan.deadline)


def opening_on_working_day(deadline: datetime | None, calendar: WorkCalendar, field: str = "deadline") -> Decision:
    """R-TIME-02 in spirit: on a rest day nobody is there to open; allowed with a written reason."""
    if deadline is None or calendar.is_workday(day_of(deadline)):
        return allow("R-TIME-02", _("The deadline is a working day."))
    following = roll_forward(day_of(deadline), calendar)
    return refuse(
        _("%(day)s is a rest day. Choose %(next)s, or write why it has to be this day.")
        % {"day": day_of(deadline), "next": following},
        "R-TIME-02",
        due=following,
        level=Level.WARN,
        field=field,
    )


def intention_early_enough(published_on: date | None, issued_on: date, ruleset: RuleSet) -> Decision:
    """R-PLAN-03: the intention stands thirty days before the tender; earlier needs a written reason."""
    least = int(ruleset.value("R-PLAN-03"))
    if published_on is None:
        return refuse(
            _("No intention notice was published. Publish one %(least)s days ahead, or write why there is none.")
            % {"least": least},
            "R-PLAN-03",
            level=Level.WARN,
            field="planned_on",
        )
    ahead, earliest = days_between(published_on, issued_on), add_days(published_on, least)
    if ahead >= least:
        words = _("The intention was published %(days)s days ahead, at least %(least)s.")
        return allow("R-PLAN-03", words % {"days": ahead, "least": least}, due=earliest)
    return refuse(
        _(
            "The intention was published on %(published)s; the tender starts %(days)s days later, not %(least)s. "
            "Start on %(earliest)s or later, or write the reason."
        )
        % {"published": published_on, "days": ahead, "least": least, "earliest": earliest},
        "R-PLAN-03",
        due=earliest,
        level=Level.WARN,
        field="planned_on",
    )


def safe_deadline_day(changed_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> date:
    """R-TIME-09: the first working day before which fifteen whole days lie after the day of the notice."""
    return roll_forward(add_days(changed_on, int(ruleset.value("R-TENDER-06")) + 1), calendar)


def change_early_enough(changed_on: date, deadline: datetime, ruleset: RuleSet, calendar: WorkCalendar) -> Decision:
    """R-TENDER-06 with R-TIME-09: fifteen whole days, else a reason; fewer by difference of dates: move it."""
    least = int(ruleset.value("R-TENDER-06"))
    answer = check_days_before(changed_on, day_of(deadline), least, rule_id="R-TENDER-06", field="new_deadline")
    safe = safe_deadline_day(changed_on, ruleset, calendar)
    if answer.allowed:
        words = _("At least %(least)s whole days lie between the correction and the deadline.")
        return allow("R-TENDER-06", words % {"least": least}, due=safe)
    return replace(answer, due=safe)


def _missing(words: str, rule_id: str, day: date, field: str) -> Decision:
    return refuse(words % {"day": day}, rule_id, due=day, field=field)
