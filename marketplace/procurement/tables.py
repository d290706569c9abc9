"""Reading a table that a person uploads, XLSX or CSV, as plain text cells."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.exceptions import MarketplaceError

from .rules.expert_table import Line

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 5000


def read_table(name: str, content: bytes) -> list[Line]:
    """Lines of every sheet, by content: an XLSX file is a zip, everything else has to be text."""
    if len(content) > LARGEST:
        raise MarketplaceError(_("The file is larger than 5 MB. Split it."), field="file")
    lines = list(_xlsx(content) if content.startswith(b"PK") else _csv(name, content))
    if len(lines) > MOST_ROWS:
        raise MarketplaceError(_("The table has more than 5,000 rows. Split it."), field="file")
    return lines


def _csv(name: str, content: bytes) -> Iterator[Line]:
    for row, cells in enumerate(csv.reader(io.StringIO(_text(content), newline="")), start=1):
        yield Line(name, row, cells)


def _text(content: bytes) -> str:
    """UTF-8 with or without a mark, else the Chinese code page that spreadsheets write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise MarketplaceError(
        _("This is neither an XLSX file nor a CSV text. Save it as XLSX and try again."), field="file"
    )


def _xlsx(content: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_container(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise MarketplaceError(
            _("The XLSX file cannot be read. Save it again and try once more."), field="file"
        ) from error
    for sheet in book.worksheets:
        for row, cells in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2), start=1):
            yield Line(sheet.title, row, [_cell(value) for value in cells])


def _check_container(content: bytes) -> None:
    """No container of more than 2,000 entries, 300 MB unpacked, or 100 : 1."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        entries = container.infolist()
        unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > 2000 or unpacked > 300 * 1024 * 1024 or unpacked > 100 * max(len(content), 1):
        raise MarketplaceError(_("The file unpacks to far more than a table. It was not read."), field="file")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
