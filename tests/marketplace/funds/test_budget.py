"""Funds and lines, bookings under the line's lock, the nightly check, the public pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.models import DueFailure
from marketplace.core.schedule import run_due
from marketplace.funds.models import BudgetLine, Fund, LedgerCheck, LedgerEntry
from marketplace.funds.selectors import balance_of, fund_flow
from marketplace.funds.services import budget, ledger
from tests.factories.accounts import make_body, make_person
from tests.factories.awards import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> Actor:
    return make_person(make_body(BodyKind.GOVERNMENT), Role.FINANCE)


def line_input(**changes: Any) -> budget.LineInput:
    values: dict[str, Any] = {
        "code": "YL-001",
        "name": "居家养老",
        "purpose": "elderly",
        "amount": Decimal("500000.00"),
        "approved_on": date(2026, 1, 15),
    }
    return budget.LineInput(**{**values, **changes})


def test_a_fund_with_its_lines(finance: Actor) -> None:
    """R-PLAN-01, R-LOT-02."""
    fund = budget.open_fund(actor=finance, kind="lottery", name="福彩公益金", year=2026)
    line = budget.add_line(actor=finance, fund_id=fund.pk, data=line_input())
    assert (line.fund, balance_of(line).available) == (fund, Decimal("500000.00"))
    for changes, field in (
        ({}, "code"),
        ({"code": "B", "purpose": "balance"}, "purpose"),
        ({"code": "B", "amount": Decimal(0)}, "amount"),
        ({"code": "B", "approved_on": date(2026, 6, 16)}, "approved_on"),
    ):
        with pytest.raises(MarketplaceError) as caught:
            budget.add_line(actor=finance, fund_id=fund.pk, data=line_input(**changes))
        assert caught.value.field == field
    assert BudgetLine.objects.count() == 1
    for wrong, field in (
        ({"kind": "donation"}, "kind"),
        ({"year": 2028}, "year"),
        ({}, "name"),
    ):
        with pytest.raises(MarketplaceError) as caught:
            budget.open_fund(actor=finance, **{"kind": "lottery", "name": "福彩公益金", "year": 2026, **wrong})
        assert caught.value.field == field


def test_only_the_bodys_own_finance_keeps_its_budget(finance: Actor) -> None:
    officer = make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)
    fund = budget.open_fund(actor=finance, kind="fiscal", name="财政资金", year=2026)
    other = make_person(make_body(BodyKind.GOVERNMENT), Role.FINANCE)
    with pytest.raises(NotAllowed):
        budget.open_fund(actor=officer, kind="fiscal", name="x", year=2026)
    with pytest.raises(NotAllowed):
        budget.add_line(actor=other, fund_id=fund.pk, data=line_input())
    assert Fund.objects.count() == 1


def booking(line: BudgetLine, title: str = "夜间陪护") -> ledger.Booking:
    return ledger.Booking(line.fund, "SH-2026-0001", title, "晨曦社区服务中心")


def test_commit_pay_release_never_more_than_there_is(finance: Actor) -> None:
    """R-PLAN-01, R-LOT-01: the contract is played by the fund row here, the payment by the line."""
    line = make_line(make_body(BodyKind.GOVERNMENT), amount="100.00")
    contract, payment = line.fund, line
    with audit.transaction() as log:
        ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("60.00"), booking=booking(line))
    with pytest.raises(Refused) as above, audit.transaction() as log:
        ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("40.01"), booking=booking(line))
    assert above.value.rule_id == "R-PLAN-01"
    with pytest.raises(MarketplaceError) as twice, audit.transaction() as log:
        ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("1.00"), booking=booking(line))
    assert twice.value.rule_id == "R-LOT-01"
    paid = ledger.Booking(payment, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
    with pytest.raises(Refused) as more, audit.transaction() as log:
        ledger.pay(log=log, actor=SYSTEM, contract=contract, amount=Decimal("60.01"), booking=paid)
    assert more.value.rule_id == "R-LOT-01"
    with audit.transaction() as log:
        ledger.pay(log=log, actor=SYSTEM, contract=contract, amount=Decimal("45.00"), booking=paid)
        released = ledger.release(log=log, actor=SYSTEM, contract=contract, booking=booking(line))
    assert released is not None
    balance = balance_of(line)
    assert (released.amount, balance.paid, balance.bound, balance.available) == (
        Decimal("15.00"),
        Decimal("45.00"),
        Decimal("45.00"),
        Decimal("55.00"),
    )
    with audit.transaction() as log:
        assert ledger.release(log=log, actor=SYSTEM, contract=contract, booking=booking(line)) is None
    assert LedgerEntry.objects.count() == 3


def test_nothing_is_paid_without_a_commitment(finance: Actor) -> None:
    line = make_line(make_body(BodyKind.GOVERNMENT))
    with pytest.raises(MarketplaceError) as caught, audit.transaction() as log:
        ledger.pay(log=log, actor=SYSTEM, contract=line.fund, amount=Decimal(1), booking=booking(line))
    assert caught.value.rule_id == "R-PLAN-01"


def test_a_line_is_not_cut_below_what_contracts_hold() -> None:
    """R-PLAN-01."""
    body = make_body(BodyKind.GOVERNMENT)
    finance = make_person(body, Role.FINANCE)
    line = make_line(body, amount="100.00")
    with audit.transaction() as log:
        ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("60.00"), booking=booking(line))
    with pytest.raises(Refused):
        budget.change_line(actor=finance, line_id=line.pk, amount=Decimal("59.99"), reason="财政调减")
    with pytest.raises(MarketplaceError) as caught:
        budget.change_line(actor=finance, line_id=line.pk, amount=Decimal("60.00"), reason=" ")
    assert caught.value.field == "reason"
    assert budget.change_line(actor=finance, line_id=line.pk, amount=Decimal("60.00"), reason="财政调减").amount == 60


def test_the_nightly_check_finds_impossible_sums_and_runs_once_a_day(market_clock: Any) -> None:
    """R-LOT-01: somebody wrote into the database beside the services."""
    line = make_line(make_body(BodyKind.GOVERNMENT), amount="100.00")
    assert [key for key in run_due().done if key.startswith("funds.")] == ["funds.check_ledger:2026-06-15"]
    assert [key for key in run_due().done if key.startswith("funds.")] == []
    with audit.transaction() as log:
        entry = ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("60.00"), booking=booking(line))
    LedgerEntry.objects.filter(pk=entry.pk).update(amount=Decimal("160.00"))
    market_clock.advance(hours=24)
    assert "funds.check_ledger:2026-06-16" in run_due().failed
    assert LedgerCheck.objects.first().faults == f"{line.code}: overcommitted"
    assert "overcommitted" in DueFailure.objects.get(key="funds.check_ledger:2026-06-16").error


def test_flow_of_a_fund_sums_up() -> None:
    body = make_body(BodyKind.GOVERNMENT)
    line = make_line(body, amount="100.00")
    with audit.transaction() as log:
        ledger.commit(log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("60.00"), booking=booking(line))
    flow = fund_flow(line.fund)
    assert (flow.amount, flow.bound, flow.available, flow.project_count) == (100, 60, 40, 1)
    assert flow.purposes[0].projects[0].number == "SH-2026-0001"


def test_budget_pages(client_for: Callable[..., Client]) -> None:
    body = make_body(BodyKind.GOVERNMENT)
    finance, officer = make_person(body, Role.FINANCE), make_person(body, Role.OFFICER)
    client = client_for(finance)
    opened = client.post(reverse("funds:fund-open"), {"kind": "lottery", "name": "福彩公益金", "year": "2026"})
    assert (opened.status_code, Fund.objects.count()) == (302, 1)
    fund = Fund.objects.get()
    add = reverse("funds:line-add", args=[fund.pk])
    values = {"code": "A", "name": "居家养老", "purpose": "elderly", "amount": "186 万元", "approved_on": "2026-01-15"}
    assert client.post(add, values).status_code == 302
    assert BudgetLine.objects.get().amount == Decimal("1860000.00")
    again = client.post(add, values)
    assert again.status_code == 422
    assert "居家养老" in again.content.decode()
    change = reverse("funds:line-change", args=[BudgetLine.objects.get().pk])
    assert client.post(change, {"amount": "1900000", "reason": "财政追加"}).status_code == 302
    assert client.get(reverse("funds:budget")).status_code == 200
    assert client_for(officer).get(reverse("funds:budget")).status_code == 403
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.FINANCE)
    assert client_for(stranger).get(add).status_code == 404


def test_public_pages_without_any_fund(client: Client) -> None:
    assert client.get(reverse("funds:fund-list")).status_code == 200
    assert client.get(reverse("funds:fund-detail", args=[99])).status_code == 404


def test_downloads_guard_spreadsheets_against_formulas(client: Client) -> None:
    line = make_line(make_body(BodyKind.GOVERNMENT), amount="100.00")
    with audit.transaction() as log:
        ledger.commit(
            log=log, actor=SYSTEM, line_id=line.pk, amount=Decimal("60.00"), booking=booking(line, "=HYPERLINK(1)")
        )
    text = b"".join(client.get(reverse("funds:fund-download-all", args=["csv"]))).decode()
    assert "'=HYPERLINK(1)" in text
    assert "60.00" in text
