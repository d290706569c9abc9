"""Agreements with sponsors and donors, and how their money comes in and goes back."""

from .agreement import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    AgreementTheme,
    DrawOrder,
    MatchRule,
    SponsorProfile,
)
from .bank import BankLine, BankLineState, BankStatement
from .payment import CheckoutSession, Dispute, Gateway, HoldReason, Payment, PaymentState, Refund, RefundStatus
from .webhook import EventState, StripeComparison, WebhookEvent

__all__ = [
    "Agreement",
    "AgreementKind",
    "AgreementStatus",
    "AgreementTheme",
    "BankLine",
    "BankLineState",
    "BankStatement",
    "CheckoutSession",
    "Dispute",
    "DrawOrder",
    "EventState",
    "Gateway",
    "HoldReason",
    "MatchRule",
    "Payment",
    "PaymentState",
    "Refund",
    "RefundStatus",
    "SponsorProfile",
    "StripeComparison",
    "WebhookEvent",
]
