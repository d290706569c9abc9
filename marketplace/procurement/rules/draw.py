"""The draw of experts that anyone can repeat: commitment, seed, order (R-COMM-05; docs/verification.md).

Commitment = SHA-256(salt ‖ LF ‖ numbers joined by LF, sorted); seed = SHA-256(head ‖ LF ‖ lot number), head in
hexadecimal letters; order = numbers sorted by SHA-256(seed ‖ LF ‖ number). Nobody who fixed the pool knew the
head, and nobody who knows the head can change the pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def _digest(*lines: str) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def pool_digest(numbers: Iterable[str], salt: str) -> str:
    return _digest(salt, *sorted(numbers))


def draw_seed(head_root: str, lot_number: str, purpose: str = "") -> str:
    """`purpose` tells a second draw of the same lot (a tie) from the first."""
    return _digest(head_root, lot_number, *([purpose] if purpose else []))


def drawn_order(numbers: Iterable[str], seed: str) -> list[str]:
    """Every order is equally likely, and fixed by the seed alone."""
    return sorted(set(numbers), key=lambda number: _digest(seed, number))
