"""The log as everyone may read it: newest entries first, by key; what is not disclosed is a number and a hash.

It reaches as far as the newest signed head, so that nobody sees from minute to minute that something is going on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from marketplace.audit.models import Head, LogEntry
from marketplace.audit.selectors import public_form

from .actions import label_of

PAGE = 50
MOST_LINES = 10_000


@dataclass(frozen=True)
class Line:
    """One entry on the list. Everything but number and leaf is empty until it is disclosed."""

    number: int
    leaf: str
    label: Any = ""
    action: str = ""
    project: str = ""
    time: datetime | None = None
    is_erased: bool = False

    @property
    def short_leaf(self) -> str:
        return f"{self.leaf[:8]} … {self.leaf[-8:]}"


@dataclass(frozen=True)
class LogPage:
    lines: list[Line]
    older: int | None
    newer: int | None


def line_of(row: LogEntry) -> Line:
    leaf = bytes(row.leaf).hex()
    if row.erased_at is not None:
        return Line(row.number, leaf, is_erased=True)
    if row.disclosed_at is None:
        return Line(row.number, leaf)
    return Line(row.number, leaf, label_of(row.action), row.action, row.project, row.market_time)


def size() -> int:
    """How many entries the newest signed head covers."""
    return Head.objects.order_by("-pk").values_list("size", flat=True).first() or 0


def signed() -> QuerySet[LogEntry]:
    """The entries that are shown."""
    return LogEntry.objects.filter(number__lte=size())


def page_of(before: int | None, project: str) -> LogPage:
    """Fifty entries below a number; of one project only those that are disclosed."""
    rows = signed().order_by("-number").defer("entry", "salt")
    if project:
        rows = rows.filter(project=project, disclosed_at__isnull=False, erased_at=None)
    shown = list((rows.filter(number__lt=before) if before else rows)[: PAGE + 1])
    older = shown[PAGE - 1].number if len(shown) > PAGE else None
    return LogPage([line_of(row) for row in shown[:PAGE]], older, newer_than(rows, before))


def newer_than(rows: QuerySet[LogEntry], before: int | None) -> int | None:
    """The key of the page above, if there is one."""
    above = rows.filter(number__gte=before).order_by("number") if before else rows.none()
    numbers = list(above.values_list("number", flat=True)[:PAGE])
    return numbers[-1] + 1 if numbers else None


def newest_heads(number: int = 12) -> list[Head]:
    return list(Head.objects.order_by("-pk")[:number])


def readable(row: LogEntry) -> str:
    """The disclosed content, indented for reading; the hashed bytes stand in the download."""
    form = public_form(row)
    return json.dumps(json.loads(form["entry"]), ensure_ascii=False, indent=2) if "entry" in form else ""


def entry_lines(start: int, end: int | None) -> Iterator[str]:
    """Entries as JSON lines, streamed; at most 10,000 at a time."""
    last = min(end or start + MOST_LINES - 1, start + MOST_LINES - 1)
    rows = signed().filter(number__gte=start, number__lte=last).order_by("number")
    for row in rows.iterator(500):
        yield json.dumps(public_form(row), ensure_ascii=False) + "\n"


def head_lines() -> Iterator[str]:
    for head in Head.objects.order_by("pk").iterator(500):
        yield json.dumps(head.witness.as_json(), ensure_ascii=False) + "\n"
