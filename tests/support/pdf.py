"""What a PDF says of itself and its tags, read with pdfium: for tests of PDF/UA-1 and of what stands in the text."""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw


@dataclass
class Tag:
    """An element of the structure tree."""

    kind: str
    alt: str = ""
    children: list[Tag] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Pdf:
    is_tagged: bool
    title: str
    language: str
    shows_title: bool
    claims_ua: bool
    pages: int
    text: str
    outline: list[str]
    tags: list[Tag]
    cells: int
    cells_with_headers: int

    def all(self, kind: str) -> list[Tag]:
        return [tag for root in self.tags for tag in root.walk() if tag.kind == kind]


def read_pdf(content: bytes) -> Pdf:
    document, inside = pypdfium2.PdfDocument(content), inflated(content)
    pages = [document[number] for number in range(len(document))]
    return Pdf(
        is_tagged=bool(raw.FPDFCatalog_IsTagged(document.raw)),
        title=document.get_metadata_dict()["Title"],
        language=_wide(raw.FPDFCatalog_GetLanguage, document.raw),
        shows_title=b"/DisplayDocTitle true" in inside,
        claims_ua=re.search(rb"pdfuaid:part[^1]{0,3}1\b", inside) is not None,
        pages=len(pages),
        text="\n".join(page.get_textpage().get_text_bounded() for page in pages),
        outline=[bookmark.get_title() for bookmark in document.get_toc()],
        tags=[tag for page in pages for tag in _tags_of(page)],
        cells=len(re.findall(rb"/S /TD\b", inside)),
        cells_with_headers=len(re.findall(rb"/Headers \[\(", inside)),
    )


def inflated(content: bytes) -> bytes:
    """The file's own words: what is compressed in streams, and the rest."""
    parts = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"\n".join(parts)


def _tags_of(page: Any) -> Iterator[Tag]:
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    for number in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield _tag(raw.FPDF_StructTree_GetChildAtIndex(tree, number))


def _tag(element: Any) -> Tag:
    children = (
        raw.FPDF_StructElement_GetChildAtIndex(element, number)
        for number in range(raw.FPDF_StructElement_CountChildren(element))
    )
    return Tag(
        kind=_wide(raw.FPDF_StructElement_GetType, element),
        alt=_wide(raw.FPDF_StructElement_GetAltText, element),
        children=[_tag(child) for child in children if child],
    )


def _wide(ask: Any, element: Any) -> str:
    """A text that pdfium hands out in UTF-16, asked for its length first."""
    length = ask(element, None, 0)
    if not length:
        return ""
    buffer = ctypes.create_string_buffer(length)
    target = ask.argtypes[1]
    ask(element, ctypes.cast(buffer, target), length)
    return buffer.raw[:length].decode("utf-16le").rstrip("\0")
