"""Bodies with rights and duties: buyers, organizations, agents, evaluators, supervisors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import BodyKind


class BodyQuerySet(models.QuerySet["Body"]):
    def of_kind(self, *kinds: str) -> BodyQuerySet:
        return self.filter(kind__in=kinds)

    def admitted(self) -> BodyQuerySet:
        """Bodies that may act: organizations register themselves, all others are admitted by the operator."""
        return self.filter(models.Q(kind=BodyKind.ORGANIZATION) | models.Q(admitted_at__isnull=False))


class Body(models.Model):
    """A body with rights and duties: buyer, organization, agent, evaluator, supervisor …"""

    kind = models.CharField(max_length=20, choices=BodyKind.choices)
    code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120)
    region = models.CharField(_("region"), max_length=6, help_text="GB/T 2260 code.")
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True, help_text="Not needed for organizations.")
    is_demo = models.BooleanField(default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
