"""`transaction()`: the only way a service opens a transaction; collects entries and writes them last.

Everything recorded between its opening and its end is written as the last statements before the commit, under one
lock (advisory on PostgreSQL, the immediate transaction on SQLite), so that numbers have no gap and nothing is locked
afterwards. A `transaction()` inside another joins it; if the inner one fails, its entries are gone with its changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction as db_transaction

from marketplace.core import clock

from . import merkle
from .canonical import canonical, plain, subject_of
from .disclosure import Stage, stage_of
from .models import Disclosure, LogEntry, TreeNode
from .tree import reader

__all__ = ["Log", "subject_of", "transaction"]
VERSION = 1
ADVISORY_KEY = 0x59495A48414F  # "YIZHAO"
_open: ContextVar[Log | None] = ContextVar("open_log", default=None)


@dataclass(frozen=True)
class Recorded:
    """What a service said; number, times and salt come at the end."""

    action: str
    subject: str
    actor: str
    project: str
    lot: str
    facts: dict[str, Any]


@dataclass
class Log:
    """The entries of one transaction, in order."""

    entries: list[Recorded] = field(default_factory=list)
    disclosures: list[tuple[str, Stage]] = field(default_factory=list)

    def record(self, action: str, obj: models.Model, actor: Any, *, project: str | None = "", **facts: Any) -> None:
        """Note that `actor` did `action` to `obj`. Facts are hashed now and disclosed by the kind of action.

        An entry about a lot, or about something of a lot (`lot_id`), is disclosed with that lot's opening or result.
        Facts hold no personal data and no floats.
        """
        subject, exact = subject_of(obj), plain(facts)
        self.entries.append(Recorded(action, subject, actor.pseudonym, project or "", _lot_of(obj), exact))

    def disclose(self, stage: Stage, lot_id: int) -> None:
        """With this transaction, salt and entry of what waited for `stage` of the lot become public."""
        self.disclosures.append((str(lot_id), stage))


def _lot_of(obj: models.Model) -> str:
    """The key of the lot that an object is or belongs to, else nothing."""
    if obj._meta.model_name == "lot":
        return str(obj.pk)
    return str(getattr(obj, "lot_id", None) or "")


@contextmanager
def transaction() -> Iterator[Log]:
    outer = _open.get()
    if outer is None:
        with _outermost() as log:
            yield log
        return
    log = Log()
    token = _open.set(log)
    try:
        with db_transaction.atomic():
            yield log
    finally:
        _open.reset(token)
    outer.entries.extend(log.entries)
    outer.disclosures.extend(log.disclosures)


@contextmanager
def _outermost() -> Iterator[Log]:
    log = Log()
    token = _open.set(log)
    try:
        with db_transaction.atomic(durable=True):
            yield log
            write(log)
    finally:
        _open.reset(token)


def open_log() -> Log | None:
    """The log of the transaction that is open here, if any."""
    return _open.get()


def lock() -> None:
    """Wait for the one place at the end of the log; held until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_KEY])


def write(log: Log) -> int:
    """Append what was recorded; returns the size of the log. Only inside the outermost transaction, at its end."""
    lock()
    last = LogEntry.objects.order_by("-number").values_list("number", "market_time").first()
    size, earliest = last or (0, None)
    market = max(clock.now(), earliest or clock.now()).astimezone(clock.ZONE)
    if log.entries:
        size = _append(log, size, market)
    for lot, stage in log.disclosures:
        _disclose(lot, stage, market)
    log.entries.clear()
    log.disclosures.clear()
    return size


def _append(log: Log, size: int, market: datetime) -> int:
    machine = clock.machine_now()
    rows = [_row(size + offset, item, market, machine) for offset, item in enumerate(log.entries, start=1)]
    _open_what_is_public(rows, market)
    nodes = merkle.completed_nodes(size, [row.leaf for row in rows], reader(merkle.peaks(size)))  # type: ignore[misc]
    LogEntry.objects.bulk_create(rows)
    TreeNode.objects.bulk_create(TreeNode(level=level, index=index, hash=value) for level, index, value in nodes)
    return size + len(rows)


def _open_what_is_public(rows: list[LogEntry], market: datetime) -> None:
    """Public at once: what its kind says, and what belongs to a stage that its lot has reached already."""
    lots = {row.lot for row in rows if row.lot and row.stage in (Stage.OPENING, Stage.RESULT)}
    reached = set(Disclosure.objects.filter(lot__in=lots).values_list("lot", "stage")) if lots else set()
    for row in rows:
        if row.stage == Stage.NOW or (row.lot, row.stage) in reached:
            row.disclosed_at = market


def _disclose(lot: str, stage: Stage, market: datetime) -> None:
    Disclosure.objects.get_or_create(lot=lot, stage=stage, defaults={"reached_at": market})
    LogEntry.objects.filter(lot=lot, stage=stage, disclosed_at=None).update(disclosed_at=market)


def _row(number: int, item: Recorded, market: datetime, machine: datetime) -> LogEntry:
    entry, salt = entry_bytes(number, item, market, machine), os.urandom(32)
    return LogEntry(
        number=number,
        action=item.action,
        subject=item.subject,
        project=item.project,
        lot=item.lot,
        actor=item.actor,
        market_time=market,
        machine_time=machine,
        salt=salt,
        entry=entry,
        leaf=merkle.leaf_hash(salt + entry),
        stage=stage_of(item.action),
    )


def entry_bytes(number: int, item: Recorded, market: datetime, machine: datetime) -> bytes:
    """The entry as hashed: canonical JSON with who, what, which object, what changed, both times."""
    return canonical(
        {
            "v": VERSION,
            "number": number,
            "action": item.action,
            "subject": item.subject,
            "project": item.project,
            "lot": item.lot,
            "actor": item.actor,
            "stage": stage_of(item.action),
            "facts": item.facts,
            "market_time": market,
            "machine_time": machine,
        }
    )
