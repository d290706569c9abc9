"""The only module that speaks to Stripe. Its answers count for nothing in the books: only verified events do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.core.exceptions import MarketplaceError

from ..models import CheckoutSession, Refund
from ..rules.units import to_minor

TIMEOUT = 20
RETRIES = 2
EVENT_TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)


class GatewayError(MarketplaceError):
    """Stripe did not answer or refused; nothing has changed, and the same request may be sent again."""

    code = "gateway"


@dataclass(frozen=True)
class Page:
    """The hosted payment page of a session."""

    session_id: str
    url: str


def is_ready() -> bool:
    return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)


def client() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def create_session(session: CheckoutSession, *, success_url: str, cancel_url: str, language: str) -> Page:
    """A Checkout Session for the agreement's amount: paid at once, on Stripe's page."""
    agreement = session.agreement
    methods = settings.STRIPE_PAYMENT_METHODS
    facts = {"agreement": agreement.number, "session": session.key}
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": agreement.number,
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(session.expires_at.timestamp()),
        "locale": "zh" if language.startswith("zh") else "en",
        "payment_method_types": methods,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": session.currency.lower(),
                    "unit_amount": to_minor(session.amount, session.currency),
                    "product_data": {"name": f"{agreement.get_kind_display()} {agreement.number}"},
                },
            }
        ],
        "metadata": facts,
        "payment_intent_data": {"capture_method": "automatic", "metadata": facts},
    }
    if "wechat_pay" in methods:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    answer = _ask(lambda: client().v1.checkout.sessions.create(params, {"idempotency_key": session.key}))  # type: ignore[arg-type]
    return Page(answer.id, answer.url or "")


def method_of(external_id: str) -> str:
    """How a payment intent was paid: «card», «alipay», «wechat_pay» …"""
    params: Any = {"expand": ["latest_charge"]}
    intent = _ask(lambda: client().v1.payment_intents.retrieve(external_id, params)).to_dict()
    charge = intent.get("latest_charge") or {}
    details = charge.get("payment_method_details") or {} if isinstance(charge, dict) else {}
    return str(details.get("type") or "")


def send_refund(refund: Refund) -> str:
    params: Any = {
        "payment_intent": refund.payment.external_id,
        "amount": to_minor(refund.amount, refund.payment.currency),
        "reason": "requested_by_customer",
        "metadata": {"refund": refund.key},
    }
    return str(_ask(lambda: client().v1.refunds.create(params, {"idempotency_key": refund.key})).id)


def events_since(moment: datetime) -> Iterator[dict[str, Any]]:
    """All events of our kinds, oldest first, however many pages."""
    params: Any = {"created": {"gte": int(moment.timestamp())}, "types": list(EVENT_TYPES), "limit": 100}
    found = _ask(lambda: [event.to_dict() for event in client().v1.events.list(params).auto_paging_iter()])
    return iter(sorted(found, key=lambda event: event["created"]))


def sessions_since(moment: datetime) -> list[dict[str, Any]]:
    """All Checkout Sessions made since, however many pages."""
    params: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    return _ask(lambda: [each.to_dict() for each in client().v1.checkout.sessions.list(params).auto_paging_iter()])


def verified(payload: bytes, signature: str) -> dict[str, Any]:
    """The event of a delivery whose signature and time are right; raises what stripe's library raises."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    return stripe.Webhook.construct_event(
        payload, signature, secret, api_key=settings.STRIPE_SECRET_KEY or "none"
    ).to_dict()


def _ask(request: Any) -> Any:
    try:
        return request()
    except stripe.StripeError as error:
        words = _("Stripe did not carry this out: %(error)s. Nothing has changed; try again, or pay by bank transfer.")
        raise GatewayError(words % {"error": error.user_message or type(error).__name__}) from error
