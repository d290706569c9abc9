"""The picture «where the money goes»: bands from funds to purposes, drawn to scale from the same rows as the table.

Pure geometry: amounts in, coordinates of an SVG out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

WIDTH, LEFT, RIGHT, BAR = 760, 150, 470, 12
SPAN, GAP, TOP = 240, 18, 12
SMALLEST = 14
"""Height of a node so that its label fits, even where its share is thinner."""


@dataclass(frozen=True)
class Flow:
    """An amount from a fund to a purpose."""

    source: str
    source_label: str
    purpose: str
    purpose_label: str
    amount: Decimal
    projects: int


@dataclass
class Node:
    key: str
    label: str
    amount: Decimal
    projects: int
    y: float = 0
    height: float = 0
    slot: float = 0

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def filled(self) -> float:
        return self.y + self.slot


@dataclass(frozen=True)
class Band:
    source: str
    path: str


@dataclass(frozen=True)
class Picture:
    """What the template draws, and the rows of the table beside it."""

    sources: list[Node]
    purposes: list[Node]
    bands: list[Band]
    flows: list[Flow]
    height: int
    total: Decimal


def picture(flows: list[Flow]) -> Picture | None:
    """None where nothing has been paid."""
    flows = sorted((flow for flow in flows if flow.amount > 0), key=lambda flow: flow.amount, reverse=True)
    if not flows:
        return None
    total = sum((flow.amount for flow in flows), Decimal(0))
    scale = SPAN / float(total)
    sources = nodes(flows, lambda flow: (flow.source, flow.source_label))
    purposes = nodes(flows, lambda flow: (flow.purpose, flow.purpose_label))
    height = max(stack(sources, scale), stack(purposes, scale))
    return Picture(sources, purposes, bands(flows, sources, purposes, scale), flows, round(height), total)


def nodes(flows: list[Flow], key: Callable[[Flow], tuple[str, str]]) -> list[Node]:
    found: dict[str, Node] = {}
    for flow in flows:
        name, label = key(flow)
        node = found.setdefault(name, Node(name, label, Decimal(0), 0))
        node.amount += flow.amount
        node.projects += flow.projects
    return sorted(found.values(), key=lambda node: node.amount, reverse=True)


def stack(column: list[Node], scale: float) -> float:
    """Place the nodes of a column below each other; the height taken."""
    y: float = TOP
    for node in column:
        node.y, node.height = round(y, 1), round(max(float(node.amount) * scale, 1), 1)
        y += max(node.height, SMALLEST) + GAP
    return y - GAP + TOP


def bands(flows: list[Flow], sources: list[Node], purposes: list[Node], scale: float) -> list[Band]:
    """One band for each flow; bands of a node lie in the order of the other side, so that few cross."""
    left, right = {node.key: node for node in sources}, {node.key: node for node in purposes}
    order = {node.key: place for place, node in enumerate(purposes)} | {
        "s:" + node.key: place for place, node in enumerate(sources)
    }
    drawn = []
    for flow in sorted(flows, key=lambda flow: (order["s:" + flow.source], order[flow.purpose])):
        start, end, width = left[flow.source], right[flow.purpose], float(flow.amount) * scale
        drawn.append(Band(flow.source, band_path(start.filled, end.filled, width)))
        start.slot += width
        end.slot += width
    return drawn


def band_path(y0: float, y1: float, width: float) -> str:
    middle = (LEFT + RIGHT) // 2
    a, b, c, d = (f"{value:.1f}" for value in (y0, y1, y1 + width, y0 + width))
    return f"M{LEFT} {a}C{middle} {a} {middle} {b} {RIGHT} {b}V{c}C{middle} {c} {middle} {d} {LEFT} {d}z"
