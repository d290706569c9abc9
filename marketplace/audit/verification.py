"""Checks the whole log: every leaf, every stored hash, every head, the order of numbers and times, one witness.

Each problem is a `Finding` with the number of the first entry it concerns. An empty list is the only good answer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from math import inf
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.core.clock import ZONE

from . import merkle
from .canonical import canonical
from .disclosure import Stage
from .models import Disclosure, Head, LogEntry, TreeNode
from .witness import Witness

BATCH = 1000
COLUMNS = ("number", "action", "subject", "project", "lot", "actor", "stage")


@dataclass(frozen=True)
class Finding:
    """What is wrong, and from which entry on (None: not about an entry)."""

    number: int | None
    text: str

    @property
    def place(self) -> float:
        """For sorting by entries; what concerns none comes last."""
        return inf if self.number is None else self.number

    def __str__(self) -> str:
        return (
            _("Entry %(number)d: %(text)s") % {"number": self.number, "text": self.text} if self.number else self.text
        )


@dataclass
class Report:
    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    heads: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The finding that concerns the earliest entry."""
        return min(self.findings, key=lambda finding: finding.place, default=None)


class Check:
    """One walk over the log. The tree is grown anew from salts and entries, never from what is stored of it."""

    def __init__(self, witness: Witness | None = None) -> None:
        self.report = Report()
        self.witness = witness
        self.peaks: dict[int, bytes] = {}
        self.market_time: datetime | None = None
        self.heads: dict[int, list[Head]] = defaultdict(list)
        self.reached = {(row.lot, row.stage): row.reached_at for row in Disclosure.objects.all()}
        self.erased: set[int] = set()
        self.erasures: set[int] = set()

    def run(self) -> Report:
        try:
            self._read_heads()
            self._walk()
        except ValueError:  # the database holds in some column what is no value of its kind
            unreadable = self._unreadable()
            if unreadable is None:
                raise
            self.report.findings.append(unreadable)
        else:
            self.report.root = self._root()
            self._ends()
        return self.report

    def _walk(self) -> None:
        for batch in _batches(LogEntry.objects.order_by("number").iterator(BATCH)):
            stored = self._nodes(batch)
            for entry in batch:
                self._entry(entry)
                self._grow(bytes(entry.leaf), stored)
                self._heads_at(self.report.size)

    def _unreadable(self) -> Finding | None:
        """The first entry, or else the first head, that cannot be read at all."""
        behind = LogEntry.objects.filter(number__gt=self.report.size).order_by("number")
        for number in behind.values_list("number", flat=True):
            if not _can_be_read(LogEntry.objects.filter(number=number)):
                return Finding(number, _("one of its columns cannot be read."))
        for pk, size in Head.objects.order_by("pk").values_list("pk", "size"):
            if not _can_be_read(Head.objects.filter(pk=pk)):
                return Finding(size, _("the head over it cannot be read."))
        return None

    def _found(self, number: int | None, text: str) -> None:
        self.report.findings.append(Finding(number, text))

    # Entries

    def _entry(self, entry: LogEntry) -> None:
        expected = self.report.size + 1
        if entry.number != expected:
            self._found(expected, _("is missing; the next number is %(number)d.") % {"number": entry.number})
        if entry.erased_at is not None and entry.entry is None:
            self.report.erased += 1
            self.erased.add(entry.number)
        else:
            self._content(entry)
            self._publicity(entry)
        if entry.erased_at is not None and entry.number not in self.erased:
            self._found(entry.number, _("it is marked as erased, but its content is there."))
        self._time(entry)

    def _time(self, entry: LogEntry) -> None:
        if entry.market_time is None:
            self._found(entry.number, _("one of its columns cannot be read."))
            return
        if self.market_time is not None and entry.market_time < self.market_time:
            self._found(entry.number, _("its marketplace time is earlier than that of the entry before."))
        self.market_time = entry.market_time

    def _content(self, entry: LogEntry) -> None:
        if entry.salt is None or entry.entry is None:
            self._found(entry.number, _("salt or content is gone."))
            return
        salt, content = bytes(entry.salt), bytes(entry.entry)
        if merkle.leaf_hash(salt + content) != bytes(entry.leaf):
            self._found(entry.number, _("its content does not give its hash."))
            return
        said = json.loads(content)
        if canonical(said) != content:
            self._found(entry.number, _("its content is not in canonical form."))
        if any(said[name] != getattr(entry, name) for name in COLUMNS) or not _times_agree(said, entry):
            self._found(entry.number, _("the columns beside it say something else than the hashed content."))

        if entry.action == "log.erased":
            self.erasures.add(said["facts"]["number"])

    def _publicity(self, entry: LogEntry) -> None:
        """Disclosed exactly when its stage says: at once, when its lot reached the stage, or never."""
        reached = self.reached.get((entry.lot, entry.stage)) if entry.lot else None
        due: datetime | None = None
        if entry.stage == Stage.NOW:
            due = entry.market_time
        elif entry.stage != Stage.NEVER and reached and entry.market_time:
            due = max(reached, entry.market_time)
        if entry.disclosed_at != due:
            self._found(entry.number, _("it was disclosed at another time than its kind says."))

    # Tree

    def _nodes(self, batch: list[LogEntry]) -> dict[merkle.Position, bytes]:
        """The stored sub-trees that this batch completes, in one query a level."""
        start, end = self.report.size, self.report.size + len(batch)
        found = {}
        for level in range(1, end.bit_length()):
            rows = TreeNode.objects.filter(level=level, index__gte=start >> level, index__lt=end >> level)
            found.update({(level, index): bytes(value) for index, value in rows.values_list("index", "hash")})
        return found

    def _grow(self, leaf: bytes, stored: dict[merkle.Position, bytes]) -> None:
        level, index, value = 0, self.report.size, leaf
        self.report.size += 1
        while index & 1:
            value = merkle.node_hash(self.peaks.pop(level), value)
            level, index = level + 1, index >> 1
            if stored.get((level, index)) != value:
                self._found(self.report.size, _("a stored hash of the tree does not fit the entries below it."))
        self.peaks[level] = value

    def _root(self) -> bytes:
        hashes = [self.peaks[level] for level in sorted(self.peaks)]
        if not hashes:
            return merkle.EMPTY_ROOT
        value = hashes[0]
        for left in hashes[1:]:
            value = merkle.node_hash(left, value)
        return value

    # Heads and witness

    def _read_heads(self) -> None:
        before: Head | None = None
        for head in Head.objects.order_by("pk").iterator(BATCH):
            self.report.heads += 1
            self.heads[head.size].append(head)
            if not head.witness.is_signed:
                self._found(head.size, _("the signature of the head over it is wrong."))
            if before is not None and (head.size < before.size or head.market_time < before.market_time):
                self._found(head.size, _("a head is smaller or earlier than the one before it."))
            before = head

    def _heads_at(self, size: int) -> None:
        heads = self.heads.pop(size, [])
        witness = self.witness if self.witness is not None and self.witness.size == size else None
        if not heads and witness is None:
            return
        root = self._root()
        if any(bytes(head.root) != root for head in heads):
            self._found(size, _("the signed head over the entries up to here has another root."))
        if witness is not None and witness.root != root.hex():
            self._found(size, _("the witness saw another log: an entry up to here was rewritten after it."))

    def _ends(self) -> None:
        for size in sorted(self.heads):
            if size:
                self._found(self.report.size + 1, _("is missing: a signed head counts %(size)d.") % {"size": size})
        for number in sorted(self.erased - self.erasures):
            self._found(number, _("it was emptied, and no entry records the erasure."))
        expected = sum(self.report.size >> level for level in range(1, self.report.size.bit_length()))
        if TreeNode.objects.count() != expected:
            self._found(None, _("The stored tree holds more or fewer hashes than the entries give."))
        if self.witness is not None:
            self._witness(self.witness)

    def _witness(self, witness: Witness) -> None:
        if not witness.is_signed:
            self._found(None, _("The witness itself is damaged: its signature does not fit."))
        if witness.size > self.report.size:
            self._found(self.report.size + 1, _("is missing: the witness counts %(size)d.") % {"size": witness.size})


def _batches(entries: Iterable[LogEntry]) -> Iterator[list[LogEntry]]:
    for _number, group in groupby(enumerate(entries), key=lambda pair: pair[0] // BATCH):
        yield [entry for _place, entry in group]


def _times_agree(said: dict[str, str], entry: LogEntry) -> bool:
    times = {"market_time": entry.market_time, "machine_time": entry.machine_time}
    return all(value and said[name] == value.astimezone(ZONE).isoformat() for name, value in times.items())


def _can_be_read(rows: QuerySet[Any]) -> bool:
    try:
        return bool(list(rows))
    except ValueError:
        return False


def verify(witness: Witness | None = None) -> Report:
    return Check(witness).run()
