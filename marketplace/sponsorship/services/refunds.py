"""Giving money back: asked by one person, approved by another, sent by the gateway, booked when it is gone.

Refuses more than the payment, what contracts hold, parts where the way of paying gives back whole sums only, and
anything after the way's own time. Refunds made outside and money that a bank takes back are facts and are booked.
"""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.funds.rules.ledger import check_return
from marketplace.funds.services import income

from ..events import RefundAsked, RefundDone, RefundFailed
from ..gateways import gateway_of
from ..gateways.stripe_gateway import GatewayError
from ..lifecycle import AGREEMENT
from ..models import Agreement, AgreementStatus, Payment, PaymentState, Refund, RefundStatus
from ..permissions import can_decide_refund, can_keep_payment
from ..rules.payments import check_refund, way_of
from ..selectors import gone_of, line_balance
from .agreement import source_of

ZERO = Decimal("0.00")


def learn_method(payment: Payment) -> str:
    """How it was paid, asked of the gateway before the transaction."""
    return payment.method or gateway_of(payment.gateway).method_of(payment.external_id)


def ask_refund(*, actor: Actor, payment_id: int, amount: Decimal, reason: str) -> Refund:
    payment = Payment.objects.select_related("agreement__call").get(pk=payment_id)
    require_permission(can_keep_payment(actor, payment))
    method = learn_method(payment)
    with audit.transaction() as log:
        payment = _locked(payment_id)
        require_permission(can_keep_payment(actor, payment))
        if not reason.strip():
            raise MarketplaceError(_("Write down the reason."), field="reason")
        payment.method = method
        payment.save(update_fields=["method"])
        _check(payment, amount)
        refund = _ask(payment, amount, reason, actor.user_id)
        log.record("sponsor_refund.asked", refund, actor, amount=amount, reason=refund.reason)
        announce(RefundAsked(refund.pk))
    return refund


def _locked(pk: int) -> Payment:
    payment = locked(Payment, pk)
    if payment.agreement_id is not None:
        payment.agreement = locked(Agreement, payment.agreement_id, "call__lead", "pot__budget_line__fund", "sponsor")
    return payment


def _ask(payment: Payment, amount: Decimal, reason: str, user_id: int | None) -> Refund:
    return Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=reason.strip()[:400],
        asked_by_id=user_id,
        asked_at=clock.now(),
        key=f"refund-{secrets.token_hex(12)}",
    )


def _check(payment: Payment, amount: Decimal, *, without: int | None = None) -> None:
    """Of booked money only what no contract holds; held money was never booked and goes back freely."""
    if payment.state not in (PaymentState.BOOKED, PaymentState.HELD):
        raise MarketplaceError(_("This payment has gone back already."), code="wrong_state")
    gone = gone_of(payment, without=without)
    require(
        check_refund(
            way_of(payment.method),
            paid=payment.amount,
            gone=gone,
            amount=amount,
            paid_at=payment.paid_at,
            now=clock.now(),
        )
    )
    if payment.state == PaymentState.BOOKED and payment.agreement is not None:
        waiting = _waiting_on_line(payment, without)
        require(check_return(line_balance(payment.agreement.pot.budget_line_id), amount + waiting))


def _waiting_on_line(payment: Payment, without: int | None) -> Decimal:
    """Refunds of the same line that are asked for and not booked yet."""
    line_id = payment.agreement.pot.budget_line_id  # type: ignore[union-attr]
    rows = Refund.objects.filter(
        payment__agreement__pot__budget_line_id=line_id,
        payment__state=PaymentState.BOOKED,
        status__in=(RefundStatus.ASKED, RefundStatus.APPROVED, RefundStatus.SENT),
    )
    return sum(rows.exclude(pk=without or 0).values_list("amount", flat=True), ZERO)


def approve_refund(*, actor: Actor, refund_id: int) -> Refund:
    """The second person's word; the gateway is asked after the commit."""
    with audit.transaction() as log:
        refund = locked(Refund, refund_id)
        refund.payment = _locked(refund.payment_id)
        require_permission(can_decide_refund(actor, refund))
        _expect(refund, RefundStatus.ASKED)
        _check(refund.payment, refund.amount, without=refund.pk)
        refund.status, refund.approved_by_id = RefundStatus.APPROVED, actor.user_id
        refund.save(update_fields=["status", "approved_by"])
        log.record("sponsor_refund.approved", refund, actor, amount=refund.amount)
        send_refund_task.enqueue(refund.pk)
    return refund


def _expect(refund: Refund, *statuses: str) -> None:
    if refund.status not in statuses:
        raise MarketplaceError(_("This repayment is decided already."), code="wrong_state")


def refuse_refund(*, actor: Actor, refund_id: int, reason: str) -> Refund:
    with audit.transaction() as log:
        refund = locked(Refund, refund_id)
        refund.payment = _locked(refund.payment_id)
        require_permission(can_decide_refund(actor, refund))
        _expect(refund, RefundStatus.ASKED)
        if not reason.strip():
            raise MarketplaceError(_("Write down the reason."), field="reason")
        refund.status, refund.note, refund.approved_by_id = RefundStatus.REFUSED, reason.strip()[:400], actor.user_id
        refund.save(update_fields=["status", "note", "approved_by"])
        log.record("sponsor_refund.refused", refund, actor, amount=refund.amount, reason=refund.note)
    return refund


@task()
def send_refund_task(refund_id: int) -> None:
    send_refund(refund_id=refund_id)


def send_refund(*, refund_id: int) -> Refund:
    """Ask the gateway, with the refund's own idempotency key: sent twice, the money goes once."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != RefundStatus.APPROVED or not way_of(refund.payment.method).by_gateway:
        return refund
    try:
        external_id = gateway_of(refund.payment.gateway).send_refund(refund)
    except GatewayError as error:
        Refund.objects.filter(pk=refund_id, status=RefundStatus.APPROVED).update(note=str(error)[:400])
        raise
    with audit.transaction() as log:
        refund = locked(Refund, refund_id, "payment")
        if refund.external_id is None:
            refund.external_id, refund.note = external_id, ""
        if refund.status == RefundStatus.APPROVED:
            refund.status = RefundStatus.SENT
        refund.save(update_fields=["external_id", "status", "note"])
        log.record("sponsor_refund.sent", refund, SYSTEM, amount=refund.amount)
    return refund


def confirm_bank_refund(*, actor: Actor, refund_id: int, reference: str) -> Refund:
    """The finance officer has transferred it by hand and names the bank's reference."""
    with audit.transaction() as log:
        refund = locked(Refund, refund_id)
        refund.payment = _locked(refund.payment_id)
        require_permission(can_keep_payment(actor, refund.payment))
        _expect(refund, RefundStatus.APPROVED)
        if way_of(refund.payment.method).by_gateway:
            raise MarketplaceError(_("This money goes back through the gateway; nothing is transferred by hand."))
        if not reference.strip():
            raise MarketplaceError(_("Enter the bank's reference of the transfer."), field="reference")
        refund.external_id = f"{refund.payment.gateway}:{reference.strip()[:100]}"
        finish_refund(log=log, actor=actor, refund=refund)
    return refund


def finish_refund(*, log: Any, actor: Actor, refund: Refund) -> None:
    """The money is gone: book it. What contracts hold meanwhile cannot be refunded by us, but a fact stays a fact."""
    if refund.status == RefundStatus.DONE:
        return
    payment = refund.payment
    was_booked = payment.state == PaymentState.BOOKED
    refund.status, refund.done_at = RefundStatus.DONE, clock.now()
    refund.save(update_fields=["status", "done_at", "external_id", "note"])
    if was_booked and payment.agreement is not None:
        source = source_of(payment.agreement, refund)
        is_free = check_return(line_balance(payment.agreement.pot.budget_line_id), refund.amount).allowed
        book = income.refund if is_free else income.charge_back
        book(log=log, actor=actor, source=source, amount=refund.amount)
    _close_payment(payment, was_booked)
    log.record("sponsor_refund.done", refund, actor, amount=refund.amount)
    announce(RefundDone(refund.pk))


def _close_payment(payment: Payment, was_booked: bool) -> None:
    done = sum(payment.refunds.filter(status=RefundStatus.DONE).values_list("amount", flat=True), ZERO)
    if done < payment.amount:
        return
    payment.state = PaymentState.RETURNED
    payment.save(update_fields=["state"])
    agreement = payment.agreement
    if was_booked and agreement is not None and agreement.status == AgreementStatus.PAID:
        AGREEMENT.apply(agreement, "refund", actor=SYSTEM)
        agreement.ended_at = clock.now()
        agreement.save(update_fields=["ended_at"])


def fail_refund(*, log: Any, refund: Refund, note: str) -> None:
    """The gateway could not give it back: the money is still here, and finance is told."""
    if refund.status in (RefundStatus.FAILED, RefundStatus.DONE):
        return
    refund.status, refund.note = RefundStatus.FAILED, note[:400]
    refund.save(update_fields=["status", "note", "external_id"])
    log.record("sponsor_refund.failed", refund, SYSTEM, amount=refund.amount, note=refund.note)
    announce(RefundFailed(refund.pk))


def refund_from_outside(*, log: Any, payment: Payment, amount: Decimal, external_id: str) -> Refund:
    """Somebody gave money back in Stripe's own pages: it is recorded as it is."""
    words = _("Made in Stripe's own pages")
    refund = _ask(payment, amount, words, None)
    refund.external_id = external_id
    finish_refund(log=log, actor=SYSTEM, refund=refund)
    return refund


def ask_shares(*, log: Any, actor: Actor, payment: Payment, amount: Decimal, reason: str) -> Refund:
    """A refund as part of the return of unused money, checked like any other."""
    _check(payment, amount)
    refund = _ask(payment, amount, reason, actor.user_id)
    log.record("sponsor_refund.asked", refund, actor, amount=amount, reason=refund.reason)
    announce(RefundAsked(refund.pk))
    return refund
