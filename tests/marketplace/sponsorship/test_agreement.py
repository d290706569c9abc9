"""An agreement from its draft to its end: four eyes, two signatures, promise, call-in, lapse, what goes back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.core import clock
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused, StaleVersion
from marketplace.core.schedule import run_due
from marketplace.documents.generation import build_document
from marketplace.documents.services import open_file
from marketplace.funds.models import IncomeEntry
from marketplace.funds.selectors import agreement_money, balance_of
from marketplace.funds.services import ledger
from marketplace.funds.services.ledger import faulty_lines
from marketplace.sponsorship import events
from marketplace.sponsorship.documents import statement_kind
from marketplace.sponsorship.models import Agreement, AgreementStatus, Payment, PaymentState, Refund
from marketplace.sponsorship.selectors import call_money
from marketplace.sponsorship.services import agreement as services, refunds, returns
from marketplace.sponsorship.services.payments import Arrival, book_arrival
from marketplace.ventures.events import GrantConfirmed
from marketplace.ventures.models import Assessment
from tests.factories import sponsorship as make
from tests.factories.accounts import totp_code
from tests.support.pdf import read_pdf

pytestmark = pytest.mark.django_db
D = Decimal


def pay(agreement, gateway="bank") -> Payment:
    arrival = Arrival(gateway, f"x{agreement.pk}", agreement.to_pay, "CNY", clock.now(), method="bank")
    return book_arrival(agreement_id=agreement.pk, arrival=arrival)


def text_of(document) -> str:
    with open_file(document.file) as content:
        pdf = read_pdf(content.read())
    assert pdf.is_tagged and pdf.claims_ua and pdf.cells == pdf.cells_with_headers
    return pdf.text.replace("\r", "")


def commit(world, amount: str) -> None:
    with audit.transaction() as log:
        booking = ledger.Booking(world.call, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
        ledger.commit(log=log, actor=SYSTEM, line_id=world.line.pk, amount=D(amount), booking=booking)


def test_from_draft_to_pledge(world):
    agreement = make.signed(world)
    assert agreement.number.startswith("SH-XY-2026-")
    balance = balance_of(world.line)
    assert (balance.promised, balance.received, balance.available) == (D("200000.00"), 0, D("200000.00"))
    assert faulty_lines() == []


def test_four_eyes_and_strangers(world):
    row = make.draft(world)
    with pytest.raises(NotAllowed):
        services.submit_agreement(actor=world.people.approver, agreement_id=row.pk)
    services.submit_agreement(actor=world.people.officer, agreement_id=row.pk)
    for actor in (world.people.officer, world.people.finance, world.admin):
        with pytest.raises(NotAllowed):
            services.offer_agreement(actor=actor, agreement_id=row.pk)
    assert Agreement.objects.visible_to(world.admin).count() == 0  # nothing is offered yet
    services.offer_agreement(actor=world.people.approver, agreement_id=row.pk)
    assert Agreement.objects.visible_to(world.admin).count() == 1
    _body, stranger = make.make_sponsor("别家企业有限公司")
    assert Agreement.objects.visible_to(stranger).count() == 0
    with pytest.raises(NotAllowed):
        services.sign_agreement(actor=stranger, agreement_id=row.pk, code="000000")


def test_signing_needs_a_fresh_code_and_both_sides(world):
    row = make.offered(world)
    with pytest.raises(MarketplaceError) as wrong:
        services.sign_agreement(actor=world.admin, agreement_id=row.pk, code="000000")
    assert wrong.value.field == "code"
    services.sign_agreement(actor=world.admin, agreement_id=row.pk, code=totp_code(world.admin))
    row.refresh_from_db()
    assert row.status == AgreementStatus.OFFERED and not IncomeEntry.objects.exists()
    with pytest.raises(MarketplaceError) as twice:
        services.sign_agreement(actor=world.admin, agreement_id=row.pk, code=totp_code(world.admin))
    assert twice.value.code == "repeated"


def test_a_text_taken_back_needs_new_signatures(world):
    row = make.offered(world)
    services.sign_agreement(actor=world.admin, agreement_id=row.pk, code=totp_code(world.admin))
    services.take_back_agreement(actor=world.admin, agreement_id=row.pk, reason="金额写错")
    row.refresh_from_db()
    assert row.status == AgreementStatus.DRAFT
    services.submit_agreement(actor=world.people.officer, agreement_id=row.pk)
    services.offer_agreement(actor=world.people.approver, agreement_id=row.pk)
    with pytest.raises(MarketplaceError) as early:
        services.sign_agreement(actor=world.people.approver, agreement_id=row.pk, code=totp_code(world.people.approver))
    assert early.value.code == "not_ready"  # the old PDF does not count


def test_two_editors_lose_nothing(world):
    row = make.draft(world)
    data = make.agreement_input(world, amount=D("150000.00"))
    services.save_agreement(actor=world.people.officer, agreement_id=row.pk, version=1, data=data)
    with pytest.raises(StaleVersion):
        services.save_agreement(actor=world.people.officer, agreement_id=row.pk, version=1, data=data)


def test_the_pdf_says_what_was_agreed(world):
    row = make.offered(world, is_anonymous=True, naming="海川之家")
    document = build_document("sponsorship_agreement", row)
    text = text_of(document).replace("\n", "")
    for words in (row.number, "200,000.00", "海川之家", "仅用于独居老人照护项目", "对公众匿名", "31600000000000"):
        assert words in text, words


def test_an_applicant_cannot_pay_into_its_own_call(world):
    """R-CHAR-05."""
    grant = make.make_grant(world, {"财政资金池": "1000.00"})
    row = make.draft(world, sponsor_id=grant.application.body_id)
    with pytest.raises(Refused) as refused:
        services.submit_agreement(actor=world.people.officer, agreement_id=row.pk)
    assert (refused.value.rule_id, refused.value.field) == ("R-CHAR-05", "sponsor")


def test_promises_stay_within_the_pot(world):
    make.signed(world)
    with pytest.raises(Refused) as refused:
        make.submitted(world, amount=D("300000.01"))
    assert refused.value.rule_id == "R-PLAN-01"


def test_a_pot_of_public_money_takes_no_agreement(world):
    with pytest.raises(MarketplaceError) as refused:
        make.draft(world, pot_id=world.pot("福彩资金池").pk)
    assert refused.value.field == "pot"


def test_contracts_hold_what_is_promised_and_pay_what_came(world, market_clock):
    """R-PLAN-01, R-LOT-01 by analogy."""
    with pytest.raises(Refused):
        commit(world, "0.01")
    agreement = make.called(world, market_clock)
    with pytest.raises(Refused) as above:
        commit(world, "200000.01")
    assert above.value.rule_id == "R-PLAN-01"
    commit(world, "150000.00")
    paid_out = ledger.Booking(world.line, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
    with pytest.raises(Refused) as early, audit.transaction() as log:
        ledger.pay(log=log, actor=SYSTEM, contract=world.call, amount=D("100.00"), booking=paid_out)
    assert early.value.rule_id == "R-LOT-01"
    pay(agreement)
    with audit.transaction() as log:
        ledger.pay(log=log, actor=SYSTEM, contract=world.call, amount=D("100.00"), booking=paid_out)
    assert balance_of(world.line).cash == D("199900.00") and faulty_lines() == []


def test_matching_calls_in_a_part_and_the_rest_ends(world, market_clock):
    """R-VENT-13."""
    row = make.signed(world, match_rule="two", match_cap=D("60000.00"))
    make.close(world, market_clock)
    with pytest.raises(MarketplaceError) as nothing:
        services.call_in(actor=world.people.officer, agreement_id=row.pk)
    assert nothing.value.rule_id == "R-VENT-13"
    assert services.call_in_all(call_id=world.call.pk) == []
    make.make_grant(world, {"福彩资金池": "100000.00"})
    [row] = services.call_in_all(call_id=world.call.pk)
    assert (row.due_amount, agreement_money(row).promised) == (D("50000.00"), D("50000.00"))
    assert services.call_in_all(call_id=world.call.pk) == []  # again: nothing more


def test_a_decided_call_calls_its_agreements_in(world, market_clock):
    """One without matching in full, one that matches lottery money 1:1 up to it; each once."""
    first = make.signed(world)
    _body, second_admin = make.make_sponsor("临港实业有限公司")
    second = make.signed(world, second_admin, sponsor_id=second_admin.body_id, match_rule="one")
    draft = make.draft(world, amount=D("50000.00"))
    make.close(world, market_clock)
    grant = make.make_grant(world, {"福彩资金池": "80000.00", "社会资本资金池": "60000.00"})
    Assessment.objects.create(call=world.call, opened_at=clock.now(), opened_by_id=world.people.officer.user_id)
    with audit.transaction():
        announce(GrantConfirmed(world.call.pk, (grant.pk,)))
    first.refresh_from_db()
    second.refresh_from_db()
    draft.refresh_from_db()
    assert (first.status, second.status, draft.status) == ("called", "called", "draft")
    assert (first.due_amount, second.due_amount) == (D("200000.00"), D("80000.00"))
    assert (first.pay_due.date() - first.called_at.date()).days == 14
    assert agreement_money(second).open == D("80000.00")
    called_at, entries = first.called_at, IncomeEntry.objects.count()
    market_clock.move_to(called_at + timedelta(days=1))
    with audit.transaction():
        announce(GrantConfirmed(world.call.pk, (grant.pk,)))
    first.refresh_from_db()
    assert (first.called_at, IncomeEntry.objects.count()) == (called_at, entries)
    assert faulty_lines() == []


def test_a_call_without_grants_asks_no_sponsor_for_money(world, market_clock):
    row = make.signed(world)
    make.close(world, market_clock)
    Assessment.objects.create(call=world.call, opened_at=clock.now(), opened_by_id=world.people.officer.user_id)
    with audit.transaction():
        announce(GrantConfirmed(world.call.pk, ()))
    row.refresh_from_db()
    assert (row.status, row.called_at) == ("signed", None)


def test_reminders_lapse_and_shortfall(world, market_clock):
    heard = []
    from marketplace.core import events as bus

    bus.subscribe(events.PaymentReminder, lambda event: heard.append(event.days))
    row = make.called(world, market_clock)
    make.make_grant(world, {"社会资本资金池": "120000.00"})
    market_clock.move_to(row.pay_due - timedelta(days=6))
    run_due()
    run_due()
    market_clock.move_to(row.pay_due - timedelta(days=1))
    run_due()
    assert heard == [7, 2]
    market_clock.move_to(row.pay_due)
    run_due()
    row.refresh_from_db()
    assert row.status == AgreementStatus.CALLED  # the last second counts
    market_clock.move_to(row.pay_due + timedelta(seconds=1))
    run_due()
    row.refresh_from_db()
    assert row.status == AgreementStatus.LAPSED and balance_of(world.line).promised == 0
    pot = next(pot for pot in call_money(world.call).pots if pot.pot.name == "社会资本资金池")
    assert pot.shortfall == D("120000.00")


def test_a_reminder_that_was_missed_is_not_sent_together_with_the_last(world, market_clock):
    row = make.called(world, market_clock)
    market_clock.move_to(row.pay_due - timedelta(days=1))
    run_due()
    run_due()
    row.refresh_from_db()
    assert row.reminded_last_at is not None and row.reminded_week_at is None


def test_cancelling_a_pledge_ends_the_promise_unless_contracts_hold_it(world):
    row = make.signed(world)
    with pytest.raises(NotAllowed):
        services.cancel_agreement(actor=world.people.officer, agreement_id=row.pk, reason="x")
    services.cancel_agreement(actor=world.people.approver, agreement_id=row.pk, reason="出资方停业")
    assert balance_of(world.line).promised == 0 and faulty_lines() == []


def test_unused_money_goes_back_by_shares(world, market_clock):
    """R-CHAR-08: by largest remainder, sums exact."""
    first = make.signed(world, amount=D("100000.01"))
    other, admin = make.make_sponsor("别家企业有限公司")
    second = make.signed(world, admin, sponsor_id=other.pk, amount=D("50000.00"))
    make.close(world, market_clock)
    for row in services.call_in_all(call_id=world.call.pk):
        pay(row)
    commit(world, "90000.00")
    asked = returns.return_unused(actor=world.people.finance, pot_id=world.pot().pk)
    assert sum(refund.amount for refund in asked) == D("60000.01")
    assert {refund.payment.agreement_id: refund.amount for refund in asked} == {
        first.pk: D("40000.01"),
        second.pk: D("20000.00"),
    }
    with pytest.raises(MarketplaceError):
        returns.return_unused(actor=world.people.finance, pot_id=world.pot().pk)  # asked for already
    for number, refund in enumerate(asked):
        refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)
        refunds.confirm_bank_refund(actor=world.people.finance, refund_id=refund.pk, reference=f"T{number}")
    balance = balance_of(world.line)
    assert (balance.received, balance.promised, balance.returnable) == (D("90000.00"), D("90000.00"), 0)
    assert faulty_lines() == [] and Agreement.objects.filter(status=AgreementStatus.PAID).count() == 2


def test_receipt_and_yearly_statement(world, market_clock):
    agreement = make.called(world, market_clock)
    payment = pay(agreement)
    receipt = text_of(build_document("sponsorship_receipt", payment)).replace("\n", "")
    assert agreement.number in receipt and "200,000.00" in receipt
    refund = refunds.ask_refund(actor=world.people.finance, payment_id=payment.pk, amount=D("50000.00"), reason="结余")
    refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)
    with pytest.raises(MarketplaceError) as empty:
        refunds.confirm_bank_refund(actor=world.people.finance, refund_id=refund.pk, reference=" ")
    assert empty.value.field == "reference"
    refunds.confirm_bank_refund(actor=world.people.finance, refund_id=refund.pk, reference="T1")
    profile = world.sponsor.sponsor_profile
    text = text_of(build_document(statement_kind(2026), profile)).replace("\n", "")
    for words in ("200,000.00", "50,000.00", "150,000.00", world.sponsor.name):
        assert words in text, words


def test_a_refused_repayment_stays(world, market_clock):
    payment = pay(make.called(world, market_clock))
    refund = refunds.ask_refund(actor=world.people.finance, payment_id=payment.pk, amount=D(5), reason="x")
    refunds.refuse_refund(actor=world.people.approver, refund_id=refund.pk, reason="没有依据")
    payment.refresh_from_db()
    assert payment.state == PaymentState.BOOKED and Refund.objects.get().status == "refused"
    with pytest.raises(MarketplaceError):
        refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)


def test_the_diagram_of_the_readme_is_the_table():
    from pathlib import Path

    from marketplace.sponsorship import lifecycle

    readme = Path(lifecycle.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert lifecycle.AGREEMENT.diagram() in readme
