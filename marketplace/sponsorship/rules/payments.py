"""Whether money that came in may be booked, what may go back by which way, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Expected:
    """What an agreement waits for, when the money came."""

    status: str
    amount: Decimal
    currency: str
    pay_due: datetime | None


def hold_reason(expected: Expected | None, amount: Decimal, currency: str, paid_at: datetime) -> str:
    """Why the money cannot be booked by itself, or "": right amount and currency, called in, in time.

    A payment that was made in time and reported after the lapse is booked: who pays in time has paid.
    """
    if expected is None:
        return "unknown"
    if currency.upper() != expected.currency.upper():
        return "currency"
    if expected.status in ("paid", "refunded"):
        return "repeated"
    if expected.status == "lapsed":
        if expected.pay_due is None or paid_at > expected.pay_due:
            return "late"
    elif expected.status != "called":
        return "state"
    return "" if amount == expected.amount else "amount"


@dataclass(frozen=True)
class RefundWay:
    """How a way of paying gives back: how long, in parts or only whole, by the gateway or by hand."""

    method: str
    within: timedelta | None
    in_parts: bool
    by_gateway: bool


WAYS = {
    way.method: way
    for way in (
        RefundWay("bank", None, in_parts=True, by_gateway=False),
        RefundWay("card", None, in_parts=True, by_gateway=True),
        RefundWay("alipay", timedelta(days=90), in_parts=True, by_gateway=True),
        RefundWay("wechat_pay", timedelta(days=180), in_parts=True, by_gateway=True),
        RefundWay("link", timedelta(days=180), in_parts=True, by_gateway=True),
        RefundWay("customer_balance", None, in_parts=True, by_gateway=False),
    )
}
OTHER = RefundWay("other", None, in_parts=False, by_gateway=True)


def way_of(method: str) -> RefundWay:
    """An unknown method gives back whole payments only: the careful side."""
    return WAYS.get(method, OTHER)


def check_refund(
    way: RefundWay, *, paid: Decimal, gone: Decimal, amount: Decimal, paid_at: datetime, now: datetime
) -> Decision:
    """`gone`: what went back or is on its way."""
    if not ZERO < amount <= paid - gone:
        return refuse(
            _("At most %(rest)s yuan of this payment can go back; %(amount)s yuan are asked for.")
            % {"rest": f"{paid - gone:,.2f}", "amount": f"{amount:,.2f}"},
            "R-LOT-01",
            field="amount",
        )
    if not way.in_parts and amount != paid:
        return refuse(_("This way of paying gives back whole payments only."), field="amount")
    if way.within is not None and now > paid_at + way.within:
        return refuse(
            _("This way of paying gives back within %(days)d days only. Transfer the money by bank instead.")
            % {"days": way.within.days},
            field="amount",
            due=paid_at + way.within,
        )
    return allow("R-LOT-01")
