"""The Merkle tree of RFC 9162, section 2.1, over stored hashes of complete sub-trees. Pure.

Positions are half-open ranges of leaves counted from 0. A `Read` answers the hash of the complete sub-tree
(level, index); level 0 is a leaf's hash. `positions(…)` tells which of them a computation will ask for, so that a
caller can read them in one query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Position = tuple[int, int]
Read = Callable[[Position], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def split_point(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(start: int, end: int, read: Read) -> bytes:
    """Hash of the sub-tree over the leaves [start, end)."""
    size = end - start
    if size & (size - 1) == 0 and start % size == 0:
        level = size.bit_length() - 1
        return read((level, start >> level))
    middle = start + split_point(size)
    return node_hash(range_hash(start, middle, read), range_hash(middle, end, read))


def root(size: int, read: Read) -> bytes:
    return range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """PATH(index, D_size): from the leaf upward (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    return list(_path(index, 0, size, read))


def _path(index: int, start: int, end: int, read: Read) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + split_point(end - start)
    if index < middle:
        yield from _path(index, start, middle, read)
        yield range_hash(middle, end, read)
    else:
        yield from _path(index, middle, end, read)
        yield range_hash(start, middle, read)


def consistency_proof(old: int, size: int, read: Read) -> list[bytes]:
    """PROOF(old, D_size): that the tree of `old` leaves is the beginning of this one (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError("no such older tree")
    return list(_subproof(old, 0, size, True, read))


def _subproof(old: int, start: int, end: int, is_known: bool, read: Read) -> Iterator[bytes]:
    if old == end - start:
        if not is_known:
            yield range_hash(start, end, read)
        return
    middle = start + split_point(end - start)
    if old <= middle - start:
        yield from _subproof(old, start, middle, is_known, read)
        yield range_hash(middle, end, read)
    else:
        yield from _subproof(old - (middle - start), middle, end, False, read)
        yield range_hash(start, middle, read)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and result == expected_root


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """RFC 9162, 2.1.4.2."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def positions(compute: Callable[[Read], object]) -> list[Position]:
    """The sub-trees that `compute(read)` asks for; which ones never depends on the hashes."""
    asked: dict[Position, None] = {}

    def note(position: Position) -> bytes:
        asked[position] = None
        return EMPTY_ROOT

    compute(note)
    return list(asked)


def peaks(size: int) -> list[Position]:
    """The complete sub-trees that make up a tree of `size` leaves, from the left."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def completed_nodes(size: int, leaves: Sequence[bytes], read: Read) -> list[tuple[int, int, bytes]]:
    """What to store when `leaves` are appended to a tree of `size`: every sub-tree above level 0 that becomes complete.

    `read` need only know the peaks of the old tree.
    """
    open_ends = {level: read((level, index)) for level, index in peaks(size)}
    stored = []
    for offset, leaf in enumerate(leaves):
        level, index, value = 0, size + offset, leaf
        while index & 1:
            value = node_hash(open_ends.pop(level), value)
            level, index = level + 1, index >> 1
            stored.append((level, index, value))
        open_ends[level] = value
    return stored
