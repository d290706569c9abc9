"""Reporting on a milestone, and the buyer's acceptance or return.

Refuses an incomplete report, banned lottery spending (R-LOT-03), photos without consent (R-CHAR-10), an acceptance
without service users (R-CON-14). Announces ReportSubmitted, ReportReturned, MilestoneAccepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import Decision, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked
from marketplace.core.rules.time import day_of
from marketplace.documents.models import Document
from marketplace.funds.rules.purposes import check_spending
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import MilestoneAccepted, ReportReturned, ReportSubmitted
from ..lifecycle import MILESTONE, REPORT
from ..models import (
    Contract,
    ContractStatus,
    Milestone,
    MilestoneStatus,
    PerformanceReport,
    ReportFigure,
    ReportPhoto,
    ReportSpending,
    ReportStatus,
)
from ..notices import acceptance_notice
from ..permissions import can_accept_milestone, can_report_milestone
from ..rules import report as rules
from ..rules.agreement import check_spending_lines
from ..selectors import spent_on
from .photo import keep_photo
from .stage import check_passing, check_turn

MOST_PHOTOS = 12


@dataclass(frozen=True)
class FigureInput:
    name: str
    unit: str
    planned: Decimal
    actual: Decimal


@dataclass(frozen=True)
class SpendingInput:
    name: str
    amount: Decimal
    line_id: int | None = None
    """Of a grant: the line of its budget."""


@dataclass(frozen=True)
class ReportInput:
    summary: str
    people_planned: int
    people_served: int
    difficulties: str
    has_consent: bool
    figures: tuple[FigureInput, ...]
    spending: tuple[SpendingInput, ...]


@dataclass(frozen=True)
class AcceptanceInput:
    accepted_on: date
    opinion: str
    members: str
    users: str


def start_report(*, actor: Actor, milestone_id: int) -> PerformanceReport:
    """The open draft of a milestone; the first one, or a copy of what was returned."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = milestone.contract
        require_permission(can_report_milestone(actor, contract))
        if contract.status != ContractStatus.ACTIVE:
            raise MarketplaceError(
                _("The contract is not in performance, so there is nothing to report."), code="wrong_state"
            )
        draft = milestone.reports.filter(status=ReportStatus.DRAFT).first()
        if draft is not None:
            return draft
        require(check_turn(milestone))
        if milestone.status not in (MilestoneStatus.PENDING, MilestoneStatus.RETURNED):
            raise MarketplaceError(_("This milestone has been reported already."), code="wrong_state")
        draft = _copy_of(actor, milestone, milestone.reports.filter(status=ReportStatus.RETURNED).first())
        log.record("performance.started", draft, actor, project=contract.project_number, milestone=milestone.position)
        return draft


def _copy_of(actor: Actor, milestone: Milestone, returned: PerformanceReport | None) -> PerformanceReport:
    now = clock.now()
    words = ("summary", "people_planned", "people_served", "spent", "difficulties", "has_consent")
    draft = PerformanceReport.objects.create(
        milestone=milestone,
        created_by_id=actor.user_id,
        created_at=now,
        saved_at=now,
        **({name: getattr(returned, name) for name in words} if returned else {}),
    )
    if returned:
        _replace_rows(draft, list(returned.figures.all()), list(returned.spending.all()))
        for photo in returned.photos.filter(removed_at=None):
            photo.pk, photo.report, photo._state.adding = None, draft, True
            photo.save()
    return draft


def _replace_rows(report: PerformanceReport, figures: list[Any], spending: list[Any]) -> None:
    report.figures.all().delete()
    report.spending.all().delete()
    ReportFigure.objects.bulk_create(
        ReportFigure(
            report=report, position=position, name=row.name, unit=row.unit, planned=row.planned, actual=row.actual
        )
        for position, row in enumerate(figures, start=1)
    )
    ReportSpending.objects.bulk_create(
        ReportSpending(report=report, position=position, name=row.name, amount=row.amount, line_id=row.line_id)
        for position, row in enumerate(spending, start=1)
    )


def _locked_draft(actor: Actor, report_id: int) -> PerformanceReport:
    report = locked(PerformanceReport, report_id)
    require_permission(can_report_milestone(actor, report.milestone.contract))
    if report.status != ReportStatus.DRAFT:
        raise MarketplaceError(_("This report has been handed in and cannot be changed."), code="wrong_state")
    return report


def save_report(*, actor: Actor, report_id: int, version: int, data: ReportInput) -> PerformanceReport:
    """Save the draft as it is, complete or not. Saving is no entry of the log."""
    with audit.transaction():
        report = _locked_draft(actor, report_id)
        if report.version != version:
            raise StaleVersion(_("This report was saved elsewhere meanwhile."), current=report)
        for name in ("summary", "people_planned", "people_served", "difficulties", "has_consent"):
            setattr(report, name, getattr(data, name))
        report.spent = sum((line.amount for line in data.spending), Decimal("0.00"))
        report.version += 1
        report.saved_at = clock.now()
        report.save()
        _check_lines(report, data.spending)
        _replace_rows(report, list(data.figures), list(data.spending))
        return report


def _check_lines(report: PerformanceReport, spending: tuple[SpendingInput, ...]) -> None:
    """A line of another agreement's budget is no line of this one."""
    named = {row.line_id for row in spending if row.line_id is not None}
    if named - set(report.milestone.contract.budget.filter(pk__in=named).values_list("pk", flat=True)):
        raise MarketplaceError(_("Choose a line of this agreement's budget."), field="spending", rule_id="R-VENT-11")


def add_photo(*, actor: Actor, report_id: int, upload: Any, caption: str, shows_sign: bool) -> ReportPhoto:
    """A photo for the draft, kept without place and device data (R-CHAR-10)."""
    with audit.transaction():
        report = _locked_draft(actor, report_id)
        if report.photos.filter(removed_at=None).count() >= MOST_PHOTOS:
            raise MarketplaceError(
                _("A report holds up to %(count)d photos. Take one out first.") % {"count": MOST_PHOTOS}, field="photo"
            )
        if not caption.strip():
            raise MarketplaceError(_("Say in a few words what the photo shows."), field="caption")
        return keep_photo(actor=actor, report=report, upload=upload, caption=caption.strip(), shows_sign=shows_sign)


def remove_photo(*, actor: Actor, report_id: int, photo_id: int) -> None:
    with audit.transaction():
        report = _locked_draft(actor, report_id)
        report.photos.filter(pk=photo_id, removed_at=None).update(removed_at=clock.now())


def check_report(report: PerformanceReport) -> list[Any]:
    """What the report still misses, as the page's check list (R-GPS-09, R-LOT-05, R-LOT-06, R-CHAR-10)."""
    contract = report.milestone.contract
    photos = report.photos.filter(removed_at=None)
    is_lottery = contract.is_lottery
    facts = rules.ReportFacts(
        summary=report.summary,
        people_planned=report.people_planned,
        figures=report.figures.count(),
        spent=report.spent,
        contract_amount=contract.amount,
        spent_before=spent_on(contract, but=report.milestone_id),
        photos=photos.count(),
        photos_with_sign=photos.filter(shows_sign=True).count(),
        has_consent=report.has_consent,
        is_lottery=is_lottery,
    )
    spending = check_spending(report.spending.values_list("name", flat=True), is_lottery=is_lottery)
    return [*rules.check_complete(facts), *(row for row in (spending, _lines_named(report)) if not row.allowed)]


def _lines_named(report: PerformanceReport) -> Decision:
    """Spending of a grant names the lines of its budget."""
    if not report.milestone.contract.budget.exists():
        return check_spending_lines([])
    return check_spending_lines(list(report.spending.filter(line=None).values_list("name", flat=True)))


def submit_report(*, actor: Actor, report_id: int) -> PerformanceReport:
    """Hand the report in; from now on it is fixed."""
    with audit.transaction() as log:
        report = locked(PerformanceReport, report_id)
        milestone = locked(Milestone, report.milestone_id)
        contract = milestone.contract
        require_permission(can_report_milestone(actor, contract))
        require(*check_report(report))
        REPORT.apply(report, "submit", actor=actor)
        MILESTONE.apply(milestone, "report", actor=actor)
        now = clock.now()
        report.submitted_at, report.submitted_by_id = now, actor.user_id
        report.save(update_fields=["submitted_at", "submitted_by"])
        if milestone.reported_at is None:
            milestone.reported_at = now
            milestone.save(update_fields=["reported_at"])
        log.record(
            "performance.submitted",
            report,
            actor,
            project=contract.project_number,
            milestone=milestone.position,
            people_served=report.people_served,
            spent=report.spent,
        )
        announce(ReportSubmitted(report.pk))
        return report


def accept_report(*, actor: Actor, report_id: int, data: AcceptanceInput) -> PerformanceReport:
    """Acceptance with its members and service users, and its notice (R-CON-14, R-NOTICE-09)."""
    with audit.transaction() as log:
        report = locked(PerformanceReport, report_id)
        milestone = locked(Milestone, report.milestone_id)
        contract = milestone.contract
        require_permission(can_accept_milestone(actor, contract))
        _expect_submitted(report)
        require(
            *rules.check_acceptance(
                data.opinion,
                data.members,
                data.users,
                data.accepted_on,
                day_of(report.submitted_at),  # type: ignore[arg-type]
                clock.today(),
            ),
            *check_passing(milestone),
        )
        REPORT.apply(report, "accept", actor=actor)
        MILESTONE.apply(milestone, "accept", actor=actor)
        _keep_acceptance(actor, report, milestone, data)
        report.snapshot = _publish_acceptance(log, actor, contract, report)
        report.save(update_fields=["snapshot"])
        log.record(
            "milestone.accepted",
            milestone,
            actor,
            project=contract.project_number,
            milestone=milestone.position,
            accepted_on=data.accepted_on.isoformat(),
        )
        announce(MilestoneAccepted(milestone.pk))
        return report


def _expect_submitted(report: PerformanceReport) -> None:
    if report.status != ReportStatus.SUBMITTED:
        raise MarketplaceError(_("This report is not waiting for a decision (any more)."), code="wrong_state")


def _keep_acceptance(actor: Actor, report: PerformanceReport, milestone: Milestone, data: AcceptanceInput) -> None:
    now = clock.now()
    report.decided_by_id, report.decided_at, report.accepted_on = actor.user_id, now, data.accepted_on
    report.acceptance_opinion = data.opinion.strip()
    report.acceptance_members, report.acceptance_users = data.members.strip(), data.users.strip()
    report.save()
    shown = report.photos.filter(removed_at=None).values("document")
    Document.objects.filter(pk__in=shown).update(is_public=True)  # as the form said when they were added
    milestone.accepted_at = now
    milestone.save(update_fields=["accepted_at"])


def _publish_acceptance(log: Any, actor: Actor, contract: Contract, report: PerformanceReport) -> Any:
    notice = acceptance_notice(report)
    return publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.ACCEPTANCE,
        title=notice.title,
        subject=report,
        project_number=contract.project_number,
        body=contract.buyer,
        region=contract.buyer.region,
        data=notice.data,
    )


def return_report(*, actor: Actor, report_id: int, reason: str) -> PerformanceReport:
    """Back to the organization with what must be added; the returned report stays as it was."""
    with audit.transaction() as log:
        report = locked(PerformanceReport, report_id)
        milestone = locked(Milestone, report.milestone_id)
        require_permission(can_accept_milestone(actor, milestone.contract))
        if not reason.strip():
            raise MarketplaceError(_("Write down what must be added or corrected."), field="reason")
        REPORT.apply(report, "return", actor=actor)
        MILESTONE.apply(milestone, "return", actor=actor)
        report.decided_by_id, report.decided_at, report.return_reason = actor.user_id, clock.now(), reason.strip()
        report.save(update_fields=["decided_by", "decided_at", "return_reason"])
        log.record(
            "performance.returned", report, actor, project=milestone.contract.project_number, reason=reason.strip()
        )
        announce(ReportReturned(report.pk))
        return report
