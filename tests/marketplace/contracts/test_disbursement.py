"""Payments under control: comparison, doubts, two people, races, the record (R-VENT-15)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.urls import reverse

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.contracts.models import (
    ContractStatus,
    Disbursement,
    DisbursementApproval,
    DisbursementStatus,
)
from marketplace.contracts.services import disbursement as services
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed
from marketplace.documents.access import can_read_document
from marketplace.documents.generation import latest_document
from marketplace.documents.services import open_file
from marketplace.funds.models import LedgerEntry
from marketplace.funds.selectors import balance_of, outstanding_of
from marketplace.procurement.models import Suspension
from tests.factories.accounts import make_body, make_person
from tests.factories.contracts import (
    World,
    a_pdf,
    accepted_milestone,
    active_contract,
    approved_disbursement,
    evaluated_contract,
    paid_milestone,
    reported_milestone,
    request_input,
    requested_disbursement,
)

from .test_contract import refused


@pytest.fixture
def accepted(db: None) -> World:
    return accepted_milestone()


def ask(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "actor": world.reporter,
        "milestone_id": world.milestone().pk,
        "data": request_input(world, **changes),
    }


# the request


def test_a_fitting_request_is_kept_with_its_comparison(accepted: World) -> None:
    """R-VENT-15, R-CON-10: ten working days from 15 June, the Dragon Boat holiday between."""
    world = requested_disbursement(accepted)
    request = world.disbursement
    assert request is not None
    assert (request.number, request.amount, request.status) == (
        "SH-BF-2026-0001",
        Decimal("243000.00"),
        DisbursementStatus.REQUESTED,
    )
    assert request.pay_due == datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZONE)
    assert request.checks.count() == 14
    assert not request.checks.filter(passed=False).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Decimal("243000.01")}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"payee_name": "晨曦服务中心"}, "payee_name"),
        ({"bank_account": "6222021001112223335"}, "bank_account"),
        ({"invoice_number": " "}, "invoice_number"),
        ({"bank_name": ""}, "bank_name"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(accepted: World, changes: dict[str, Any], field: str) -> None:
    error = refused(services.request_disbursement, **ask(accepted, **changes))
    assert error.field == field
    assert not Disbursement.objects.exists()


def test_nothing_before_acceptance_and_nothing_twice(db: None) -> None:
    reported = reported_milestone()
    assert refused(services.request_disbursement, **ask(reported)).rule_id == "R-VENT-15"
    world = requested_disbursement(accepted_milestone())
    assert refused(services.request_disbursement, **ask(world)).code == "repeated"
    assert Disbursement.objects.count() == 1


def test_strangers_and_the_buyer_cannot_ask(accepted: World) -> None:
    stranger = make_person(make_body(BodyKind.ORGANIZATION), Role.REPORTER)
    for actor in (accepted.officer, accepted.finance, stranger):
        error = refused(services.request_disbursement, **{**ask(accepted), "actor": actor})
        assert isinstance(error, NotAllowed)


def test_an_invoice_is_used_once_also_across_contracts(accepted: World) -> None:
    first = requested_disbursement(accepted)
    assert first.disbursement is not None
    world = accepted_milestone(first, 2)
    same_number = request_input(world, 2, invoice_number=first.disbursement.invoice_number.lower())
    error = refused(
        services.request_disbursement, actor=world.reporter, milestone_id=world.milestone(2).pk, data=same_number
    )
    assert error.field == "invoice_number"
    same_file = request_input(world, 2, invoice=a_pdf(f"发票 {world.contract.pk}-1"))
    error = refused(
        services.request_disbursement, actor=world.reporter, milestone_id=world.milestone(2).pk, data=same_file
    )
    assert error.field == "invoice"


def test_a_suspended_project_is_not_paid(accepted: World) -> None:
    Suspension.objects.create(
        tender=accepted.awarded.tender,
        reason="核查",
        suspended_by_id=accepted.officer.user_id,
        suspended_at=clock.now(),
    )
    assert refused(services.request_disbursement, **ask(accepted)).rule_id == "R-VENT-15"


def change_account(world: World, days_ago: int) -> None:
    organization = world.awarded.organization
    organization.account_changed_at = clock.now() - timedelta(days=days_ago)
    organization.save()


def test_a_doubt_must_be_explained_by_an_officer_before_the_approval(accepted: World) -> None:
    change_account(accepted, 6)
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    key = world.disbursement.pk
    doubt = world.disbursement.checks.get(passed=False)
    assert (doubt.code, doubt.may_explain) == ("account_recent", True)
    waiting = refused(services.approve_disbursement, actor=world.approver, disbursement_id=key)
    assert waiting.rule_id == "R-VENT-15"
    explain = {"disbursement_id": key, "code": "account_recent"}
    for actor in (world.reporter, world.approver, world.finance):
        error = refused(services.explain_check, actor=actor, explanation="已核实", **explain)
        assert isinstance(error, NotAllowed)
    assert refused(services.explain_check, actor=world.officer, explanation=" ", **explain).field == "explanation"
    wrong = refused(
        services.explain_check, actor=world.officer, disbursement_id=key, code="amount_milestone", explanation="x"
    )
    assert wrong.field == "explanation"
    services.explain_check(actor=world.officer, explanation="银行开户证明原件已核对", **explain)
    services.approve_disbursement(actor=world.approver, disbursement_id=key)
    assert Disbursement.objects.get().status == DisbursementStatus.FIRST_APPROVED
    kept = world.disbursement.checks.get(code="account_recent")
    assert (kept.passed, kept.explanation) == (False, "银行开户证明原件已核对")


# approvals


def test_two_approvals_by_two_people_in_order(accepted: World) -> None:
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    key = world.disbursement.pk
    early = refused(services.approve_disbursement, actor=world.finance, disbursement_id=key)
    assert isinstance(early, NotAllowed)
    services.approve_disbursement(actor=world.approver, disbursement_id=key, note="与合同一致")
    again = refused(services.approve_disbursement, actor=world.approver, disbursement_id=key)
    assert again.rule_id == "R-VENT-15"
    services.approve_disbursement(actor=world.finance, disbursement_id=key)
    done = refused(services.approve_disbursement, actor=world.finance, disbursement_id=key)
    assert done.code == "wrong_state"
    assert list(DisbursementApproval.objects.values_list("step", "user_id", "note")) == [
        (1, world.approver.user_id, "与合同一致"),
        (2, world.finance.user_id, ""),
    ]


def test_one_person_with_both_roles_approves_once(accepted: World) -> None:
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    both = make_person(world.awarded.buyer, Role.APPROVER, Role.FINANCE)
    services.approve_disbursement(actor=both, disbursement_id=world.disbursement.pk)
    error = refused(services.approve_disbursement, actor=both, disbursement_id=world.disbursement.pk)
    assert error.rule_id == "R-VENT-15"
    assert Disbursement.objects.get().status == DisbursementStatus.FIRST_APPROVED


def test_who_asked_or_explained_never_approves(accepted: World) -> None:
    """The same person in both bodies is still the same person."""
    Membership.objects.create(
        user_id=accepted.reporter.user_id,
        body=accepted.awarded.buyer,
        roles=[Role.APPROVER],
        since=clock.now(),
    )
    change_account(accepted, 6)
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    key = world.disbursement.pk
    twice = Actor(
        world.reporter.user_id, "", "p-x", world.awarded.buyer.pk, "", BodyKind.GOVERNMENT, frozenset({Role.APPROVER})
    )
    assert refused(services.approve_disbursement, actor=twice, disbursement_id=key).rule_id == "R-VENT-15"
    officer = make_person(world.awarded.buyer, Role.OFFICER, Role.APPROVER)
    services.explain_check(actor=officer, disbursement_id=key, code="account_recent", explanation="已核对")
    assert refused(services.approve_disbursement, actor=officer, disbursement_id=key).rule_id == "R-VENT-15"


def test_the_comparison_runs_again_at_each_step(accepted: World) -> None:
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    Suspension.objects.create(
        tender=world.awarded.tender, reason="核查", suspended_by_id=world.officer.user_id, suspended_at=clock.now()
    )
    error = refused(services.approve_disbursement, actor=world.approver, disbursement_id=world.disbursement.pk)
    assert error.rule_id == "R-VENT-15"
    assert not DisbursementApproval.objects.exists()


def test_returned_with_a_reason_it_may_be_asked_anew_with_the_same_invoice(accepted: World) -> None:
    world = requested_disbursement(accepted)
    request = world.disbursement
    assert request is not None
    blank = refused(services.return_disbursement, actor=world.approver, disbursement_id=request.pk, reason="")
    assert blank.field == "reason"
    stranger = refused(services.return_disbursement, actor=world.reporter, disbursement_id=request.pk, reason="x")
    assert isinstance(stranger, NotAllowed)
    services.return_disbursement(actor=world.approver, disbursement_id=request.pk, reason="发票抬头有误")
    data = request_input(world, invoice_number=request.invoice_number, invoice=a_pdf(f"发票 {world.contract.pk}-1"))
    second = services.request_disbursement(actor=world.reporter, milestone_id=world.milestone().pk, data=data)
    assert (second.number, Disbursement.objects.count()) == ("SH-BF-2026-0002", 2)


# payment


def test_paid_is_booked_once_with_the_banks_reference(accepted: World) -> None:
    world = approved_disbursement(accepted)
    request = world.disbursement
    assert request is not None
    pay = {"disbursement_id": request.pk, "bank_reference": "ICBC-1", "paid_on": clock.today()}
    assert isinstance(refused(services.record_payment, actor=world.approver, **pay), NotAllowed)
    for wrong, field in (
        ({"bank_reference": " "}, "bank_reference"),
        ({"paid_on": date(2026, 6, 14)}, "paid_on"),
        ({"paid_on": date(2026, 6, 16)}, "paid_on"),
    ):
        assert refused(services.record_payment, actor=world.finance, **{**pay, **wrong}).field == field
    services.record_payment(actor=world.finance, **pay)
    again = refused(services.record_payment, actor=world.finance, **pay)
    assert isinstance(again, MarketplaceError)
    entry = LedgerEntry.objects.get(kind="pay")
    assert (entry.amount, entry.counterparty, entry.commitment.kind) == (
        Decimal("243000.00"),
        world.supplier.name,
        "commit",
    )
    assert outstanding_of(world.contract) == Decimal("243000.00")


def test_a_bank_reference_belongs_to_one_payment(accepted: World) -> None:
    world = paid_milestone()
    used = Disbursement.objects.get(status=DisbursementStatus.PAID).bank_reference
    other = approved_disbursement(accepted)
    assert other.disbursement is not None
    error = refused(
        services.record_payment,
        actor=other.finance,
        disbursement_id=other.disbursement.pk,
        bank_reference=used,
        paid_on=clock.today(),
    )
    assert error.field == "bank_reference"
    assert world.contract.status == ContractStatus.ACTIVE


def test_less_asked_for_than_agreed_goes_back_to_the_line_at_the_end(db: None) -> None:
    """Completion releases what is still committed."""
    world = accepted_milestone(active_contract(shares=(100,)))
    world = requested_disbursement(world, amount=Decimal("480000.00"))
    request = world.disbursement
    assert request is not None
    for person in (world.approver, world.finance):
        services.approve_disbursement(actor=person, disbursement_id=request.pk)
    services.record_payment(
        actor=world.finance, disbursement_id=request.pk, bank_reference="ICBC-9", paid_on=clock.today()
    )
    balance = balance_of(world.awarded.line)
    assert world.refresh().contract.status == ContractStatus.ACTIVE  # R-LOT-07: not evaluated yet
    assert (balance.paid, balance.released) == (Decimal("480000.00"), 0)
    evaluated_contract(world)
    balance = balance_of(world.awarded.line)
    assert world.refresh().contract.status == ContractStatus.COMPLETED
    assert (balance.paid, balance.released, balance.available) == (
        Decimal("480000.00"),
        Decimal("6000.00"),
        Decimal("520000.00"),
    )


def test_a_late_payment_needs_its_reason_and_shows_the_interest(accepted: World, client_for: Any) -> None:
    """R-CON-09: due on 30 June, paid on 4 July: four days, 486.00 yuan."""
    world = approved_disbursement(accepted)
    assert world.disbursement is not None
    clock.move_to(datetime(2026, 7, 4, 9, 0, tzinfo=ZONE))
    pay = {"disbursement_id": world.disbursement.pk, "bank_reference": "ICBC-L", "paid_on": date(2026, 7, 4)}
    page = client_for(world.finance).get(reverse("contracts:disbursement-pay", args=[world.disbursement.pk]))
    assert "486.00" in page.content.decode()
    error = refused(services.record_payment, actor=world.finance, **pay)
    assert (error.rule_id, error.field) == ("R-CON-09", "late_reason")
    assert not LedgerEntry.objects.filter(kind="pay").exists()
    assert Disbursement.objects.get().status == DisbursementStatus.APPROVED
    services.record_payment(actor=world.finance, **pay, late_reason="国库年中结转，额度七月三日恢复")
    paid = Disbursement.objects.get()
    assert (paid.late_interest, paid.late_reason) == (Decimal("486.00"), "国库年中结转，额度七月三日恢复")


def test_paid_in_time_no_reason_is_kept(accepted: World) -> None:
    world = approved_disbursement(accepted)
    assert world.disbursement is not None
    services.record_payment(
        actor=world.finance,
        disbursement_id=world.disbursement.pk,
        bank_reference="ICBC-T",
        paid_on=clock.today(),
        late_reason="写了也不算",
    )
    paid = Disbursement.objects.get()
    assert (paid.late_interest, paid.late_reason) == (0, "")


def test_a_request_goes_with_the_next_run_and_moves_on_when_it_is_missed(accepted: World, client_for: Any) -> None:
    """R-VENT-15: asked for on 15 June, so the run of 25 June; approved on the 26th, so that of 10 July."""
    world = requested_disbursement(accepted)
    request = world.disbursement
    assert request is not None
    assert request.run_on == date(2026, 6, 25)
    page = client_for(world.finance).get(reverse("contracts:disbursement-list"))
    assert [(run.day, run.count, run.amount, run.paid) for run in page.context["runs"]] == [
        (date(2026, 6, 25), 1, Decimal("243000.00"), 0)
    ]
    assert "2026 年 6 月 25 日批次" in page.content.decode()
    clock.move_to(datetime(2026, 6, 26, 9, 0, tzinfo=ZONE))
    services.approve_disbursement(actor=world.approver, disbursement_id=request.pk)
    request.refresh_from_db()
    assert request.run_on == date(2026, 7, 10)


def test_the_voucher_holds_request_comparison_approvals_and_transfer(accepted: World, real_documents: None) -> None:
    world = requested_disbursement(accepted)
    assert world.disbursement is not None
    assert latest_document("disbursement_voucher", world.disbursement) is None
    for person in (world.approver, world.finance):
        services.approve_disbursement(actor=person, disbursement_id=world.disbursement.pk)
    services.record_payment(
        actor=world.finance, disbursement_id=world.disbursement.pk, bank_reference="ICBC-V1", paid_on=clock.today()
    )
    voucher = latest_document("disbursement_voucher", world.disbursement)
    assert voucher is not None
    assert (voucher.version, voucher.is_public) == (2, False)
    text = text_of(voucher)
    for words in ("243,000.00", "SH-BF-2026-0001", "ICBC-V1", world.approver.name, world.finance.name, "自动比对"):
        assert words in text, words
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.FINANCE)
    assert can_read_document(world.finance, voucher)
    assert not can_read_document(stranger, voucher)


def text_of(document: Any) -> str:
    with open_file(document.file) as content:
        pages = pypdfium2.PdfDocument(content.read())
        return "".join(page.get_textpage().get_text_range() for page in pages)


def test_who_sees_payments(accepted: World) -> None:
    world = requested_disbursement(accepted)
    agency = make_person(make_body(BodyKind.AGENCY), Role.OFFICER)
    operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)

    def sees(actor: Actor) -> bool:
        return Disbursement.objects.visible_to(actor).exists()

    assert [sees(a) for a in (world.finance, world.reporter, supervisor, agency, operator)] == [
        True,
        True,
        True,
        False,
        False,
    ]


# two at once


def at_once(*calls: Callable[[], Any]) -> list[Exception | None]:
    """Run the calls in threads that start together; their errors, in order."""
    barrier, errors = threading.Barrier(len(calls)), [None] * len(calls)  # type: ignore[var-annotated]

    def run(index: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            call()
        except MarketplaceError as error:
            errors[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_one_counts() -> None:
    world = requested_disbursement()
    assert world.disbursement is not None
    key, other = world.disbursement.pk, make_person(world.awarded.buyer, Role.APPROVER)
    errors = at_once(
        lambda: services.approve_disbursement(actor=world.approver, disbursement_id=key),
        lambda: services.approve_disbursement(actor=other, disbursement_id=key),
    )
    assert sum(error is None for error in errors) == 1
    assert DisbursementApproval.objects.count() == 1
    assert Disbursement.objects.get().status == DisbursementStatus.FIRST_APPROVED


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_book_once() -> None:
    world = approved_disbursement()
    assert world.disbursement is not None
    key, today = world.disbursement.pk, clock.today()
    errors = at_once(
        *(
            lambda reference=reference: services.record_payment(
                actor=world.finance, disbursement_id=key, bank_reference=reference, paid_on=today
            )
            for reference in ("A-1", "A-2")
        )
    )
    assert sum(error is None for error in errors) == 1
    assert LedgerEntry.objects.filter(kind="pay").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_keep_one() -> None:
    world = accepted_milestone()
    inputs = [ask(world), ask(world)]
    errors = at_once(*(lambda given=given: services.request_disbursement(**given) for given in inputs))
    assert sum(error is None for error in errors) == 1
    assert Disbursement.objects.count() == 1
