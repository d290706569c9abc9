"""Reading the log: what is public of it, the history of a project, receipts and proofs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from . import tree
from .canonical import subject_of
from .models import Head, LogEntry


@dataclass(frozen=True)
class PublicEntry:
    """A disclosed entry as pages show it."""

    number: int
    action: str
    subject: str
    time: datetime
    facts: dict[str, Any]


def history(project: str) -> list[PublicEntry]:
    """Disclosed entries of a project, oldest first, for its public page."""
    rows = LogEntry.objects.filter(project=project, disclosed_at__isnull=False, erased_at=None)
    return [_public(row) for row in rows]


def _public(row: LogEntry) -> PublicEntry:
    said = json.loads(bytes(row.entry or b"{}"))
    return PublicEntry(row.number, row.action, row.subject, row.market_time, said.get("facts", {}))


def entry_of(obj: Model, action: str) -> LogEntry | None:
    """The newest entry of `action` on an object, after its commit: a receipt quotes its number and leaf."""
    return LogEntry.objects.filter(subject=subject_of(obj), action=action).last()


def entries(start: int, end: int) -> QuerySet[LogEntry]:
    """Entries `start` to `end`, both included."""
    return LogEntry.objects.filter(number__gte=start, number__lte=end)


def public_form(row: LogEntry) -> dict[str, Any]:
    """What anyone may have of an entry: the leaf always, salt and content once they are disclosed."""
    form: dict[str, Any] = {"number": row.number, "leaf": bytes(row.leaf).hex()}
    if row.erased_at is not None:
        form["erased"] = True
    elif row.disclosed_at is not None and row.salt is not None and row.entry is not None:
        form["salt"] = bytes(row.salt).hex()
        form["entry"] = bytes(row.entry).decode()
    return form


@dataclass(frozen=True)
class Inclusion:
    """That an entry stands in the log under a signed head."""

    entry: LogEntry
    head: Head
    path: tuple[bytes, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            **public_form(self.entry),
            "index": self.entry.number - 1,
            "path": [sibling.hex() for sibling in self.path],
            "head": self.head.witness.as_json(),
        }


def inclusion_of(number: int) -> Inclusion | None:
    """The proof under the newest head; None while no head covers the entry, or when there is no such entry."""
    head = Head.objects.last()
    entry = LogEntry.objects.filter(number=number).first()
    if head is None or entry is None or entry.number > head.size:
        return None
    return Inclusion(entry, head, tuple(tree.inclusion_proof(number, head.size)))


def consistency_between(old: int, size: int) -> dict[str, Any]:
    """That the log of `old` entries is the beginning of the log of `size` entries."""
    return {
        "old": old,
        "size": size,
        "old_root": tree.root(old).hex(),
        "root": tree.root(size).hex(),
        "path": [sibling.hex() for sibling in tree.consistency_proof(old, size)],
        "algorithm": "RFC 9162, SHA-256",
    }
