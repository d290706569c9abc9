"""R-BID-10: signs that bids were made together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from marketplace.core.decisions import Level
from marketplace.procurement.rules.collusion import Opened, is_pattern, signs_of_collusion


def bid(label: str, price: str) -> Opened:
    return Opened(
        label, Decimal(price), f"联系人{label}", f"021-{label}", f"签署人{label}", frozenset({f"file{label}"})
    )


A, B, C = bid("A", "900000.00"), bid("B", "913000.00"), bid("C", "990000.00")


def test_bids_of_their_own_show_nothing() -> None:
    assert signs_of_collusion([A, B, C]) == []
    assert signs_of_collusion([]) == []


@pytest.mark.parametrize(
    "same",
    [{"phone": "021-A"}, {"contact": "联系人A"}, {"signer": "签署人A"}, {"files": frozenset({"fileA", "other"})}],
    ids=["phone", "contact", "signer", "file"],
)
def test_what_two_bids_share_is_named_once(same: dict) -> None:
    (sign,) = signs_of_collusion([A, B, replace(C, **same)])
    assert (sign.allowed, sign.level, sign.rule_id) == (False, Level.WARN, "R-BID-10")
    assert "A、C" in str(sign.reason) or "A, C" in str(sign.reason)
    assert not sign.blocks


def test_what_is_left_empty_is_nothing_in_common() -> None:
    empty = {"phone": "", "contact": "", "signer": ""}
    assert signs_of_collusion([replace(A, **empty), replace(B, **empty), C]) == []


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        (["900000", "950000", "1000000"], True),
        (["1000000", "900000", "950000"], True),
        (["900000", "900000", "900000"], True),
        (["900000", "950000"], False),
        (["900000", "950000", "1000000", "1050000.01"], False),
        ([], False),
    ],
)
def test_prices_at_equal_distances(prices: list[str], found: bool) -> None:
    assert is_pattern([Decimal(price) for price in prices]) is found
