"""The automatic comparison before money is paid (R-VENT-15), and by when it must be paid (R-CON-09, R-CON-10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, allow, refuse
from marketplace.core.money import yuan
from marketplace.core.rules.time import ONE_DAY, WorkCalendar, add_working_days, day_of, end_of_day, far_date, last_day

RUN_DAYS = (10, 25)
ACCOUNT_RECENT_DAYS = 30
SPENDING_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class Payee:
    name: str
    bank_account: str


@dataclass(frozen=True)
class Claim:
    """Everything the comparison looks at; read by the service, judged here."""

    amount: Decimal
    payee: Payee
    contract_payee: Payee
    file_account: str
    account_changed_on: date | None
    requested_on: date
    is_contract_active: bool
    is_held: bool
    is_milestone_accepted: bool
    milestone_amount: Decimal
    contract_amount: Decimal
    claimed_before: Decimal
    committed: Decimal
    same_invoice: str
    same_file: str
    spent: Decimal
    paid_before: Decimal
    milestone_due_on: date
    reported_on: date | None
    overspent: tuple[str, ...] | None = None
    """Lines of a grant's budget that were overspent; None where there is no such budget."""


@dataclass(frozen=True)
class CheckLine:
    """One line of the comparison. A failed line blocks, unless it may be explained in writing."""

    code: str
    passed: bool
    fact: str
    may_explain: bool = False


def compare(claim: Claim) -> list[CheckLine]:
    """All lines, in the order in which the page shows them."""
    return [*_standing(claim), *_account(claim), *_amounts(claim), *_invoice(claim), *_progress(claim)]


def _standing(claim: Claim) -> Iterable[CheckLine]:
    yield CheckLine(
        "contract_active",
        claim.is_contract_active,
        _("The contract is signed, published and in force.")
        if claim.is_contract_active
        else _("The contract is not in force; it must be signed by both sides and published first."),
    )
    yield CheckLine(
        "no_hold",
        not claim.is_held,
        _("No objection holds the contract and no supervisor has suspended it.")
        if not claim.is_held
        else _("An objection or a suspension stops payments; it must be settled first."),
    )
    yield CheckLine(
        "milestone_accepted",
        claim.is_milestone_accepted,
        _("The milestone has been accepted.")
        if claim.is_milestone_accepted
        else _("The milestone has not been accepted by the buyer."),
    )


def _account(claim: Claim) -> Iterable[CheckLine]:
    yield CheckLine(
        "payee_name",
        claim.payee.name == claim.contract_payee.name,
        _("Payee «%(payee)s», in the contract «%(contract)s».")
        % {"payee": claim.payee.name, "contract": claim.contract_payee.name},
    )
    account = {"asked": masked_account(claim.payee.bank_account)}
    yield CheckLine(
        "account_contract",
        digits(claim.payee.bank_account) == digits(claim.contract_payee.bank_account),
        _("Account %(asked)s, in the contract %(known)s.")
        % {**account, "known": masked_account(claim.contract_payee.bank_account)},
    )
    yield CheckLine(
        "account_file",
        digits(claim.payee.bank_account) == digits(claim.file_account),
        _("Account %(asked)s, in the organization's file %(known)s.")
        % {**account, "known": masked_account(claim.file_account) or _("none")},
        may_explain=True,
    )
    yield _account_age(claim)


def _account_age(claim: Claim) -> CheckLine:
    if claim.account_changed_on is None:
        return CheckLine("account_recent", True, _("The account has not been changed since it was entered."))
    days = (claim.requested_on - claim.account_changed_on).days
    return CheckLine(
        "account_recent",
        days >= ACCOUNT_RECENT_DAYS,
        _("The account was changed %(days)d days before the request (less than %(limit)d needs an explanation).")
        % {"days": days, "limit": ACCOUNT_RECENT_DAYS},
        may_explain=True,
    )


def _amounts(claim: Claim) -> Iterable[CheckLine]:
    asked = f"{claim.amount:,.2f}"
    yield CheckLine(
        "amount_milestone",
        claim.amount <= claim.milestone_amount,
        _("%(asked)s yuan asked for, the milestone is %(limit)s yuan.")
        % {"asked": asked, "limit": f"{claim.milestone_amount:,.2f}"},
    )
    total = claim.claimed_before + claim.amount
    yield CheckLine(
        "sum_contract",
        total <= claim.contract_amount,
        _("With earlier requests %(total)s yuan, the contract is %(limit)s yuan.")
        % {"total": f"{total:,.2f}", "limit": f"{claim.contract_amount:,.2f}"},
    )
    yield CheckLine(
        "commitment",
        claim.amount <= claim.committed,
        _("%(asked)s yuan asked for, %(limit)s yuan are still committed on the budget line.")
        % {"asked": asked, "limit": f"{claim.committed:,.2f}"},
    )


def _invoice(claim: Claim) -> Iterable[CheckLine]:
    yield CheckLine(
        "invoice_number",
        not claim.same_invoice,
        _("The invoice number is new.")
        if not claim.same_invoice
        else _("The invoice number was already used in request %(number)s.") % {"number": claim.same_invoice},
    )
    yield CheckLine(
        "invoice_file",
        not claim.same_file,
        _("The invoice file has not been handed in before.")
        if not claim.same_file
        else _("The same invoice file was handed in with request %(number)s.") % {"number": claim.same_file},
    )


def _progress(claim: Claim) -> Iterable[CheckLine]:
    wanted = (claim.paid_before * SPENDING_SHARE).quantize(Decimal("0.01"))
    yield CheckLine(
        "spending_progress",
        claim.spent >= wanted,
        _("%(spent)s yuan reported as spent; half of the %(paid)s yuan paid so far would be %(wanted)s yuan.")
        % {"spent": f"{claim.spent:,.2f}", "paid": f"{claim.paid_before:,.2f}", "wanted": f"{wanted:,.2f}"},
        may_explain=True,
    )
    late = 0 if claim.reported_on is None else max((claim.reported_on - claim.milestone_due_on).days, 0)
    yield CheckLine(
        "report_on_time",
        late == 0,
        _("The report came in time.")
        if late == 0
        else _("The report came %(days)d days after the milestone was due.") % {"days": late},
        may_explain=True,
    )

    if claim.overspent is not None:
        yield CheckLine(
            "budget_lines",
            not claim.overspent,
            _("No line of the budget is overspent by more than a tenth.")
            if not claim.overspent
            else _("Overspent by more than a tenth without an approved change: %(lines)s.")
            % {"lines": "、".join(claim.overspent)},
            may_explain=True,
        )


def digits(account: str) -> str:
    """An account number without blanks and dashes."""
    return "".join(sign for sign in account if sign.isalnum())


def masked_account(account: str) -> str:
    """The last four signs: «…0123». Facts are kept and logged, account numbers are not."""
    plain = digits(account)
    return f"…{plain[-4:]}" if plain else ""


def invoice_key(number: str) -> str:
    """Invoice numbers are compared without blanks and case. « 0310 0220a1 » equals «03100220A1»."""
    return "".join(number.split()).upper()


FIELD_OF = {
    "payee_name": "payee_name",
    "account_contract": "bank_account",
    "amount_milestone": "amount",
    "sum_contract": "amount",
    "commitment": "amount",
    "invoice_number": "invoice_number",
    "invoice_file": "invoice",
}


def check_blocking(lines: Iterable[CheckLine]) -> list[Decision]:
    """A refusal for each failed line that no explanation can heal."""
    return [
        refuse(line.fact, "R-VENT-15", field=FIELD_OF.get(line.code, ""))
        for line in lines
        if not line.passed and not line.may_explain
    ]


def check_explained(lines: Iterable[CheckLine], explained: Iterable[str]) -> Decision:
    """Each failed line that may be explained has its explanation (R-VENT-15)."""
    known = set(explained)
    open_lines = [line for line in lines if not line.passed and line.may_explain and line.code not in known]
    if not open_lines:
        return allow("R-VENT-15")
    return refuse(_("An officer must first explain in writing: %(fact)s") % {"fact": open_lines[0].fact}, "R-VENT-15")


def pay_due(requested_at: datetime, working_days: int, days: int, calendar: WorkCalendar) -> datetime:
    """Pay within 10 working days of a correct invoice, in any case within 30 days (R-CON-10, R-CON-09)."""
    start = day_of(requested_at)
    return end_of_day(min(add_working_days(start, working_days, calendar), last_day(start, days, calendar)))


def run_days(year: int, month: int, calendar: WorkCalendar) -> list[date]:
    """The month's two payment runs (R-VENT-15): the 10th and the 25th, on the next working day when these are none.

    October 2026: the 10th is worked (a shifted Saturday), the 25th is a Sunday, so the 26th.
    """
    return [far_date(date(year, month, day), calendar).day for day in RUN_DAYS]


def next_run(day: date, calendar: WorkCalendar) -> date:
    """The first run on or after a day. 9 June 2026 → 10 June; 11 June → 25 June; 26 June → 10 July."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    ahead = [*run_days(first.year, first.month, calendar), *run_days(following.year, following.month, calendar)]
    return next(run for run in ahead if run >= day)


def check_pay_due(due: datetime, paid_on: date) -> Decision:
    """Paid in time; later only with the reason in writing, and interest runs (R-CON-09)."""
    if paid_on <= day_of(due):
        return allow("R-CON-09", due=due)
    return refuse(
        _(
            "This payment was due on %(due)s and is %(days)d days late. Write down why; "
            "the interest of the delay is shown to both sides."
        )
        % {"due": day_of(due).isoformat(), "days": days_late(due, paid_on)},
        "R-CON-09",
        due=due,
        level=Level.WARN,
        field="late_reason",
    )


def days_late(due: datetime, paid_on: date) -> int:
    return max((paid_on - day_of(due)) // ONE_DAY, 0)


def default_interest(amount: Decimal, due: datetime, paid_on: date, daily: Decimal) -> Decimal:
    """0.05 % of the amount for each day late (R-CON-09). 243,000 yuan, 4 days late: 486.00 yuan."""
    return yuan(amount * daily / 100 * days_late(due, paid_on))


def check_persons(*, user_id: int, requester_id: int, explainers: Iterable[int], earlier: Iterable[int]) -> Decision:
    """Two approvals by two people, neither of whom asked for the money or explained a doubt (R-VENT-15)."""
    if user_id == requester_id:
        return refuse(_("Who asked for the money cannot approve it. Another person must."), "R-VENT-15")
    if user_id in set(earlier):
        return refuse(
            _("You have approved this request already; the second approval is another person's."), "R-VENT-15"
        )
    if user_id in set(explainers):
        return refuse(_("You explained a doubt about this request; another person must approve it."), "R-VENT-15")
    return allow("R-VENT-15")
