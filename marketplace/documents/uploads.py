"""Uploads that are checked and encrypted while they arrive: no file in clear, not even a temporary one.

A view sets `request.upload_handlers = [EncryptingUploads(…)]` before anything reads the request's body. What was
refused is told by `refusals`, by the field's name; what was taken and is not used is thrown away by `discard()`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from marketplace.core.exceptions import MarketplaceError

from .checks import ContentCheck
from .encryption import EncryptingSink
from .storage import storage


@dataclass(frozen=True)
class Slot:
    """What one file field takes; no kinds: anything, to be looked into later."""

    kinds: tuple[str, ...]
    largest: int


class EncryptedUpload(UploadedFile):
    """A file that lies encrypted at `path`; it cannot be read back through this object."""

    def __init__(
        self, *, name: str, content_type: str, size: int, path: str, pk: uuid.UUID, sha256: str, encrypted: int
    ) -> None:
        super().__init__(None, name, content_type, size)
        self.path, self.pk, self.sha256, self.encrypted_size = path, pk, sha256, encrypted

    def __repr__(self) -> str:
        """Error reports list the files of a request: a name like «报价1860000元.pdf» must not stand there."""
        return f"<EncryptedUpload {self.pk}>"


class EncryptingUploads(FileUploadHandler):
    """One handler for all files of a post. `path_for` says where a file's ciphertext goes."""

    def __init__(
        self, request: Any, *, recipient: str, slots: dict[str, Slot], path_for: Callable[[uuid.UUID], str]
    ) -> None:
        super().__init__(request)
        self.recipient, self.slots, self.path_for = recipient, slots, path_for
        self.refusals: dict[str, list[MarketplaceError]] = {}
        self.taken: list[EncryptedUpload] = []
        self._sink: EncryptingSink | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        slot = self.slots.get(field_name)
        if slot is None:
            raise SkipFile
        self._pk, self._digest = uuid.uuid4(), hashlib.sha256()
        self._check = ContentCheck(slot.kinds, name=file_name, field=field_name, largest=slot.largest)
        self._sink = EncryptingSink(self.path_for(self._pk), self.recipient)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._sink is not None
        try:
            self._check.feed(raw_data)
        except MarketplaceError as error:
            self._refuse(error)
            raise SkipFile from error
        self._digest.update(raw_data)
        self._sink.write(raw_data)

    def file_complete(self, file_size: int) -> EncryptedUpload | None:
        if self._sink is None:
            return None
        try:
            kind = self._check.finish()
        except MarketplaceError as error:
            self._refuse(error)
            return None
        self._sink.close()
        upload = EncryptedUpload(
            name=self.file_name or "",
            content_type=kind.content_type if kind else "application/octet-stream",
            size=file_size,
            path=self._sink.path,
            pk=self._pk,
            sha256=self._digest.hexdigest(),
            encrypted=self._sink.written.size,
        )
        self._sink = None
        self.taken.append(upload)
        return upload

    def _refuse(self, error: MarketplaceError) -> None:
        self.refusals.setdefault(str(self.field_name), []).append(error)
        self._drop()

    def _drop(self) -> None:
        if self._sink is not None:
            self._sink.discard()
            self._sink = None

    def upload_interrupted(self) -> None:
        self._drop()
        self.discard()

    def discard(self) -> None:
        """Throw away what was taken: the post was not accepted."""
        for upload in self.taken:
            storage().delete(upload.path)
        self.taken.clear()


class NothingTaken(FileUploadHandler):
    """Lets files pass by unread: for posts whose sender turned out not to be signed in."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
