"""Ranking: total high → low, then price low → high; equal in both: tied (R-EVAL-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Candidate:
    """`total` is the published one: rounded half up to the places of the documents (R-EVAL-24)."""

    bid: int
    total: Decimal
    price: Decimal

    @property
    def standing(self) -> tuple[Decimal, Decimal]:
        return (-self.total, self.price)


@dataclass(frozen=True)
class Ranked:
    bid: int
    rank: int
    is_tied: bool


def ranking(candidates: Iterable[Candidate]) -> list[Ranked]:
    """Tied bids share a rank and the next rank is skipped: 1, 1, 3."""
    ordered = sorted(candidates, key=lambda candidate: candidate.standing)
    standings = [candidate.standing for candidate in ordered]
    return [
        Ranked(candidate.bid, standings.index(candidate.standing) + 1, standings.count(candidate.standing) > 1)
        for candidate in ordered
    ]
