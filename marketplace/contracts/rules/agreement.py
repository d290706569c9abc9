"""Grant agreements: budget by line and pot, stages, changes, money that comes back (R-VENT-08 to -11, R-VENT-16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.money import split
from marketplace.core.rules.time import WorkCalendar, add_working_days, day_of, end_of_day

ZERO = Decimal("0.00")
FIRST_TRANCHE_DAYS = 15
ANSWER_DAYS = 5
BAN_YEARS = 3
SECOND_OFFICER_FROM = Decimal("0.10")
OVERSPENT_FROM = Decimal("0.10")


# the budget, as granted


def fit_budget(
    asked: Mapping[int, Sequence[Decimal]], granted: Mapping[int, Decimal], totals: Sequence[Decimal]
) -> dict[int, list[Decimal]]:
    """What each pot pays of each line: in the proportion in which the application asked it, to the fen.

    `asked`: by pot, line by line. A pot that was not asked pays in proportion to the lines' `totals`.
    Asked 60 and 40 of a pot that grants 50: 30 and 20.
    """
    fitted = {}
    for pot, amount in granted.items():
        weights = asked.get(pot, ())
        fitted[pot] = split(amount, weights if any(weights) else totals)
    return fitted


# period, stages, tranches


def add_months(day: date, months: int) -> date:
    """The last day of `months` months from `day`. 1 July 2026 + 12: 30 June 2027."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last) - timedelta(days=1)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def check_period(term_from: date, term_to: date, months: int) -> Decision:
    """A project runs as long as its call allows (R-VENT-06)."""
    latest = add_months(term_from, months)
    if term_to < term_from:
        return refuse(_("The term ends before it begins. Correct one of the two dates."), "R-VENT-06", field="term_to")
    if term_to <= latest:
        return allow("R-VENT-06")
    return refuse(
        _("The call allows %(months)d months: until %(latest)s at the latest.")
        % {"months": months, "latest": latest.isoformat()},
        "R-VENT-06",
        due=latest,
        field="term_to",
    )


def first_tranche_due(signed_at: datetime, calendar: WorkCalendar) -> datetime:
    """15 working days after the agreement (R-VENT-09). 15 June 2026: until 7 July (the 19th is a holiday)."""
    return end_of_day(add_working_days(day_of(signed_at), FIRST_TRANCHE_DAYS, calendar))


def check_stage(earlier: Iterable[tuple[str, bool]]) -> Decision:
    """A stage is reported after the one before it was passed; `earlier`: (name, is passed) (R-VENT-09)."""
    for name, is_passed in earlier:
        if not is_passed:
            return refuse(
                _("«%(stage)s» has not been passed yet; this stage comes after it.") % {"stage": name}, "R-VENT-09"
            )
    return allow("R-VENT-09")


@dataclass(frozen=True)
class Look:
    """How somebody looked into a report: at the desk, or by a call or a visit."""

    is_desk: bool
    has_doubt: bool


def check_looks(looks: Sequence[Look]) -> Decision:
    """A self-report is reviewed at the desk; a doubt is cleared by a call or a visit (R-VENT-10)."""
    if not any(look.is_desk for look in looks):
        return refuse(_("Record the desk review of this report first."), "R-VENT-10")
    if looks[-1].has_doubt:
        return refuse(
            _("A doubt remains from the last look. Call or visit the project, and record what was found."), "R-VENT-10"
        )
    return allow("R-VENT-10")


def check_new_look(
    looks: Sequence[Look], new: Look, *, note: str, made_on: date, reported_on: date, today: date
) -> Decision:
    """A note, a day between the report and today; a call or a visit needs no doubt, but a doubt needs one of them."""
    if not note.strip():
        return refuse(_("Write down what was found."), "R-VENT-10", field="note")
    if not reported_on <= made_on <= today:
        return refuse(
            _("The day lies between the report (%(reported)s) and today.") % {"reported": reported_on.isoformat()},
            "R-VENT-10",
            field="made_on",
        )
    if new.is_desk and looks and looks[-1].has_doubt:
        return refuse(
            _("There is a doubt: only a call or a visit can clear it, not the desk."), "R-VENT-10", field="kind"
        )
    return allow("R-VENT-10")


# spending


@dataclass(frozen=True)
class LineUse:
    """A cost line: granted, spent by the newest reports."""

    name: str
    granted: Decimal
    spent: Decimal
    kind: str = ""

    @property
    def percent(self) -> int | None:
        return int(self.spent * 100 // self.granted) if self.granted else None

    @property
    def is_overspent(self) -> bool:
        """More than a tenth above the line, without an approved change (R-VENT-16)."""
        return self.spent > self.granted * (1 + OVERSPENT_FROM)


def overspent(lines: Iterable[LineUse]) -> list[LineUse]:
    return [line for line in lines if line.is_overspent]


def check_spending_lines(names_without_line: Sequence[str]) -> Decision:
    """Each cost of a report names its line of the budget (R-VENT-11: no change of use)."""
    if not names_without_line:
        return allow("R-VENT-11")
    return refuse(
        _("Choose the line of the agreed budget that «%(cost)s» belongs to.") % {"cost": names_without_line[0]},
        "R-VENT-11",
        field="spending",
    )


# changes


def check_shift(amount: Decimal, available: Decimal, *, same_line: bool) -> Decision:
    """A shift takes from one line what it has of a pot and gives it to another; the sum never changes (R-VENT-16)."""
    if same_line:
        return refuse(_("Choose two different lines."), "R-VENT-16", field="to_line")
    if amount <= 0:
        return refuse(_("The amount must be above 0 yuan."), "R-VENT-16", field="amount")
    if amount <= available:
        return allow("R-VENT-16")
    return refuse(
        _(
            "This pot pays %(available)s yuan of the line that are not spent yet; %(amount)s yuan are asked for. "
            "Lower the amount."
        )
        % {"available": f"{available:,.2f}", "amount": f"{amount:,.2f}"},
        "R-VENT-16",
        field="amount",
    )


def needs_second_officer(amount: Decimal, shifted_before: Decimal, contract_amount: Decimal) -> bool:
    """Shifts above a tenth of the grant, all together, are confirmed by a second officer: many small ones count."""
    return amount + shifted_before > contract_amount * SECOND_OFFICER_FROM


# money that comes back


def unused(paid: Decimal, spent: Decimal, returned: Decimal) -> Decimal:
    """What was paid, not properly spent by the audit, and has not come back yet."""
    return max(paid - returned - spent, ZERO)


def check_receipt(amount: Decimal, open_amount: Decimal) -> Decision:
    """A receipt is above zero and within what is still demanded (R-VENT-10)."""
    if ZERO < amount <= open_amount:
        return allow("R-VENT-10")
    return refuse(
        _("%(open)s yuan are still to be paid back; %(amount)s yuan were entered.")
        % {"open": f"{open_amount:,.2f}", "amount": f"{amount:,.2f}"},
        "R-VENT-10",
        field="amount",
    )


def check_demand(amount: Decimal, paid: Decimal) -> Decision:
    """Nothing is demanded back that was not paid (R-VENT-10)."""
    if ZERO < amount <= paid:
        return allow("R-VENT-10")
    return refuse(
        _("%(paid)s yuan were paid and have not come back; the demand lies above 0 and within that.")
        % {"paid": f"{paid:,.2f}"},
        "R-VENT-10",
        field="amount",
    )


def check_heard(*, is_answered: bool, due: datetime, now: datetime) -> Decision:
    """Nobody is sanctioned unheard: after the answer, or when the time for it has passed (R-VENT-10)."""
    if is_answered or now > due:
        return allow("R-VENT-10")
    return refuse(
        _("The organization may answer until %(due)s. The decision comes after that.")
        % {"due": due.strftime("%Y-%m-%d %H:%M")},
        "R-VENT-10",
        due=due,
    )


def ban_until(day: date) -> date:
    """Three years from the decision (R-VENT-10). 15 June 2026: until 14 June 2029."""
    try:
        return day.replace(year=day.year + BAN_YEARS) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + BAN_YEARS, 2, 28)


# the end


@dataclass(frozen=True)
class Closing:
    """What the end of a project looks at."""

    milestones: int
    accepted: int
    paid: int
    is_audited: bool
    is_evaluated: bool
    to_return: Decimal


def check_closing(facts: Closing) -> Decision:
    """Stages passed and paid, audited and evaluated (R-VENT-11), what was not used is back (R-VENT-10)."""
    if not facts.milestones or facts.accepted < facts.milestones or facts.paid < facts.milestones:
        return refuse(
            _("%(accepted)d of %(all)d stages are passed and %(paid)d tranches are paid.")
            % {"accepted": facts.accepted, "all": facts.milestones, "paid": facts.paid},
            "R-VENT-09",
        )
    if not facts.is_audited:
        return refuse(_("The project is closed with an audit: an outside auditor records the opinion."), "R-VENT-11")
    if not facts.is_evaluated:
        return refuse(_("Every project is evaluated: it is closed by the final evaluation."), "R-VENT-11")
    if facts.to_return > ZERO:
        return refuse(
            _("%(amount)s yuan were paid and not used; they come back to the pots before the project is closed.")
            % {"amount": f"{facts.to_return:,.2f}"},
            "R-VENT-10",
        )
    return allow("R-VENT-11")


# indicators


def attainment_points(percent: int) -> int:
    """The scale of R-VENT-16 for an item of 3 points: 100 % and above 3, 80 % 2, 60 % 1, below 0."""
    return next((points for least, points in ((100, 3), (80, 2), (60, 1)) if percent >= least), 0)
