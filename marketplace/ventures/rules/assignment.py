"""Who reviews what: each application by so many reviewers, conflicts respected, loads as even as these allow.

Pure: keys in, keys out. The deal goes round with the least burdened reviewers first, ties by a seeded order, so that
anyone who knows the seed gets the same list. Conflicts can leave it uneven; then reviews move along chains of reviewers
(shortest paths in a graph with an arc r → s wherever r holds a review that s may take) from the most to the least
burdened, until no chain makes it evener. That is the optimum: loads are a separable convex cost on a flow, and a flow
without an improving path has the least cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

import networkx as nx

K = TypeVar("K")
M = TypeVar("M")


def drawn(keys: Sequence[K], seed: str) -> list[K]:
    """A seeded order: by SHA-256(seed LF key). Every order is equally likely."""
    return sorted(keys, key=lambda key: sha256(f"{seed}\n{key}".encode()).hexdigest())


def too_few(applications: Sequence[K], members: Sequence[M], each: int, conflicts: Mapping[K, set[M]]) -> list[K]:
    """Applications with fewer reviewers free of conflict than they need."""
    everyone = set(members)
    return [key for key in applications if len(everyone - conflicts.get(key, set())) < each]


def assign(
    applications: Sequence[K], members: Sequence[M], each: int, conflicts: Mapping[K, set[M]], seed: str
) -> dict[K, list[M]]:
    """Application → its reviewers. Ask `too_few` first: an application without enough reviewers is a `ValueError`."""
    if too_few(applications, members, each, conflicts):
        raise ValueError("an application has too few reviewers free of conflict")
    order = drawn(members, seed)
    load = dict.fromkeys(order, 0)
    # whoever has many conflicts to respect is dealt first, while everybody is free
    ways = sorted(drawn(applications, seed), key=lambda key: -len(conflicts.get(key, ())))
    dealt: dict[K, set[M]] = {}
    for turn, key in enumerate(ways):
        shift = turn % len(order)
        row = order[shift:] + order[:shift]
        free = [member for member in row if member not in conflicts.get(key, ())]
        dealt[key] = set(sorted(free, key=load.__getitem__)[:each])
        for member in dealt[key]:
            load[member] += 1
    _even_out(dealt, load, conflicts)
    place = {member: number for number, member in enumerate(order)}
    return {key: sorted(dealt[key], key=place.__getitem__) for key in applications}


def _even_out(dealt: dict[K, set[M]], load: dict[M, int], conflicts: Mapping[K, set[M]]) -> None:
    while max(load.values()) - min(load.values()) > 1 and _shift(dealt, load, conflicts):
        pass


def _shift(dealt: dict[K, set[M]], load: dict[M, int], conflicts: Mapping[K, set[M]]) -> bool:
    """Moves one review down a chain from a fuller to an emptier reviewer (two apart at least); False if none."""
    held: dict[M, list[K]] = defaultdict(list)
    for key, chosen in dealt.items():
        for member in chosen:
            held[member].append(key)
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(load)
    for member in load:
        _add_arcs(graph, member, held[member], dealt, load, conflicts)
    for fuller in sorted(load, key=lambda member: -load[member]):
        paths = nx.single_source_shortest_path(graph, fuller)
        emptier = [member for member in paths if load[member] <= load[fuller] - 2]
        if emptier:
            _move(dealt, load, graph, paths[min(emptier, key=load.__getitem__)])
            return True
    return False


def _add_arcs(
    graph: nx.DiGraph, member: M, held: list[K], dealt: Mapping[K, set[M]], load: Mapping[M, int], conflicts: Mapping
) -> None:
    wanted = set(load) - {member}
    for key in held:
        for other in wanted - dealt[key] - conflicts.get(key, set()):
            graph.add_edge(member, other, key=key)
            wanted.discard(other)
        if not wanted:
            return


def _move(dealt: dict[K, set[M]], load: dict[M, int], graph: nx.DiGraph, path: list[M]) -> None:
    for giver, taker in zip(path, path[1:], strict=False):
        key = graph.edges[giver, taker]["key"]
        dealt[key].remove(giver)
        dealt[key].add(taker)
        load[giver] -= 1
        load[taker] += 1
