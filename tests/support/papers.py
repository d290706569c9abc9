"""Documents that a person would upload, of several pages with Chinese text: as PDF and as DOCX."""

from __future__ import annotations

from pathlib import Path

from docx import Document

from marketplace.demo.papers import PARAGRAPHS, paper, photo

CHAPTERS = ("人员名册", "排班与应急", "食品安全", "往年服务情况")


def pdf(folder: Path, title: str, author: str, pages: int = 3) -> Path:
    return _write(folder / f"{author}-{title}.pdf", paper(title, author, pages))


def picture(folder: Path, title: str) -> Path:
    return _write(folder / f"{title}.jpg", photo(title))


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def docx(folder: Path, title: str, author: str) -> Path:
    """As a word processor saves it: headings, paragraphs, a table, a page for each chapter."""
    document = Document()
    document.core_properties.author = author
    document.add_heading(title, level=0)
    document.add_paragraph(author)
    for number, chapter in enumerate(CHAPTERS, 1):
        if number > 1:
            document.add_page_break()
        document.add_heading(f"{number}. {chapter}", level=1)
        for text in PARAGRAPHS:
            document.add_paragraph(text)
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = "姓名", "证书"
        for place in range(1, 7):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = f"工作人员{place}", f"演示证书 {number:02d}{place:02d}"
    path = folder / f"{author}-{title}.docx"
    document.save(str(path))
    return path
