"""What came of contracts, published: milestones, payments, accepted reports, photos, the final evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q

from marketplace.contracts.models import (
    Contract,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    Milestone,
    PerformanceReport,
    ReportPhoto,
    ReportStatus,
)
from marketplace.publication.models import NoticeSnapshot


@dataclass(kw_only=True)
class Performed:
    """A contract, once it is published, and what came of it."""

    contract: Contract | None = None
    milestones: list[Any] = field(default_factory=list)
    """Milestones with `paid` and `accepted_reports` read beforehand."""
    evaluation: Evaluation | None = None
    evaluation_notice: NoticeSnapshot | None = None
    acceptances: dict[int, NoticeSnapshot] = field(default_factory=dict)

    @cached_property
    def payments(self) -> list[Disbursement]:
        paid = [payment for milestone in self.milestones for payment in milestone.paid]
        return sorted(paid, key=lambda payment: payment.paid_at, reverse=True)

    @property
    def paid(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal(0))

    @property
    def spent(self) -> Decimal:
        """The spending lines of all accepted reports."""
        return sum((report.spent for report in self.reports), Decimal(0))

    @property
    def left(self) -> Decimal:
        """Paid and not yet reported as spent (R-LOT-05)."""
        return max(self.paid - self.spent, Decimal(0))

    @cached_property
    def reports(self) -> list[Any]:
        """Accepted reports, each with `milestone`, `kept_photos`, and its published `notice` with the figures."""
        found = []
        for milestone in self.milestones:
            for report in milestone.accepted_reports:
                report.milestone = milestone
                report.notice = self.acceptances.get(report.snapshot_id)
                found.append(report)
        return found

    @property
    def photos(self) -> list[ReportPhoto]:
        return [photo for report in self.reports for photo in report.kept_photos]

    @property
    def fullest_report(self) -> PerformanceReport | None:
        """The report with the most people: milestones serve the same people again, so their sum would count twice."""
        return max(self.reports, key=lambda report: report.people_served, default=None)


def evaluations_of(contracts: Q) -> dict[int, Evaluation]:
    """Final evaluations by contract; `contracts` filters by `contract__…`."""
    rows = Evaluation.objects.filter(contracts, status=EvaluationStatus.FINAL).select_related("evaluator")
    return {evaluation.contract_id: evaluation for evaluation in rows}


def milestones_of(contracts: Q) -> dict[int, list[Milestone]]:
    """Milestones of published contracts by contract, with what was paid and what was accepted. Four queries."""
    photos = Prefetch(
        "photos",
        ReportPhoto.objects.filter(removed_at=None).select_related("document").order_by("pk"),
        to_attr="kept_photos",
    )
    paid = Prefetch("disbursements", Disbursement.objects.filter(status=DisbursementStatus.PAID), to_attr="paid")
    accepted = Prefetch(
        "reports",
        PerformanceReport.objects.filter(status=ReportStatus.ACCEPTED).prefetch_related(photos).order_by("pk"),
        to_attr="accepted_reports",
    )
    rows = (
        Milestone.objects.filter(contracts, contract__published_at__isnull=False)
        .select_related("contract")
        .prefetch_related(paid, accepted)
        .order_by("contract", "position")
    )
    found: dict[int, list[Milestone]] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(row)
    return found
