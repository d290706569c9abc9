"""Scores as tables: of one bid by member (numbers, no names), of one bidder's own means, far-off scores."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.core.money import round_half_up

from ..models import Bid, Criterion, CriterionMean, Lot, Score
from ..rules.scoring import outliers, unequal_cells
from .review import objective_keys, points_of, seated


@dataclass(frozen=True)
class TableRow:
    criterion: Criterion
    points: list[Decimal | None]
    mean: Decimal | None


@dataclass(frozen=True)
class Table:
    bid: Bid
    members: list[int]
    rows: list[TableRow]


def member_tables(lot: Lot, bids: list[Bid], criteria: list[Criterion]) -> list[Table]:
    """For each ranked bid: criterion × 成员 1 … n, with the mean; three queries for all bids together."""
    members = dict(seated(lot).values_list("pk", "public_label"))
    numbers = sorted(number for number in members.values() if number)
    given: dict[tuple[int, int, int], Decimal | None] = {}
    for bid, criterion, member, points in Score.objects.filter(bid__in=bids, sheet__member_id__in=members).values_list(
        "bid_id", "criterion_id", "sheet__member_id", "points"
    ):
        given[bid, criterion, members[member] or 0] = points
    means = {
        (row.result.bid_id, row.criterion_id): row.mean
        for row in CriterionMean.objects.filter(result__bid__in=bids).select_related("result")
    }
    return [
        Table(
            bid,
            numbers,
            [
                TableRow(row, [given.get((bid.pk, row.pk, number)) for number in numbers], means.get((bid.pk, row.pk)))
                for row in criteria
            ],
        )
        for bid in bids
    ]


def letter_rows(bid: Bid) -> list[dict[str, Any]]:
    """A bidder's own means, for its letter; nothing for a bid that was not scored."""
    if not hasattr(bid, "result"):
        return []
    means = bid.result.means.select_related("criterion").order_by("criterion__position", "criterion_id")
    rows = [{"title": row.criterion.title, "full": row.criterion.points, "mean": row.mean} for row in means]
    weight = Decimal(bid.lot.tender.price_weight)
    return [*rows, {"title": "价格", "full": weight, "mean": bid.result.price_points}]


def comparison(lot: Lot, criteria: list[Criterion]) -> dict[str, int]:
    """How many objective scores differ, and how many scores are far from the others'."""
    points, objective = points_of(lot), objective_keys(criteria)
    full = {row.pk: row.points for row in criteria}
    return {"cells": len(unequal_cells(points, objective)), "far": len(outliers(points, full, objective))}


def outlier_rows(lot: Lot, criteria: list[Criterion]) -> list[dict[str, Any]]:
    """Scores far from the others', in words for the committee: which member (number), bid, criterion."""
    by_key = {row.pk: row for row in criteria}
    bids = {bid.pk: bid for bid in lot.bids.select_related("body")}
    labels = dict(seated(lot).values_list("pk", "public_label"))
    full = {row.pk: row.points for row in criteria}
    return [
        {
            "member_id": outlier.point.member,
            "member": labels.get(outlier.point.member),
            "bid": bids[outlier.point.bid],
            "criterion": by_key[outlier.point.criterion],
            "points": outlier.point.points,
            "others": round_half_up(outlier.others, 2),
        }
        for outlier in outliers(points_of(lot), full, objective_keys(criteria))
    ]
