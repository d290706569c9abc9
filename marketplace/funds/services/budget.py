"""Funds and their budget lines, kept by the finance officer of the body that the money was approved for.

Refuses a purpose that lottery money does not have (R-LOT-02), a code used twice, an amount below what is bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..models import BudgetLine, Fund, FundKind
from ..permissions import can_keep_budget, can_keep_fund
from ..rules.ledger import check_new_amount
from ..rules.purposes import check_purpose
from ..selectors import balance_of


@dataclass(frozen=True)
class LineInput:
    code: str
    name: str
    purpose: str
    amount: Decimal
    approved_on: date


def open_fund(*, actor: Actor, kind: str, name: str, year: int) -> Fund:
    """A fund of the actor's body for one year."""
    with audit.transaction() as log:
        require_permission(can_keep_budget(actor))
        if kind not in FundKind.values:
            raise MarketplaceError(_("Choose where the money comes from."), field="kind")
        if not clock.today().year - 5 <= year <= clock.today().year + 1:
            raise MarketplaceError(_("The year lies between five years ago and next year."), field="year")
        if Fund.objects.filter(body_id=actor.body_id, name=name.strip(), year=year).exists():
            raise MarketplaceError(_("This fund is open already."), field="name", code="repeated")
        fund = Fund.objects.create(body_id=actor.body_id, kind=kind, name=name.strip(), year=year)
        log.record("fund.opened", fund, actor, kind=kind, name=name.strip(), year=year)
        return fund


def add_line(*, actor: Actor, fund_id: int, data: LineInput) -> BudgetLine:
    """An approved line of the budget (R-PLAN-01)."""
    with audit.transaction() as log:
        fund = locked(Fund, fund_id)
        require_permission(can_keep_fund(actor, fund))
        require(check_purpose(data.purpose, is_lottery=fund.is_lottery))
        if data.amount <= 0:
            raise MarketplaceError(_("The amount must be above 0 yuan."), field="amount")
        if data.approved_on > clock.today():
            raise MarketplaceError(_("The approval lies in the future."), field="approved_on", rule_id="R-PLAN-01")
        if fund.lines.filter(code=data.code.strip()).exists():
            raise MarketplaceError(_("This code is used in the fund already."), field="code")
        line = BudgetLine.objects.create(
            fund=fund,
            code=data.code.strip(),
            name=data.name.strip(),
            purpose=data.purpose,
            amount=data.amount,
            approved_on=data.approved_on,
        )
        log.record(
            "fund.line_added", line, actor, code=line.code, purpose=line.purpose, amount=line.amount,
            approved_on=data.approved_on.isoformat(),
        )  # fmt: skip
        return line


def change_line(*, actor: Actor, line_id: int, amount: Decimal, reason: str) -> BudgetLine:
    """A lawful adjustment of the budget, up or down, never below what contracts hold."""
    with audit.transaction() as log:
        line = locked(BudgetLine, line_id, "fund")
        require_permission(can_keep_fund(actor, line.fund))
        if not reason.strip():
            raise MarketplaceError(_("Write down who approved the change and why."), field="reason")
        require(check_new_amount(balance_of(line), amount))
        before, line.amount = line.amount, amount
        line.save(update_fields=["amount"])
        log.record(
            "fund.line_changed", line, actor, code=line.code, before=before, amount=amount, reason=reason.strip()
        )
        return line
