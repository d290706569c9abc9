"""Contracts in every state, brought there through the services."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.contracts.models import Contract, Disbursement, Evaluation, Milestone, PerformanceReport
from marketplace.contracts.services import (
    contract as contracts,
    disbursement as disbursements,
    evaluation as evaluations,
    report as reports,
)
from marketplace.core import clock

from .accounts import make_body, make_person, totp_code
from .awards import Awarded, make_award

SUMMARY = "本期为独居老人提供夜间应急陪护四百余次，组建志愿者队伍三支，完成入户安全检查，并为每位老人建立服务档案。"
FINDINGS = "项目按合同执行，目标人数完成百分之一百零四，夜间响应平均十一分钟；志愿者培训一项未达标，已列出整改时间。财务单独核算，票据完整。"


@dataclass
class World:
    """A contract and everybody around it."""

    awarded: Awarded
    contract: Contract
    report: PerformanceReport | None = None
    disbursement: Disbursement | None = None
    evaluation: Evaluation | None = None
    evaluator: Actor | None = None
    invoices: int = field(default=0)

    @property
    def officer(self) -> Actor:
        return self.awarded.officer

    @property
    def approver(self) -> Actor:
        return self.awarded.approver

    @property
    def finance(self) -> Actor:
        return self.awarded.finance

    @property
    def admin(self) -> Actor:
        return self.awarded.admin

    @property
    def reporter(self) -> Actor:
        return self.awarded.reporter

    @property
    def supplier(self) -> Body:
        return self.awarded.supplier

    @property
    def tender_number(self) -> str:
        return self.awarded.tender.number

    def milestone(self, position: int = 1) -> Milestone:
        return self.contract.milestones.get(position=position)

    def refresh(self) -> World:
        self.contract = Contract.objects.get(pk=self.contract.pk)
        return self


def a_photo(*, kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
    """A picture as a phone makes it, with data about place and device."""
    picture = Image.new("RGB", size, (180, 90, 60))
    exif = picture.getexif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    kept = io.BytesIO()
    picture.save(kept, kind, exif=exif.tobytes())
    return SimpleUploadedFile("IMG_0001.jpg", kept.getvalue(), "image/jpeg")


def a_pdf(text: str = "发票") -> SimpleUploadedFile:
    """A small readable PDF; other text, other hash."""
    body = f"%PDF-1.4\n% {text}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return SimpleUploadedFile("invoice.pdf", body.encode(), "application/pdf")


def drafted_contract(**award: Any) -> World:
    awarded = make_award(**award)
    return World(awarded, contracts.draft_contract(actor=awarded.officer, award_id=awarded.award.pk))


def proposed_contract(**award: Any) -> World:
    world = drafted_contract(**award)
    world.contract = contracts.propose_contract(actor=world.officer, contract_id=world.contract.pk)
    return world


EARLY = "采购人急需夜间服务，双方同意提前签订"


def signed_contract(**award: Any) -> World:
    world = proposed_contract(**award)
    key = world.contract.pk
    contracts.sign_contract(actor=world.approver, contract_id=key, code=totp_code(world.approver), reason=EARLY)
    contracts.sign_contract(actor=world.admin, contract_id=key, code=totp_code(world.admin))
    return world.refresh()


def active_contract(**award: Any) -> World:
    """Signed by both sides and published."""
    world = signed_contract(**award)
    contracts.publish_contract(actor=world.approver, contract_id=world.contract.pk)
    return world.refresh()


def report_input(**changes: Any) -> reports.ReportInput:
    values: dict[str, Any] = {
        "summary": SUMMARY,
        "people_planned": 300,
        "people_served": 312,
        "difficulties": "",
        "has_consent": True,
        "figures": (reports.FigureInput("夜间响应次数", "次", Decimal(400), Decimal(418)),),
        "spending": (
            reports.SpendingInput("陪护员劳务", Decimal("82000.00")),
            reports.SpendingInput("应急呼叫设备", Decimal("43000.00")),
        ),
    }
    return reports.ReportInput(**{**values, **changes})


def drafted_report(world: World, position: int = 1, **changes: Any) -> PerformanceReport:
    milestone = world.milestone(position)
    report = reports.start_report(actor=world.reporter, milestone_id=milestone.pk)
    report = reports.save_report(
        actor=world.reporter, report_id=report.pk, version=report.version, data=report_input(**changes)
    )
    if not report.photos.filter(removed_at=None).exists():
        reports.add_photo(
            actor=world.reporter, report_id=report.pk, upload=a_photo(), caption="服务站标牌", shows_sign=True
        )
    return report


def reported_milestone(world: World | None = None, position: int = 1, **changes: Any) -> World:
    """A milestone whose report waits for the buyer."""
    world = world or active_contract()
    draft = drafted_report(world, position, **changes)
    world.report = reports.submit_report(actor=world.reporter, report_id=draft.pk)
    return world


def acceptance(**changes: Any) -> reports.AcceptanceInput:
    values: dict[str, Any] = {
        "accepted_on": clock.today(),
        "opinion": "服务内容与合同一致，数量和质量达到要求，同意验收。",
        "members": "经办陈晨、街道民政干部一名",
        "users": "服务对象代表两名",
    }
    return reports.AcceptanceInput(**{**values, **changes})


def accepted_milestone(world: World | None = None, position: int = 1, **changes: Any) -> World:
    world = reported_milestone(world, position, **changes)
    assert world.report is not None
    world.report = reports.accept_report(actor=world.officer, report_id=world.report.pk, data=acceptance())
    return world.refresh()


def request_input(world: World, position: int = 1, **changes: Any) -> disbursements.RequestInput:
    world.invoices += 1
    values: dict[str, Any] = {
        "amount": world.milestone(position).amount,
        "payee_name": world.supplier.name,
        "bank_name": world.contract.bank_name,
        "bank_account": world.contract.bank_account,
        "invoice_number": f"0310022001{world.contract.pk:04d}{world.invoices:02d}",
        "invoice": a_pdf(f"发票 {world.contract.pk}-{world.invoices}"),
    }
    return disbursements.RequestInput(**{**values, **changes})


def requested_disbursement(world: World | None = None, position: int = 1, **changes: Any) -> World:
    world = world or accepted_milestone()
    world.disbursement = disbursements.request_disbursement(
        actor=world.reporter,
        milestone_id=world.milestone(position).pk,
        data=request_input(world, position, **changes),
    )
    return world


def approved_disbursement(world: World | None = None, position: int = 1) -> World:
    world = requested_disbursement(world, position)
    assert world.disbursement is not None
    for person in (world.approver, world.finance):
        disbursements.approve_disbursement(actor=person, disbursement_id=world.disbursement.pk)
    return world


def paid_milestone(world: World | None = None, position: int = 1) -> World:
    """Accepted, asked for, approved twice, paid."""
    world = approved_disbursement(accepted_milestone(world, position) if world else None, position)
    assert world.disbursement is not None
    world.disbursement = disbursements.record_payment(
        actor=world.finance,
        disbursement_id=world.disbursement.pk,
        bank_reference=f"ICBC{world.disbursement.pk:08d}",
        paid_on=clock.today(),
    )
    return world.refresh()


def assigned_evaluation(world: World | None = None, form: str = "budget") -> World:
    world = world or paid_milestone()
    body = make_body(BodyKind.EVALUATOR)
    world.evaluator = make_person(body, Role.EVALUATOR, name="评估方圆")
    world.evaluation = evaluations.assign_evaluation(
        actor=world.officer, contract_id=world.contract.pk, evaluator_id=body.pk, form=form
    )
    return world


def scores(evaluation: Evaluation, total: str = "92.4") -> tuple[evaluations.ScoreInput, ...]:
    """Scores that sum to `total`: full points, the rest taken from the largest first."""
    missing = Decimal(100) - Decimal(total)
    given = []
    for row in evaluation.indicators.all():
        taken = min(missing, row.weight)
        missing -= taken
        given.append(evaluations.ScoreInput(row.weight - taken, "查阅服务档案、票据，并电话回访服务对象二十名"))
    return tuple(given)


def scored_evaluation(world: World | None = None, total: str = "92.4", **changes: Any) -> World:
    world = assigned_evaluation(world)
    assert world.evaluation is not None
    assert world.evaluator is not None
    key = world.evaluation.pk
    evaluations.declare_no_conflict(actor=world.evaluator, evaluation_id=key)
    values: dict[str, Any] = {
        "findings": FINDINGS,
        "reason_sentence": "目标人数完成 104%，志愿者培训一项未达标",
        "is_misused": False,
    }
    data = evaluations.DraftInput(scores(world.evaluation, total), **{**values, **changes})
    world.evaluation = evaluations.save_scores(
        actor=world.evaluator, evaluation_id=key, version=world.evaluation.version, data=data
    )
    return world


def evaluated_contract(world: World | None = None, total: str = "92.4", **changes: Any) -> World:
    """Evaluated to the end: draft, the organization's answer, reply, final."""
    world = scored_evaluation(world, total, **changes)
    assert world.evaluation is not None
    assert world.evaluator is not None
    key = world.evaluation.pk
    evaluations.hand_over_draft(actor=world.evaluator, evaluation_id=key)
    answered = evaluations.answer_evaluation(
        actor=world.admin, evaluation_id=key, answer="同意评估意见，培训将在九月前补齐。"
    )
    data = evaluations.DraftInput(
        scores(answered, total), answered.findings, answered.reason_sentence, answered.is_misused, "已记录整改时间。"
    )
    evaluations.save_scores(actor=world.evaluator, evaluation_id=key, version=answered.version, data=data)
    world.evaluation = evaluations.finalize_evaluation(actor=world.evaluator, evaluation_id=key)
    return world.refresh()
