"""The nightly comparison with Stripe's list: what a lost webhook missed is fetched and worked off like any event."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError

from ..gateways import stripe_gateway
from ..models import CheckoutSession, Gateway, Payment, StripeComparison, WebhookEvent
from .webhooks import OPEN, store_event, work_off

LOOKS_BACK = timedelta(days=3)


class ComparisonFault(MarketplaceError):
    """Stripe knows of money that is not here, or the other way round."""

    code = "comparison"


@dataclass
class Comparison:
    """What one night found."""

    found: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def compare_with_stripe(*, day: date) -> Comparison:
    """Fetch events of the last days that never came, work them off, compare sessions with payments. Safe to repeat."""
    since = clock.machine_now() - LOOKS_BACK
    result = Comparison()
    for event in stripe_gateway.events_since(since):
        if not WebhookEvent.objects.filter(event_id=event["id"]).exists():
            row = store_event(event, raw=json.dumps(event, sort_keys=True), source="list")
            result.found.append(row.event_id or "")
            work_off(event_pk=row.pk)
    for pk in WebhookEvent.objects.filter(state__in=OPEN).order_by("made_at", "pk").values_list("pk", flat=True):
        work_off(event_pk=pk)
    for session in stripe_gateway.sessions_since(since):
        intent = session.get("payment_intent") or session["id"]
        is_ours = CheckoutSession.objects.filter(session_id=session["id"]).exists()
        is_here = Payment.objects.filter(gateway=Gateway.STRIPE, external_id=intent).exists()
        if is_ours and session.get("payment_status") == "paid" and not is_here:
            result.missing.append(session["id"])
    _note(day, result)
    return result


def _note(day: date, result: Comparison) -> None:
    with audit.transaction():
        StripeComparison.objects.update_or_create(
            day=day,
            defaults={
                "compared_at": clock.now(),
                "found": len(result.found),
                "missing": "; ".join(result.missing)[:2000],
            },
        )
    if result.missing:
        raise ComparisonFault(
            _("Stripe has payments that are not booked here: %(ids)s") % {"ids": ", ".join(result.missing)}
        )
