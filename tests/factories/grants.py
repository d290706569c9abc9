"""Grants of a call and their agreements in every state, brought there through the services.

The grant itself is made directly: how it is decided is tested with the assessment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.contracts.models import (
    ChangeRequest,
    Contract,
    Disbursement,
    Evaluation,
    Milestone,
    Payback,
    PerformanceReport,
)
from marketplace.contracts.services import (
    agreement as agreements,
    change as change_service,
    closing,
    contract as contracts,
    disbursement as disbursements,
    report as reports,
    stage as stages,
)
from marketplace.core import clock
from marketplace.core.identifiers import next_number
from marketplace.organizations.models import Organization, OrganizationKind
from marketplace.ventures.models import (
    Application,
    ApplicationStatus,
    BudgetLineOfApplication,
    BudgetShare,
    Call,
    Grant,
    GrantShare,
)

from . import contracts as world_of
from .accounts import make_body, make_person, totp_code
from .planning import BuyerPeople
from .ventures import published_call

TITLE = "银龄互助：独居老人邻里支持"
SUMMARY = "为静安区三个街道的独居老人建立邻里互助小组，提供日常探访、应急联络和兴趣活动。"
LINES = (
    ("direct", "活动物资", "60000.00", {0: "40000.00", None: "20000.00"}),
    ("staff", "社工补贴", "50000.00", {0: "20000.00", 1: "20000.00", None: "10000.00"}),
    ("indirect", "管理费用", "10000.00", {1: "10000.00"}),
)


@dataclass
class GrantWorld:
    """A grant, its agreement and everybody around it."""

    call: Call
    people: BuyerPeople
    grant: Grant
    supplier: Body
    admin: Actor
    reporter: Actor
    contract: Contract | None = None
    report: PerformanceReport | None = None
    disbursement: Disbursement | None = None
    evaluation: Evaluation | None = None
    evaluator: Actor | None = None
    invoices: int = field(default=0)

    @property
    def officer(self) -> Actor:
        return self.people.officer

    @property
    def approver(self) -> Actor:
        return self.people.approver

    @property
    def finance(self) -> Actor:
        return self.people.finance

    @property
    def agreement(self) -> Contract:
        assert self.contract is not None
        return self.contract

    def milestone(self, position: int = 1) -> Milestone:
        return self.agreement.milestones.get(position=position)

    def refresh(self) -> GrantWorld:
        self.contract = Contract.objects.get(grant=self.grant)
        return self


def make_application(call: Call, supplier: Body, author: Actor, *, lines: Any = LINES) -> Application:
    """An application that was granted, with its budget from two pots and own money."""
    pots = list(call.pots.all())
    application = Application.objects.create(
        call=call,
        body=supplier,
        form=call.form_versions.get(number=1),
        status=ApplicationStatus.GRANTED,
        title=TITLE,
        summary=SUMMARY,
        place="静安区三个街道",
        starts_on=date(2026, 7, 1),
        ends_on=date(2027, 3, 31),
        created_by_id=author.user_id,
        created_at=clock.now(),
        submitted_at=clock.now(),
    )
    for position, (kind, name, amount, shares) in enumerate(lines, start=1):
        line = BudgetLineOfApplication.objects.create(
            application=application, position=position, kind=kind, name=name, amount=Decimal(amount)
        )
        for place, part in shares.items():
            pot = None if place is None else pots[place]
            BudgetShare.objects.create(line=line, pot=pot, amount=Decimal(part))
    return application


def make_grant(*amounts: str, call: Call | None = None) -> GrantWorld:
    """A confirmed grant: 60,000 from the lottery pot and 30,000 from the fiscal pot unless said otherwise."""
    call = call or published_call()
    people: BuyerPeople = call.people  # type: ignore[attr-defined]
    supplier = make_body(BodyKind.ORGANIZATION)
    Organization.objects.create(
        body=supplier,
        kind=OrganizationKind.SERVICE_AGENCY,
        bank_name="中国工商银行上海静安支行",
        bank_account="6222021001112223334",
    )
    admin = make_person(supplier, Role.ORG_ADMIN, name="负责人孙晨", second_factor=True)
    reporter = make_person(supplier, Role.REPORTER, name="项目吴悠")
    application = make_application(call, supplier, admin)
    parts = [Decimal(amount) for amount in amounts or ("60000.00", "30000.00")]
    with transaction.atomic():
        number = next_number("project", people.body.region)
    grant = Grant.objects.create(
        application=application,
        number=number,
        amount=sum(parts),
        confirmed_by_id=people.approver.user_id,
        confirmed_at=clock.now(),
    )
    for pot, amount in zip(call.pots.all(), parts, strict=False):
        if amount:
            GrantShare.objects.create(grant=grant, pot=pot, amount=amount)
    return GrantWorld(call, people, grant, supplier, admin, reporter)


def drafted_agreement(*amounts: str, **more: Any) -> GrantWorld:
    world = make_grant(*amounts, **more)
    world.contract = agreements.draft_agreement(actor=world.officer, grant_id=world.grant.pk)
    return world


def proposed_agreement(*amounts: str, **more: Any) -> GrantWorld:
    world = drafted_agreement(*amounts, **more)
    contracts.propose_contract(actor=world.officer, contract_id=world.agreement.pk)
    return world.refresh()


def signed_agreement(*amounts: str, **more: Any) -> GrantWorld:
    world = proposed_agreement(*amounts, **more)
    for person in (world.approver, world.admin):
        contracts.sign_contract(actor=person, contract_id=world.agreement.pk, code=totp_code(person))
    return world.refresh()


def active_agreement(*amounts: str, **more: Any) -> GrantWorld:
    """Signed by both sides and published: the first tranche may be asked for."""
    world = signed_agreement(*amounts, **more)
    contracts.publish_contract(actor=world.approver, contract_id=world.agreement.pk)
    return world.refresh()


def request_input(world: GrantWorld, position: int = 1, **changes: Any) -> disbursements.RequestInput:
    return world_of.request_input(world, position, **changes)  # type: ignore[arg-type]


def requested(world: GrantWorld, position: int = 1, **changes: Any) -> GrantWorld:
    world.disbursement = disbursements.request_disbursement(
        actor=world.reporter,
        milestone_id=world.milestone(position).pk,
        data=request_input(world, position, **changes),
    )
    return world


def paid(world: GrantWorld, position: int = 1, **changes: Any) -> GrantWorld:
    """The tranche of a stage that was passed: asked for, approved twice, paid."""
    requested(world, position, **changes)
    assert world.disbursement is not None
    for person in (world.approver, world.finance):
        disbursements.approve_disbursement(actor=person, disbursement_id=world.disbursement.pk)
    world.disbursement = disbursements.record_payment(
        actor=world.finance,
        disbursement_id=world.disbursement.pk,
        bank_reference=f"ICBC{world.disbursement.pk:08d}",
        paid_on=clock.today(),
    )
    return world.refresh()


def report_input(world: GrantWorld, *amounts: str, **changes: Any) -> reports.ReportInput:
    """Spending on the lines of the budget, in their order."""
    lines = list(world.agreement.budget.all())
    spending = tuple(
        reports.SpendingInput(f"{line.name}支出", Decimal(amount), line.pk)
        for line, amount in zip(lines, amounts or ("20000.00", "15000.00", "4000.00"), strict=False)
    )
    return world_of.report_input(**{"spending": spending, **changes})


def reported(world: GrantWorld, position: int = 2, *amounts: str, **changes: Any) -> GrantWorld:
    """A stage whose report waits for the officer."""
    report = reports.start_report(actor=world.reporter, milestone_id=world.milestone(position).pk)
    report = reports.save_report(
        actor=world.reporter, report_id=report.pk, version=report.version, data=report_input(world, *amounts, **changes)
    )
    reports.add_photo(
        actor=world.reporter, report_id=report.pk, upload=world_of.a_photo(), caption="服务站标牌", shows_sign=True
    )
    world.report = reports.submit_report(actor=world.reporter, report_id=report.pk)
    return world


def look(**changes: Any) -> stages.LookInput:
    values = {"kind": "desk", "made_on": clock.today(), "note": "材料齐全，与服务记录一致。", "has_doubt": False}
    return stages.LookInput(**{**values, **changes})


def passed(world: GrantWorld, position: int = 2, *amounts: str) -> GrantWorld:
    """Reported, reviewed at the desk, accepted."""
    reported(world, position, *amounts)
    assert world.report is not None
    stages.record_look(actor=world.officer, milestone_id=world.milestone(position).pk, data=look())
    world.report = reports.accept_report(actor=world.officer, report_id=world.report.pk, data=world_of.acceptance())
    return world.refresh()


def audited(world: GrantWorld, spent: str = "90000.00") -> GrantWorld:
    auditor = make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)
    data = closing.AuditInput("clean", "项目资金单独核算，票据齐全。", Decimal(spent), world_of.a_pdf("审计报告"))
    closing.record_audit(actor=auditor, contract_id=world.agreement.pk, data=data)
    return world.refresh()


def all_paid() -> GrantWorld:
    """Both reports passed, all three tranches paid."""
    world = paid(active_agreement())
    paid(passed(world, 2), 2)
    return paid(passed(world, 3), 3)


def proposed_payback(world: GrantWorld | None = None, **changes: Any) -> tuple[GrantWorld, Payback]:
    world = world or paid(active_agreement())
    values: dict[str, Any] = {
        "cause": "breach",
        "amount": Decimal("45000.00"),
        "reason": "虚报活动支出，挪用资助款",
        "due_on": clock.today() + timedelta(days=30),
        "asks_ban": True,
    }
    data = closing.PaybackInput(**{**values, **changes})
    return world, closing.propose_payback(actor=world.officer, contract_id=world.agreement.pk, data=data)


def demanded_payback(world: GrantWorld | None = None, **changes: Any) -> tuple[GrantWorld, Payback]:
    world, row = proposed_payback(world, **changes)
    closing.answer_payback(actor=world.admin, payback_id=row.pk, answer="已核对票据，愿意退回。")
    return world.refresh(), closing.confirm_payback(actor=world.approver, payback_id=row.pk)


def change_input(world: GrantWorld, **changes: Any) -> change_service.ChangeInput:
    """A shift of 5,000 of the lottery pot from the first to the second line."""
    lines = list(world.agreement.budget.all())
    values: dict[str, Any] = {
        "kind": "budget",
        "reason": "活动改为线上，物资减少，社工工作量增加",
        "from_line_id": lines[0].pk,
        "to_line_id": lines[1].pk,
        "share_id": world.agreement.shares.get(position=1).pk,
        "amount": Decimal("5000.00"),
    }
    return change_service.ChangeInput(**{**values, **changes})


def asked_change(world: GrantWorld | None = None, **changes: Any) -> tuple[GrantWorld, ChangeRequest]:
    world = world or active_agreement()
    return world, change_service.ask_change(
        actor=world.reporter, contract_id=world.agreement.pk, data=change_input(world, **changes)
    )
