"""What the page of a notice shows beside the notice itself."""

from __future__ import annotations

from typing import Any

from marketplace.audit.log import subject_of
from marketplace.audit.models import LogEntry
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
