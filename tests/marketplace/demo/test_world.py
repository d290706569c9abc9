"""The demo world holds what it promises: the published figures, every state, an unbroken log, awards that add up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from marketplace.audit.models import LogEntry
from marketplace.contracts.models import (
    Contract,
    ContractStatus,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    MilestoneStatus,
)
from marketplace.contracts.rules.disbursement import next_run
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.workcalendar import calendar
from marketplace.demo.world.build import INSTANT
from marketplace.funds.services.ledger import faulty_lines
from marketplace.organizations.models import Face, Organization
from marketplace.procurement.models import Award, Lot, LotStatus, Objection, Tender, TenderStatus
from marketplace.sponsorship.models import Agreement, AgreementStatus
from marketplace.transparency.models import HistoricalProject, Statistic
from tests.support.world import World

pytestmark = [pytest.mark.story, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("world")]


@pytest.mark.parametrize(
    ("series", "count", "total"),
    [("F1", 484, Decimal("179070000.00")), ("F6", 400, Decimal("11000000.00")), ("F9", 35, Decimal("28700000.00"))],
)
def test_history_adds_up_to_the_published_totals(demo_world: World, series: str, count: int, total: Decimal) -> None:
    projects = HistoricalProject.objects.filter(series=series)
    assert projects.count() == count
    assert projects.aggregate(total=Sum("amount"))["total"] == total
    assert all("（演示）" in name for name in projects.values_list("organization_name", flat=True))


def test_figures_are_the_published_ones(demo_world: World) -> None:
    values = dict(Statistic.objects.values_list("key", "value"))
    assert values == {
        "f1-projects": 484,
        "f1-amount": 179_070_000,
        "f2-amount": 300_000_000,
        "f5-payments": 71_000,
        "f5-amount": 86_110_000,
        "f5-runs": 2,
        "f5-kinds": 5,
        "f6-amount": 11_000_000,
        "f6-projects": 400,
        "f6-organizations": 13_743,
        "f6-sales": 1_427_000_000,
        "f9-projects": 35,
        "f9-amount": 28_700_000,
        "f9-organizations": 22,
        "f11-organizations": 1_610,
    }


def test_the_clock_stands_at_the_instant_and_runs(demo_world: World) -> None:
    assert datetime(2026, 6, 15, 9, 0, tzinfo=ZONE) == INSTANT
    assert clock.now() >= INSTANT


def test_living_procedures_stand_in_every_state(demo_world: World) -> None:
    lots = Counter(Lot.objects.exclude(status=LotStatus.DRAFT).values_list("status", flat=True))
    assert lots == {
        LotStatus.OPEN: 2,
        LotStatus.CLOSED: 1,
        LotStatus.REVIEW: 1,
        LotStatus.AWARDED: 2,
        LotStatus.CONTRACTED: 5,
        LotStatus.VOID: 1,
    }
    tenders = Counter(Tender.objects.values_list("status", flat=True))
    assert tenders == {TenderStatus.PUBLISHED: 11, TenderStatus.SUBMITTED: 1, TenderStatus.DRAFT: 1}
    assert Objection.objects.get().is_holding
    assert Contract.objects.filter(milestones__late_flagged_at__isnull=False).distinct().count() == 1
    waiting = Contract.objects.get(title__contains="困境儿童").milestones.get(position=1).disbursements.get()
    assert (waiting.status, waiting.run_on) == (DisbursementStatus.FIRST_APPROVED, date(2026, 6, 25))
    assert Evaluation.objects.get(contract__title__contains="热线").status == EvaluationStatus.DRAFTED
    on_time = Contract.objects.get(title__contains="残疾人社区康复")
    assert on_time.status == ContractStatus.ACTIVE
    assert on_time.milestones.get(position=1).was_on_time is True
    done = Evaluation.objects.get(status=EvaluationStatus.FINAL)
    assert (done.total, done.grade) == (Decimal("92.40"), "excellent")
    assert set(done.contract.milestones.values_list("status", flat=True)) == {MilestoneStatus.ACCEPTED}
    assert Organization.objects.get(body=done.contract.supplier).face == Face.GOOD


def test_payments_left_in_runs_on_the_tenth_and_the_twenty_fifth(demo_world: World) -> None:
    """F5, R-VENT-15: each on its run's day, which is a working day, in time."""
    paid = Disbursement.objects.filter(status=DisbursementStatus.PAID)
    assert paid.count() == 7
    for request in paid:
        assert request.paid_on == request.run_on
        assert next_run(request.run_on, calendar()) == request.run_on
        assert not request.late_reason


def test_building_it_is_little_work(demo_world: World) -> None:
    """At most 90 seconds on a machine that does nothing else."""
    assert demo_world.work <= 90


def test_residents_find_the_finished_project_with_everything(demo_world: World) -> None:
    page = Client().get("/projects/SH-2025-0001/")
    part = page.context["project"].parts[0]
    assert (part.paid, part.evaluation.total) == (part.amount, Decimal("92.40"))
    assert sum(photo.shows_sign for photo in part.photos) == 3
    assert "优 · 92.4 分" in page.content.decode()


def test_the_log_is_unbroken(demo_world: World) -> None:
    call_command("verify_log")  # exits with 1 at the first broken entry
    assert LogEntry.objects.count() > 1000


def test_every_award_can_be_computed_again(demo_world: World) -> None:
    numbers = set(Award.objects.values_list("lot__tender__number", flat=True))
    assert len(numbers) == 7
    for number in numbers:
        call_command("verify_award", number)


def test_a_company_has_promised_money_to_the_spring_call(demo_world: World, client: Client) -> None:
    agreement = Agreement.objects.select_related("call", "sponsor__sponsor_profile").get()
    assert (agreement.status, agreement.amount) == (AgreementStatus.SIGNED, Decimal("240000.00"))
    assert agreement.call.title == "静安区邻里互助公益创投（2026 春季）"
    assert agreement.sponsor.name in client.get(reverse("sponsorship:sponsor-list")).content.decode()
    money = client.get(reverse("sponsorship:call-money", args=[agreement.call.number])).content.decode()
    assert agreement.sponsor.name in money and "240,000.00" in money
    assert faulty_lines() == []
