"""Who lives where the journey begins: bodies, people with second factors, custodians, experts; nothing bought yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from marketplace.core import clock
from marketplace.demo.world.custody import appoint
from marketplace.demo.world.reviewing import enroll_experts
from marketplace.demo.world.town import build_town
from marketplace.funds.models import BudgetLine, Fund, FundKind, Purpose


def build() -> None:
    """The demo's town, with the money that the budget of the year gives it."""
    token = clock.remember()
    try:
        town = build_town()
        enroll_experts(town)
        appoint(town)
    finally:
        clock.forget(token)
    fund = Fund.objects.create(body=town.body("jingan"), kind=FundKind.LOTTERY, year=2026, name="福利彩票公益金")
    BudgetLine.objects.create(
        fund=fund,
        code="2026-FC-07",
        name="为老服务",
        purpose=Purpose.ELDERLY,
        amount=Decimal("3000000.00"),
        approved_on=date(2026, 1, 20),
    )
