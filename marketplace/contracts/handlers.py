"""Reactions to news: the face follows evaluations, reports and findings."""

from __future__ import annotations

from marketplace.accounts.events import FindingClosed, FindingRecorded
from marketplace.accounts.models import Finding
from marketplace.core import clock
from marketplace.core.events import subscribe
from marketplace.organizations.models import Organization
from marketplace.organizations.rules.face import Graded, Record, window_start
from marketplace.organizations.services.face import update_face

from .events import EvaluationFinal, MilestoneLate, ReportSubmitted
from .models import Evaluation, Milestone, PerformanceReport
from .selectors import face_facts


def subscribe_all() -> None:
    subscribe(EvaluationFinal, after_evaluation)
    subscribe(ReportSubmitted, after_report)
    subscribe(MilestoneLate, after_milestone)
    subscribe(FindingRecorded, after_finding)
    subscribe(FindingClosed, after_finding)


def after_evaluation(event: EvaluationFinal) -> None:
    refresh_face(Evaluation.objects.values_list("contract__supplier_id", flat=True).get(pk=event.evaluation_id))


def after_report(event: ReportSubmitted) -> None:
    reports = PerformanceReport.objects.values_list("milestone__contract__supplier_id", flat=True)
    refresh_face(reports.get(pk=event.report_id))


def after_milestone(event: MilestoneLate) -> None:
    refresh_face(Milestone.objects.values_list("contract__supplier_id", flat=True).get(pk=event.milestone_id))


def after_finding(event: FindingRecorded | FindingClosed) -> None:
    refresh_face(Finding.objects.values_list("body_id", flat=True).get(pk=event.finding_id))


def refresh_face(body_id: int) -> None:
    """Compute the face of a body, if it is an organization."""
    organization = Organization.objects.filter(body_id=body_id).first()
    if organization is None:
        return
    today = clock.today()
    facts = face_facts(body_id, window_start(today), today)
    record = Record(
        tuple(Graded(total, day, sentence) for total, day, sentence in facts.evaluations),
        facts.reports,
        facts.reports_on_time,
        facts.open_findings,
    )
    update_face(organization_id=organization.pk, record=record)
