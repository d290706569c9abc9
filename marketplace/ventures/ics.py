"""The dates of a call as a calendar file: opening, deadline, briefings."""

from __future__ import annotations

from datetime import datetime

from marketplace.web.ics import Entry, calendar_file

from .models import Briefing, Call, PaperKind


def call_calendar(call: Call, address: str) -> str:
    sequence = call.papers.filter(kind=PaperKind.CORRECTION, status="published").count()
    entries = [
        _entry(call, "opening", f"开始申报：{call.title}", call.opens_at, address, sequence),
        _entry(call, "deadline", f"申报截止：{call.title}", call.deadline, address, sequence),
        *(_briefing(call, row, address) for row in call.briefings.filter(cancelled_at=None)),
    ]
    return calendar_file(entries, "Call")


def _entry(call: Call, kind: str, title: str, moment: datetime | None, address: str, sequence: int) -> Entry:
    return Entry(
        uid=f"{call.number}-{kind}",
        title=title,
        starts_at=moment,  # type: ignore[arg-type]
        published_at=call.published_at,  # type: ignore[arg-type]
        address=address,
        description=f"{call.number} {call.lead.name}",
        sequence=sequence,
    )


def _briefing(call: Call, row: Briefing, address: str) -> Entry:
    return Entry(
        uid=f"{call.number}-briefing-{row.pk}",
        title=f"申报说明会：{call.title}",
        starts_at=row.starts_at,
        published_at=call.published_at,  # type: ignore[arg-type]
        address=address,
        description=f"{call.number} {row.link}".strip(),
        minutes=row.minutes,
        place=row.place,
    )
