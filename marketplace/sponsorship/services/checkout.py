"""The sponsor's way to the payment page: a fresh Checkout Session on each visit. It books nothing."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..gateways import stripe_gateway
from ..models import Agreement, AgreementStatus, CheckoutSession
from ..permissions import can_pay

SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23)


def open_checkout(*, actor: Actor, agreement_id: int) -> CheckoutSession:
    """Refuses an agreement that was not called in, is paid, or whose time is over; then asks Stripe for the page."""
    with audit.transaction() as log:
        agreement = locked(Agreement, agreement_id, "call", "sponsor")
        require_permission(can_pay(actor, agreement))
        if not stripe_gateway.is_ready():
            raise MarketplaceError(_("This site has no keys of Stripe. Pay by bank transfer with the reference code."))
        if agreement.status != AgreementStatus.CALLED or agreement.pay_due is None:
            raise MarketplaceError(_("Nothing is to be paid for this agreement now."), code="wrong_state")
        left = agreement.pay_due - clock.now()
        if left <= timedelta(0):
            raise MarketplaceError(_("The time for paying is over."), rule_id="R-TIME-07")
        session = CheckoutSession.objects.create(
            agreement=agreement,
            key=f"checkout-{secrets.token_hex(12)}",
            amount=agreement.to_pay,
            currency=agreement.currency,
            made_by_id=actor.user_id,
            made_at=clock.now(),
            expires_at=clock.machine_now() + max(min(left, LONGEST), SHORTEST),
        )
        log.record("agreement.checkout_opened", agreement, actor, amount=session.amount)
    page = stripe_gateway.create_session(
        session,
        success_url=_address("sponsorship:pay-done", agreement.pk),
        cancel_url=_address("sponsorship:pay-left", agreement.pk),
        language=get_language() or "zh-hans",
    )
    session.session_id, session.url = page.session_id, page.url
    session.save(update_fields=["session_id", "url"])
    return session


def _address(name: str, pk: int) -> str:
    return settings.MARKETPLACE_BASE_URL.rstrip("/") + reverse(name, args=[pk])
