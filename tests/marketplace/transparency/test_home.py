"""The figures of the home page are counted from what is stored: nothing invented, nothing forgotten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.core import clock
from marketplace.transparency.selectors.home import home_figures
from tests.factories.bids import open_lot
from tests.factories.contracts import evaluated_contract, paid_milestone, signed_contract

pytestmark = pytest.mark.django_db


def test_an_empty_place_says_so(client):
    figures = home_figures()
    assert (figures["going_count"], figures["contracted"]["count"], figures["paid"]) == (0, 0, Decimal(0))
    assert figures["flows"] is None
    html = client.get("/").content.decode()
    for words in ("七天内没有截止的招标", "2026 年还没有拨付", "还没有中标结果", "还没有评估结果"):
        assert words in html


def test_what_closes_within_a_week_is_listed(market_clock, client):
    lot = open_lot()
    deadline = lot.tender.deadline
    market_clock.move_to(deadline - timedelta(days=7, seconds=1))
    assert home_figures()["closing"] == []
    market_clock.move_to(deadline - timedelta(days=7))
    (tender,) = home_figures()["closing"]
    assert (tender.pk, tender.open_lots, tender.open_budget) == (lot.tender_id, 1, lot.budget_amount)
    assert f"/tenders/{tender.number}/" in client.get("/").content.decode()
    market_clock.move_to(deadline + timedelta(seconds=1))
    assert home_figures()["closing"] == []


def test_contracts_payments_and_evaluations_of_the_year(client):
    evaluated_contract(paid_milestone())
    signed_contract(price="100000.00")
    figures = home_figures()
    assert figures["contracted"] == {"count": 2, "amount": Decimal("586000.00")}
    assert figures["paid"] == figures["paid_lottery"] == Decimal("243000.00")
    assert [(flow.source, flow.purpose, flow.amount) for flow in figures["flows"].flows] == [
        ("lottery", "elderly", Decimal("243000.00"))
    ]
    assert (figures["evaluated"].count, figures["evaluated"].good) == (1, 1)
    html = client.get("/").content.decode()
    assert "58.6 <small>万元，2 份合同</small>" in html
    assert "24.3 <small>万元，其中福彩公益金 24.3 万</small>" in html
    assert "100% <small>（1 个中 1 个）</small>" in html


def test_last_year_does_not_count_this_year(market_clock):
    evaluated_contract(paid_milestone())
    market_clock.move_to(clock.now().replace(year=2027))
    figures = home_figures()
    assert (figures["contracted"]["count"], figures["paid"], figures["flows"]) == (0, Decimal(0), None)
