"""What a budget line and a commitment still hold, and what may be booked against them (R-PLAN-01, R-LOT-01)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class LineBalance:
    """A line of 500,000 with 300,000 committed, 20,000 of it released and 100,000 paid has 220,000 available.

    A line of sponsors' money holds what was promised by agreement, and pays what was received of it: of 500,000 with
    350,000 promised and 300,000 bound 50,000 are available.
    """

    amount: Decimal
    committed: Decimal = ZERO
    released: Decimal = ZERO
    paid: Decimal = ZERO
    promised: Decimal | None = None
    """None: budget money, there by approval."""
    received: Decimal = ZERO

    @property
    def bound(self) -> Decimal:
        """What contracts hold: committed and not released."""
        return self.committed - self.released

    @property
    def is_external(self) -> bool:
        return self.promised is not None

    @property
    def ceiling(self) -> Decimal:
        """What contracts may hold together."""
        return self.amount if self.promised is None else min(self.amount, self.promised)

    @property
    def available(self) -> Decimal:
        return self.ceiling - self.bound

    @property
    def not_bound(self) -> Decimal:
        """What a call may still plan with: a promise may come until the decision."""
        return self.amount - self.bound

    @property
    def cash(self) -> Decimal | None:
        """Received and not paid out; None for budget money."""
        return None if self.promised is None else self.received - self.paid

    @property
    def shortfall(self) -> Decimal:
        """Bound by contracts, but not covered by promises any more: a sponsor's promise lapsed after the grant."""
        return max(self.bound - self.promised, ZERO) if self.promised is not None else ZERO

    @property
    def unreceived(self) -> Decimal:
        """Promised, and not here yet."""
        return max(self.promised - self.received, ZERO) if self.promised is not None else ZERO

    @property
    def returnable(self) -> Decimal:
        """What may go back to sponsors: received, bound by no contract, not paid out."""
        if self.promised is None:
            return ZERO
        return max(min(self.received - self.paid, self.promised - self.bound), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """Bound and not yet paid."""
        return self.bound - self.paid

    @property
    def faults(self) -> list[str]:
        """Sums that must never happen, by name; empty for a sound line."""
        named = {"overcommitted": self.not_bound, "overpaid": self.outstanding, "overreleased": self.bound}
        if self.promised is not None:
            named |= {"overpromised": self.amount - self.promised, "overrefunded": self.received}
        return [name for name, value in named.items() if value < ZERO]


def check_commitment(balance: LineBalance, amount: Decimal) -> Decision:
    """No spending without an approved budget line, and never more than it holds (R-PLAN-01; 预算法第十三条)."""
    if amount <= balance.available:
        return allow("R-PLAN-01")
    if balance.is_external:
        words = _(
            "Sponsors have promised %(promised)s yuan for this line, contracts hold %(bound)s yuan of it; "
            "%(amount)s yuan are needed. Have a further agreement signed first, or grant less from this pot."
        )
        values = {"promised": balance.promised, "bound": balance.bound, "amount": amount}
        return refuse(words % {key: f"{value:,.2f}" for key, value in values.items()}, "R-PLAN-01", field="amount")
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


def check_cash(balance: LineBalance, amount: Decimal) -> Decision:
    """Sponsors' money is paid out as far as it came in, never on a promise (R-LOT-01 by analogy: earmarked ledger)."""
    if balance.cash is None or amount <= balance.cash:
        return allow("R-LOT-01")
    return refuse(
        _(
            "%(cash)s yuan of sponsors' money have come in and are not paid out; %(amount)s yuan are asked for. "
            "Wait for the payment that was called in, or pay from another pot."
        )
        % {"cash": f"{balance.cash:,.2f}", "amount": f"{amount:,.2f}"},
        "R-LOT-01",
        field="amount",
    )


def check_promise(balance: LineBalance, amount: Decimal) -> Decision:
    """Promises stay within the approved line (R-PLAN-01), and only a line of sponsors' money takes one (R-SCOPE-02)."""
    if balance.promised is None:
        return refuse(_("This is a line of budget money; sponsors' money stands on a line of its own."), "R-SCOPE-02")
    if balance.promised + amount <= balance.amount:
        return allow("R-PLAN-01")
    return refuse(
        _(
            "The line takes %(room)s yuan more, %(amount)s yuan are promised. "
            "Have the finance officer raise the line first."
        )
        % {"room": f"{balance.amount - balance.promised:,.2f}", "amount": f"{amount:,.2f}"},
        "R-PLAN-01",
        field="amount",
    )


def check_income(outstanding: Decimal, amount: Decimal) -> Decision:
    """Nothing is received, ended or given back beyond the agreement's own promise or payment (R-LOT-01)."""
    if ZERO < amount <= outstanding:
        return allow("R-LOT-01")
    return refuse(
        _("The agreement still holds %(outstanding)s yuan of this, %(amount)s yuan are asked for.")
        % {"outstanding": f"{outstanding:,.2f}", "amount": f"{amount:,.2f}"},
        "R-LOT-01",
        field="amount",
    )


def check_return(balance: LineBalance, amount: Decimal) -> Decision:
    """What contracts hold does not go back to a sponsor (R-CHAR-08: property given for a purpose stays with it)."""
    if amount <= balance.returnable:
        return allow("R-CHAR-08")
    return refuse(
        _(
            "%(returnable)s yuan of this line are bound by no contract and can go back; %(amount)s yuan are asked for. "
            "End the contract first, or give back less."
        )
        % {"returnable": f"{balance.returnable:,.2f}", "amount": f"{amount:,.2f}"},
        "R-CHAR-08",
        field="amount",
    )


def check_new_amount(balance: LineBalance, amount: Decimal) -> Decision:
    """A line is never cut below what its contracts hold (R-PLAN-01)."""
    if amount > ZERO and balance.promised is not None and amount < balance.promised:
        return refuse(
            _("Sponsors have promised %(promised)s yuan of this line; its amount cannot be lower.")
            % {"promised": f"{balance.promised:,.2f}"},
            "R-PLAN-01",
            field="amount",
        )
    if amount >= balance.bound and amount > ZERO:
        return allow("R-PLAN-01")
    return refuse(
        _("Contracts hold %(bound)s yuan of this line; its amount cannot be lower.")
        % {"bound": f"{balance.bound:,.2f}"},
        "R-PLAN-01",
        field="amount",
    )
