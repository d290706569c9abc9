"""Means of the reviewers' totals, as given and made comparable between strict and mild reviewers. Pure and exact.

Normalised: z = (x - mean of the reviewer) / deviation of the reviewer, put back on the common scale:
mean of all + z × deviation of all. A reviewer whose totals are all alike says nothing about ranks: each counts as the
mean of all. Example: A gives 60, 70, B gives 80, 90 for the same two: both normalised means lie as far apart as the raw
ones, and a third application seen by A alone is not punished for A's strictness.

Sums are integers and fractions; a deviation is a square root, taken to 40 digits. Rounded half up to two places at the
end (R-EVAL-24).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from marketplace.core.money import round_half_up

DIGITS = Context(prec=40)
PLACES = 2


@dataclass(frozen=True)
class Given:
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


@dataclass(frozen=True)
class _Scale:
    mean: Decimal
    deviation: Decimal


def _scale(values: list[int]) -> _Scale:
    n, total = len(values), sum(values)
    # n² × variance is a whole number: nothing is lost before the root
    spread = n * sum(value * value for value in values) - total * total
    root = DIGITS.sqrt(Decimal(spread))
    return _Scale(DIGITS.divide(Decimal(total), Decimal(n)), DIGITS.divide(root, Decimal(n)))


def means_of(given: Iterable[Given]) -> Mapping[Any, Means]:
    """Application → its means."""
    rows = list(given)
    if not rows:
        return {}
    by_member: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        by_member[row.member].append(row.hundredths)
    common = _scale([row.hundredths for row in rows])
    scales = {member: _scale(values) for member, values in by_member.items()}
    counts: dict[Any, int] = defaultdict(int)
    raw: dict[Any, int] = defaultdict(int)
    normal: dict[Any, Decimal] = defaultdict(Decimal)
    for row in rows:
        counts[row.application] += 1
        raw[row.application] += row.hundredths
        value = _rescaled(row.hundredths, scales[row.member], common)
        normal[row.application] = DIGITS.add(normal[row.application], value)
    return {
        key: Means(count, _points(Fraction(raw[key], count)), _points(Fraction(normal[key]) / count))
        for key, count in counts.items()
    }


def _rescaled(hundredths: int, own: _Scale, common: _Scale) -> Decimal:
    if not own.deviation:
        return common.mean
    z = DIGITS.divide(DIGITS.subtract(Decimal(hundredths), own.mean), own.deviation)
    return DIGITS.add(common.mean, DIGITS.multiply(z, common.deviation))


def _points(hundredths: Fraction) -> Decimal:
    return round_half_up(hundredths / 100, PLACES)
