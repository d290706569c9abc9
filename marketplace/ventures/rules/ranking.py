"""Places by the rounded total: equal totals share a place; the order in which money goes round settles ties by lot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from marketplace.core.money import round_half_up


@dataclass(frozen=True)
class Placed:
    """`rank` is published; `place` is unique: among equals the smaller SHA-256(seed LF key) goes first."""

    key: Any
    total: Decimal
    rank: int
    place: int
    is_tied: bool


def total_of(paper: Decimal, bonus: Decimal, cap: Decimal, defence: Fraction | None, share: int) -> Decimal:
    """Paper and defence by their shares, then the bonus up to its cap; rounded half up to two places.

    80 on paper, 90 in a defence that counts 40 %, bonus 3 with a cap of 2: 48 + 36 + 2 = 86.
    """
    whole = Fraction(paper)
    if defence is not None:
        whole = whole * (100 - share) / 100 + defence * share / 100
    return round_half_up(whole + Fraction(min(bonus, cap)), 2)


def ranked(totals: Mapping[Any, Decimal], seed: str) -> list[Placed]:
    """100, 90, 90, 80 → ranks 1, 2, 2, 4."""
    # negative first so that one sort does both; the lot is drawn only among equals
    order = sorted(totals, key=lambda key: (-totals[key], _lot(seed, key)))
    counts: dict[Decimal, int] = {}
    for total in totals.values():
        counts[total] = counts.get(total, 0) + 1
    rows: list[Placed] = []
    for place, key in enumerate(order, start=1):
        same = bool(rows) and rows[-1].total == totals[key]
        rank = rows[-1].rank if same else place
        rows.append(Placed(key, totals[key], rank, place, counts[totals[key]] > 1))
    return rows


def _lot(seed: str, key: Any) -> str:
    return sha256(f"{seed}\n{key}".encode()).hexdigest()


def shortlist(rows: Iterable[Placed], *, best: int | None, least: Decimal | None) -> list[Placed]:
    """The best n (all who share the last place come too), or all from a total on."""
    listed = list(rows)
    if least is not None:
        return [row for row in listed if row.total >= least]
    if not best or len(listed) <= best:
        return listed
    return [row for row in listed if row.rank <= listed[best - 1].rank]
