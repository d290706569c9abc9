"""Booking what came in: once by the gateway's own id, held with a reason when it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.documents.generation import request_document
from marketplace.funds.rules.ledger import check_promise
from marketplace.funds.selectors import agreement_money
from marketplace.funds.services import income

from ..events import PaymentBooked, PaymentHeld
from ..lifecycle import AGREEMENT
from ..models import Agreement, AgreementStatus, HoldReason, Payment, PaymentState
from ..permissions import can_keep_payment
from ..rules.payments import Expected, hold_reason
from ..selectors import gone_of, line_balance
from .agreement import source_of


@dataclass(frozen=True)
class Arrival:
    """Money that is here, as the gateway tells it."""

    gateway: str
    external_id: str
    amount: Decimal
    currency: str
    paid_at: datetime
    payer: str = ""
    method: str = ""


def record_payment(*, log: Any, actor: Actor, agreement_id: int | None, arrival: Arrival) -> Payment:
    """Books it, or holds it for finance with the reason. The same money again changes nothing."""
    agreement = _lock(agreement_id) if agreement_id is not None else None
    known = Payment.objects.filter(gateway=arrival.gateway, external_id=arrival.external_id).first()
    if known is not None:
        return known
    expected = (
        Expected(agreement.status, agreement.to_pay, agreement.currency, agreement.pay_due) if agreement else None
    )
    reason = hold_reason(expected, arrival.amount, arrival.currency, arrival.paid_at)
    if not reason and agreement is not None and not _has_room(agreement, arrival):
        reason = HoldReason.LATE
    payment = Payment.objects.create(
        agreement=agreement,
        gateway=arrival.gateway,
        external_id=arrival.external_id,
        method=arrival.method,
        amount=arrival.amount,
        currency=arrival.currency.upper(),
        payer=arrival.payer[:120],
        state=PaymentState.HELD if reason else PaymentState.BOOKED,
        hold_reason=reason,
        paid_at=arrival.paid_at,
    )
    if reason:
        log.record("sponsor_payment.held", payment, actor, amount=payment.amount, reason=str(reason))
        announce(PaymentHeld(payment.pk))
    else:
        _book(log, actor, payment)
    return payment


def _has_room(agreement: Agreement, arrival: Arrival) -> bool:
    """A lapsed promise stands again with a payment made in time, if its line has not been promised elsewhere since."""
    if agreement.status != AgreementStatus.LAPSED:
        return True
    return check_promise(line_balance(agreement.pot.budget_line_id), arrival.amount).allowed


def _lock(pk: int) -> Agreement:
    return locked(Agreement, pk, "call__lead", "sponsor", "pot__budget_line__fund")


def _book(log: Any, actor: Actor, payment: Payment) -> None:
    agreement = payment.agreement
    assert agreement is not None
    source = source_of(agreement, payment)
    missing = payment.amount - agreement_money(agreement).open
    if missing > 0:  # it had lapsed: the promise stands again with the payment
        income.promise(log=log, actor=actor, source=source, amount=missing)
    income.receive(log=log, actor=actor, source=source, amount=payment.amount)
    AGREEMENT.apply(agreement, "pay", actor=actor)
    agreement.paid_at, agreement.ended_at = clock.now(), None
    agreement.save(update_fields=["paid_at", "ended_at"])
    payment.booked_at = clock.now()
    payment.save(update_fields=["booked_at"])
    request_document("sponsorship_receipt", payment)
    log.record(
        "sponsor_payment.booked",
        payment,
        actor,
        project=agreement.call.number,
        amount=payment.amount,
        gateway=payment.gateway,
        agreement=agreement.number,
    )
    announce(PaymentBooked(payment.pk))


def accept_payment(*, actor: Actor, payment_id: int, reason: str) -> Payment:
    """Finance books held money after all: it came late, or another amount of the right currency. Else it goes back."""
    with audit.transaction() as log:
        payment = locked(Payment, payment_id, "agreement")
        require_permission(can_keep_payment(actor, payment))
        agreement = _lock(payment.agreement_id)  # type: ignore[arg-type]
        payment.agreement = agreement
        if payment.state != PaymentState.HELD or gone_of(payment):
            raise MarketplaceError(_("This payment is decided already."), code="wrong_state")
        if payment.hold_reason not in (HoldReason.LATE, HoldReason.AMOUNT):
            raise MarketplaceError(_("Only a late payment or one of another amount can be booked; give it back."))
        if agreement.status not in (AgreementStatus.CALLED, AgreementStatus.LAPSED):
            raise MarketplaceError(_("The agreement waits for no payment; give it back."), code="wrong_state")
        if not reason.strip():
            raise MarketplaceError(_("Write down the reason."), field="reason")
        payment.state, payment.resolution = PaymentState.BOOKED, reason.strip()[:400]
        payment.save(update_fields=["state", "resolution"])
        _settle_amount(log, actor, agreement, payment)
        _book(log, actor, payment)
        log.record("sponsor_payment.accepted", payment, actor, amount=payment.amount, reason=payment.resolution)
    return payment


def _settle_amount(log: Any, actor: Actor, agreement: Agreement, payment: Payment) -> None:
    """The agreement is worth what was paid: what was promised beyond it ends."""
    rest = agreement_money(agreement).open - payment.amount
    if rest > 0:
        income.withdraw(log=log, actor=actor, source=source_of(agreement, payment, "less"), amount=rest)
    agreement.due_amount = payment.amount
    agreement.save(update_fields=["due_amount"])


def book_arrival(*, agreement_id: int | None, arrival: Arrival, actor: Actor = SYSTEM) -> Payment:
    """`record_payment` in a transaction of its own."""
    with audit.transaction() as log:
        return record_payment(log=log, actor=actor, agreement_id=agreement_id, arrival=arrival)
