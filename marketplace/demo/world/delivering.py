"""From the contract to the face, as the demo's officers, organizations and evaluators do it."""

from __future__ import annotations

from decimal import Decimal

from marketplace.accounts.models import Body
from marketplace.contracts.models import Contract, Disbursement, Evaluation, Milestone
from marketplace.contracts.services import (
    contract as contracts,
    disbursement as disbursements,
    evaluation as evaluations,
    report as reports,
)
from marketplace.core import clock
from marketplace.procurement.models import Award

from ..papers import paper, upload
from ..photos import SIGN, photo, scene_of
from ..queue import render_waiting
from .tendering import Plan
from .town import Town

FINDINGS = (
    "项目按合同执行，服务人数和服务量达到计划，服务记录完整；财务单独核算，票据齐全。"
    "抽查服务档案四十份、电话回访服务对象六十名，满意度高于目标；志愿者培训的频次略低于计划，已列出整改时间。"
)


def org_actor(town: Town, body: Body):  # type: ignore[no-untyped-def]
    key = next(key for key, known in town.bodies.items() if known.pk == body.pk)
    return town.actor(f"{key}@org.example")


def sign(town: Town, plan: Plan, award: Award) -> Contract:
    officer, approver = town.actor(plan.buyer.officer), town.actor(plan.buyer.approver)
    contract = contracts.draft_contract(actor=officer, award_id=award.pk)
    contracts.propose_contract(actor=officer, contract_id=contract.pk)
    render_waiting("contract")
    supplier = org_actor(town, contract.supplier)
    contracts.sign_contract(actor=approver, contract_id=contract.pk, code=town.code(approver))
    contracts.sign_contract(actor=supplier, contract_id=contract.pk, code=town.code(supplier))
    contracts.publish_contract(actor=approver, contract_id=contract.pk)
    return contracts.file_contract(
        actor=officer, contract_id=contract.pk, filing_number=f"备案[{clock.today().year}]{contract.pk:04d}"
    )


def report(town: Town, contract: Contract, position: int, *, planned: int, served: int) -> None:
    """The organization reports a milestone from a phone: figures, people, money, photos."""
    milestone = contract.milestones.get(position=position)
    actor = org_actor(town, contract.supplier)
    row = reports.start_report(actor=actor, milestone_id=milestone.pk)
    row = reports.save_report(
        actor=actor,
        report_id=row.pk,
        version=row.version,
        data=reports.ReportInput(
            summary=f"{milestone.name}阶段按计划完成：{milestone.deliverable}。团队按周排班，每位服务对象建立档案，服务记录逐次签字，并与街道每月核对一次名单。",
            people_planned=planned,
            people_served=served,
            difficulties="夏季高温期间上门时间有调整，已提前通知服务对象。",
            has_consent=True,
            figures=(reports.FigureInput("服务人次", "人次", Decimal(planned * 6), Decimal(served * 6)),),
            spending=(
                reports.SpendingInput("专业人员劳务", (milestone.amount * Decimal("0.7")).quantize(Decimal("0.01"))),
                reports.SpendingInput("活动与物资", (milestone.amount * Decimal("0.2")).quantize(Decimal("0.01"))),
            ),
        ),
    )
    for scene, caption in ((SIGN, "服务站点门口的资助标牌"), (scene_of(position), "服务现场（示意图，不含真人）")):
        picture = upload(f"{scene}.jpg", photo(scene, contract.supplier.name), "image/jpeg")
        reports.add_photo(actor=actor, report_id=row.pk, upload=picture, caption=caption, shows_sign=scene == SIGN)
    reports.submit_report(actor=actor, report_id=row.pk)


def accept(town: Town, plan: Plan, contract: Contract, position: int) -> None:
    row = contract.milestones.get(position=position).reports.get(status="submitted")
    acceptance = reports.AcceptanceInput(
        accepted_on=clock.today(),
        opinion="服务内容与合同一致，数量和质量达到要求，同意验收。",
        members=f"{town.actor(plan.buyer.officer).name}、街道民政干部一名",
        users="服务对象代表两名",
    )
    reports.accept_report(actor=town.actor(plan.buyer.officer), report_id=row.pk, data=acceptance)


def request_payment(town: Town, contract: Contract, position: int) -> Disbursement:
    milestone: Milestone = contract.milestones.get(position=position)
    actor = org_actor(town, contract.supplier)
    number = f"3100{contract.pk:06d}{position:02d}"
    invoice = upload("发票.pdf", paper(f"发票 {number}", contract.supplier.name, pages=1))
    return disbursements.request_disbursement(
        actor=actor,
        milestone_id=milestone.pk,
        data=disbursements.RequestInput(
            amount=milestone.amount,
            payee_name=contract.supplier.name,
            bank_name=contract.bank_name,
            bank_account=contract.bank_account,
            invoice_number=number,
            invoice=invoice,
        ),
    )


def approve_first(town: Town, plan: Plan, row: Disbursement) -> None:
    disbursements.approve_disbursement(actor=town.actor(plan.buyer.approver), disbursement_id=row.pk)


def pay(town: Town, plan: Plan, row: Disbursement) -> None:
    finance = town.actor(f"finance@{plan.buyer.key}.example")
    disbursements.approve_disbursement(actor=finance, disbursement_id=row.pk)
    reference = f"YH{clock.today():%Y%m%d}{row.pk:06d}"
    disbursements.record_payment(actor=finance, disbursement_id=row.pk, bank_reference=reference, paid_on=clock.today())


def assign(town: Town, plan: Plan, contract: Contract) -> Evaluation:
    return evaluations.assign_evaluation(
        actor=town.actor(plan.buyer.officer),
        contract_id=contract.pk,
        evaluator_id=town.body("mingde").pk,
        form="budget",
    )


def draft_evaluation(town: Town, row: Evaluation, total: str, sentence: str) -> None:
    actor = town.actor("evaluator@mingde.example")
    evaluations.declare_no_conflict(actor=actor, evaluation_id=row.pk)
    row.refresh_from_db()
    evaluations.save_scores(
        actor=actor, evaluation_id=row.pk, version=row.version, data=_scores(row, total, sentence, "")
    )
    evaluations.hand_over_draft(actor=actor, evaluation_id=row.pk)


def answer(town: Town, row: Evaluation, text: str) -> None:
    evaluations.answer_evaluation(actor=org_actor(town, row.contract.supplier), evaluation_id=row.pk, answer=text)


def finish_evaluation(town: Town, row: Evaluation, total: str, sentence: str) -> None:
    actor = town.actor("evaluator@mingde.example")
    row.refresh_from_db()
    data = _scores(row, total, sentence, "已核对补充材料，维持结论并记录整改时间。")
    evaluations.save_scores(actor=actor, evaluation_id=row.pk, version=row.version, data=data)
    evaluations.finalize_evaluation(actor=actor, evaluation_id=row.pk)


def _scores(row: Evaluation, total: str, sentence: str, reply: str) -> evaluations.DraftInput:
    """Full points, the missing ones taken from the indicators in turn."""
    missing, given = Decimal(100) - Decimal(total), []
    for indicator in row.indicators.all():
        taken = min(missing, (indicator.weight * Decimal("0.3")).quantize(Decimal("0.1")))
        missing -= taken
        given.append(evaluations.ScoreInput(indicator.weight - taken, "查阅服务档案和票据，电话回访服务对象六十名"))
    return evaluations.DraftInput(tuple(given), FINDINGS, sentence, False, reply)
