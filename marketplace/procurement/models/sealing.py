"""Keys of lots, custodians and their shares (docs/sealing.md)."""

from django.db import models


class CustodianKey(models.Model):
    """A custodian's own age key; the identity is encrypted with the custodian's passphrase."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="custodian_keys")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    public_key = models.CharField(max_length=80)
    encrypted_identity = models.BinaryField(blank=True, help_text="Empty if the custodian keeps the identity.")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(retired_at=None), name="custodian_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.body})"


class TrialShare(models.Model):
    """A made-up share that a custodian has to open before any lot may name this key."""

    key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="trials")
    encrypted_share = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    proved_at = models.DateTimeField(null=True, blank=True)


class CustodianAppointment(models.Model):
    """The operator's appointment of a person with a proved key. Ended, never deleted."""

    key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="appointments")
    appointed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(ended_at=None), name="appointment_once")
        ]


class TenderCustodian(models.Model):
    """A custodian whom a tender names before its publication; each lot's key is split for these."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.CASCADE, related_name="custodians")
    key = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="tenders")
    named_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tender", "key"], name="tender_custodian_once")]


class LotKey(models.Model):
    """The age key pair of a lot.

    The private key is wrapped twice (design: inside by shares, outside by the seal key).
    """

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="key")
    public_key = models.CharField(max_length=80)
    wrapped_identity = models.BinaryField()
    threshold = models.PositiveSmallIntegerField(default=2)
    created_at = models.DateTimeField()


class CustodianShare(models.Model):
    lot_key = models.ForeignKey(LotKey, on_delete=models.PROTECT, related_name="shares")
    custodian = models.ForeignKey(CustodianKey, on_delete=models.PROTECT, related_name="shares")
    index = models.PositiveSmallIntegerField()
    encrypted_share = models.BinaryField()
    sha256 = models.CharField(max_length=64, help_text="Of the share in clear; also in the log.")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in = models.BinaryField(
        blank=True, help_text="Wrapped by the seal key between hand-in and opening, then emptied."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot_key", "index"], name="share_index_once"),
            models.UniqueConstraint(fields=["lot_key", "custodian"], name="share_custodian_once"),
        ]
