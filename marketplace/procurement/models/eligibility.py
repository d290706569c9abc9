"""The eligibility check after the opening, by the buyer or the agent (R-OPEN-05)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EligibilityCheck(models.Model):
    """The check of one lot: begun after the opening, concluded once every bid has every point."""

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="eligibility_check")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")


class EligibilityFinding(models.Model):
    """One point of the check of one bid: an evidence kind, a condition, or a link to another bidder."""

    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="findings")
    point = models.CharField(max_length=40, help_text="evidence:finance, condition:12, links, credit")
    passed = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bid", "point"], name="eligibility_point_once")]


class CreditList(models.TextChoices):
    """The three lists of R-ELIG-04."""

    JUDGMENT_DEFAULTERS = "judgment", _("Judgment defaulters")
    TAX_OFFENDERS = "tax", _("Major tax offenders")
    PROCUREMENT_BLACKLIST = "procurement", _("Procurement blacklist")


class CreditQuery(models.Model):
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="credit_queries")
    list = models.CharField(max_length=12, choices=CreditList.choices)
    is_listed = models.BooleanField()
    queried_at = models.DateTimeField()
    queried_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, related_name="+", help_text="Screenshot."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bid", "list"], name="credit_query_once")]
