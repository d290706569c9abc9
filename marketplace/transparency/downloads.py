"""Streams of rows as CSV and JSON: flat memory, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


class Echo:
    """A file whose write() gives the line back."""

    def write(self, value: str) -> str:
        return value


def safe_cell(value: Any) -> str:
    """Text that begins like a formula gets an apostrophe; numbers of ours stay numbers."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return "'" + text
    return text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK + writer.writerow(list(header))
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def json_lines(rows: Iterable[Mapping[str, Any]], **head: Any) -> Iterator[str]:
    """One JSON object whose `rows` are written one by one."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + (", " if head else "") + '"rows": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False, default=str)
        separator = ",\n"
    yield "\n]}\n"


def as_csv(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    return attachment(f"{name}.csv", "text/csv; charset=utf-8", csv_lines(header, rows))


def as_json(name: str, rows: Iterable[Mapping[str, Any]], **head: Any) -> StreamingHttpResponse:
    return attachment(f"{name}.json", "application/json", json_lines(rows, **head))


def attachment(name: str, content_type: str, lines: Iterator[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
