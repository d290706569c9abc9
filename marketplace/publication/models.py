"""Published notices as frozen snapshots: what was published, when, by whom. Never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """Kinds of notices; `kinds.py` has the fields of each."""

    INTENTION = "intention", _("Procurement intention")
    TENDER = "tender", _("Tender notice")
    CORRECTION = "correction", _("Correction notice")
    TERMINATION = "termination", _("Termination notice")
    VOID = "void", _("Void lot notice")
    RESULT = "result", _("Result notice")
    CONTRACT = "contract", _("Contract notice")
    ACCEPTANCE = "acceptance", _("Acceptance notice")
    EVALUATION = "evaluation", _("Evaluation notice")
    GRANT_AGREEMENT = "grant_agreement", _("Grant agreement")
    GRANT_ENDED = "grant_ended", _("Project ended early")
    VENTURE_CALL = "venture_call", _("Venture call")
    VENTURE_CORRECTION = "venture_correction", _("Correction of a venture call")
    VENTURE_END = "venture_end", _("End of a venture call")
    VENTURE_RESULT = "venture_result", _("Result of a venture call")


class FrozenError(TypeError):
    """An attempt to change or delete what has been published: a mistake in the program, not of a person."""


class FrozenQuerySet(models.QuerySet["NoticeSnapshot"]):
    """Reads and creates; bulk changes are refused like single ones."""

    def with_stands_since(self) -> FrozenQuerySet:
        """Adds `stands_since`: the earliest publication on a designated medium, by the newest record of each."""
        later = MediumRecord.objects.filter(
            snapshot=models.OuterRef("snapshot"), medium=models.OuterRef("medium"), pk__gt=models.OuterRef("pk")
        )
        counting = MediumRecord.objects.filter(~models.Exists(later), snapshot=models.OuterRef("pk"))
        first = counting.order_by("published_at").values("published_at")[:1]
        return self.annotate(stands_since=models.Subquery(first))

    def update(self, **fields: Any) -> int:
        raise FrozenError("A published notice never changes.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenError("A published notice is never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise FrozenError("A published notice never changes.")


class NoticeSnapshot(models.Model):
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    title = models.CharField(max_length=200)
    project_number = models.CharField(max_length=40, db_index=True, blank=True)
    subject = models.CharField(max_length=80, db_index=True, help_text="Kind and key of the object it is about.")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="notices")
    region = models.CharField(max_length=6)
    data = models.JSONField(help_text="The fields of the notice as published: a frozen snapshot.")
    language = models.CharField(max_length=10, default="zh-hans")
    content_sha256 = models.CharField(max_length=64, help_text="Of the notice's JSON copy, as it stands in the log.")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    published_at = models.DateTimeField(db_index=True)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: by the clock."
    )

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["kind", "-published_at"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise FrozenError("A published notice never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenError("A published notice is never deleted.")

    def get_absolute_url(self) -> str:
        return reverse("wagtail_serve", args=[f"notices/{self.number}/"])


class MediumRecord(models.Model):
    """The same notice on a medium that the finance department designated (R-PUB-01): where, and since when.

    Never changed: a wrong one is followed by another for the same medium, and the newest counts.
    """

    snapshot = models.ForeignKey(NoticeSnapshot, on_delete=models.PROTECT, related_name="medium_records")
    medium = models.CharField(_("designated medium"), max_length=60)
    url = models.URLField(_("address of the notice there"), max_length=300)
    published_at = models.DateTimeField(_("published there at"))
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.medium} {self.snapshot_id}"
