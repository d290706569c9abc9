"""What must hold for an item of the list. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.planning import directory
from marketplace.planning.negative_list import CASES
from marketplace.planning.rules import ItemFacts, has_items, item_decisions

TODAY = date(2026, 6, 15)
WHOLE = ItemFacts(Decimal("1860000"), Decimal("2000000"), "A0402", True, True, date(2026, 6, 1), 2026)


def refusals(**changes):
    return [(d.rule_id, d.field) for d in item_decisions(replace(WHOLE, **changes), TODAY) if not d.allowed]


def test_whole_item_holds():
    assert refusals() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"directory_code": "A04"}, ("R-GPS-06", "directory_code")),
        ({"directory_code": "A9999"}, ("R-GPS-06", "directory_code")),
        ({"is_public_service": False}, ("R-GPS-04", "is_public_service")),
        ({"negative_list_confirmed": False}, ("R-GPS-05", "negative_list")),
        ({"amount": Decimal("2000000.01")}, ("R-PLAN-01", "amount")),
        ({"planned_month": date(2026, 5, 1)}, ("R-NOTICE-01", "planned_month")),
        ({"planned_month": date(2027, 1, 1)}, ("R-NOTICE-01", "planned_month")),
    ],
)
def test_one_flaw_one_refusal(changes, found):
    assert refusals(**changes) == [found]


def test_amount_up_to_the_line_is_lawful():
    """R-PLAN-01, R-TIME-03: «不超过» includes the amount itself."""
    assert refusals(amount=Decimal("2000000")) == []


def test_directory_sells_third_level_only():
    """R-GPS-06."""
    assert directory.is_listed("A0402") and not directory.is_listed("A04") and not directory.is_listed("A")
    assert directory.name_of("A0402") == "基本养老服务"
    assert ("A0402", "A0402 基本养老服务") in dict(directory.grouped_choices())["A04 社会保障服务"]
    assert all(code[0] in "AB" for code in directory.entries())


def test_negative_list_has_six_cases():
    """R-GPS-05."""
    assert len(CASES) == 6


def test_empty_list_is_not_submitted():
    assert has_items(0).blocks and has_items(1).allowed
