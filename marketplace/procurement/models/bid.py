"""Bids: drafts under their own key, sealed parts, the sealed manifest, and what the opening reveals."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftStatus(models.TextChoices):
    EDITING = "editing", _("Being written")
    SEALING = "sealing", _("Being sealed")
    READY = "ready", _("Sealed, ready to submit")
    SUBMITTED = "submitted", _("Submitted")
    DESTROYED = "destroyed", _("Destroyed")


class BidDraft(models.Model):
    """A bidder's work before sealing. `payload` is encrypted under the draft's key, destroyed at sealing or deadline.

    Its address is random: a running number would tell how many bids there are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=DraftStatus.choices, default=DraftStatus.EDITING)
    lot = models.ForeignKey("procurement.Lot", on_delete=models.PROTECT, related_name="drafts")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    wrapped_key = models.BinaryField(blank=True)
    payload = models.BinaryField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "body"], condition=models.Q(destroyed_at=None), name="bid_draft_once"
            )
        ]


class PartStatus(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    SEALING = "sealing", _("Being sealed")
    SEALED = "sealed", _("Sealed")
    FAILED = "failed", _("Sealing failed")
    REMOVED = "removed", _("Removed")


class BidPart(models.Model):
    """One attachment, named by a random id only; its title and place stand in the encrypted payload."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(BidDraft, on_delete=models.PROTECT, related_name="parts")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, null=True, related_name="parts")
    status = models.CharField(max_length=10, choices=PartStatus.choices, default=PartStatus.UPLOADED)
    draft_size = models.PositiveBigIntegerField(default=0)
    sealed_size = models.PositiveBigIntegerField(default=0)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()


class BidStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted and sealed")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNOPENED = "unopened", _("Kept closed")
    OPENED = "opened", _("Opened")
    UNREADABLE = "unreadable", _("Could not be opened")
    INELIGIBLE = "ineligible", _("Not eligible")
    INVALID = "invalid", _("Invalid")
    VALID = "valid", _("Valid")


class Bid(models.Model):
    """A submitted bid: what counts, is hashed, logged and receipted is the sealed manifest."""

    lot = models.ForeignKey("procurement.Lot", on_delete=models.PROTECT, related_name="bids")
    draft = models.ForeignKey(BidDraft, on_delete=models.PROTECT, null=True, related_name="bids")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="bids")
    status = models.CharField(max_length=10, choices=BidStatus.choices, default=BidStatus.SUBMITTED)
    manifest = models.BinaryField(help_text="age file to the lot's key.")
    manifest_sha256 = models.CharField(max_length=64)
    plaintext_commitment = models.CharField(
        max_length=64, help_text="Hash of nonce and plaintext; the nonce stays with the bidder."
    )
    receipt_number = models.CharField(
        max_length=40, unique=True, help_text="Random: a running number would count bids."
    )
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(help_text="Taken when the submit has been read whole, before any lock.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    kept_copy = models.BooleanField(default=False, help_text="The bidder asked for an editable copy.")
    # after the opening
    opened_at = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=4, blank=True, help_text="A, B, C …: the public name of a loser.")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    contents = models.JSONField(null=True, blank=True, help_text="The manifest in clear, frozen at the opening.")
    open_error = models.CharField(max_length=200, blank=True)
    invalid_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "body"],
                condition=~models.Q(status__in=["replaced", "withdrawn"]),
                name="bid_active_once",
            )
        ]

    @property
    def log_key(self) -> str:
        """What names the bid in log, proof and receipt: a running number would count the bids of others."""
        return self.receipt_number


class BidFile(models.Model):
    """A part of a bid in clear after the opening."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="files")
    part = models.OneToOneField(BidPart, on_delete=models.PROTECT, related_name="opened")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20, help_text="evidence, technical, annex")
    evidence_kind = models.CharField(max_length=20, blank=True)
    criterion = models.ForeignKey("procurement.Criterion", on_delete=models.PROTECT, null=True, related_name="+")
    page_count = models.PositiveSmallIntegerField(default=0, help_text="Page images drawn by the worker; 0: none yet.")

    @property
    def page_numbers(self) -> range:
        """Numbers of the pages that are drawn as pictures."""
        return range(1, self.page_count + 1)
