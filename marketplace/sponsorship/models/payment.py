"""What came in by a gateway, what could not be booked and why, what went back, what the bank disputes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement


class Gateway(models.TextChoices):
    BANK = "bank", _("Bank transfer")
    STRIPE = "stripe", _("Online payment (Stripe)")


class CheckoutSession(models.Model):
    """One visit to the payment page: a Checkout Session hosted by Stripe."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sessions")
    key = models.CharField(max_length=64, unique=True, help_text="Idempotency key.")
    session_id = models.CharField(max_length=120, unique=True, null=True)
    url = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="By the machine's clock, as Stripe's.")

    class Meta:
        ordering = ["-pk"]


class PaymentState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Waits for finance")
    RETURNING = "returning", _("Goes back")
    RETURNED = "returned", _("Gone back")


class HoldReason(models.TextChoices):
    LATE = "late", _("Came after the agreement lapsed")
    AMOUNT = "amount", _("Another amount than agreed")
    CURRENCY = "currency", _("Another currency than agreed")
    UNKNOWN = "unknown", _("Belongs to no payment page of ours")
    REPEATED = "repeated", _("The agreement was paid already")
    STATE = "state", _("The agreement was not called in")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def held(self) -> PaymentQuerySet:
        return self.filter(state=PaymentState.HELD)


class Payment(models.Model):
    """Money that is here, by a verified event or a line of the bank's statement. Held money is never lost."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="payments")
    gateway = models.CharField(max_length=10, choices=Gateway.choices)
    external_id = models.CharField(max_length=120, help_text="Payment intent, or transaction number of the bank.")
    method = models.CharField(max_length=30, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    payer = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=PaymentState.choices)
    hold_reason = models.CharField(max_length=10, choices=HoldReason.choices, blank=True)
    resolution = models.CharField(max_length=400, blank=True)
    paid_at = models.DateTimeField(help_text="By the marketplace's clock.")
    booked_at = models.DateTimeField(null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.amount}"


class RefundStatus(models.TextChoices):
    ASKED = "asked", _("Waits for the second officer")
    APPROVED = "approved", _("Approved, on its way")
    SENT = "sent", _("Asked of the gateway")
    DONE = "done", _("Gone back")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Not approved")


class Refund(models.Model):
    """Money on its way back to the sponsor: asked by one person, approved by another, booked when it is gone."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=400)
    status = models.CharField(max_length=10, choices=RefundStatus.choices, default=RefundStatus.ASKED)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="Idempotency key.")
    external_id = models.CharField(max_length=120, unique=True, null=True, help_text="Refund, or bank reference.")
    note = models.CharField(max_length=400, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive")]


class Dispute(models.Model):
    """The payer's bank questions a payment."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    external_id = models.CharField(max_length=120, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    cause = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    after_disbursement = models.BooleanField(default=False, help_text="Money of its line had been paid out.")
    seen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
