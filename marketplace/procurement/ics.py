"""The dates of a tender as a calendar file: deadline with a reminder, end of the documents' period."""

from __future__ import annotations

from datetime import datetime

from marketplace.web.ics import Entry, calendar_file

from .models import Tender


def tender_calendar(tender: Tender, address: str) -> str:
    """Deadline and opening are one moment; the entry lasts half an hour and reminds a day ahead."""
    entries = [_entry(tender, "deadline", f"投标截止和开标：{tender.title}", tender.deadline, address)]  # type: ignore[arg-type]
    if tender.documents_until != tender.deadline:
        title = f"招标文件获取截止：{tender.title}"
        entries.append(_entry(tender, "documents", title, tender.documents_until, address))  # type: ignore[arg-type]
    return calendar_file(entries, "Tender")


def _entry(tender: Tender, kind: str, title: str, moment: datetime, address: str) -> Entry:
    return Entry(
        uid=f"{tender.number}-{kind}",
        title=title,
        starts_at=moment,
        published_at=tender.published_at,  # type: ignore[arg-type]
        address=address,
        description=f"{tender.number} {tender.buyer.name}",
        sequence=tender.corrections.filter(status="published").count(),
        place=tender.opening_place,
    )
