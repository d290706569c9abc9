"""Files are judged by their content while they pass by; what is wrong is said with the way out."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from marketplace.core.exceptions import Refused
from marketplace.documents.checks import ContentCheck
from marketplace.documents.kinds import MEGABYTE
from marketplace.documents.zipstream import BadZip, ZipStream
from tests.factories.bids import small_pdf

ALL = ("pdf", "docx", "xlsx", "jpg", "png")


def check(content: bytes, kinds: tuple[str, ...] = ALL, name: str = "方案", step: int = 777) -> str:
    """The kind found, the content given in small uneven pieces as a network gives them."""
    looking = ContentCheck(kinds, name=name, field="plan")
    for start in range(0, len(content), step):
        looking.feed(content[start : start + step])
    return looking.finish().key


def refusal(content: bytes, kinds: tuple[str, ...] = ALL, step: int = 65_536) -> str:
    with pytest.raises(Refused) as caught:
        check(content, kinds, step=step)
    assert caught.value.field == "plan"
    return str(caught.value)


def container(entries: dict[str, bytes], *, streamed: bool = False, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_args: object) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    out = Unseekable() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return container({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>" * 200, **more})


def real_docx() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_heading("服务方案", 1)
    document.add_paragraph("专职团队与质量控制。" * 50)
    document.save(out)
    return out.getvalue()


def real_xlsx() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in range(500):
        book.active.append([row, "分项报价", row * 100])
    book.save(out)
    return out.getvalue()


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    return out.getvalue()


def jpg() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "kind"),
    [(small_pdf, "pdf"), (real_docx, "docx"), (real_xlsx, "xlsx"), (png, "png"), (jpg, "jpg"), (docx, "docx")],
    ids=["pdf", "word", "excel", "png", "jpg", "plain docx"],
)
@pytest.mark.parametrize("step", [7, 777, 65_536])
def test_right_files_are_known_in_any_pieces(make, kind, step) -> None:
    assert check(make(), step=step) == kind


def test_a_container_written_as_a_stream_is_read() -> None:
    content = container({"word/document.xml": b"a" * 9000, "x.bin": b""}, streamed=True)
    assert check(content, step=5) == "docx"


@pytest.mark.parametrize(
    "content",
    [b"MZ" + b"\0" * 600, b"", b"<html><script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, b"GIF89a" + b"\0" * 60],
)
def test_wrong_content_is_refused_whatever_its_name(content) -> None:
    message = refusal(content, ("pdf",))
    assert "方案" in message
    assert "PDF" in message


def test_a_right_kind_in_the_wrong_place_is_named() -> None:
    assert "PDF" in refusal(small_pdf(), ("jpg", "png"))
    assert "DOCX" in refusal(real_docx(), ("xlsx",))


def test_a_zip_that_is_no_office_file_is_refused() -> None:
    refusal(container({"a.txt": b"text"}))


def test_a_cut_off_pdf_and_picture_are_refused() -> None:
    for content in (small_pdf()[:-2500], png()[:-20], jpg()[:-4]):
        refusal(content)


def test_a_locked_pdf_is_refused() -> None:
    refusal(b"%PDF-1.7\n1 0 obj<</Filter/Standard>>endobj\ntrailer<</Encrypt 1 0 R>>\n%%EOF\n")


def test_too_big_is_refused_while_it_arrives() -> None:
    looking = ContentCheck(("pdf",), name="大文件.pdf", field="plan")
    looking.feed(b"%PDF-1.7\n")
    with pytest.raises(Refused) as caught:
        for _piece in range(51):
            looking.feed(b"\0" * MEGABYTE)
    assert "50" in str(caught.value)


def test_more_than_2000_entries_are_refused() -> None:
    assert (
        check(container({"word/document.xml": b"<w/>", **{f"p{n}": b"" for n in range(1_999)}}), step=65_536) == "docx"
    )
    assert "2,000" in refusal(container({"word/document.xml": b"<w/>", **{f"p{n}": b"" for n in range(2_000)}}))


def test_a_bomb_is_stopped_by_its_ratio_before_it_unpacks() -> None:
    bomb = container({"word/document.xml": b"\0" * (64 * MEGABYTE)})
    assert len(bomb) < MEGABYTE
    assert "100 : 1" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size_is_counted_all_the_same() -> None:
    bomb = bytearray(container({"word/document.xml": b"\0" * (20 * MEGABYTE)}))
    bomb[22:26] = struct.pack("<I", 10)
    assert "100 : 1" in refusal(bytes(bomb))


def test_unpacked_beyond_300_mb_is_refused_at_any_ratio(monkeypatch) -> None:
    monkeypatch.setattr("marketplace.documents.checks.MOST_UNPACKED", 3 * MEGABYTE)
    noise = bytes(range(256)) * 4096 * 4
    assert "300 MB" in refusal(container({"word/document.xml": noise}, method=zipfile.ZIP_STORED))


def listed_as(content: bytes, *, name: bytes = b"", times: int = 1, inside: bytes = b"", behind: bytes = b"") -> bytes:
    """The container with its list at the end forged: another name, each entry several times, bytes before or after."""
    start = content.index(b"PK\x01\x02")
    entries, ending = content[start : content.rindex(b"PK\x05\x06")], content[content.rindex(b"PK\x05\x06") :]
    if name:
        entries = entries.replace(b"word/document.xml", name)
    return content[:start] + inside + entries * times + ending + behind


@pytest.mark.parametrize(
    "forged",
    [
        listed_as(docx(), name=b"word/vbaProject.b"),
        listed_as(docx(), times=3),
        listed_as(docx(), inside=docx()),
        listed_as(docx(), behind=container({f"p{n}": b"" for n in range(3_000)})),
        docx()[: docx().index(b"PK\x01\x02")] + b"PK\x05\x06" + b"\0" * 18,
    ],
    ids=["another name", "overlapping entries", "a second container inside", "a second one behind", "an empty list"],
)
def test_the_list_at_the_end_names_what_passed_by(forged) -> None:
    """Office programs read by the list at the end: what it names besides was never looked at."""
    refusal(forged)


def test_macros_are_refused() -> None:
    refusal(container({"word/document.xml": b"<w/>", "word/vbaProject.bin": b"\xd0\xcf"}))


def test_a_damaged_or_locked_container_is_refused() -> None:
    good = bytearray(real_docx())
    good[len(good) // 4] ^= 0xFF
    refusal(bytes(good))
    refusal(real_docx()[:-5000])
    locked = bytearray(docx())
    locked[6] |= 1
    refusal(bytes(locked))


class Names:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.sums: list[int] = []

    def entry(self, name: str) -> None:
        self.names.append(name)
        self.sums.append(0)

    def data(self, content: bytes) -> None:
        self.sums[-1] = zlib.crc32(content, self.sums[-1])

    def end(self) -> None:
        pass


@pytest.mark.parametrize("streamed", [False, True])
def test_the_stream_gives_every_entry_whole(streamed) -> None:
    entries = {"清单.json": b"{}", "parts/a/方案.pdf": small_pdf() * 40, "empty": b""}
    seen = Names()
    reader = ZipStream(seen)
    content = container(entries, streamed=streamed)
    for start in range(0, len(content), 1000):
        reader.feed(content[start : start + 1000])
    reader.finish()
    assert seen.names == list(entries)
    assert seen.sums == [zlib.crc32(value) for value in entries.values()]


def test_what_is_no_container_stops_the_reader() -> None:
    with pytest.raises(BadZip):
        ZipStream(Names()).feed(b"not a container at all")
