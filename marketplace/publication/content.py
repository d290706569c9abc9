"""A notice as others read it: the JSON copy whose hash is in the log, and rows of label and value for pages and PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import rfc8785
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.web.templatetags.web import day, moment, month, yuan

from .kinds import BLUEPRINTS, Field, Shape, is_silent
from .models import NoticeSnapshot


def json_copy(snapshot: NoticeSnapshot) -> dict[str, Any]:
    """The published content, without anything that could change afterwards."""
    return {
        "number": snapshot.number,
        "kind": str(snapshot.kind),
        "title": snapshot.title,
        "project_number": snapshot.project_number,
        "body": snapshot.body.name,
        "body_code": snapshot.body.code,
        "region": snapshot.region,
        "language": snapshot.language,
        "corrects": snapshot.corrects.number if snapshot.corrects else "",
        "published_at": snapshot.published_at.astimezone(clock.ZONE).isoformat(timespec="microseconds"),
        "data": snapshot.data,
    }


def canonical(snapshot: NoticeSnapshot) -> bytes:
    """The exact bytes that are hashed and handed out (RFC 8785)."""
    return rfc8785.dumps(json_copy(snapshot))


def content_sha256(snapshot: NoticeSnapshot) -> str:
    return hashlib.sha256(canonical(snapshot)).hexdigest()


@dataclass(frozen=True)
class Row:
    """A label with what was published: `text`, or `entries` of a list, or `columns` and `rows` of a table."""

    label: str
    text: str = ""
    entries: tuple[str, ...] = ()
    columns: tuple[Any, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_amount: bool = False
    name: str = ""


@dataclass(frozen=True)
class Part:
    heading: str
    rows: tuple[Row, ...]

    @property
    def is_one_text(self) -> bool:
        """A section of one field needs no label below its heading."""
        return len(self.rows) == 1 and not self.rows[0].rows and not self.rows[0].entries

    @property
    def has_facts(self) -> bool:
        """Whether there is more than tables."""
        return any(not row.rows for row in self.rows)


def parts(snapshot: NoticeSnapshot) -> list[Part]:
    """The notice in its sections, labels in the reader's language, data as published; empty fields say «none»."""
    found = []
    for section in BLUEPRINTS[snapshot.kind].sections:
        shown_fields = [field for field in section.fields if is_shown(field, snapshot.data.get(field.name))]
        if shown_fields:
            rows = tuple(row_of(field, snapshot.data.get(field.name)) for field in shown_fields)
            found.append(Part(str(section.heading), rows))
    return found


def is_shown(field: Field, value: Any) -> bool:
    return field.required or field.says_none or not is_silent(field, value)


def row_of(field: Field, value: Any) -> Row:
    label = str(field.label)
    if field.shape is Shape.TABLE:
        rows = tuple(tuple(shown(column, row.get(column.name)) for column in field.columns) for row in value or [])
        return Row(label, columns=field.columns, rows=rows, text="" if rows else _("none"), name=field.name)
    if field.shape is Shape.LIST and isinstance(value, list | tuple):
        entries = tuple(str(entry) for entry in value)
        return Row(label, entries=entries, text="" if entries else _("none"), name=field.name)
    return Row(label, text=shown(field, value), is_amount=field.shape is Shape.MONEY, name=field.name)


def shown(field: Field, value: Any) -> str:
    """A value as people write it; what is not of the expected form stands as it was published."""
    if value is None or str(value).strip() == "":
        return _("none")
    try:
        return FORMATS.get(field.shape, str)(value)
    except (ValueError, ArithmeticError):
        return str(value)


def _month(value: str) -> str:
    return month(date.fromisoformat(f"{value}-01" if len(value) == 7 else value))


FORMATS: dict[Shape, Any] = {
    Shape.MONEY: lambda value: yuan(Decimal(str(value).replace(",", ""))),
    Shape.DATE: lambda value: day(date.fromisoformat(value[:10])),
    Shape.MONTH: _month,
    Shape.MOMENT: lambda value: moment(datetime.fromisoformat(value)),
}


def lines(snapshot: NoticeSnapshot) -> Iterator[str]:
    """All text of the notice, line by line: for searching and for the feed."""
    for part in parts(snapshot):
        for row in part.rows:
            yield f"{row.label}: {row.text or '; '.join(row.entries)}"
