"""Points: price, means, totals, equality of objective scores, outliers (R-EVAL-03, -07 … -12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .exact import exact, mean

OUTLIER_SHARE = Fraction(1, 2)


@dataclass(frozen=True)
class Point:
    """One member's points for one bid and criterion; keys are whatever the caller knows them by."""

    member: int
    bid: int
    criterion: int
    points: Decimal


def price_points(price: Decimal, prices: Iterable[Decimal], weight: Decimal | int) -> Fraction:
    """Lowest conforming price ÷ own price × weight (R-EVAL-07): 90 of 100 with weight 15 → 13.5."""
    if not weight:
        return Fraction(0)
    return exact(min(prices)) / exact(price) * exact(weight)


def criterion_means(points: Iterable[Point]) -> dict[tuple[int, int], Fraction]:
    """Mean of all members by (bid, criterion); nobody's score is dropped."""
    cells: dict[tuple[int, int], list[Fraction]] = defaultdict(list)
    for point in points:
        cells[point.bid, point.criterion].append(exact(point.points))
    return {cell: mean(values) for cell, values in cells.items()}


def total(parts: Iterable[Fraction]) -> Fraction:
    """F1·A1 + … + Fn·An: points already carry their weights (R-EVAL-08)."""
    return sum(parts, Fraction(0))


def unequal_cells(points: Iterable[Point], objective: frozenset[int]) -> list[tuple[int, int]]:
    """(criterion, bid) where members differ although the criterion is objective (R-EVAL-11)."""
    seen: dict[tuple[int, int], set[Decimal]] = defaultdict(set)
    for point in points:
        if point.criterion in objective:
            seen[point.criterion, point.bid].add(point.points)
    return sorted(cell for cell, values in seen.items() if len(values) > 1)


@dataclass(frozen=True)
class Outlier:
    """A score far from the mean of the other members: shown to all, never changed by itself (R-EVAL-12)."""

    point: Point
    others: Fraction


def outliers(points: Iterable[Point], full: Mapping[int, Decimal], objective: frozenset[int]) -> list[Outlier]:
    """Points that differ from the others' mean by more than half of the criterion's full points."""
    cells: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in points:
        if point.criterion not in objective:
            cells[point.bid, point.criterion].append(point)
    found = []
    for group in cells.values():
        for point in group:
            rest = [exact(other.points) for other in group if other.member != point.member]
            if rest and abs(exact(point.points) - mean(rest)) > OUTLIER_SHARE * exact(full[point.criterion]):
                found.append(Outlier(point, mean(rest)))
    return found
