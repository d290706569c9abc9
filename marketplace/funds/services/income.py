"""The income side of the ledger: promised by agreement, received, ended, given back. Append-only, under the lock.

Called by the service whose decision moves the money, inside its transaction and with its log. Refuses a promise beyond
the line, a receipt beyond the promise, and giving back what contracts hold (R-PLAN-01, R-LOT-01, R-CHAR-08).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.decisions import require
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..models import BudgetLine, IncomeEntry, IncomeKind
from ..rules.ledger import check_income, check_promise, check_return
from ..selectors import agreement_money, balance_of


@dataclass(frozen=True)
class Source:
    """Which agreement, what moved the money (the agreement, a payment, a refund), and the public words."""

    line_id: int
    agreement: models.Model
    subject: models.Model
    memo: str
    step: str = ""
    """Tells apart what one subject moves twice: the rest that is not called in, and the lapse."""

    @property
    def key(self) -> str:
        return subject_of(self.subject) + (f"#{self.step}" if self.step else "")


def promise(*, log: Any, actor: Actor, source: Source, amount: Decimal) -> IncomeEntry:
    """Both sides have signed: contracts may hold as much of the line from now on."""
    line = locked(BudgetLine, source.line_id, "fund")
    require(check_promise(balance_of(line), amount))
    return _book(log, actor, line, IncomeKind.PROMISE, source, amount)


def withdraw(*, log: Any, actor: Actor, source: Source, amount: Decimal) -> IncomeEntry:
    """A promise that was not called in, lapsed or was cancelled ends."""
    line = locked(BudgetLine, source.line_id, "fund")
    require(check_income(agreement_money(source.agreement).open, amount))
    return _book(log, actor, line, IncomeKind.WITHDRAW, source, amount)


def receive(*, log: Any, actor: Actor, source: Source, amount: Decimal) -> IncomeEntry:
    line = locked(BudgetLine, source.line_id, "fund")
    require(check_income(agreement_money(source.agreement).open, amount))
    return _book(log, actor, line, IncomeKind.RECEIVE, source, amount)


def refund(*, log: Any, actor: Actor, source: Source, amount: Decimal) -> IncomeEntry:
    """Money has gone back to the sponsor: only what no contract holds."""
    line = locked(BudgetLine, source.line_id, "fund")
    require(check_income(agreement_money(source.agreement).kept, amount), check_return(balance_of(line), amount))
    return _book(log, actor, line, IncomeKind.REFUND, source, amount)


def charge_back(*, log: Any, actor: Actor, source: Source, amount: Decimal) -> IncomeEntry:
    """The bank took the money back: a fact, whatever contracts hold. The shortfall is the alarm."""
    line = locked(BudgetLine, source.line_id, "fund")
    require(check_income(agreement_money(source.agreement).kept, amount))
    return _book(log, actor, line, IncomeKind.CHARGEBACK, source, amount)


def _book(log: Any, actor: Actor, line: BudgetLine, kind: IncomeKind, source: Source, amount: Decimal) -> IncomeEntry:
    subject = source.key
    if IncomeEntry.objects.filter(kind=kind, subject=subject, line=line).exists():
        raise MarketplaceError(_("This has been booked already; nothing was booked twice."), rule_id="R-LOT-01")
    entry = IncomeEntry.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        agreement=subject_of(source.agreement),
        subject=subject,
        memo=source.memo[:160],
        booked_at=clock.now(),
    )
    log.record(f"ledger.{kind}", entry, actor, amount=amount, line=line.code, memo=entry.memo)
    return entry
