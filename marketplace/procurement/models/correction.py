"""Papers that change a published tender: corrections, and its termination. One drafts, a second person publishes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for the second officer")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Paper(models.Model):
    """What a correction and a termination have in common."""

    status = models.CharField(max_length=12, choices=PaperStatus.choices, default=PaperStatus.SUBMITTED)
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    return_reason = models.CharField(max_length=400, blank=True)
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Correction(Paper):
    """A change of published documents: a new notice; moves the deadline when R-TENDER-06 says so."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="corrections")
    subject = models.CharField(_("what is corrected"), max_length=120)
    affects_bids = models.BooleanField(_("may affect bids"), default=True)
    is_extension = models.BooleanField(default=False, help_text="R-TENDER-04: fewer than three takers.")
    short_notice_reason = models.CharField(
        max_length=400, blank=True, help_text="R-TIME-09: why less than n whole days."
    )
    old_deadline = models.DateTimeField()
    new_deadline = models.DateTimeField(_("new deadline"), null=True, blank=True)
    old_documents_until = models.DateTimeField()
    new_documents_until = models.DateTimeField(_("documents obtainable until"), null=True, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]


class CorrectionChange(models.Model):
    """One passage before and after. `target` names the field of the tender that is rewritten at publication."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="changes")
    target = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["correction", "target"], name="correction_target_once")]


class TerminationReason(models.TextChoices):
    """R-TENDER-12 knows one ground; it has these faces in practice."""

    TASK_CANCELLED = "task_cancelled", _("The task was cancelled by a major change")
    BUDGET_CANCELLED = "budget_cancelled", _("The budget was withdrawn or cut by its authority")
    PLAN_CHANGED = "plan_changed", _("A decision of a higher authority changed the plan")
    UNLAWFUL_CONTENT = "unlawful_content", _("Unlawful content affected bidding; to be corrected and tendered again")


class Termination(Paper):
    """The end of a tender before its award (R-TENDER-12, R-NOTICE-07; R-TENDER-11 for unlawful content)."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="terminations")
    kind = models.CharField(_("ground"), max_length=20, choices=TerminationReason.choices)
    reason = models.TextField(_("facts"))
    version = models.PositiveIntegerField(default=1, help_text="Counts submissions; a form carries it.")

    class Meta:
        ordering = ["pk"]
