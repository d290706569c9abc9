"""What a budget line and a commitment still hold, and what may be booked against them (R-PLAN-01, R-LOT-01)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class LineBalance:
    """A line of 500,000 with 300,000 committed, 20,000 of it released and 100,000 paid has 220,000 available."""

    amount: Decimal
    committed: Decimal = ZERO
    released: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def bound(self) -> Decimal:
        """What contracts hold: committed and not released."""
        return self.committed - self.released

    @property
    def available(self) -> Decimal:
        return self.amount - self.bound

    @property
    def outstanding(self) -> Decimal:
        """Bound and not yet paid."""
        return self.bound - self.paid

    @property
    def faults(self) -> list[str]:
        """Sums that must never happen, by name; empty for a sound line."""
        named = {"overcommitted": self.available, "overpaid": self.outstanding, "overreleased": self.bound}
        return [name for name, value in named.items() if value < ZERO]


def check_commitment(balance: LineBalance, amount: Decimal) -> Decision:
    """No spending without an approved budget line, and never more than it holds (R-PLAN-01; 预算法第十三条)."""
    if amount <= balance.available:
        return allow("R-PLAN-01")
    return refuse(
        _(
            "The budget line has %(available)s yuan left, %(amount)s yuan are needed. "
            "Have the line raised or choose another one in the year's list."
        )
        % {"available": f"{balance.available:,.2f}", "amount": f"{amount:,.2f}"},
        "R-PLAN-01",
        field="amount",
    )


def check_draw(outstanding: Decimal, amount: Decimal) -> Decision:
    """A payment or release never exceeds what its commitment still holds (R-LOT-01: earmarked ledger)."""
    if amount <= outstanding:
        return allow("R-LOT-01")
    return refuse(
        _(
            "The contract's commitment still holds %(outstanding)s yuan, %(amount)s yuan are asked for. "
            "Correct the amount."
        )
        % {"outstanding": f"{outstanding:,.2f}", "amount": f"{amount:,.2f}"},
        "R-LOT-01",
        field="amount",
    )


def check_pay_back(paid: Decimal, amount: Decimal) -> Decision:
    """A pocket never gets back more than it paid (R-LOT-01: earmarked ledger)."""
    if amount <= paid:
        return allow("R-LOT-01")
    return refuse(
        _("Only %(paid)s yuan were paid, %(amount)s yuan cannot come back. Correct the amount.")
        % {"paid": f"{paid:,.2f}", "amount": f"{amount:,.2f}"},
        "R-LOT-01",
        field="amount",
    )


def check_new_amount(balance: LineBalance, amount: Decimal) -> Decision:
    """A line is never cut below what its contracts hold (R-PLAN-01)."""
    if amount >= balance.bound and amount > ZERO:
        return allow("R-PLAN-01")
    return refuse(
        _("Contracts hold %(bound)s yuan of this line; its amount cannot be lower.")
        % {"bound": f"{balance.bound:,.2f}"},
        "R-PLAN-01",
        field="amount",
    )
