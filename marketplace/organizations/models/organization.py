"""Organizations as suppliers: what is registered about them, and their face. Extends a body."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor


class OrganizationKind(models.TextChoices):
    """By prefix of the credit code (R-ORG-04)."""

    ASSOCIATION = "association", _("Association")
    SERVICE_AGENCY = "service_agency", _("Social service agency")
    FOUNDATION = "foundation", _("Foundation")
    ENTERPRISE = "enterprise", _("Enterprise")
    OTHER = "other", _("Other body")


class Face(models.TextChoices):
    GOOD = "good", _("Smiling face")
    FAIR = "fair", _("Level face")
    POOR = "poor", _("Sad face")
    NONE = "none", _("Not yet")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, actor: Actor) -> OrganizationQuerySet:
        """The actor's own organization."""
        return self.filter(body_id=actor.body_id) if actor.roles else self.none()


class Organization(models.Model):
    body = models.OneToOneField("accounts.Body", on_delete=models.PROTECT, related_name="organization")
    kind = models.CharField(max_length=20, choices=OrganizationKind.choices)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    service_areas = models.CharField(_("service areas"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="Mark of the registrar; spares evidence, never a gate to bidding."
    )
    face = models.CharField(max_length=8, choices=Face.choices, default=Face.NONE)
    face_reason = models.CharField(max_length=300, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    account_changed_at = models.DateTimeField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.body.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:organization-detail", args=[self.body.code])

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class FaceRecord(models.Model):
    """History of the face: from which evaluation, by which formula, in a sentence."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="faces")
    face = models.CharField(max_length=8, choices=Face.choices)
    reason = models.CharField(max_length=300)
    formula_version = models.PositiveSmallIntegerField(default=1)
    sample_size = models.PositiveSmallIntegerField(default=0, help_text="Evaluations that went into it.")
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    facts = models.JSONField(default=dict, help_text="What the formula was given: a frozen snapshot.")
    since = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-pk"]
