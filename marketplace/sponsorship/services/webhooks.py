"""What Stripe tells: stored raw first, worked off afterwards. Once by its id, in any order, again after a crash.

A delivery with a wrong signature or an old time is kept as refused and changes nothing. An event that speaks of a
payment which is not here yet waits for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import stripe
from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.funds.services import income

from ..events import DisputeChanged
from ..gateways import stripe_gateway
from ..models import (
    Agreement,
    CheckoutSession,
    Dispute,
    EventState,
    Gateway,
    Payment,
    PaymentState,
    Refund,
    WebhookEvent,
)
from ..permissions import can_keep_payment, can_operate_webhooks
from ..rules.units import from_minor
from ..selectors import line_balance
from .agreement import source_of
from .payments import Arrival, record_payment
from .refunds import fail_refund, finish_refund, refund_from_outside

MOST_KEPT = 64 * 1024
MOST_REFUSED = 500
OPEN = (EventState.NEW, EventState.FAILED, EventState.WAITING)
Outcome = tuple[EventState, str]


class DeliveryRefused(MarketplaceError):
    """The sender could not be verified."""

    code = "not_verified"


def take_delivery(*, payload: bytes, signature: str) -> WebhookEvent:
    """Verify and store, nothing else: from here on the event cannot be lost. Raises `DeliveryRefused`."""
    try:
        event = stripe_gateway.verified(payload, signature)
    except (stripe.SignatureVerificationError, ValueError) as error:
        _keep_refused(payload, signature, str(error))
        raise DeliveryRefused(_("This delivery could not be verified.")) from error
    return store_event(event, raw=payload.decode("utf-8"), signature=signature, source="webhook")


def store_event(event: dict[str, Any], *, raw: str, signature: str = "", source: str) -> WebhookEvent:
    with audit.transaction():
        row, is_new = WebhookEvent.objects.get_or_create(
            event_id=event["id"],
            defaults={
                "kind": event["type"],
                "payload": raw,
                "sha256": hashlib.sha256(raw.encode()).hexdigest(),
                "signature": signature[:400],
                "source": source,
                "made_at": datetime.fromtimestamp(event["created"], UTC),
                "received_at": clock.machine_now(),
                "market_at": clock.now(),
            },
        )
        if not is_new:
            row.deliveries += 1
            row.save(update_fields=["deliveries"])
    return row


def _keep_refused(payload: bytes, signature: str, note: str) -> None:
    """One row for what is sent again and again; strangers cannot fill the database."""
    digest = hashlib.sha256(payload).hexdigest()
    with audit.transaction():
        refused = WebhookEvent.objects.filter(state=EventState.REFUSED)
        row = refused.filter(sha256=digest).first()
        if row is not None:
            row.deliveries += 1
            row.save(update_fields=["deliveries"])
        elif refused.count() < MOST_REFUSED:
            WebhookEvent.objects.create(
                kind="",
                payload=payload[:MOST_KEPT].decode("utf-8", "replace").replace("\x00", ""),
                sha256=digest,
                signature=signature[:400],
                source="webhook",
                received_at=clock.machine_now(),
                market_at=clock.now(),
                state=EventState.REFUSED,
                note=note[:400],
            )


def work_off(*, event_pk: int) -> WebhookEvent:
    """Do what the event says, in one transaction with the event's state; a refusal is kept on it and tried again."""
    try:
        with audit.transaction() as log:
            event = locked(WebhookEvent, event_pk)
            if event.state not in OPEN:
                return event
            event.state, event.note = _outcome(log, event)
            event.tries += 1
            event.save(update_fields=["state", "note", "tries"])
    except MarketplaceError as error:
        WebhookEvent.objects.filter(pk=event_pk).update(state=EventState.FAILED, note=str(error)[:400])
        raise
    if event.state == EventState.DONE:
        _work_off_waiting()
    return event


def _work_off_waiting() -> None:
    """What spoke of this payment too early is done now."""
    for pk in (
        WebhookEvent.objects.filter(state=EventState.WAITING).order_by("made_at", "pk").values_list("pk", flat=True)
    ):
        _once_more(pk)


def _once_more(pk: int) -> None:
    """Without setting off another round: who waits still, waits on."""
    with audit.transaction() as log:
        event = locked(WebhookEvent, pk)
        if event.state == EventState.WAITING:
            event.state, event.note = _outcome(log, event)
            event.tries += 1
            event.save(update_fields=["state", "note", "tries"])


def _outcome(log: Any, event: WebhookEvent) -> Outcome:
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return EventState.IGNORED, ""
    body = json.loads(event.payload)
    return handler(log, event, body["data"]["object"])


def market_time(event: WebhookEvent) -> datetime:
    """When it happened by the marketplace's clock: as long before the storing as by the machine's."""
    assert event.made_at is not None
    return min(event.market_at - (event.received_at - event.made_at), event.market_at)


def _session_paid(log: Any, event: WebhookEvent, session: dict[str, Any]) -> Outcome:
    if session.get("payment_status") != "paid":
        return EventState.DONE, _("The payment is still under way")
    ours = CheckoutSession.objects.filter(session_id=session["id"]).first()
    if ours is None:  # killed between Stripe's answer and our note of it: the key that we sent comes back
        key = (session.get("metadata") or {}).get("session") or ""
        ours = CheckoutSession.objects.filter(key=key, session_id=None).first()
    if ours is not None and ours.session_id is None:
        ours.session_id = session["id"]
        ours.save(update_fields=["session_id"])
    methods = session.get("payment_method_types") or []
    currency = str(session["currency"])
    arrival = Arrival(
        gateway=Gateway.STRIPE,
        external_id=str(session.get("payment_intent") or session["id"]),
        amount=from_minor(session["amount_total"], currency),
        currency=currency,
        paid_at=market_time(event),
        payer=str((session.get("customer_details") or {}).get("name") or ""),
        method=methods[0] if len(methods) == 1 else "",
    )
    agreement_id = ours.agreement_id if ours else None
    payment = record_payment(log=log, actor=SYSTEM, agreement_id=agreement_id, arrival=arrival)
    if payment.state != PaymentState.HELD:
        return EventState.DONE, ""
    note = str(payment.get_hold_reason_display())
    return (EventState.HELD if payment.agreement_id is None else EventState.DONE), note


def _session_over(log: Any, event: WebhookEvent, session: dict[str, Any]) -> Outcome:
    return EventState.DONE, ""


def _payment_of(entry: dict[str, Any]) -> Payment | None:
    payment = Payment.objects.filter(gateway=Gateway.STRIPE, external_id=entry.get("payment_intent") or "").first()
    if payment is not None and payment.agreement_id is not None:
        payment.agreement = locked(Agreement, payment.agreement_id, "call__lead", "pot__budget_line__fund", "sponsor")
    return payment


def _refund_changed(log: Any, event: WebhookEvent, entry: dict[str, Any]) -> Outcome:
    payment = _payment_of(entry)
    if payment is None:
        return EventState.WAITING, _("The payment is not here yet")
    key = (entry.get("metadata") or {}).get("refund") or ""
    refund = Refund.objects.filter(payment=payment, external_id=entry["id"]).first()
    refund = refund or Refund.objects.filter(payment=payment, key=key).first()
    status = entry.get("status")
    if refund is not None:
        refund.payment, refund.external_id = payment, entry["id"]
    if status == "succeeded":
        if refund is None:
            amount = from_minor(entry["amount"], entry["currency"])
            refund_from_outside(log=log, payment=payment, amount=amount, external_id=entry["id"])
        else:
            finish_refund(log=log, actor=SYSTEM, refund=refund)
    elif status in ("failed", "canceled") and refund is not None:
        fail_refund(log=log, refund=refund, note=str(entry.get("failure_reason") or status))
    return EventState.DONE, ""


CLOSED = ("won", "lost", "warning_closed", "prevented")


def _dispute_changed(log: Any, event: WebhookEvent, entry: dict[str, Any]) -> Outcome:
    """A dispute is an alarm at once; money leaves the books only when the bank has decided against us."""
    payment = _payment_of(entry)
    if payment is None:
        return EventState.WAITING, _("The payment is not here yet")
    dispute, is_new = Dispute.objects.get_or_create(
        external_id=entry["id"],
        defaults={
            "payment": payment,
            "amount": from_minor(entry["amount"], entry["currency"]),
            "cause": str(entry.get("reason") or "")[:60],
            "status": entry["status"],
            "opened_at": market_time(event),
            "after_disbursement": _was_paid_out(payment),
        },
    )
    if dispute.closed_at is not None or (not is_new and dispute.status == entry["status"]):
        return EventState.DONE, ""
    dispute.status, dispute.seen_by = entry["status"], None
    if entry["status"] in CLOSED:
        dispute.closed_at = clock.now()
    dispute.save(update_fields=["status", "seen_by", "closed_at"])
    if entry["status"] == "lost":
        _charge_back(log, payment, dispute)
    log.record("sponsor_dispute.changed", dispute, SYSTEM, amount=dispute.amount, status=dispute.status)
    announce(DisputeChanged(dispute.pk))
    return EventState.DONE, ""


def _was_paid_out(payment: Payment) -> bool:
    if payment.agreement is None:
        return False
    balance = line_balance(payment.agreement.pot.budget_line_id)
    return balance.cash is not None and balance.cash < payment.amount


def _charge_back(log: Any, payment: Payment, dispute: Dispute) -> None:
    if payment.state == PaymentState.BOOKED and payment.agreement is not None:
        source = source_of(payment.agreement, dispute)
        income.charge_back(log=log, actor=SYSTEM, source=source, amount=dispute.amount)
    if dispute.amount >= payment.amount:
        payment.state = PaymentState.RETURNED
        payment.save(update_fields=["state"])


HANDLERS: dict[str, Callable[[Any, WebhookEvent, dict[str, Any]], Outcome]] = {
    "checkout.session.completed": _session_paid,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.async_payment_failed": _session_over,
    "checkout.session.expired": _session_over,
    "refund.created": _refund_changed,
    "refund.updated": _refund_changed,
    "refund.failed": _refund_changed,
    "charge.dispute.created": _dispute_changed,
    "charge.dispute.updated": _dispute_changed,
    "charge.dispute.closed": _dispute_changed,
}


def replay(*, actor: Actor, event_pk: int) -> WebhookEvent:
    """The operator has an open event worked off now. What is done stays done; what was refused is never believed."""
    require_permission(can_operate_webhooks(actor))
    event = WebhookEvent.objects.get(pk=event_pk)
    if event.state == EventState.REFUSED:
        raise MarketplaceError(_("A delivery that could not be verified is never worked off."))
    return work_off(event_pk=event_pk)


def settle_event(*, actor: Actor, event_pk: int, note: str) -> WebhookEvent:
    """The operator has looked into a refused delivery, or found out whose money it was; the event stays as it came."""
    with audit.transaction() as log:
        event = locked(WebhookEvent, event_pk)
        require_permission(can_operate_webhooks(actor))
        if event.state not in (EventState.REFUSED, EventState.HELD):
            raise MarketplaceError(_("Nothing is to be settled here."), code="wrong_state")
        if not note.strip():
            raise MarketplaceError(_("Write down what was found and done."), field="note")
        event.state, event.note = EventState.IGNORED, note.strip()[:400]
        event.save(update_fields=["state", "note"])
        log.record("stripe_event.settled", event, actor, note=event.note)
    return event


def mark_dispute_seen(*, actor: Actor, dispute_id: int) -> Dispute:
    with audit.transaction() as log:
        dispute = locked(Dispute, dispute_id, "payment__agreement__call")
        require_permission(can_keep_payment(actor, dispute.payment))
        dispute.seen_by_id = actor.user_id
        dispute.save(update_fields=["seen_by"])
        log.record("sponsor_dispute.seen", dispute, actor, status=dispute.status)
    return dispute
