"""The pre-review: is the application complete and eligible; and what looks as if it were funded already."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .application import Application, ApplicationVersion


class PreReviewResult(models.TextChoices):
    PASS = "pass", _("Pass")
    CORRECT = "correct", _("To be corrected once")
    FAIL = "fail", _("Not passed")


class PreReview(models.Model):
    """One decision on one version; a version is decided once, a second officer's word is not needed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="prereviews")
    version = models.OneToOneField(ApplicationVersion, on_delete=models.PROTECT, related_name="prereview")
    result = models.CharField(max_length=10, choices=PreReviewResult.choices)
    reason = models.TextField(_("reason"), blank=True, help_text="Sent to the applicant.")
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class PreReviewFinding(models.Model):
    """One check of the pre-review and what it found (R-VENT-08), kept with the decision."""

    prereview = models.ForeignKey(PreReview, on_delete=models.PROTECT, related_name="findings")
    rule_id = models.CharField(max_length=20)
    is_met = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)


class Likeness(models.Model):
    """Evidence that two projects may be one: shown to the officer, never a decision by itself (R-VENT-08)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="likenesses")
    other_subject = models.CharField(max_length=80, help_text="Kind and key, e.g. ventures.application:…")
    other_title = models.CharField(max_length=160)
    other_url = models.CharField(max_length=300, blank=True)
    text_percent = models.PositiveSmallIntegerField(help_text="Likeness of the texts, 0 to 100.")
    same = models.CharField(max_length=200, blank=True, help_text="What else is the same: place, time, beneficiaries.")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-text_percent", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "other_subject"], name="likeness_once")]
