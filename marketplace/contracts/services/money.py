"""A contract's money in the ledger, share by share: bound at the signature, paid, released at the end.

Called by the services that decide, inside their transaction. Every payment is split over the shares exactly.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.core.decisions import require
from marketplace.funds.rules.ledger import check_draw
from marketplace.funds.selectors import outstanding_by_line
from marketplace.funds.services import ledger

from ..models import Contract, Disbursement
from ..rules.shares import draw

ZERO = Decimal("0.00")


def booking_of(contract: Contract, subject: Any) -> ledger.Booking:
    return ledger.Booking(subject, contract.project_number, contract.title, contract.supplier.name)


def commit_shares(*, log: Any, actor: Actor, contract: Contract) -> None:
    """Bind each line's part; lines are locked in one order, so that two agreements cannot wait in a ring."""
    booking = booking_of(contract, contract)
    for share in contract.shares.order_by("budget_line_id"):
        ledger.commit(log=log, actor=actor, line_id=share.budget_line_id, amount=share.amount, booking=booking)


def pay_shares(*, log: Any, actor: Actor, contract: Contract, disbursement: Disbursement) -> None:
    """Each pocket pays in proportion to what it still holds for the contract."""
    held = outstanding_by_line(contract)
    require(check_draw(sum(held.values(), ZERO), disbursement.amount))
    booking = booking_of(contract, disbursement)
    for line_id, amount in draw(disbursement.amount, held).items():
        ledger.pay(log=log, actor=actor, contract=contract, amount=amount, booking=booking, line_id=line_id)


def release_shares(*, log: Any, actor: Actor, contract: Contract) -> None:
    """What is bound and was not paid goes back to the line that holds it."""
    booking = booking_of(contract, contract)
    for line_id in sorted(outstanding_by_line(contract)):
        ledger.release(log=log, actor=actor, contract=contract, booking=booking, line_id=line_id)
