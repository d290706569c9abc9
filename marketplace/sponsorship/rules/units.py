"""Amounts as gateways count them, in the smallest unit: CNY 12.34 → 1234, JPY 12 → 12, KWD 1.230 → 1230."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.exceptions import MarketplaceError

# Stripe's lists of currencies without decimals, and with three.
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())  # noqa: SIM905
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())  # noqa: SIM905


def places(currency: str) -> int:
    code = currency.upper()
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Refuses an amount that the currency cannot express."""
    scaled = amount.scaleb(places(currency))
    if scaled != scaled.to_integral_value():
        raise MarketplaceError(
            _("%(currency)s has no such small amounts: %(amount)s.")
            % {"currency": currency.upper(), "amount": str(amount)},
            field="amount",
        )
    return int(scaled)


def from_minor(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-places(currency))
