"""Papers that change a published call: corrections, and its termination. One drafts, a second person publishes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .call import Call


class PaperKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    TERMINATION = "termination", _("Termination")


class CallPaperStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for the second officer")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CallPaper(models.Model):
    """A notice of its own that links both ways. A correction moves the deadline later, or clarifies texts."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    status = models.CharField(max_length=12, choices=CallPaperStatus.choices, default=CallPaperStatus.SUBMITTED)
    subject = models.CharField(_("what is corrected"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    old_deadline = models.DateTimeField(null=True, blank=True)
    new_deadline = models.DateTimeField(_("new deadline"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    return_reason = models.CharField(max_length=400, blank=True)
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.ForeignKey(
        "publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()


class CallPaperChange(models.Model):
    """One passage before and after. `target` names what is rewritten at publication."""

    paper = models.ForeignKey(CallPaper, on_delete=models.CASCADE, related_name="changes")
    target = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "target"], name="call_paper_target_once")]
