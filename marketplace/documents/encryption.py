"""Age encryption of files as streams: what passes through never lies anywhere in clear.

Belongs here: streams and keys as bytes in, bytes out. Who may decrypt what is decided by the rooms that own the keys.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pyrage
from pyrage import x25519

from .storage import open_for_writing, storage

CHUNK = 64 * 1024


class CannotDecrypt(Exception):
    """Wrong key, or the file is not what was encrypted (changed, cut off, not an age file)."""


def new_identity() -> str:
    """A fresh age identity: 256 random bits."""
    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    return str(x25519.Identity.from_str(identity).to_public())


def is_recipient(text: str) -> bool:
    try:
        x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def encrypt(content: bytes, recipient: str, *, armored: bool = False) -> bytes:
    return pyrage.encrypt(content, [x25519.Recipient.from_str(recipient)], armored=armored)


def decrypt(content: bytes, identity: str) -> bytes:
    try:
        return pyrage.decrypt(bytes(content), [x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
        raise CannotDecrypt from error


class HashingWriter:
    """Counts and hashes what passes to `sink`."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink, self.size, self.digest = sink, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sink.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self.sink.flush()

    @property
    def sha256(self) -> str:
        return self.digest.hexdigest()


class EncryptingSink:
    """Write plain bytes in; the age file grows at `path`. `close()` ends it, `discard()` leaves nothing behind.

    pyrage pulls from a reader, uploads are pushed: a pipe and one thread join them, 64 KiB at a time.
    """

    def __init__(self, path: str, recipient: str) -> None:
        self.path = path
        self._file = open_for_writing(path)
        self.written = HashingWriter(self._file)
        reader, writer = os.pipe()
        self._reader, self._pipe = os.fdopen(reader, "rb"), os.fdopen(writer, "wb", buffering=CHUNK)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(recipient,), daemon=True)
        self._thread.start()

    def _run(self, recipient: str) -> None:
        try:
            pyrage.encrypt_io(self._reader, self.written, [x25519.Recipient.from_str(recipient)])
        except (pyrage.EncryptError, OSError) as error:
            self._error = error
        finally:
            self._reader.close()

    def write(self, data: bytes) -> None:
        self._pipe.write(data)

    def close(self) -> None:
        self._finish()
        if self._error is not None:
            storage().delete(self.path)
            raise self._error

    def discard(self) -> None:
        self._finish()
        storage().delete(self.path)

    def _finish(self) -> None:
        try:
            self._pipe.close()
        except BrokenPipeError as error:
            self._error = self._error or error
        self._thread.join()
        self._file.close()


@contextmanager
def decrypting(path: str, identity: str) -> Iterator[IO[bytes]]:
    """The plain content of the age file at `path` as a stream. `CannotDecrypt` when the end is not reached soundly."""
    reader, writer = os.pipe()
    errors: list[Exception] = []

    def run() -> None:
        try:
            # The pipe's end first: it must close even when there is no file, or the reader waits for ever.
            with os.fdopen(writer, "wb", buffering=CHUNK) as sink, storage().open(path, "rb") as source:
                pyrage.decrypt_io(source, sink, [x25519.Identity.from_str(identity)])
        except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with os.fdopen(reader, "rb", buffering=CHUNK) as plain:
        yield _Checked(plain, thread, errors)  # type: ignore[misc]
    thread.join()


class _Checked:
    """A reader that tells at its end whether the decryption was sound: a cut-off file must not pass as a short one."""

    def __init__(self, plain: IO[bytes], thread: threading.Thread, errors: list[Exception]) -> None:
        self._plain, self._thread, self._errors = plain, thread, errors

    def read(self, size: int = -1) -> bytes:
        data = self._plain.read(size)
        if not data or size < 0:
            self._thread.join()
            if self._errors:
                raise CannotDecrypt from self._errors[0]
        return data


def chunks(stream: Any, size: int = CHUNK) -> Iterator[bytes]:
    while data := stream.read(size):
        yield data


def copy_encrypted(source: Any, path: str, recipient: str) -> HashingWriter:
    """Encrypt what `source` yields to `path`; answers size and hash of the age file. Leaves nothing on an error."""
    sink = EncryptingSink(path, recipient)
    try:
        for data in chunks(source):
            sink.write(data)
    except BaseException:
        sink.discard()
        raise
    sink.close()
    return sink.written
