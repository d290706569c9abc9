"""Stored files and what they are attached to. Content is addressed by id, checked and hashed on the way in."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file as it was taken in. Never changed, never deleted (R-CON-11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A file in its place: which object, which kind, which version. Generated PDFs and uploads alike."""

    subject = models.CharField(max_length=80, help_text="Kind and key, e.g. procurement.lot:12")
    kind = models.CharField(max_length=40, help_text="e.g. tender_documents, opening_minutes, review_report")
    title = models.CharField(_("title"), max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="documents")
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Taken out before anything was published.")
    removed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "title", "version"], name="document_version_once")
        ]
        indexes = [models.Index(fields=["subject", "kind"])]


class Signature(models.Model):
    """«系统签署确认»: fresh second factor, a statement, the hash of the exact PDF.

    Not a reliable signature (R-EDOC-02).
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, related_name="+")
    statement = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, help_text="Hash of the PDF that was shown.")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "user", "body"], name="signature_once")]
