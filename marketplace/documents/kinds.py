"""The kinds of files that may be taken in, and how a person makes a right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class FileKind:
    key: str
    label: str
    content_type: str
    extensions: tuple[str, ...]
    how_to: Any
    main_entry: str = ""
    """For containers: the entry that makes it this kind."""


KINDS: dict[str, FileKind] = {
    kind.key: kind
    for kind in (
        FileKind(
            "pdf",
            "PDF",
            "application/pdf",
            (".pdf",),
            _(
                "In Word or WPS choose «Save as» or «Export» and the type PDF; on a phone choose «Print» and «Save "
                "as PDF»."
            ),
        ),
        FileKind(
            "docx",
            "DOCX",
            WORD,
            (".docx",),
            _("In Word or WPS choose «Save as» and the type «Word document (*.docx)», without macros."),
            "word/document.xml",
        ),
        FileKind(
            "xlsx",
            "XLSX",
            EXCEL,
            (".xlsx",),
            _("In Excel or WPS choose «Save as» and the type «Excel workbook (*.xlsx)», without macros."),
            "xl/workbook.xml",
        ),
        FileKind(
            "jpg",
            "JPG",
            "image/jpeg",
            (".jpg", ".jpeg"),
            _("Take the photo anew, or save the picture with the type JPG."),
        ),
        FileKind("png", "PNG", "image/png", (".png",), _("Save the picture with the type PNG.")),
    )
}
CONTAINERS = ("docx", "xlsx")
KIND_OF_TYPE = {kind.content_type: kind for kind in KINDS.values()}


def labels(keys: tuple[str, ...]) -> str:
    """«PDF, JPG»: what a form says that it takes."""
    return ", ".join(KINDS[key].label for key in keys)


def accept(keys: tuple[str, ...]) -> str:
    """The `accept` attribute of a file input."""
    return ",".join(extension for key in keys for extension in KINDS[key].extensions)
