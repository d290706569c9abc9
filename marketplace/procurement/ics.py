"""The dates of a tender as an iCalendar file (RFC 5545): deadline with a reminder, end of the documents' period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .models import Tender

FOLD = 73


def tender_calendar(tender: Tender, address: str) -> str:
    """Deadline and opening are one moment; the entry lasts half an hour and reminds a day ahead."""
    entries = [_entry(tender, "deadline", f"投标截止和开标：{tender.title}", tender.deadline, address)]  # type: ignore[arg-type]
    if tender.documents_until != tender.deadline:
        title = f"招标文件获取截止：{tender.title}"
        entries.append(_entry(tender, "documents", title, tender.documents_until, address))  # type: ignore[arg-type]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yizhao//Tender//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [line for entry in entries for line in entry] + ["END:VCALENDAR"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _entry(tender: Tender, kind: str, title: str, moment: datetime, address: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{tender.number}-{kind}@yizhao",
        f"DTSTAMP:{_utc(tender.published_at)}",  # type: ignore[arg-type]
        f"SEQUENCE:{tender.corrections.filter(status='published').count()}",
        f"DTSTART:{_utc(moment)}",
        f"DTEND:{_utc(moment + timedelta(minutes=30))}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(tender.opening_place)}",
        f"DESCRIPTION:{_escaped(f'{tender.number} {tender.buyer.name}')}",
        f"URL:{address}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{_escaped(title)}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, "\\" + character)
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 octets; a character is never cut."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > FOLD:
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])
