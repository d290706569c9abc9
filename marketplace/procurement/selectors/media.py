"""The notices of a tender and where else they stand (R-PUB-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from marketplace.core.decisions import Decision
from marketplace.core.rules.time import day_of
from marketplace.core.workcalendar import calendar
from marketplace.publication.media import standing
from marketplace.publication.models import MediumRecord, NoticeKind, NoticeSnapshot

from ..models import Tender
from ..rules.timetable import Timetable, notice_before_deadline
from .tender import rules_of


@dataclass(frozen=True)
class NoticeOnMedia:
    snapshot: NoticeSnapshot
    records: list[MediumRecord]


def notices_on_media(tender: Tender) -> list[NoticeOnMedia]:
    """Every published notice of the project, oldest first, with the record of each medium."""
    rows = notices_of(tender).prefetch_related("medium_records").defer("data")
    return [NoticeOnMedia(row, standing(row.medium_records.all())) for row in rows]


def notices_of(tender: Tender) -> QuerySet[NoticeSnapshot]:
    """Oldest first, each with the moment from which it stands on a designated medium."""
    if not tender.number:
        return NoticeSnapshot.objects.none()
    found = NoticeSnapshot.objects.filter(project_number=tender.number)
    return found.with_stands_since().order_by("published_at", "pk")


def unrecorded(number: OuterRef) -> Exists:
    """Whether a project has a notice of which no designated medium is recorded."""
    return Exists(NoticeSnapshot.objects.filter(project_number=number, medium_records=None))


def notice_day(tender: Tender, notices: Iterable[NoticeSnapshot]) -> date:
    """R-TENDER-02: the day of the earliest publication on a designated medium; the day here until one is recorded."""
    first = next((row.stands_since for row in notices if row.kind == NoticeKind.TENDER), None)  # type: ignore[attr-defined]
    return day_of(first or tender.published_at)  # type: ignore[arg-type]


def notice_period(tender: Tender, notices: Iterable[NoticeSnapshot]) -> Decision:
    """Whether the notice period, counted from the designated medium, ends before the deadline."""
    plan = Timetable(notice_day(tender, notices), tender.documents_until, tender.deadline)
    return notice_before_deadline(plan, rules_of(tender, plan.issued_on), calendar())
