"""«Why this winner»: the table of scores made from the published award file, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Column:
    title: str
    points: str


@dataclass(frozen=True)
class Line:
    """One bidder: the winner by name, the others by letter; `why` where there is no rank."""

    name: str
    is_winner: bool
    price: Decimal | None
    cells: tuple[str, ...]
    price_points: str
    total: str
    rank: int | None
    is_tied: bool
    why: str


@dataclass(frozen=True)
class ScoreTable:
    columns: tuple[Column, ...]
    price_weight: str
    lines: tuple[Line, ...]
    members: int


def score_table(data: Mapping[str, Any]) -> ScoreTable:
    criteria = [row for row in data["criteria"] if row["kind"] != "price"]
    winner = data["award"]
    return ScoreTable(
        columns=tuple(Column(row["title"], points(row["points"])) for row in criteria),
        price_weight=points(data["rules"]["price_weight"]),
        lines=tuple(line(bid, criteria, winner) for bid in data["bids"]),
        members=len(data.get("members", [])),
    )


def line(bid: Mapping[str, Any], criteria: list[Mapping[str, Any]], winner: Mapping[str, Any]) -> Line:
    is_winner = bid["label"] == winner["label"]
    means = bid.get("means", {})
    return Line(
        name=winner["name"] if is_winner else _("Bidder %(label)s") % {"label": bid["label"]},
        is_winner=is_winner,
        price=Decimal(bid["price"]) if bid.get("price") else None,
        cells=tuple(two_places(means.get(row["key"])) for row in criteria),
        price_points=two_places(bid.get("price_points")),
        total=bid.get("total", ""),
        rank=bid.get("rank"),
        is_tied=bool(bid.get("is_tied")),
        why="" if bid.get("rank") else why_not(bid["status"]),
    )


def why_not(status: str) -> str:
    return {
        "ineligible": _("not eligible"),
        "invalid": _("invalid bid"),
        "unreadable": _("could not be opened"),
    }.get(status, _("not ranked"))


def two_places(value: str | None) -> str:
    return "–" if value is None else f"{Decimal(value):.2f}"


def points(value: str) -> str:
    """35.00 → 35."""
    return f"{Decimal(value).normalize():f}"
