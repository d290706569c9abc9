"""Reports on milestones, and evaluations."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.contracts import events
from marketplace.contracts.models import Evaluation, Milestone, PerformanceReport
from marketplace.core.events import subscribe
from marketplace.web.templatetags.web import day, moment

from ..services import notify, people_of
from .contracts import SUPPLIERS


def milestone_url(row: Milestone) -> str:
    return reverse("contracts:milestone-detail", args=[row.contract_id, row.position])


def report_by(pk: int) -> PerformanceReport:
    return PerformanceReport.objects.select_related("milestone__contract").get(pk=pk)


def report_submitted(event: events.ReportSubmitted) -> None:
    row = report_by(event.report_id)
    contract = row.milestone.contract
    facts = {"title": contract.title, "milestone": row.milestone.name}
    people = people_of([contract.buyer_id], Role.OFFICER)
    notify("report-submitted", f"{row.pk}:{row.version}", people, url=milestone_url(row.milestone), **facts)


def report_returned(event: events.ReportReturned) -> None:
    row = report_by(event.report_id)
    contract = row.milestone.contract
    facts = {"title": contract.title, "milestone": row.milestone.name, "reason": row.return_reason}
    people = people_of([contract.supplier_id], *SUPPLIERS)
    notify("report-returned", f"{row.pk}:{row.version}", people, url=milestone_url(row.milestone), **facts)


def milestone_by(pk: int) -> Milestone:
    return Milestone.objects.select_related("contract").get(pk=pk)


def milestone_accepted(event: events.MilestoneAccepted) -> None:
    row = milestone_by(event.milestone_id)
    people = people_of([row.contract.supplier_id], *SUPPLIERS)
    notify("report-accepted", str(row.pk), people, url=milestone_url(row), title=row.contract.title, milestone=row.name)


def milestone_late(event: events.MilestoneLate) -> None:
    row = milestone_by(event.milestone_id)
    people = [*people_of([row.contract.supplier_id], *SUPPLIERS), *people_of([row.contract.buyer_id], Role.OFFICER)]
    facts = {"title": row.contract.title, "milestone": row.name, "due": day(row.due_on)}
    notify("milestone-late", str(row.pk), people, url=milestone_url(row), **facts)


def evaluation_by(pk: int) -> Evaluation:
    return Evaluation.objects.select_related("contract").get(pk=pk)


def tell(kind: str, row: Evaluation, body_id: int, *roles: str) -> None:
    facts = {
        "title": row.contract.title,
        "due": moment(row.answer_due),
        "grade": row.get_grade_display(),
        "total": row.total if row.total is not None else "",
    }
    url = reverse("contracts:evaluation-detail", args=[row.pk])
    notify(kind, str(row.pk), people_of([body_id], *roles), url=url, **facts)


def evaluation_assigned(event: events.EvaluationAssigned) -> None:
    row = evaluation_by(event.evaluation_id)
    tell("evaluation-assigned", row, row.evaluator_id, Role.EVALUATOR)


def evaluation_drafted(event: events.EvaluationDrafted) -> None:
    row = evaluation_by(event.evaluation_id)
    tell("evaluation-draft", row, row.contract.supplier_id, *SUPPLIERS)


def evaluation_answered(event: events.EvaluationAnswered) -> None:
    row = evaluation_by(event.evaluation_id)
    tell("evaluation-answered", row, row.evaluator_id, Role.EVALUATOR)


def evaluation_final(event: events.EvaluationFinal) -> None:
    row = evaluation_by(event.evaluation_id)
    for body_id, roles in ((row.contract.supplier_id, SUPPLIERS), (row.contract.buyer_id, (Role.OFFICER,))):
        tell("evaluation-final", row, body_id, *roles)


def subscribe_all() -> None:
    for event, handler in (
        (events.ReportSubmitted, report_submitted),
        (events.ReportReturned, report_returned),
        (events.MilestoneAccepted, milestone_accepted),
        (events.MilestoneLate, milestone_late),
        (events.EvaluationAssigned, evaluation_assigned),
        (events.EvaluationDrafted, evaluation_drafted),
        (events.EvaluationAnswered, evaluation_answered),
        (events.EvaluationFinal, evaluation_final),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
