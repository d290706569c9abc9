"""The deal of reviews: enough, without conflicts, as even as can be, repeatable."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings, strategies as st

from marketplace.ventures.rules.assignment import assign, too_few


def loads(dealt: dict, members: list) -> list[int]:
    counted = Counter(member for chosen in dealt.values() for member in chosen)
    return sorted(counted.get(member, 0) for member in members)


def check(dealt: dict, applications: list, each: int, conflicts: dict) -> None:
    assert list(dealt) == applications
    for key, chosen in dealt.items():
        assert len(chosen) == len(set(chosen)) == each
        assert not set(chosen) & conflicts.get(key, set())


@given(st.integers(1, 25), st.integers(3, 9), st.integers(1, 3), st.text(max_size=5))
def test_without_conflicts_it_is_within_one_of_even(count, people, each, seed):
    applications, members = list(range(count)), list("abcdefghi"[:people])
    dealt = assign(applications, members, each, {}, seed)
    check(dealt, applications, each, {})
    found = loads(dealt, members)
    assert found[-1] - found[0] <= 1


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_with_conflicts_no_other_deal_is_evener(data):
    """Against every possible deal of small cases: the sorted loads are the least uneven by their squares."""
    members = list("abcd"[: data.draw(st.integers(2, 4))])
    applications = list(range(data.draw(st.integers(1, 4))))
    each = data.draw(st.integers(1, 2))
    conflicts = {key: data.draw(st.sets(st.sampled_from(members), max_size=len(members) - 1)) for key in applications}
    if too_few(applications, members, each, conflicts):
        with pytest.raises(ValueError, match="too few"):
            assign(applications, members, each, conflicts, "s")
        return
    dealt = assign(applications, members, each, conflicts, "s")
    check(dealt, applications, each, conflicts)
    ways = [combinations([m for m in members if m not in conflicts[key]], each) for key in applications]
    best = min(
        sum(load * load for load in loads(dict(zip(applications, way, strict=True)), members)) for way in product(*ways)
    )
    assert sum(load * load for load in loads(dealt, members)) == best


def test_the_seed_decides_and_nothing_else():
    one = assign(list(range(20)), list("abcde"), 2, {}, "seed")
    assert one == assign(list(range(20)), list("abcde"), 2, {}, "seed")
    assert one != assign(list(range(20)), list("abcde"), 2, {}, "other")


def test_a_favourite_of_nobody_is_still_used():
    """One member may review only three of ten: the others share the rest evenly."""
    conflicts = {key: {"d"} for key in range(3, 10)}
    dealt = assign(list(range(10)), list("abcd"), 2, conflicts, "s")
    check(dealt, list(range(10)), 2, conflicts)
    assert loads(dealt, list("abcd")) == [3, 5, 6, 6]


def test_ten_thousand_reviews_in_ten_seconds():
    chance = Random(4)
    members = list(range(60))
    conflicts = {key: set(chance.sample(members, chance.choice((0, 0, 1, 2, 5)))) for key in range(2000)}
    start = perf_counter()
    dealt = assign(list(range(2000)), members, 5, conflicts, "s")
    assert perf_counter() - start < 10
    check(dealt, list(range(2000)), 5, conflicts)
    found = loads(dealt, members)
    assert sum(found) == 10_000 and found[-1] - found[0] <= 1
