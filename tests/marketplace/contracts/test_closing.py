"""The end of a grant: audit, evaluation, money that comes back to each pot, the ban after a hearing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts.models import ClosingAudit, ContractStatus, Payback, PaybackReceipt, PaybackStatus
from marketplace.contracts.schedule import overdue_paybacks
from marketplace.contracts.services import closing
from marketplace.contracts.services.contract import check_completion
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.funds.models import LedgerEntry, LedgerKind
from marketplace.funds.selectors import balance_of, paid_by_line
from marketplace.funds.services.ledger import faulty_lines
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.ventures.eligibility import obstacles_of
from marketplace.ventures.models import VentureBan
from tests.factories import contracts as world_of, grants

pytestmark = pytest.mark.django_db
D = Decimal


def move(text: str) -> None:
    clock.move_to(datetime.fromisoformat(text).replace(tzinfo=clock.ZONE))


def receipt(amount: str, reference: str = "TH001") -> closing.ReceiptInput:
    return closing.ReceiptInput(D(amount), clock.today(), reference)


def test_a_project_is_closed_when_passed_paid_audited_and_evaluated() -> None:
    world = grants.all_paid()
    assert check_completion(world.agreement).rule_id == "R-VENT-11"
    grants.audited(world)
    assert world.agreement.status == ContractStatus.ACTIVE
    world_of.evaluated_contract(world)  # type: ignore[arg-type]
    assert world.refresh().agreement.status == ContractStatus.COMPLETED
    entries = LedgerEntry.objects.filter(kind=LedgerKind.PAY)
    assert {line: sum(e.amount for e in entries if e.line_id == line) for line in {e.line_id for e in entries}} == {
        share.budget_line_id: share.amount for share in world.agreement.shares.all()
    }
    assert faulty_lines() == []


def test_unused_money_comes_back_to_each_pot_before_the_end() -> None:
    world = grants.audited(grants.all_paid(), "80000.00")
    world_of.evaluated_contract(world)  # type: ignore[arg-type]
    assert world.refresh().agreement.status == ContractStatus.ACTIVE
    _world, row = grants.demanded_payback(world, cause="unused", amount=D("10000.00"), asks_ban=False)
    closing.record_receipt(actor=world.finance, payback_id=row.pk, data=receipt("4000.01"))
    assert world.refresh().agreement.status == ContractStatus.ACTIVE
    closing.record_receipt(actor=world.finance, payback_id=row.pk, data=receipt("5999.99", "TH002"))
    row.refresh_from_db()
    assert row.status == PaybackStatus.SETTLED
    assert world.refresh().agreement.status == ContractStatus.COMPLETED
    returned = LedgerEntry.objects.filter(kind=LedgerKind.RETURN)
    assert sum(entry.amount for entry in returned) == D("10000.00")
    assert sum(paid_by_line(world.agreement).values()) == D("80000.00")
    line = world.agreement.shares.get(position=1).budget_line
    assert balance_of(line).paid + balance_of(world.agreement.shares.get(position=2).budget_line).paid == D("80000.00")
    assert balance_of(line).outstanding == 0
    assert faulty_lines() == []
    assert not VentureBan.objects.exists()


@pytest.mark.parametrize("amount", ["0.00", "45000.01"])
def test_a_receipt_stays_within_the_demand(amount: str) -> None:
    world, row = grants.demanded_payback()
    with pytest.raises(Refused):
        closing.record_receipt(actor=world.finance, payback_id=row.pk, data=receipt(amount))
    assert not PaybackReceipt.objects.exists()
    assert not LedgerEntry.objects.filter(kind=LedgerKind.RETURN).exists()


def test_a_partial_payback_stays_open_and_a_reference_counts_once() -> None:
    world, row = grants.demanded_payback()
    closing.record_receipt(actor=world.finance, payback_id=row.pk, data=receipt("20000.00"))
    row.refresh_from_db()
    assert (row.status, closing.open_amount(row)) == (PaybackStatus.DEMANDED, D("25000.00"))
    for wrong in (receipt("1.00"), receipt("1.00", " ")):
        with pytest.raises(MarketplaceError):
            closing.record_receipt(actor=world.finance, payback_id=row.pk, data=wrong)
    with pytest.raises(NotAllowed):
        closing.record_receipt(actor=world.officer, payback_id=row.pk, data=receipt("1.00", "TH9"))
    assert PaybackReceipt.objects.count() == 1


def test_a_breach_ends_the_project_and_bans_for_three_years_after_a_hearing() -> None:
    world, row = grants.proposed_payback()
    with pytest.raises(Refused) as unheard:
        closing.confirm_payback(actor=world.approver, payback_id=row.pk)
    assert unheard.value.rule_id == "R-VENT-10"
    assert not VentureBan.objects.exists()
    move("2026-06-24 00:00")
    closing.confirm_payback(actor=world.approver, payback_id=row.pk)
    assert world.refresh().agreement.status == ContractStatus.ENDED
    assert NoticeSnapshot.objects.filter(kind=NoticeKind.GRANT_ENDED).count() == 1
    ban = VentureBan.objects.get()
    assert (ban.starts_on, ban.ends_on) == (date(2026, 6, 24), date(2029, 6, 23))
    assert {o.rule_id for o in obstacles_of(world.supplier.pk, date(2029, 6, 23))} == {"R-VENT-08"}
    assert len(obstacles_of(world.supplier.pk, date(2029, 6, 24))) == 1  # the money is still owed


def test_an_answer_counts_once_and_in_time() -> None:
    world, row = grants.proposed_payback()
    with pytest.raises(MarketplaceError):
        closing.answer_payback(actor=world.admin, payback_id=row.pk, answer=" ")
    with pytest.raises(NotAllowed):
        closing.answer_payback(actor=world.reporter, payback_id=row.pk, answer="无")
    closing.answer_payback(actor=world.admin, payback_id=row.pk, answer="情况说明")
    with pytest.raises(MarketplaceError):
        closing.answer_payback(actor=world.admin, payback_id=row.pk, answer="另一份")
    closing.drop_payback(actor=world.approver, payback_id=row.pk, reason="说明成立")
    row.refresh_from_db()
    assert row.status == PaybackStatus.DROPPED
    assert world.refresh().agreement.status == ContractStatus.ACTIVE


def test_a_late_answer_is_no_answer() -> None:
    world, row = grants.proposed_payback()
    move("2026-06-24 00:00")
    with pytest.raises(MarketplaceError):
        closing.answer_payback(actor=world.admin, payback_id=row.pk, answer="情况说明")
    row.refresh_from_db()
    assert row.status == PaybackStatus.PROPOSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": D("45000.01")},
        {"reason": ""},
        {"cause": "unused"},
        {"due_on": date(2026, 6, 15)},
    ],
    ids=["more than paid", "no reason", "ban for unused money", "today"],
)
def test_a_demand_is_checked(wrong: dict) -> None:
    world = grants.paid(grants.active_agreement())
    with pytest.raises(MarketplaceError):
        grants.proposed_payback(world, **wrong)
    assert not Payback.objects.exists()


def test_a_running_project_stands_against_a_new_application() -> None:
    world = grants.active_agreement()
    assert [o.rule_id for o in obstacles_of(world.supplier.pk, clock.today())] == ["R-VENT-08"]
    assert obstacles_of(world.people.body.pk, clock.today()) == []


def test_overdue_is_flagged_once() -> None:
    _world, row = grants.demanded_payback()
    move(f"{(row.due_on + timedelta(days=1)).isoformat()} 08:00")
    for _name, job in list(overdue_paybacks(clock.now())) * 2:
        job()
    assert list(overdue_paybacks(clock.now())) == []
    row.refresh_from_db()
    assert row.overdue_at is not None


def test_the_audit_comes_from_outside_once_after_the_final_report() -> None:
    world = grants.active_agreement()
    with pytest.raises(MarketplaceError):
        grants.audited(world)
    with pytest.raises(NotAllowed):
        data = closing.AuditInput("clean", "x", D("1.00"), world_of.a_pdf())
        closing.record_audit(actor=world.officer, contract_id=world.agreement.pk, data=data)
    assert not ClosingAudit.objects.exists()


def test_an_audit_is_not_repeated_and_not_above_the_grant() -> None:
    world = grants.all_paid()
    with pytest.raises(MarketplaceError):
        grants.audited(world, "90000.01")
    grants.audited(world)
    with pytest.raises(MarketplaceError):
        grants.audited(world)
    assert ClosingAudit.objects.count() == 1


def test_everybody_hears_of_a_demand_and_of_the_early_end() -> None:
    from marketplace.notifications.models import Message

    world, _row = grants.demanded_payback()

    def told(kind: str) -> set[int]:
        return set(Message.objects.filter(kind=kind).values_list("user_id", flat=True))

    assert told("payback-proposed") == told("payback-demanded") == {world.admin.user_id}
    organization, buyer = {world.admin.user_id, world.reporter.user_id}, {world.officer.user_id, world.finance.user_id}
    assert told("project-ended") == organization | buyer


def test_the_evaluator_sees_the_attainment_on_the_scale() -> None:
    from marketplace.contracts.selectors import scale_of

    world = grants.active_agreement()
    assert scale_of(world.agreement) == []
    rows = scale_of(grants.passed(world).agreement)
    assert [(row.percent, row.points) for row in rows] == [(104, 3), (104, 3)]
