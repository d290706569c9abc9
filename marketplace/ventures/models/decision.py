"""Who shall get how much from which pot; who agreed to it; and what was objected while it was on display."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .application import Application
from .assessment import Assessment
from .call import CallPot


class GrantProposal(models.Model):
    """The line of one application in the decision: funded with an amount, or not, with the reason."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="proposals")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="proposal")
    rank = models.PositiveIntegerField(help_text="Place in the ranking; equal totals share it.")
    place = models.PositiveIntegerField(help_text="Order in which the money goes round: ties by lot.")
    total = models.DecimalField(max_digits=7, decimal_places=2)
    asked = models.DecimalField(max_digits=14, decimal_places=2, help_text="From the pots of the call.")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="proposal_not_negative")]


class ProposedShare(models.Model):
    """What one pot would pay."""

    proposal = models.ForeignKey(GrantProposal, on_delete=models.PROTECT, related_name="shares")
    pot = models.ForeignKey(CallPot, on_delete=models.PROTECT, related_name="proposed_shares")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["pot__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "pot"], name="proposed_share_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="proposed_share_positive"),
        ]


class FunderConsent(models.Model):
    """A joint funder's approver agrees to what its own pots pay. A return takes it back."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="consents")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "body"], name="funder_consent_once")]


class DisplayObjection(models.Model):
    """What somebody objects to the result on display, and the answer."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="objections")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="display_objections"
    )
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("what you object to, and why"))
    made_at = models.DateTimeField()
    due_on = models.DateField(help_text="Day by which it is answered: five working days.")
    answer = models.TextField(_("answer"), blank=True)
    is_upheld = models.BooleanField(_("the objection is right: the decision goes back"), null=True, blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
