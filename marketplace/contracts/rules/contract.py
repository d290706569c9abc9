"""What a contract must say, when it must be signed, published and filed, and what stops it (R-CON, R-GPS-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, allow, refuse
from marketplace.core.rules.time import WorkCalendar, add_working_days, day_of, end_of_day, in_time, last_day

Period = tuple[datetime, datetime]


def sign_due(award_letter: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Sign within 30 days after the award letter (R-CON-01). Letter of 10 June 2026: until the end of 10 July."""
    return end_of_day(last_day(day_of(award_letter), days, calendar))


def paused_days(pauses: Iterable[Period]) -> int:
    """Days on which signing was held or suspended, each counted once; they do not run (R-AWARD-10)."""
    stopped: set[date] = set()
    for start, end in pauses:
        first, length = day_of(start), (day_of(end) - day_of(start)).days
        stopped.update(first + timedelta(days=offset) for offset in range(length))
    return len(stopped)


def due_after_working_days(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """End of the n-th working day after `start`: publishing (R-CON-02) and filing (R-CON-03)."""
    return end_of_day(add_working_days(day_of(start), days, calendar))


def check_amount(amount: Decimal, award_price: Decimal, budget: Decimal) -> Decision:
    """The contract is concluded at the award's price, within the budget (R-CON-01, R-PLAN-01)."""
    if amount != award_price:
        return refuse(
            _("The contract's amount must be the price of the award, %(price)s yuan.")
            % {"price": f"{award_price:,.2f}"},
            "R-CON-01",
            field="amount",
        )
    if amount > budget:
        return refuse(
            _(
                "The price is above the budget of %(budget)s yuan; the contract cannot be drafted. "
                "Award another candidate."
            )
            % {"budget": f"{budget:,.2f}"},
            "R-PLAN-01",
            field="amount",
        )
    return allow("R-PLAN-01")


def years_after(day: date, years: int) -> date:
    """The last day of a term of whole years that begins on `day`. 1 July 2026 + 3 y: 30 June 2029."""
    try:
        end = day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
    return end - timedelta(days=1)


def check_term(term_from: date, term_to: date, max_years: int) -> Decision:
    """A service contract runs three years at most (R-CON-13; O102 第二十四条)."""
    if term_to < term_from:
        return refuse(_("The term ends before it begins. Correct one of the two dates."), "R-GPS-08", field="term_to")
    latest = years_after(term_from, max_years)
    if term_to <= latest:
        return allow("R-CON-13")
    return refuse(
        _("A service contract runs at most %(years)d years: until %(latest)s at the latest.")
        % {"years": max_years, "latest": latest.isoformat()},
        "R-CON-13",
        due=latest,
        field="term_to",
    )


def check_text(fields: Mapping[str, tuple[str, str]]) -> list[Decision]:
    """Each field that R-GPS-08 wants, by name: (label, text). One refusal for each that is empty."""
    return [
        refuse(_("«%(label)s» is missing; a contract must state it.") % {"label": label}, "R-GPS-08", field=name)
        for name, (label, text) in fields.items()
        if not text.strip()
    ]


@dataclass(frozen=True)
class PlannedMilestone:
    due_on: date
    amount: Decimal


def check_milestones(milestones: list[PlannedMilestone], amount: Decimal, term_to: date) -> Decision:
    """Milestones sum to the contract's amount, in order, and none lies more than 60 days past the term (R-GPS-08)."""
    if not milestones:
        return refuse(_("A contract needs at least one milestone."), "R-GPS-08", field="milestones")
    if sum((milestone.amount for milestone in milestones), Decimal(0)) != amount:
        return refuse(
            _("The milestones' amounts must sum to %(amount)s yuan.") % {"amount": f"{amount:,.2f}"},
            "R-GPS-08",
            field="milestones",
        )
    days = [milestone.due_on for milestone in milestones]
    if days != sorted(days):
        return refuse(_("Each milestone must be due after the one before it."), "R-GPS-08", field="milestones")
    if days[-1] > term_to + timedelta(days=60):
        return refuse(
            _("The last milestone lies more than 60 days after the end of the term. Choose an earlier day."),
            "R-GPS-08",
            due=term_to + timedelta(days=60),
            field="milestones",
        )
    return allow("R-GPS-08")


def check_window(objection_until: datetime | None, now: datetime) -> Decision:
    """Signing before the objection window ends is allowed with a written reason (R-TIME-06)."""
    if objection_until is None or now > objection_until:
        return allow("R-TIME-06")
    return refuse(
        _("Bidders may still object to the result. Wait until the window has ended, or write down why you sign now."),
        "R-TIME-06",
        due=objection_until,
        level=Level.WARN,
        field="early_reason",
    )


def check_sign_due(due: datetime, now: datetime, level: Level) -> Decision:
    """Sign within 30 days of the award letter (R-CON-01; 政府采购法第四十六条)."""
    if in_time(now, due):
        return allow("R-CON-01", due=due)
    return refuse(
        _(
            "The 30 days for signing ended on %(due)s. Ask the operator to lower this rule to a warning with a reason; "
            "the delay is recorded."
        )
        % {"due": day_of(due).isoformat()},
        "R-CON-01",
        due=due,
        level=level,
        field="early_reason",
    )


def check_completion(*, milestones: int, accepted: int, paid: int, is_lottery: bool, is_evaluated: bool) -> Decision:
    """All work accepted and paid (R-GPS-08); each use of lottery money is also evaluated (R-LOT-07)."""
    if not milestones or accepted < milestones or paid < milestones:
        return refuse(
            _("%(accepted)d of %(all)d milestones are accepted and %(paid)d are paid.")
            % {"accepted": accepted, "all": milestones, "paid": paid},
            "R-GPS-08",
        )
    if is_lottery and not is_evaluated:
        return refuse(
            _("Each use of lottery money is evaluated: the contract is completed by the final evaluation."), "R-LOT-07"
        )
    return allow("R-LOT-07")
