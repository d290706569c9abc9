"""Who may have a file, and how it is handed out; what is signed; what leaves no trace."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, Refused
from marketplace.documents.models import Document, Signature, StoredFile
from marketplace.documents.services import open_file, sign_document, store_bytes, store_upload
from marketplace.documents.storage import path_of, storage
from marketplace.procurement.services.drafts import start_draft
from tests.factories.accounts import make_body, make_person, totp_code
from tests.factories.bids import make_bidder, open_lot, small_pdf

pytestmark = pytest.mark.django_db


def document(
    *, is_public: bool = False, name: str = "招标文件 1.pdf", content_type: str = "application/pdf"
) -> Document:
    file = store_bytes(small_pdf(), name=name, content_type=content_type)
    return Document.objects.create(
        subject="nobody.thing:1", kind="paper", title="文件", file=file, is_public=is_public, created_at=clock.now()
    )


def test_a_public_document_is_anyones_and_may_be_cached(client) -> None:
    row = document(is_public=True)
    response = client.get(f"/files/{row.file_id}/")
    assert b"".join(response) == small_pdf()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("public")
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%8B%9B")
    assert client.get(f"/files/{row.file_id}/", headers={"If-None-Match": response["ETag"]}).status_code == 304
    saved = client.get(f"/files/{row.file_id}/?download")
    b"".join(saved)
    assert saved["Content-Disposition"].startswith("attachment")


def test_what_nobody_registered_is_nobodys(client, client_for) -> None:
    row = document()
    assert client.get(f"/files/{row.file_id}/").status_code == 302
    assert client_for(make_bidder()).get(f"/files/{row.file_id}/").status_code == 404
    assert client.get("/files/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_what_a_browser_might_run_is_saved_not_shown(client) -> None:
    row = document(is_public=True, name='a"\r\nX: y.html', content_type="text/html")
    response = client.get(f"/files/{row.file_id}/")
    b"".join(response)
    assert response["Content-Disposition"].startswith("attachment")
    assert "X" not in response.headers


def test_an_upload_is_stored_by_what_it_is(client_for) -> None:
    actor = make_bidder()
    upload = SimpleUploadedFile("证书.txt", small_pdf(), "text/plain")
    file = store_upload(upload, actor=actor)
    assert (file.content_type, file.body_id, file.uploaded_by_id) == ("application/pdf", actor.body_id, actor.user_id)
    assert file.sha256 == hashlib.sha256(small_pdf()).hexdigest()
    with pytest.raises(Refused) as caught:
        store_upload(SimpleUploadedFile("证书.pdf", b"<html>"), actor=actor, field="certificate")
    assert caught.value.field == "certificate"
    assert StoredFile.objects.count() == 1


def test_signing_needs_a_fresh_code_and_the_very_file() -> None:
    """«系统签署确认»: statement, hash, log entry; the second time answers the first."""
    approver = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    row = document()
    with pytest.raises(MarketplaceError) as caught:
        sign_document(actor=approver, document=row, statement="同意", code="000000")
    assert caught.value.field == "code"
    assert not Signature.objects.exists()
    signature = sign_document(actor=approver, document=row, statement="同意", code=totp_code(approver))
    assert signature.sha256 == row.file.sha256
    assert sign_document(actor=approver, document=row, statement="同意", code="") == signature
    assert LogEntry.objects.filter(action="document.signed").count() == 1


def test_a_file_changed_in_the_store_is_not_signed() -> None:
    approver = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    row = document()
    with storage().open(path_of(row.file_id), "wb") as file:
        file.write(b"%PDF other")
    with pytest.raises(MarketplaceError):
        sign_document(actor=approver, document=row, statement="同意", code=totp_code(approver))
    assert not Signature.objects.exists()


def test_a_post_after_the_session_ended_leaves_no_file_and_keeps_the_text(
    client_for, private_folders, settings, tmp_path
) -> None:
    """Nothing lies in clear, not even for the time it takes to ask who is there."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client = client_for(bidder)
    page = reverse("procurement:bid-step", args=[draft.pk, "evidence"])
    client.get(page)
    before = sorted(private_folders.rglob("*"))
    client.logout()
    file = SimpleUploadedFile("证书.pdf", small_pdf(), "application/pdf")
    response = client.post(page, {"version": 1, "note": "很长的说明", "file-evidence-registration": file})
    assert response.status_code == 302
    assert "/accounts/login/" in response.url
    assert list(tmp_path.iterdir()) == []
    assert [path for path in sorted(private_folders.rglob("*")) if path not in before and "drafts" in path.parts] == []


def test_files_are_read_back_whole() -> None:
    file = store_bytes(b"abc" * 100_000, name="x", content_type="application/octet-stream")
    with open_file(file) as content:
        assert content.read() == b"abc" * 100_000


def test_every_generated_pdf_is_tagged_titled_and_in_its_language() -> None:
    """PDF/UA-1 by its marks: title, language, tags; one input gives one file."""
    from marketplace.documents.pdf import render_pdf

    context = {"title": "投标回执", "number": "SH-2026-0001"}
    first = render_pdf("documents/base.html", context, identifier="t/1")
    assert first == render_pdf("documents/base.html", context, identifier="t/1")
    assert b"pdfuaid" in b"".join(unpacked(first))
    document = pypdfium2.PdfDocument(first)
    try:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)
        assert document.get_metadata_dict()["Title"] == "投标回执"
    finally:
        document.close()


def unpacked(pdf: bytes) -> list[bytes]:
    """The compressed streams of a PDF in clear."""
    found = []
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            found.append(piece)
    return found


def test_files_lie_where_the_setting_says_at_this_moment(settings: Any, tmp_path: Path) -> None:
    for name in ("first", "second"):
        settings.MARKETPLACE_FILES = tmp_path / name
        assert storage().path("a/b") == str(tmp_path / name / "a" / "b")
