"""Mid-term and final: self-report, desk review, calls and visits on doubt; failed is named, stopped, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts.models import ContractStatus, Disbursement, MilestoneStatus, StageLook
from marketplace.contracts.schedule import missed_midterms
from marketplace.contracts.services import report as reports, stage as stages
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.funds.models import LedgerEntry, LedgerKind
from marketplace.funds.selectors import outstanding_by_line
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from tests.factories import contracts as world_of, grants

pytestmark = pytest.mark.django_db
D = Decimal


def move(text: str) -> None:
    clock.move_to(datetime.fromisoformat(text).replace(tzinfo=clock.ZONE))


def accept(world: grants.GrantWorld) -> None:
    reports.accept_report(actor=world.officer, report_id=world.report.pk, data=world_of.acceptance())


def test_the_final_report_waits_for_the_mid_term() -> None:
    world = grants.active_agreement()
    with pytest.raises(Refused) as refusal:
        reports.start_report(actor=world.reporter, milestone_id=world.milestone(3).pk)
    assert refusal.value.rule_id == "R-VENT-09"


def test_a_stage_passes_after_a_desk_review_only() -> None:
    world = grants.reported(grants.active_agreement())
    with pytest.raises(Refused) as refusal:
        accept(world)
    assert refusal.value.rule_id == "R-VENT-10"
    assert world.milestone(2).status == MilestoneStatus.REPORTED
    stages.record_look(actor=world.officer, milestone_id=world.milestone(2).pk, data=grants.look())
    accept(world)
    assert world.milestone(2).status == MilestoneStatus.ACCEPTED
    grants.paid(world, 2)


def test_a_doubt_is_cleared_by_a_call_or_a_visit_not_at_the_desk() -> None:
    world = grants.reported(grants.active_agreement())
    key = world.milestone(2).pk
    stages.record_look(actor=world.officer, milestone_id=key, data=grants.look(has_doubt=True, note="人数偏高"))
    with pytest.raises(Refused):
        accept(world)
    with pytest.raises(Refused):
        stages.record_look(actor=world.officer, milestone_id=key, data=grants.look())
    stages.record_look(actor=world.officer, milestone_id=key, data=grants.look(kind="visit", note="现场核对属实"))
    assert StageLook.objects.count() == 2
    accept(world)


@pytest.mark.parametrize("wrong", [{"note": " "}, {"days": 1}, {"days": -1}], ids=["no note", "tomorrow", "before"])
def test_a_look_needs_words_and_a_day(wrong: dict) -> None:
    world = grants.reported(grants.active_agreement())
    days = wrong.pop("days", 0)
    data = grants.look(made_on=clock.today() + timedelta(days=days), **wrong)
    with pytest.raises(Refused):
        stages.record_look(actor=world.officer, milestone_id=world.milestone(2).pk, data=data)
    assert not StageLook.objects.exists()


def test_a_look_without_a_report_or_by_a_stranger() -> None:
    world = grants.active_agreement()
    with pytest.raises(MarketplaceError):
        stages.record_look(actor=world.officer, milestone_id=world.milestone(2).pk, data=grants.look())
    with pytest.raises(NotAllowed):
        stages.record_look(actor=world.approver, milestone_id=world.milestone(2).pk, data=grants.look())


def test_a_missed_mid_term_ends_the_project_by_the_clock_and_names_it() -> None:
    world = grants.paid(grants.active_agreement())
    due = world.milestone(2).due_on
    move(f"{due.isoformat()} 23:59")
    assert list(missed_midterms(clock.now())) == []
    move(f"{(due + timedelta(days=1)).isoformat()} 00:05")
    jobs = list(missed_midterms(clock.now()))
    assert len(jobs) == 1
    for _name, job in jobs * 2:
        job()
    assert list(missed_midterms(clock.now())) == []
    world.refresh()
    assert world.agreement.status == ContractStatus.ENDED
    assert world.milestone(2).status == MilestoneStatus.FAILED
    assert set(outstanding_by_line(world.agreement).values()) == {D("0.00")}
    released = LedgerEntry.objects.filter(kind=LedgerKind.RELEASE).values_list("amount", flat=True)
    assert sorted(released) == [D("15000.00"), D("30000.00")]
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.GRANT_ENDED)
    assert (notice.data["paid"], notice.data["released"]) == ("45000.00", "45000.00")
    assert world.supplier.name == notice.data["organization_name"]


def test_a_mid_term_in_time_does_not_fail() -> None:
    world = grants.reported(grants.active_agreement())
    due = world.milestone(2).due_on
    move(f"{(due + timedelta(days=5)).isoformat()} 00:05")
    assert list(missed_midterms(clock.now())) == []
    stages.fail_late(milestone_id=world.milestone(2).pk)
    assert world.refresh().agreement.status == ContractStatus.ACTIVE


def test_not_passed_takes_two_officers_and_stops_payments() -> None:
    world = grants.reported(grants.requested(grants.active_agreement()))
    key = world.milestone(2).pk
    with pytest.raises(NotAllowed):
        stages.propose_failure(actor=world.approver, milestone_id=key, reason="x")
    with pytest.raises(MarketplaceError):
        stages.confirm_failure(actor=world.approver, milestone_id=key)
    with pytest.raises(MarketplaceError):
        stages.propose_failure(actor=world.officer, milestone_id=key, reason=" ")
    stages.propose_failure(actor=world.officer, milestone_id=key, reason="活动未开展，记录不实")
    assert world.refresh().agreement.status == ContractStatus.ACTIVE
    stages.confirm_failure(actor=world.approver, milestone_id=key)
    assert world.refresh().agreement.status == ContractStatus.ENDED
    assert Disbursement.objects.get().status == "returned"
    with pytest.raises(Refused):
        grants.requested(world)


def test_a_proposal_may_be_dropped() -> None:
    world = grants.reported(grants.active_agreement())
    key = world.milestone(2).pk
    stages.propose_failure(actor=world.officer, milestone_id=key, reason="记录不全")
    with pytest.raises(MarketplaceError):
        stages.drop_failure(actor=world.approver, milestone_id=key, reason="")
    stages.drop_failure(actor=world.approver, milestone_id=key, reason="记录已补齐")
    assert world.milestone(2).fail_proposed_at is None
    assert not NoticeSnapshot.objects.filter(kind=NoticeKind.GRANT_ENDED).exists()


def test_spending_names_a_line_of_this_budget() -> None:
    world = grants.active_agreement()
    report = reports.start_report(actor=world.reporter, milestone_id=world.milestone(2).pk)
    other = grants.drafted_agreement().agreement.budget.first()
    wrong = world_of.report_input(spending=(reports.SpendingInput("物资", D("1.00"), other.pk),))
    with pytest.raises(MarketplaceError):
        reports.save_report(actor=world.reporter, report_id=report.pk, version=1, data=wrong)
    unnamed = world_of.report_input(spending=(reports.SpendingInput("物资", D("1.00")),))
    reports.save_report(actor=world.reporter, report_id=report.pk, version=1, data=unnamed)
    assert "R-VENT-11" in {decision.rule_id for decision in reports.check_report(report) if not decision.allowed}
    with pytest.raises(Refused):
        reports.submit_report(actor=world.reporter, report_id=report.pk)


def test_an_overspent_line_is_a_doubt_of_the_next_payment() -> None:
    world = grants.passed(grants.paid(grants.active_agreement()), 2, "20000.00", "44000.01", "1000.00")
    grants.requested(world, 2)
    line = world.disbursement.checks.get(code="budget_lines")
    assert (line.passed, line.may_explain) == (False, True)
    assert "社工补贴" in line.fact
