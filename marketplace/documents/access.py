"""Who may read a file: rooms register a question per kind of subject. Nobody asked means no."""

from __future__ import annotations

from collections.abc import Callable

from marketplace.accounts.actors import Actor

from .models import Document, StoredFile

DocumentReader = Callable[[Actor, Document], bool]
FileReader = Callable[[Actor, StoredFile], bool]
_document_readers: dict[str, DocumentReader] = {}
_file_readers: list[FileReader] = []


def register_subject(label: str, can_read: DocumentReader) -> None:
    """For documents whose subject is of this kind, e.g.

    `procurement.bid`; the subject's key stands in `document.subject`.
    """
    _document_readers[label] = can_read


def register_files(can_read: FileReader) -> None:
    """For files that are no documents (evidence, parts of bids): asked with the file."""
    if can_read not in _file_readers:
        _file_readers.append(can_read)


def subject_key(document: Document) -> int | str:
    return document.subject.partition(":")[2]


def can_read_document(actor: Actor, document: Document) -> bool:
    if document.is_public:
        return True
    label = document.subject.partition(":")[0]
    reader = _document_readers.get(label)
    return reader is not None and actor.is_signed_in and reader(actor, document)


def can_read_file(actor: Actor, file: StoredFile) -> bool:
    """Through any document that holds it, or through a room that answers for it."""
    if any(can_read_document(actor, document) for document in file.documents.all()):
        return True
    return actor.is_signed_in and any(reader(actor, file) for reader in _file_readers)
