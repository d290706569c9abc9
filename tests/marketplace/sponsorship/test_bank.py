"""Bank transfer: import, match, hold, and what two people decide. Works without any key."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook

from marketplace.core.exceptions import MarketplaceError, NotAllowed
from marketplace.funds.selectors import balance_of
from marketplace.sponsorship.models import (
    AgreementStatus,
    BankLine,
    BankLineState,
    BankStatement,
    Payment,
    PaymentState,
)
from marketplace.sponsorship.services import agreement as agreements, statements
from tests.factories import sponsorship as make

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = "交易日期,交易流水号,贷方发生额,对方户名,附言\n"


@pytest.fixture
def agreement(world, market_clock):
    return make.called(world, market_clock)


def statement(world, *rows: str, name: str = "7月.csv", encoding: str = "utf-8") -> BankStatement:
    content = (HEAD + "\n".join(rows) + "\n").encode(encoding)
    return statements.import_statement(actor=world.people.finance, name=name, content=content)


def day(agreement) -> str:
    return agreement.called_at.date().isoformat()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reference_and_amount_book(world, agreement, encoding):
    statement(world, f'{day(agreement)},F1,"200,000.00",海川实业,款项 {agreement.number.lower()}', encoding=encoding)
    line, payment = BankLine.objects.get(), Payment.objects.get()
    agreement.refresh_from_db()
    assert (line.state, line.payment, payment.state) == (BankLineState.MATCHED, payment, PaymentState.BOOKED)
    assert agreement.status == AgreementStatus.PAID and balance_of(world.line).received == D("200000.00")


def test_a_workbook_is_read(world, agreement):
    book = Workbook()
    book.active.append(["上海银行对账单"])
    book.active.append(HEAD.strip().split(","))
    book.active.append([agreement.called_at.date(), "F1", 200000, "海川实业", agreement.number])
    buffer = io.BytesIO()
    book.save(buffer)
    statements.import_statement(actor=world.people.finance, name="7月.xlsx", content=buffer.getvalue())
    assert Payment.objects.get().state == PaymentState.BOOKED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04nonsense"),
        ("a.csv", b"\xff\xff\xff\x00\x81"),
        ("a.csv", b""),
        ("a.csv", "日期\n".encode()),
    ],
)
def test_files_that_are_no_statement(world, name, content):
    with pytest.raises(MarketplaceError) as refused:
        statements.import_statement(actor=world.people.finance, name=name, content=content)
    assert refused.value.field == "file" and not BankStatement.objects.exists()


def test_a_wrong_row_keeps_nothing(world, agreement):
    with pytest.raises(MarketplaceError) as refused:
        statement(world, f"{day(agreement)},F1,200000,海川实业,{agreement.number}", "昨天,F2,5,x,")
    assert "第 3 行" in str(refused.value)
    assert not BankLine.objects.exists() and not Payment.objects.exists()


def test_the_same_file_and_the_same_transaction_count_once(world, agreement):
    row = f"{day(agreement)},F1,200000,海川实业,{agreement.number}"
    statement(world, row)
    with pytest.raises(MarketplaceError) as again:
        statement(world, row)
    assert again.value.code == "repeated"
    statement(world, row, f"{day(agreement)},F2,7,房客,房租")
    assert Payment.objects.count() == 1 and BankLine.objects.filter(state=BankLineState.OTHER).count() == 1


def test_another_amount_is_held(world, agreement):
    statement(world, f"{day(agreement)},F1,199999.99,海川实业,{agreement.number}")
    payment = Payment.objects.get()
    assert (payment.state, payment.hold_reason) == (PaymentState.HELD, "amount")


def test_a_transfer_of_the_last_day_counts_though_imported_later(world, agreement, market_clock):
    last = agreement.pay_due.date()
    market_clock.move_to(agreement.pay_due + timedelta(days=2))
    agreements.lapse(agreement_id=agreement.pk)
    statement(world, f"{last.isoformat()},F1,200000,海川实业,{agreement.number}")
    assert Payment.objects.get().state == PaymentState.BOOKED


def test_a_line_without_a_match_is_decided_by_two(world, agreement):
    statement(world, f"{day(agreement)},F1,200000,海川实业,捐款")
    line = BankLine.objects.get()
    assert line.state == BankLineState.OPEN and not Payment.objects.exists()
    propose = {"actor": world.people.finance, "line_id": line.pk, "agreement_id": agreement.pk}
    with pytest.raises(MarketplaceError) as empty:
        statements.propose_line(**propose, reason=" ")
    assert empty.value.field == "reason"
    statements.propose_line(**propose, reason="电话核实")
    with pytest.raises(NotAllowed):
        statements.decide_line(actor=world.people.finance, line_id=line.pk, is_right=True)
    with pytest.raises(NotAllowed):
        statements.decide_line(actor=world.people.officer, line_id=line.pk, is_right=True)
    statements.decide_line(actor=world.second_finance, line_id=line.pk, is_right=True)
    assert Payment.objects.get().state == PaymentState.BOOKED
    with pytest.raises(MarketplaceError):
        statements.decide_line(actor=world.second_finance, line_id=line.pk, is_right=True)


def test_a_proposal_can_be_wrong_and_a_line_can_be_nothing_of_ours(world, agreement):
    statement(world, f"{day(agreement)},F1,80,房客,房租")
    line = BankLine.objects.get()
    statements.propose_line(actor=world.people.finance, line_id=line.pk, agreement_id=agreement.pk, reason="看错")
    statements.decide_line(actor=world.people.approver, line_id=line.pk, is_right=False)
    statements.propose_line(actor=world.people.finance, line_id=line.pk, agreement_id=None, reason="房租")
    statements.decide_line(actor=world.people.approver, line_id=line.pk, is_right=True)
    line.refresh_from_db()
    assert line.state == BankLineState.OTHER and not Payment.objects.exists()


def test_who_imports(world, agreement):
    for actor in (world.people.officer, world.people.approver, world.admin):
        with pytest.raises(NotAllowed):
            statements.import_statement(actor=actor, name="a.csv", content=HEAD.encode())


def test_another_bodys_reference_is_not_matched(world, agreement):
    other = make.sponsored_call()
    statements.import_statement(
        actor=other.people.finance,
        name="a.csv",
        content=f"{HEAD}{day(agreement)},F1,200000,海川实业,{agreement.number}\n".encode(),
    )
    assert BankLine.objects.get().state == BankLineState.OPEN
