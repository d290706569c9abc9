"""What happens to agreements and their money, as news for the rooms above. Ids only: who reacts reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgreementSubmitted:
    agreement_id: int


@dataclass(frozen=True)
class AgreementReturned:
    agreement_id: int


@dataclass(frozen=True)
class AgreementOffered:
    agreement_id: int


@dataclass(frozen=True)
class AgreementSigned:
    """Both sides: a pledge."""

    agreement_id: int


@dataclass(frozen=True)
class AgreementCalled:
    """The payment page is open for 14 days."""

    agreement_id: int


@dataclass(frozen=True)
class PaymentReminder:
    """`days`: 7 or 2 before the page closes."""

    agreement_id: int
    days: int


@dataclass(frozen=True)
class AgreementLapsed:
    """A promised pot is not paid in: the lead must know what is short."""

    agreement_id: int


@dataclass(frozen=True)
class AgreementCancelled:
    agreement_id: int


@dataclass(frozen=True)
class PaymentBooked:
    payment_id: int


@dataclass(frozen=True)
class PaymentHeld:
    """Money is here that cannot be booked by itself."""

    payment_id: int


@dataclass(frozen=True)
class RefundAsked:
    refund_id: int


@dataclass(frozen=True)
class RefundDone:
    refund_id: int


@dataclass(frozen=True)
class RefundFailed:
    refund_id: int


@dataclass(frozen=True)
class DisputeChanged:
    dispute_id: int
