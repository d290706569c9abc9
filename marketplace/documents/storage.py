"""Where file contents lie: a folder (or an S3-compatible store), named by id, never by the uploader's words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage


@cache
def storage() -> Storage:
    return FileSystemStorage(location=settings.MARKETPLACE_FILES)


def path_of(file_id: object) -> str:
    text = str(file_id)
    return f"{text[:2]}/{text}"


def page_path(file_id: object, number: int) -> str:
    """Where the image of a page of a file lies."""
    return f"pages/{path_of(file_id)}/{number}.png"


def move(source: str, target: str) -> None:
    """At once, in place of what may lie at `target`."""
    Path(storage().path(source)).replace(storage().path(target))


def open_for_writing(path: str) -> IO[bytes]:
    """A stream into a new object of the store; a folder store needs its folder first."""
    store = storage()
    if isinstance(store, FileSystemStorage):
        Path(store.path(path)).parent.mkdir(parents=True, exist_ok=True)
    return store.open(path, "wb")
