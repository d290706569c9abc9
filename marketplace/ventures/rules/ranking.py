"""Places by the rounded total: equal totals share a place; the order in which money goes round settles ties by lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, NamedTuple

from marketplace.core.money import round_half_up


class Placed(NamedTuple):
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
    extra = min(bonus, cap)
    if defence is None:
        return paper + extra  # two places each: nothing to round
    whole = Fraction(paper) * (100 - share) / 100 + defence * share / 100
    return round_half_up(whole + Fraction(extra), 2)


def ranked(totals: Mapping[Any, Decimal], seed: str) -> list[Placed]:
    """100, 90, 90, 80 → ranks 1, 2, 2, 4."""
    equals: dict[Decimal, list[Any]] = defaultdict(list)
    for key, total in totals.items():
        equals[total].append(key)
    rows: list[Placed] = []
    for total in sorted(equals, reverse=True):
        keys, rank = equals[total], len(rows) + 1
        drawn = sorted(keys, key=lambda key: _lot(seed, key)) if len(keys) > 1 else keys
        rows += [Placed(key, total, rank, rank + number, len(keys) > 1) for number, key in enumerate(drawn)]
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
