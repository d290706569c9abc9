"""Organizations that may not apply for a time (R-VENT-08, R-VENT-10): decided elsewhere, after a hearing."""

from __future__ import annotations

from datetime import date

from django.db import models


class BanQuerySet(models.QuerySet["VentureBan"]):
    def in_force(self, on: date) -> BanQuerySet:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class VentureBan(models.Model):
    """From the day of the decision for three years; who decided, who confirmed, and for which project."""

    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="venture_bans")
    project_number = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of the ban.")
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "project_number"], name="venture_ban_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="venture_ban_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.ends_on}"
