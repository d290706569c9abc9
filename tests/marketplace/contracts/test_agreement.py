"""Grant agreements: drafted from the grant, signed, published; each tranche from all pots, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from marketplace.contracts.models import Contract, ContractStatus, Disbursement, MilestoneStatus
from marketplace.contracts.services import agreement as agreements, contract as contracts, disbursement as disbursements
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.funds.models import LedgerEntry, LedgerKind
from marketplace.funds.selectors import outstanding_by_line
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.ventures.models import ApplicationStatus
from marketplace.ventures.selectors.call import promised_of
from tests.factories import grants

pytestmark = pytest.mark.django_db
D = Decimal


def test_the_draft_holds_pots_stages_and_budget_as_granted() -> None:
    world = grants.drafted_agreement()
    contract = world.agreement
    assert contract.is_grant and contract.is_lottery
    assert contract.project_number == world.grant.number
    assert [share.amount for share in contract.shares.all()] == [D("60000.00"), D("30000.00")]
    assert [(m.stage, m.share, m.amount) for m in contract.milestones.all()] == [
        ("agreement", D("50.00"), D("45000.00")),
        ("midterm", D("40.00"), D("36000.00")),
        ("final", D("10.00"), D("9000.00")),
    ]
    budget = [(line.name, [part.amount for part in line.parts.all()], line.own) for line in contract.budget.all()]
    assert budget == [
        ("活动物资", [D("40000.00")], D("20000.00")),
        ("社工补贴", [D("20000.00"), D("20000.00")], D("10000.00")),
        ("管理费用", [D("10000.00")], D("0.00")),
    ]
    assert "单独核算" in contract.rights and "彩票公益金资助-中国福利彩票" in contract.rights
    assert contracts.check_contract(contract) and all(d.allowed for d in contracts.check_contract(contract))


def test_a_smaller_grant_scales_the_budget_to_the_fen() -> None:
    contract = grants.drafted_agreement("33333.34", "9999.99").agreement
    for share in contract.shares.all():
        assert sum(part.amount for part in share.parts.all()) == share.amount


def test_a_grant_is_contracted_once() -> None:
    world = grants.drafted_agreement()
    assert agreements.draft_agreement(actor=world.officer, grant_id=world.grant.pk) == world.contract
    assert Contract.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=world.agreement.pk).update(grant=None)


def test_what_was_not_granted_has_no_agreement_and_a_stranger_drafts_none() -> None:
    world = grants.make_grant()
    with pytest.raises(NotAllowed):
        agreements.draft_agreement(actor=world.approver, grant_id=world.grant.pk)
    application = world.grant.application
    application.status = ApplicationStatus.UNFUNDED
    application.save(update_fields=["status"])
    with pytest.raises(MarketplaceError):
        agreements.draft_agreement(actor=world.officer, grant_id=world.grant.pk)
    assert not Contract.objects.exists()


def test_signing_commits_every_pot_and_the_promise_of_the_call_shrinks() -> None:
    world = grants.proposed_agreement()
    lines = [share.budget_line_id for share in world.agreement.shares.all()]
    before = promised_of(lines)
    world = grants.signed_agreement(call=world.call)
    held = outstanding_by_line(world.agreement)
    assert held == {lines[0]: D("60000.00"), lines[1]: D("30000.00")}
    after = promised_of(lines)
    assert [before[line] - after[line] for line in lines] == [D("60000.00"), D("30000.00")]
    assert world.agreement.file_due is None


def test_publication_reaches_the_first_stage_with_a_notice_of_its_own() -> None:
    world = grants.active_agreement()
    assert world.agreement.status == ContractStatus.ACTIVE
    assert [m.status for m in world.agreement.milestones.all()] == ["accepted", "pending", "pending"]
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.GRANT_AGREEMENT)
    assert [row["amount"] for row in notice.data["pots"]] == ["60000.00", "30000.00"]
    assert notice.project_number == world.grant.number
    assert not NoticeSnapshot.objects.filter(kind=NoticeKind.CONTRACT).exists()


def test_a_tranche_comes_from_all_pots_in_proportion_within_15_working_days() -> None:
    world = grants.paid(grants.active_agreement())
    assert world.disbursement is not None
    entries = LedgerEntry.objects.filter(kind=LedgerKind.PAY, subject=f"contracts.disbursement:{world.disbursement.pk}")
    assert sorted(entry.amount for entry in entries) == [D("15000.00"), D("30000.00")]
    assert world.disbursement.pay_due.date().isoformat() == "2026-07-07"


def test_a_tranche_before_its_stage_is_refused() -> None:
    world = grants.active_agreement()
    with pytest.raises(Refused):
        grants.requested(world, 2)
    assert not Disbursement.objects.exists()


def test_a_payment_above_the_tranche_is_refused() -> None:
    world = grants.active_agreement()
    with pytest.raises(Refused):
        grants.requested(world, 1, amount=D("45000.01"))
    assert not Disbursement.objects.exists()


def test_a_payment_above_what_the_pots_hold_books_nothing() -> None:
    world = grants.active_agreement()
    grants.requested(world)
    assert world.disbursement is not None
    key = world.disbursement.pk
    for person in (world.approver, world.finance):
        disbursements.approve_disbursement(actor=person, disbursement_id=key)
    Disbursement.objects.filter(pk=key).update(amount=D("90000.01"))
    with pytest.raises(Refused):
        disbursements.record_payment(
            actor=world.finance,
            disbursement_id=key,
            bank_reference="X1",
            paid_on=world.disbursement.requested_at.date(),
        )
    assert not LedgerEntry.objects.filter(kind=LedgerKind.PAY).exists()
    assert world.milestone(1).status == MilestoneStatus.ACCEPTED


def test_the_public_page_shows_the_pots_and_the_list_knows_the_project(client) -> None:
    world = grants.paid(grants.active_agreement())
    page = client.get(f"/projects/{world.grant.number}/")
    html = page.content.decode()
    assert page.status_code == 200
    assert grants.TITLE in html and "福彩资金池" in html and "财政资金池" in html
    assert "30,000.00" in html and "15,000.00" in html
    rows = client.get("/projects/").context["rows"]
    assert [(row.origin, row.number, row.amount, row.fund) for row in rows] == [
        ("grant", world.grant.number, D("90000.00"), "lottery")
    ]


def test_the_public_page_before_the_agreement(client) -> None:
    world = grants.make_grant()
    assert world.grant.number in client.get(f"/projects/{world.grant.number}/").content.decode()


def test_the_page_of_the_call_shows_what_it_funded_and_how_it_goes(client) -> None:
    from marketplace.ventures.models import CallStatus

    world = grants.paid(grants.active_agreement())
    address = world.call.get_absolute_url()
    assert client.get(address).context["sections"] == []
    world.call.status = CallStatus.CLOSED
    world.call.save(update_fields=["status"])
    page = client.get(address).content.decode()
    assert f"/projects/{world.grant.number}/" in page and "45,000.00" in page
