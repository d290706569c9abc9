"""Dates as an iCalendar file (RFC 5545): entries with a reminder a day ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOLD = 73


@dataclass(frozen=True)
class Entry:
    """`uid` stays the same for the same date; `sequence` counts its changes."""

    uid: str
    title: str
    starts_at: datetime
    published_at: datetime
    address: str
    description: str
    minutes: int = 30
    sequence: int = 0
    place: str = ""


def calendar_file(entries: Iterable[Entry], product: str) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Yizhao//{product}//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines += [line for entry in entries for line in _lines(entry)] + ["END:VCALENDAR"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _lines(entry: Entry) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@yizhao",
        f"DTSTAMP:{_utc(entry.published_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.starts_at + timedelta(minutes=entry.minutes))}",
        f"SUMMARY:{_escaped(entry.title)}",
        f"LOCATION:{_escaped(entry.place)}",
        f"DESCRIPTION:{_escaped(entry.description)}",
        f"URL:{entry.address}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{_escaped(entry.title)}",
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
