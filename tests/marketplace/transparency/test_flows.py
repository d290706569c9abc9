"""The picture of the money is drawn to scale from the rows of its table."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given, strategies as st

from marketplace.transparency.flows import SPAN, Flow, picture

NAMES = ("lottery", "fiscal", "social")


def flow(source: str, purpose: str, amount: str) -> Flow:
    return Flow(source, source, purpose, purpose, Decimal(amount), 1)


def test_nothing_paid_no_picture():
    assert picture([]) is None
    assert picture([flow("lottery", "elderly", "0.00")]) is None


def test_heights_are_shares_of_the_whole():
    drawn = picture([flow("lottery", "elderly", "900.00"), flow("fiscal", "elderly", "100.00")])
    assert drawn.total == Decimal("1000.00")
    assert [(node.key, node.height) for node in drawn.sources] == [("lottery", SPAN * 0.9), ("fiscal", SPAN * 0.1)]
    assert [(node.key, node.height, node.projects) for node in drawn.purposes] == [("elderly", SPAN, 2)]


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from("abcd"), st.integers(1, 10**9)),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[:2],
    )
)
def test_bands_fill_their_nodes_and_stay_inside(rows):
    drawn = picture([flow(source, purpose, f"{cents / 100:.2f}") for source, purpose, cents in rows])
    scale = SPAN / float(drawn.total)
    for node in (*drawn.sources, *drawn.purposes):
        assert abs(node.slot - float(node.amount) * scale) < 0.01
    numbers = [float(number) for band in drawn.bands for number in re.findall(r"-?\d+\.\d", band.path)]
    assert min(numbers) >= 0
    assert max(numbers) <= drawn.height + 1
    assert len(drawn.bands) == len(rows)
    assert sum(node.amount for node in drawn.sources) == sum(node.amount for node in drawn.purposes) == drawn.total
