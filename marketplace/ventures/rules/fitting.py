"""Fitting a ranking into pots, some of them bound to a theme.

An application asks for amounts from pots. It is funded whole or not at all. Its money may come from any pot that is
open to it: the pots of its theme, and those without a theme; what it asked from one open pot may be moved to another.
A set of applications is *feasible* if all of them can be paid at once without overdrawing a pot. In rank order each
application is taken if it is feasible together with all those taken before it: so the funded set is the greatest by
priority (no feasible set has a better ranked application that this one lacks, unless it lacks a still better one).
Among all ways to pay the set, one is chosen that moves the least money away from what was asked.

Feasibility is a maximum flow from applications (grouped by the pots open to them) into pots; the split is a flow of
least cost. Everything in whole fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

SOURCE, SINK = ("source",), ("sink",)


@dataclass(frozen=True)
class Wish:
    """What one application asks, in fen: by pot; `open_to`: pots that may pay for it."""

    key: Any
    asked: Mapping[Any, int]
    open_to: frozenset

    @property
    def total(self) -> int:
        return sum(self.asked.values())


@dataclass(frozen=True)
class Fit:
    """Funded: key → pot → fen. Left out: key → fen that were missing for it."""

    funded: Mapping[Any, Mapping[Any, int]]
    left_out: Mapping[Any, int]
    rest: Mapping[Any, int] = field(default_factory=dict)


def fit(wishes: Sequence[Wish], pots: Mapping[Any, int]) -> Fit:
    """`wishes` in the order in which the money goes round."""
    demand: dict[frozenset, int] = {}
    taken: list[Wish] = []
    left: dict[Any, int] = {}
    for wish in wishes:
        grown = {**demand, wish.open_to: demand.get(wish.open_to, 0) + wish.total}
        missing = sum(grown.values()) - _payable(grown, pots)
        if missing:
            left[wish.key] = missing
        else:
            demand = grown
            taken.append(wish)
    funded = _split(taken, pots)
    used = {pot: sum(row.get(pot, 0) for row in funded.values()) for pot in pots}
    return Fit(funded, left, {pot: amount - used[pot] for pot, amount in pots.items()})


def _payable(demand: Mapping[frozenset, int], pots: Mapping[Any, int]) -> int:
    """The most that the pots can pay of these demands."""
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from((SOURCE, SINK))
    for pot, amount in pots.items():
        graph.add_edge(("pot", pot), SINK, capacity=amount)
    for open_to, amount in demand.items():
        graph.add_edge(SOURCE, ("group", open_to), capacity=amount)
        graph.add_edges_from((("group", open_to), ("pot", pot)) for pot in open_to if pot in pots)
    return int(nx.maximum_flow_value(graph, SOURCE, SINK))


def _split(taken: Sequence[Wish], pots: Mapping[Any, int]) -> dict[Any, dict[Any, int]]:
    """Least money moved: what was asked costs nothing, what is moved costs one a fen."""
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from((SOURCE, SINK))
    for pot, amount in pots.items():
        graph.add_edge(("pot", pot), SINK, capacity=amount, weight=0)
    for wish in taken:
        here = ("wish", wish.key)
        graph.add_edge(SOURCE, here, capacity=wish.total, weight=0)
        for pot in wish.open_to:
            if pot not in pots:
                continue
            asked = ("asked", wish.key, pot)
            graph.add_edge(here, asked, capacity=wish.asked.get(pot, 0), weight=0)
            graph.add_edge(asked, ("pot", pot), weight=0)
            graph.add_edge(here, ("pot", pot), weight=1)
    flow = nx.max_flow_min_cost(graph, SOURCE, SINK)
    return {wish.key: _paid(flow, wish, pots) for wish in taken}


def _paid(flow: Mapping, wish: Wish, pots: Mapping[Any, int]) -> dict[Any, int]:
    row: dict[Any, int] = {}
    for pot in pots:
        direct = flow[("wish", wish.key)].get(("pot", pot), 0)
        asked = flow[("wish", wish.key)].get(("asked", wish.key, pot), 0)
        if direct + asked:
            row[pot] = direct + asked
    return row
