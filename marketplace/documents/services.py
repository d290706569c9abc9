"""Taking files in: checked by content, hashed, stored under their id; and signing documents in the system."""

from __future__ import annotations

import hashlib
import io
import uuid
from typing import IO, Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.accounts.services import second_factor
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from .checks import ContentCheck
from .encryption import CHUNK, HashingWriter, chunks
from .kinds import LARGEST
from .models import Document, Signature, StoredFile
from .storage import open_for_writing, path_of, storage


def store_stream(
    source: Any,
    *,
    name: str,
    content_type: str,
    body_id: int | None = None,
    user_id: int | None = None,
    file_id: object = None,
) -> StoredFile:
    """Store what `source` yields. With `file_id` given, a second call answers the file of the first."""
    pk = uuid.UUID(str(file_id)) if file_id else uuid.uuid4()
    existing = StoredFile.objects.filter(pk=pk).first() if file_id else None
    if existing is not None:
        return existing
    with open_for_writing(path_of(pk)) as sink:
        written = HashingWriter(sink)
        for data in chunks(source):
            written.write(data)
    return StoredFile.objects.create(
        pk=pk,
        name=name[:200],
        content_type=content_type,
        size=written.size,
        sha256=written.sha256,
        body_id=body_id,
        uploaded_by_id=user_id,
        created_at=clock.now(),
    )


def store_bytes(
    content: bytes, *, name: str, content_type: str, body_id: int | None = None, user_id: int | None = None
) -> StoredFile:
    """File content that this program made itself."""
    return store_stream(io.BytesIO(content), name=name, content_type=content_type, body_id=body_id, user_id=user_id)


def store_upload(
    upload: Any, *, actor: Actor, kinds: tuple[str, ...] = ("pdf",), field: str = "file", largest: int = LARGEST
) -> StoredFile:
    """A person's upload: refused, naming field, finding and the way out, unless its content is of the `kinds`."""
    check = ContentCheck(kinds, name=upload.name, field=field, largest=largest)
    for data in upload.chunks(CHUNK):
        check.feed(data)
    kind = check.finish()
    upload.seek(0)
    return store_stream(
        upload,
        name=upload.name,
        content_type=kind.content_type if kind else "application/octet-stream",
        body_id=actor.body_id,
        user_id=actor.user_id,
    )


def open_file(file: StoredFile) -> IO[bytes]:
    return storage().open(path_of(file.id), "rb")


def sign_document(*, actor: Actor, document: Document, statement: str, code: str) -> Signature:
    """«系统签署确认»: a fresh one-time code, the statement, the hash of the exact PDF, an entry in the log.

    It is not a reliable electronic signature (R-EDOC-02); pages say so. Signing twice answers the first signature.
    """
    with audit.transaction() as log:
        document = locked(Document, document.pk, "file")
        earlier = Signature.objects.filter(document=document, user_id=actor.user_id, body_id=actor.body_id).first()
        if earlier is not None:
            return earlier
        second_factor.check(User.objects.get(pk=actor.user_id), code)
        _require_unchanged(document)
        signature = Signature.objects.create(
            document=document,
            user_id=actor.user_id,
            body_id=actor.body_id,
            statement=statement,
            sha256=document.file.sha256,
            signed_at=clock.now(),
        )
        log.record("document.signed", document, actor, sha256=document.file.sha256, kind=document.kind)
    return signature


def _require_unchanged(document: Document) -> None:
    """What is signed is what lies in the store: hashed anew, not believed."""
    with open_file(document.file) as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    if found != document.file.sha256:
        raise MarketplaceError(_("The file in the store is not the one that was made. Tell the operator; do not sign."))
