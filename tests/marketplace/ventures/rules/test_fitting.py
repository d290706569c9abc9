"""Fitting the ranking into pots is exact: against brute force over all sets, and over all splits."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings, strategies as st

from marketplace.ventures.rules.fitting import Wish, fit

U, A, B = "free", "a", "b"
OPEN = {"": frozenset({U}), A: frozenset({U, A}), B: frozenset({U, B})}


def splits(wish: Wish, pots: list) -> list[dict]:
    """Every way to pay one wish, fen by fen."""
    names = [pot for pot in pots if pot in wish.open_to]
    ways = product(range(wish.total + 1), repeat=len(names))
    return [dict(zip(names, way, strict=True)) for way in ways if sum(way) == wish.total]


def cheapest(wishes: list[Wish], pots: dict) -> int | None:
    """The least money moved when all are paid; None if they cannot be."""
    best = None
    for way in product(*(splits(wish, list(pots)) for wish in wishes)):
        if any(sum(row.get(pot, 0) for row in way) > amount for pot, amount in pots.items()):
            continue
        moved = sum(
            max(0, row.get(pot, 0) - wish.asked.get(pot, 0))
            for wish, row in zip(wishes, way, strict=True)
            for pot in pots
        )
        best = moved if best is None else min(best, moved)
    return best


wish = st.tuples(st.sampled_from(["", A, B]), st.integers(0, 3), st.integers(0, 3)).filter(lambda row: row[1] + row[2])


@settings(deadline=None, max_examples=150)
@given(st.lists(wish, min_size=1, max_size=4), st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 4)))
def test_against_brute_force(rows, amounts):
    pots = dict(zip((U, A, B), amounts, strict=True))
    wishes = [
        Wish(number, {pot: fen for pot, fen in ((U, free), (theme, own)) if pot and fen}, OPEN[theme])
        for number, (theme, free, own) in enumerate(rows)
    ]
    found = fit(wishes, pots)
    # the greatest by priority of all feasible sets
    best = max(
        (choice for choice in product((True, False), repeat=len(wishes)) if feasible(wishes, choice, pots)),
        default=(),
    )
    assert [row.key in found.funded for row in wishes] == list(best)
    assert set(found.left_out) == {row.key for row in wishes} - set(found.funded)
    assert all(missing > 0 for missing in found.left_out.values())
    taken = [row for row in wishes if row.key in found.funded]
    moved = 0
    for row in taken:
        paid = found.funded[row.key]
        assert sum(paid.values()) == row.total and set(paid) <= row.open_to
        moved += sum(max(0, fen - row.asked.get(pot, 0)) for pot, fen in paid.items())
    assert moved == cheapest(taken, pots)
    for pot, amount in pots.items():
        used = sum(row.get(pot, 0) for row in found.funded.values())
        assert used <= amount and found.rest[pot] == amount - used


def feasible(wishes: list[Wish], choice: tuple[bool, ...], pots: dict) -> bool:
    chosen = [row for row, wanted in zip(wishes, choice, strict=True) if wanted]
    return cheapest(chosen, pots) is not None


def test_free_money_is_moved_so_that_the_better_ranked_is_funded():
    """The first asked free money; the second needs it too, the first can live from its theme's pot."""
    first = Wish("first", {U: 100}, OPEN[A])
    second = Wish("second", {U: 100}, OPEN[""])
    found = fit([first, second], {U: 100, A: 100})
    assert found.funded == {"first": {A: 100}, "second": {U: 100}}


def test_a_smaller_one_further_down_gets_what_is_left():
    rows = [Wish(1, {U: 60}, OPEN[""]), Wish(2, {U: 50}, OPEN[""]), Wish(3, {U: 40}, OPEN[""])]
    found = fit(rows, {U: 100})
    assert list(found.funded) == [1, 3]
    assert found.left_out == {2: 10}
