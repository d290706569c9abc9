"""Closing and opening of a lot, and what bidders say about the read-out."""

from django.db import models


class LotClosing(models.Model):
    """The count and the log's head fixed after the deadline."""

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField()
    bid_count = models.PositiveSmallIntegerField()
    head_size = models.PositiveBigIntegerField(default=0, help_text="Size of the log's tree at the closing's head.")
    head_root = models.CharField(max_length=64, blank=True)


class Opening(models.Model):
    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField()
    statements_until = models.DateTimeField(help_text="30 minutes for bidders (R-OPEN-03, -04).")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the minutes were fixed.")


class OpeningStatement(models.Model):
    """A bidder's confirmation of, or objection to, the read-out. Silence means acceptance (R-OPEN-04)."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="statements")
    bid = models.OneToOneField("procurement.Bid", on_delete=models.PROTECT, related_name="opening_statement")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    confirms = models.BooleanField()
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
