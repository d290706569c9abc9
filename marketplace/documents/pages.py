"""Pages of a PDF as images: a foreign file is looked at without handing it to a reader's browser."""

from __future__ import annotations

import io

import pypdfium2
from django.core.files.base import ContentFile
from PIL import Image

from .models import StoredFile
from .services import open_file
from .storage import page_path, storage

WIDTH = 1240
MOST_PAGES = 400


def draw_pages(file: StoredFile) -> int:
    """Draw the pages 1240 pixels wide as PNG beside the file; answers how many. A page drawn already stays."""
    with open_file(file) as source:
        document = pypdfium2.PdfDocument(source.read())
    try:
        count = min(len(document), MOST_PAGES)
        for index in range(count):
            _draw(document[index], page_path(file.pk, index + 1))
    finally:
        document.close()
    return count


def _draw(page: pypdfium2.PdfPage, path: str) -> None:
    if storage().exists(path):
        return
    image = page.render(scale=WIDTH / page.get_width()).to_pil()
    out = io.BytesIO()
    image.convert("RGB").quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    storage().save(path, ContentFile(out.getvalue()))


def open_page(file: StoredFile, number: int) -> io.BufferedReader | None:
    """The image of a page, or None where there is none."""
    path = page_path(file.pk, number)
    return storage().open(path, "rb") if storage().exists(path) else None  # type: ignore[return-value]
