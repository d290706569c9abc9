"""The stored tree: reading hashes of sub-trees in one query, roots and proofs of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from django.db.models import Q

from . import merkle
from .merkle import Position, Read
from .models import LogEntry, TreeNode

T = TypeVar("T")


def current_size() -> int:
    return LogEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def reader(wanted: Iterable[Position]) -> Read:
    """A `Read` that knows the wanted positions, after at most two queries."""
    by_level = {
        level: [index for _level, index in group]
        for level, group in groupby(sorted(set(wanted)), key=lambda position: position[0])
    }
    known: dict[Position, bytes] = {}
    leaves = by_level.pop(0, [])
    if leaves:
        rows = LogEntry.objects.filter(number__in=[index + 1 for index in leaves]).values_list("number", "leaf")
        known.update({(0, number - 1): bytes(leaf) for number, leaf in rows})
    if by_level:
        condition = Q()
        for level, indexes in by_level.items():
            condition |= Q(level=level, index__in=indexes)
        rows = TreeNode.objects.filter(condition).values_list("level", "index", "hash")  # type: ignore[assignment]
        known.update({(level, index): bytes(value) for level, index, value in rows})  # type: ignore[misc]
    return known.__getitem__


def _compute(compute: Callable[[Read], T]) -> T:
    return compute(reader(merkle.positions(compute)))


def root(size: int) -> bytes:
    return _compute(lambda read: merkle.root(size, read))


def inclusion_proof(number: int, size: int) -> list[bytes]:
    """That entry `number` (from 1) is in the tree of `size` entries."""
    return _compute(lambda read: merkle.inclusion_proof(number - 1, size, read))


def consistency_proof(old: int, size: int) -> list[bytes]:
    return _compute(lambda read: merkle.consistency_proof(old, size, read))
