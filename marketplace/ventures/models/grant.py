"""What was granted: the last word of a call on an application, and from which pots the money comes."""

from __future__ import annotations

from django.db import models

from .application import Application
from .call import CallPot


class Grant(models.Model):
    """Made when the public display is over and no objection is open; `contracts` makes the agreement from it."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="grant")
    number = models.CharField(max_length=40, unique=True, help_text="Project number.")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Sum of its shares.")
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="grant_positive")]

    def __str__(self) -> str:
        return f"{self.number} {self.application.title}"


class GrantShare(models.Model):
    """What one pot pays of a grant."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="shares")
    pot = models.ForeignKey(CallPot, on_delete=models.PROTECT, related_name="grant_shares")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["pot__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "pot"], name="grant_share_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="grant_share_positive"),
        ]
