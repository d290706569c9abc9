"""Means of the reviewers' totals, as given and made comparable between strict and mild reviewers. Pure and exact.

Normalised: z = (x - mean of the reviewer) / deviation of the reviewer, put back on the common scale:
mean of all + z × deviation of all. A reviewer whose totals are all alike says nothing about ranks: each counts as the
mean of all. Example: A gives 60, 70, B gives 80, 90 for the same two: both normalised means lie as far apart as the raw
ones, and a third application seen by A alone is not punished for A's strictness.

Everything is whole numbers: sums of hundredths, and the factor of each reviewer (a quotient of square roots) to 30
places. Rounded half up to two places at the end (R-EVAL-24).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt
from typing import Any, NamedTuple

DIGITS = 30
ONE = 10**DIGITS


class Given(NamedTuple):
    """One handed-in review; `hundredths` of a point, so that sums stay whole numbers."""

    application: Any
    member: Any
    hundredths: int


@dataclass(frozen=True)
class Means:
    """`count` reviews of one application; both means to two places."""

    count: int
    raw: Decimal
    normalised: Decimal


class _Scale(NamedTuple):
    """n values with their sum; `spread` = n² × variance, a whole number: nothing is lost before the root."""

    n: int
    total: int
    spread: int


def _scale(values: list[int]) -> _Scale:
    n, total = len(values), sum(values)
    return _Scale(n, total, n * sum(value * value for value in values) - total * total)


def means_of(given: Iterable[Given]) -> Mapping[Any, Means]:
    """Application → its means."""
    rows = list(given)
    if not rows:
        return {}
    by_member: dict[Any, list[int]] = defaultdict(list)
    by_application: dict[Any, list[tuple[Any, int]]] = defaultdict(list)
    for key, member, hundredths in rows:
        by_member[member].append(hundredths)
        by_application[key].append((member, hundredths))
    common = _scale([row.hundredths for row in rows])
    lines = {member: _line(_scale(values), common) for member, values in by_member.items()}
    return {key: _means(own, lines) for key, own in by_application.items()}


def _line(own: _Scale, common: _Scale) -> tuple[int, int]:
    """The factor and the offset (times 10^30) that put one reviewer's totals on the common scale."""
    mean = common.total * ONE // common.n
    if not own.spread:
        return 0, mean
    # deviation of all / deviation of the reviewer = √(spread_all × n²) / √(spread_own × n_all²)
    factor = isqrt(common.spread * own.n**2 * ONE**2 // (own.spread * common.n**2))
    return factor, mean - factor * own.total // own.n


def _means(own: list[tuple[Any, int]], lines: Mapping[Any, tuple[int, int]]) -> Means:
    count, raw, normal = len(own), 0, 0
    for member, hundredths in own:
        factor, offset = lines[member]
        raw += hundredths
        normal += factor * hundredths + offset
    return Means(count, _points(raw, count), _points(normal, count * ONE))


def _points(numerator: int, denominator: int) -> Decimal:
    """Hundredths, rounded half up, as points. Every mean is positive or nearly so; half up is away from zero."""
    sign = -1 if numerator < 0 else 1
    return Decimal(sign * ((2 * abs(numerator) + denominator) // (2 * denominator))).scaleb(-2)
