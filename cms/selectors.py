"""What pages show beside their own words: of a notice its papers, of a project its photos."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from marketplace.audit.log import subject_of
from marketplace.audit.models import LogEntry
from marketplace.contracts.models import ReportPhoto, ReportStatus
from marketplace.documents.generation import latest_document
from marketplace.publication.content import parts
from marketplace.publication.media import standing
from marketplace.publication.models import NoticeSnapshot
from marketplace.transparency.projects import project_url


def notice_context(snapshot: NoticeSnapshot) -> dict[str, Any]:
    siblings = (
        list(
            NoticeSnapshot.objects.filter(project_number=snapshot.project_number)
            .defer("data")
            .order_by("published_at", "pk")
        )
        if snapshot.project_number
        else [snapshot]
    )
    return {
        "snapshot": snapshot,
        "parts": parts(snapshot),
        "siblings": [other for other in siblings if other.pk != snapshot.pk],
        "corrections": [other for other in siblings if other.corrects_id == snapshot.pk],
        "media": standing(snapshot.medium_records.all()),
        "pdf": latest_document("notice", snapshot),
        "entry": LogEntry.objects.filter(subject=subject_of(snapshot), action="notice.published").first(),
        "project_url": project_url(snapshot.project_number),
    }


def publishable_photos(project_number: str) -> QuerySet[ReportPhoto]:
    """Photos of accepted reports whose people agreed or cannot be recognized (R-CHAR-10)."""
    contracts = {"report__milestone__contract__project_number": project_number or None}
    return (
        ReportPhoto.objects.filter(
            removed_at=None,
            report__status=ReportStatus.ACCEPTED,
            report__has_consent=True,
            report__milestone__contract__published_at__isnull=False,
            **contracts,
        )
        .select_related("document", "report__milestone")
        .order_by("pk")
    )
