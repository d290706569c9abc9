"""Requests for payment, their automatic comparison, two approvals, the payment record (R-VENT-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor


class DisbursementStatus(models.TextChoices):
    REQUESTED = "requested", _("Waiting for the approver")
    FIRST_APPROVED = "first_approved", _("Waiting for finance")
    APPROVED = "approved", _("Approved, to be paid")
    RETURNED = "returned", _("Returned")
    PAID = "paid", _("Paid")


class DisbursementQuerySet(models.QuerySet["Disbursement"]):
    def visible_to(self, actor: Actor) -> DisbursementQuerySet:
        """Both parties of the contract; supervisors and auditors all. Agents and operators see no payments."""
        if actor.has("supervisor", "auditor"):
            return self
        if actor.body_id is None:
            return self.none()
        return self.filter(
            models.Q(milestone__contract__buyer_id=actor.body_id)
            | models.Q(milestone__contract__supplier_id=actor.body_id)
        )

    def open(self) -> DisbursementQuerySet:
        return self.exclude(status__in=(DisbursementStatus.RETURNED, DisbursementStatus.PAID))

    def counted(self) -> DisbursementQuerySet:
        """What counts against the contract: all that was not sent back."""
        return self.exclude(status=DisbursementStatus.RETURNED)


class Disbursement(models.Model):
    number = models.CharField(max_length=40, unique=True)
    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, related_name="disbursements")
    status = models.CharField(max_length=16, choices=DisbursementStatus.choices, default=DisbursementStatus.REQUESTED)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    payee_name = models.CharField(_("payee"), max_length=120)
    bank_name = models.CharField(_("bank"), max_length=120)
    bank_account = models.CharField(_("account number"), max_length=40)
    invoice_number = models.CharField(_("invoice number"), max_length=40)
    invoice = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    pay_due = models.DateTimeField(help_text="R-CON-09, R-CON-10")
    run_on = models.DateField(_("payment run"), help_text="The run it goes with: twice a month (R-VENT-15).")
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(_("date of the bank"), null=True, blank=True)
    paid_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True)
    late_reason = models.CharField(_("reason of the delay"), max_length=400, blank=True, help_text="R-CON-09")
    late_interest = models.DecimalField(
        _("interest of the delay"), max_digits=14, decimal_places=2, default=0, help_text="R-CON-09: 0.05 % a day."
    )
    return_reason = models.CharField(max_length=400, blank=True)
    returned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)

    objects = DisbursementQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-requested_at"]),
            models.Index(fields=["-run_on"], name="disbursement_run"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"], condition=~models.Q(status="returned"), name="disbursement_active_once"
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~models.Q(bank_reference=""), name="bank_reference_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="disbursement_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class DisbursementCheck(models.Model):
    """One line of the automatic comparison, as it stood at the last decision."""

    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, related_name="checks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    passed = models.BooleanField()
    may_explain = models.BooleanField(default=False, help_text="Passes with a written explanation; else it blocks.")
    fact = models.CharField(max_length=300)
    explanation = models.CharField(max_length=400, blank=True)
    explained_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["disbursement", "code"], name="disbursement_check_once")]


class DisbursementApproval(models.Model):
    """Two approvals by two people: the buyer's approver, then finance."""

    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, related_name="approvals")
    step = models.PositiveSmallIntegerField(help_text="1 or 2")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["disbursement", "step"], name="disbursement_step_once"),
            models.UniqueConstraint(fields=["disbursement", "user"], name="disbursement_person_once"),
        ]
