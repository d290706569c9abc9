"""Statements of the bank: imported line by line, matched by reference and amount, the rest by two people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement
from .payment import Payment


class BankStatement(models.Model):
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="bank_statements")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["body", "sha256"], name="statement_once")]


class BankLineState(models.TextChoices):
    MATCHED = "matched", _("Matched")
    OPEN = "open", _("Not matched")
    PROPOSED = "proposed", _("Waits for a second person")
    OTHER = "other", _("Belongs to something else")


class BankLine(models.Model):
    """One credit of a statement."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()
    booked_on = models.DateField()
    reference = models.CharField(max_length=60, help_text="Transaction number of the bank.")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    payer = models.CharField(max_length=120)
    text = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=BankLineState.choices)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="bank_line")
    proposal = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["statement_id", "row"]
        constraints = [models.UniqueConstraint(fields=["statement", "row"], name="bank_line_once")]
