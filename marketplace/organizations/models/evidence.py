"""The evidence file of an organization (R-ELIG-02), and its ties to persons and holders (R-ELIG-05)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .organization import Organization


class EvidenceKind(models.TextChoices):
    """The five kinds of evidence of R-ELIG-02, and the rest."""

    REGISTRATION = "registration", _("Registration certificate")
    FINANCE = "finance", _("Financial report with tax and social-insurance proof")
    CAPABILITY = "capability", _("Proof of equipment and skills")
    DECLARATION = "declaration", _("Signed declaration of no major violation in three years")
    OTHER = "other", _("Other legal proof")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def usable(self, on: date) -> EvidenceQuerySet:
        """What may be used in a bid on that day: not withdrawn, not expired."""
        return self.filter(withdrawn_at=None).filter(models.Q(valid_until=None) | models.Q(valid_until__gte=on))


class Evidence(models.Model):
    """One document of an organization's evidence file."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=120)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Relation(models.TextChoices):
    HEAD = "head", _("Legal representative or head")
    HOLDER = "holder", _("Holder or controlling body")
    DIRECTOR = "director", _("Director")
    SUPERVISOR = "supervisor", _("Supervisor of the organization")
    EMPLOYEE = "employee", _("Employee")


class PersonLink(models.Model):
    """A person's or a holder's tie to an organization: head, director, controlling holder (R-ELIG-05, R-COMM-09)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="links")
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("credit code of a holder"), max_length=18, blank=True)
    id_hash = models.CharField(max_length=64, blank=True, help_text="Salted hash of the identity number.")
    relation = models.CharField(_("relation"), max_length=20, choices=Relation.choices)
    share = models.DecimalField(
        _("share (%)"), max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of a holder."
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["relation", "name", "pk"]

    def __str__(self) -> str:
        return self.name
