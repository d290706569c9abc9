"""What Stripe sent: raw, verified or refused, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    NEW = "new", _("Stored, not worked off yet")
    DONE = "done", _("Worked off")
    WAITING = "waiting", _("Waits for an earlier event")
    IGNORED = "ignored", _("Concerns nothing here")
    HELD = "held", _("Needs a decision of finance")
    FAILED = "failed", _("Failed, is tried again")
    REFUSED = "refused", _("Not verified, refused")


class WebhookEvent(models.Model):
    """One event, once by its id; refused deliveries by the hash of what came."""

    event_id = models.CharField(max_length=120, unique=True, null=True, help_text="Empty: refused.")
    kind = models.CharField(max_length=80, blank=True)
    payload = models.TextField(help_text="As it came.")
    sha256 = models.CharField(max_length=64, db_index=True)
    signature = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=10, help_text="webhook, or list: fetched by the nightly comparison.")
    made_at = models.DateTimeField(null=True, help_text="By Stripe's clock.")
    received_at = models.DateTimeField(help_text="By the machine's clock.")
    market_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.NEW)
    note = models.CharField(max_length=400, blank=True)
    deliveries = models.PositiveIntegerField(default=1)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"])]


class StripeComparison(models.Model):
    """One night's comparison with Stripe's own list."""

    day = models.DateField(unique=True)
    compared_at = models.DateTimeField()
    found = models.PositiveIntegerField(help_text="Events that no webhook had brought.")
    missing = models.TextField(blank=True, help_text="Empty: everything that Stripe was paid is here.")

    class Meta:
        ordering = ["-day"]
