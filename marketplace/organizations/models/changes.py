"""What changed about an organization and who said so: facts, the bank account, the registrar's mark."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body

from .organization import Organization


class OrganizationChange(models.Model):
    """One fact's change, kept for ever: before, after, by whom."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-pk"]

    @property
    def label(self) -> str:
        """The fact's name as the forms call it."""
        facts = {field.name: field for model in (Body, Organization) for field in model._meta.concrete_fields}
        return str(facts[self.field].verbose_name) if self.field in facts else self.field


class AccountChange(models.Model):
    """A new bank account, in force once a second person of the organization has confirmed it, where there is one."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="account_changes")
    bank_name = models.CharField(_("bank"), max_length=120)
    bank_account = models.CharField(_("account number"), max_length=40)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(confirmed_at=None, rejected_at=None),
                name="account_change_pending_once",
            )
        ]

    @property
    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.rejected_at is None


class Verification(models.Model):
    """«Verified by the registrar»: by operator or supervisor, on evidence. Spares evidence, never a gate."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="verifications")
    evidence = models.CharField(_("what was compared"), max_length=300)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_for = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(_("why the mark ended"), max_length=300, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(ended_at=None), name="verification_current_once"
            )
        ]
