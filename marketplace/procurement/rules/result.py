"""The whole evaluation of a lot from its inputs: used to consolidate, and to recompute a published file.

In: criteria, members' points, prices of the valid bids, places. Out: means, price points, totals, ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from marketplace.core.money import round_half_up

from .ranking import Candidate, ranking
from .scoring import Point, criterion_means, price_points, total


@dataclass(frozen=True)
class Inputs:
    """`criteria`: keys of the scored leaves (not the price); `prices`: of valid bids only."""

    criteria: Sequence[int]
    points: Sequence[Point]
    prices: dict[int, Decimal]
    price_weight: Decimal
    places: int


@dataclass(frozen=True)
class Outcome:
    bid: int
    means: dict[int, Fraction]
    price_points: Fraction
    exact_total: Fraction
    total: Decimal
    rank: int = 0
    is_tied: bool = False


def evaluate(inputs: Inputs) -> list[Outcome]:
    """Outcomes in the order of the ranking (R-EVAL-07, -08, -18, -24)."""
    means = criterion_means(point for point in inputs.points if point.bid in inputs.prices)
    rough = {bid: _outcome(bid, means, inputs) for bid in inputs.prices}
    ranks = ranking(Candidate(bid, outcome.total, inputs.prices[bid]) for bid, outcome in rough.items())
    return [_with_rank(rough[ranked.bid], ranked.rank, ranked.is_tied) for ranked in ranks]


def _outcome(bid: int, means: dict[tuple[int, int], Fraction], inputs: Inputs) -> Outcome:
    own = {criterion: means[bid, criterion] for criterion in inputs.criteria}
    price = price_points(inputs.prices[bid], inputs.prices.values(), inputs.price_weight)
    whole = total([*own.values(), price])
    return Outcome(bid, own, price, whole, round_half_up(whole, inputs.places))


def _with_rank(outcome: Outcome, rank: int, is_tied: bool) -> Outcome:
    return Outcome(outcome.bid, outcome.means, outcome.price_points, outcome.exact_total, outcome.total, rank, is_tied)
