"""Times when the marketplace did not run, and what was decided for the tenders that they touched."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pulse(models.Model):
    """One row: when `run_due` last ran. A gap is an outage."""

    market = models.DateTimeField()
    machine = models.DateTimeField()


class Outage(models.Model):
    """A time without service, found by `run_due` afterwards. Never changed, never deleted."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-ended_at"]

    @property
    def minutes(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds() // 60)


class ExtensionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the supervisor")
    CONFIRMED = "confirmed", _("Confirmed, the deadline has moved")
    DECLINED = "declined", _("Not confirmed, the deadline stands")
    WAIVED = "waived", _("No extension needed")


class Extension(models.Model):
    """What is decided for one tender after an outage before its deadline: a new deadline, or none."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="extensions")
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="extensions")
    status = models.CharField(max_length=10, choices=ExtensionStatus.choices, default=ExtensionStatus.PROPOSED)
    new_deadline = models.DateTimeField(_("new deadline"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=400, blank=True)
    correction = models.ForeignKey(
        "procurement.Correction", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "outage"], name="extension_once")]
