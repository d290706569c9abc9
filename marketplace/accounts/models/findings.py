"""Findings of auditors and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import Role
from .bodies import Body
from .people import User

if TYPE_CHECKING:
    from ..actors import Actor


class FindingStatus(models.TextChoices):
    OPEN = "open", _("Waiting for the answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Actor) -> FindingQuerySet:
        """Auditors and supervisors read all, a body those about itself."""
        if actor.has(Role.AUDITOR, Role.SUPERVISOR):
            return self
        return self.filter(body_id=actor.body_id) if actor.roles else self.none()


class Finding(models.Model):
    """What an auditor found on an object; the body it concerns answers; the auditor closes it. Never deleted."""

    subject = models.CharField(max_length=80, db_index=True, help_text="Kind and key, e.g. procurement.tender:12")
    subject_title = models.CharField(_("object"), max_length=200)
    subject_url = models.CharField(max_length=300, blank=True)
    project_number = models.CharField(max_length=40, blank=True, db_index=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="findings")
    auditor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=FindingStatus.choices, default=FindingStatus.OPEN)
    is_serious = models.BooleanField(_("serious"), default=False, help_text="Counts in the face while it is open.")
    text = models.TextField(_("finding"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=400, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.subject_title
