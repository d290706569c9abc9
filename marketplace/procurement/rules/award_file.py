"""Recomputing a published award file with the same rules that made it. The stand-alone program does it without us."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marketplace.core.money import round_half_up

from .award import Standing, first_candidates, tie_order
from .draw import draw_seed, drawn_order, pool_digest
from .exact import exact
from .result import Inputs, Outcome, evaluate
from .scoring import Point

FORMAT = "yizhao-award/1"
VALID = "valid"
HUNDRED = Fraction(100)


def differences(data: dict[str, Any]) -> list[str]:
    """What does not agree with the file's own inputs, one line each; nothing when all is right."""
    if data.get("format") != FORMAT:
        return [f"unknown format {data.get('format')!r}, expected {FORMAT}"]
    valid = [bid for bid in data["bids"] if bid["status"] == VALID]
    found = [*_shape(data, valid), *_draw(data)]
    if found:
        return found
    outcomes = evaluate(_inputs(data, valid))
    found = [line for outcome in outcomes for line in _bid(data, valid[outcome.bid], outcome)]
    return found or list(_award(data, valid, outcomes))


def _inputs(data: dict[str, Any], valid: list[dict[str, Any]]) -> Inputs:
    keys = [criterion["key"] for criterion in data["criteria"]]
    points = [
        Point(int(member), bid, keys.index(key), Decimal(value))
        for bid, row in enumerate(valid)
        for key, values in row["scores"].items()
        for member, value in values.items()
    ]
    prices = {bid: Decimal(row["price"]) for bid, row in enumerate(valid)}
    rules = data["rules"]
    return Inputs(range(len(keys)), points, prices, Decimal(rules["price_weight"]), rules["places"])


def _shape(data: dict[str, Any], valid: list[dict[str, Any]]) -> Iterator[str]:
    whole = sum((exact(row["points"]) for row in data["criteria"]), exact(data["rules"]["price_weight"]))
    if whole != HUNDRED:
        yield f"the criteria and the price sum to {whole}, not to 100"
    members = {str(number) for number in range(1, len(data["members"]) + 1)}
    for criterion in data["criteria"]:
        allowed = {exact(row["points"]) for row in criterion["ranges"]}
        for bid in valid:
            given = bid["scores"].get(criterion["key"], {})
            if set(given) != members:
                yield f"bid {bid['label']}, {criterion['title']}: not every member has a score"
            for member, points in given.items():
                if exact(points) not in allowed:
                    yield f"bid {bid['label']}, {criterion['title']}: {points} of member {member} is none of the ranges"
            if criterion["kind"] == "objective" and len({exact(points) for points in given.values()}) > 1:
                yield f"bid {bid['label']}, {criterion['title']}: objective scores differ"


def _draw(data: dict[str, Any]) -> Iterator[str]:
    draw = data["draw"]
    if pool_digest(draw["pool"], draw["salt"]) != draw["pool_sha256"]:
        yield "draw: the pool does not have the hash that was committed"
    if draw_seed(draw["head"], data["lot"]["number"]) != draw["seed"]:
        yield "draw: the seed does not follow from the head and the lot's number"
    if drawn_order(draw["pool"], draw["seed"]) != draw["order"]:
        yield "draw: the order does not follow from the seed"


def _bid(data: dict[str, Any], row: dict[str, Any], outcome: Outcome) -> Iterator[str]:
    for number, criterion in enumerate(data["criteria"]):
        mean = round_half_up(outcome.means[number], 4)
        if Decimal(row["means"][criterion["key"]]) != mean:
            published = row["means"][criterion["key"]]
            yield f"bid {row['label']}, {criterion['title']}: mean {published} published, {mean} computed"
    price = round_half_up(outcome.price_points, 4)
    if Decimal(row["price_points"]) != price:
        yield f"bid {row['label']}: price points {row['price_points']} published, {price} computed"
    if Decimal(row["total"]) != outcome.total:
        yield f"bid {row['label']}: total {row['total']} published, {outcome.total} computed"
    if (row["rank"], row["is_tied"]) != (outcome.rank, outcome.is_tied):
        yield f"bid {row['label']}: rank {row['rank']} published, {outcome.rank} computed"


def _award(data: dict[str, Any], valid: list[dict[str, Any]], outcomes: list[Outcome]) -> Iterator[str]:
    award, gone = data["award"], {row["label"] for row in data["passed_over"]}
    by_label = {row["label"]: row for row in valid}
    if award["label"] not in by_label:
        yield f"award: bid {award['label']} is not among the valid bids"
        return
    if Decimal(award["amount"]) != Decimal(by_label[award["label"]]["price"]):
        yield f"award: amount {award['amount']}, but bid {award['label']} offered {by_label[award['label']]['price']}"
    turn = first_labels([(valid[each.bid]["label"], each.rank) for each in outcomes], gone, data)
    first = turn[0] if turn else "none"
    if award["label"] != first and not award["reason"]:
        yield f"award: bid {award['label']} is not first in order ({first}) and no reason is given"


def first_labels(ranks: list[tuple[str, int]], gone: set[str], data: dict[str, Any]) -> list[str]:
    """Whose turn it is; equals in the drawn order, recomputed from the head."""
    labels = [label for label, _rank in ranks]
    turn = first_candidates([Standing(n, rank, label in gone) for n, (label, rank) in enumerate(ranks)])
    names = [labels[n] for n in turn]
    if len(names) < 2 or not data["tie"]:
        return names
    order = tie_order(data["tie"]["order"], data["tie"]["head"], data["lot"]["number"])
    return [label for label in order if label in names]
