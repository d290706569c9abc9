"""Booking: commit, release, pay, take back. Append-only, checked under the line's lock, each one in the log.

Called by the service whose decision moves the money, inside its transaction and with its log. Refuses more than the
line or the commitment holds (R-PLAN-01, R-LOT-01), and booking one subject twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.decisions import require
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..models import BudgetLine, IncomeEntry, IncomeKind, LedgerEntry, LedgerKind
from ..rules.ledger import check_cash, check_commitment, check_draw, check_pay_back
from ..selectors import balance_of, outstanding_by_line, paid_by_line, summed

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Booking:
    """What a booking is about: the deciding object, and the words that the public ledger shows."""

    subject: models.Model
    project: str
    memo: str
    counterparty: str


def commit(*, log: Any, actor: Actor, line_id: int, amount: Decimal, booking: Booking) -> LedgerEntry:
    """Bind `amount` of the line for a contract."""
    line = locked(BudgetLine, line_id)
    require(check_commitment(balance_of(line), amount))
    return _book(log, actor, line, LedgerKind.COMMIT, amount, booking, None)


def pay(
    *,
    log: Any,
    actor: Actor,
    contract: models.Model,
    amount: Decimal,
    booking: Booking,
    line_id: int | None = None,
) -> LedgerEntry:
    """Pay out of the contract's commitment; `line_id` says which where several lines pay for it."""
    return _draw(log, actor, LedgerKind.PAY, contract, amount, booking, line_id)


def release(
    *, log: Any, actor: Actor, contract: models.Model, booking: Booking, line_id: int | None = None
) -> LedgerEntry | None:
    """Give back what the contract's commitment still holds; None when nothing is left."""
    commitment = commitment_of(contract, line_id)
    rest = outstanding_by_line(contract)[commitment.line_id]
    return _draw(log, actor, LedgerKind.RELEASE, contract, rest, booking, line_id) if rest > ZERO else None


def take_back(
    *, log: Any, actor: Actor, contract: models.Model, amount: Decimal, booking: Booking, line_id: int
) -> LedgerEntry:
    """What was paid and came back: to the line that paid it, never more than it paid."""
    commitment = commitment_of(contract, line_id)
    line = locked(BudgetLine, commitment.line_id)
    require(check_pay_back(paid_by_line(contract)[line.pk], amount))
    return _book(log, actor, line, LedgerKind.RETURN, amount, booking, commitment)


def _draw(
    log: Any,
    actor: Actor,
    kind: LedgerKind,
    contract: models.Model,
    amount: Decimal,
    booking: Booking,
    line_id: int | None,
) -> LedgerEntry:
    commitment = commitment_of(contract, line_id)
    line = locked(BudgetLine, commitment.line_id)
    require(check_draw(outstanding_by_line(contract)[line.pk], amount))
    if kind == LedgerKind.PAY:
        require(check_cash(balance_of(line), amount))
    return _book(log, actor, line, kind, amount, booking, commitment)


def commitment_of(contract: models.Model, line_id: int | None = None) -> LedgerEntry:
    """The commitment of a line; without one the contract's only commitment."""
    entries = LedgerEntry.objects.filter(kind=LedgerKind.COMMIT, subject=subject_of(contract))
    entry = (entries if line_id is None else entries.filter(line_id=line_id)).first()
    if entry is None:
        raise MarketplaceError(_("No money is committed for this contract yet."), rule_id="R-PLAN-01")
    return entry


def _book(
    log: Any,
    actor: Actor,
    line: BudgetLine,
    kind: LedgerKind,
    amount: Decimal,
    booking: Booking,
    commitment: LedgerEntry | None,
) -> LedgerEntry:
    subject = subject_of(booking.subject)
    if LedgerEntry.objects.filter(kind=kind, subject=subject, line=line).exists():
        raise MarketplaceError(_("This has been booked already; nothing was booked twice."), rule_id="R-LOT-01")
    entry = LedgerEntry.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        commitment=commitment,
        subject=subject,
        project=booking.project,
        memo=booking.memo[:160],
        counterparty=booking.counterparty,
        booked_at=clock.now(),
    )
    log.record(f"ledger.{kind}", entry, actor, project=booking.project, amount=amount, line=line.code, subject=subject)
    return entry


def faulty_lines() -> list[tuple[str, str]]:
    """The nightly check: (code of the line, fault) for each sum that must never happen."""
    faults = []
    for line in BudgetLine.objects.with_sums():
        faults += [(line.code, fault) for fault in summed(line).faults]
    return faults + _overdrawn_commitments() + _overdrawn_agreements()


def _overdrawn_agreements() -> list[tuple[str, str]]:
    """Agreements with more received than promised, or more given back than received."""
    income = IncomeEntry.objects.order_by().values("agreement")
    sums: Any = income.annotate(
        **{kind: Coalesce(Sum("amount", filter=Q(kind=kind)), ZERO) for kind in IncomeKind.values}
    )
    return [
        (row["agreement"], "overreceived" if row["receive"] > row["promise"] - row["withdraw"] else "overrefunded")
        for row in sums
        if row["receive"] > row["promise"] - row["withdraw"] or row["refund"] + row["chargeback"] > row["receive"]
    ]


def _overdrawn_commitments() -> list[tuple[str, str]]:
    drawn = (
        LedgerEntry.objects.filter(kind=LedgerKind.COMMIT)
        .annotate(drawn_sum=Sum("drawn__amount", filter=models.Q(drawn__kind__in=(LedgerKind.PAY, LedgerKind.RELEASE))))
        .filter(drawn_sum__gt=models.F("amount"))
    )
    return [(entry.subject, "overdrawn") for entry in drawn]
