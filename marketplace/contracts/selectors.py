"""Reads of the room that cross models: rule values of a contract, holds, what a project page shows, face facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from marketplace.accounts.models import Finding, FindingStatus
from marketplace.audit.log import subject_of
from marketplace.core.rules.time import day_of
from marketplace.documents.models import Document, Signature
from marketplace.funds.models import BudgetLine, LedgerEntry, LedgerKind
from marketplace.funds.selectors import outstanding_by_line, paid_by_line
from marketplace.procurement.models import Award, AwardStatus, LotStatus
from marketplace.ventures.models import Grant

from .models import (
    ChangeKind,
    ChangeRequest,
    ChangeStatus,
    ClosingAudit,
    Contract,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    Milestone,
    MilestoneStatus,
    Payback,
    PaybackStatus,
    PerformanceReport,
    ReportPhoto,
    ReportSpending,
    ReportStatus,
)
from .rules.agreement import Closing, LineUse, attainment_points
from .rules.report import attainment
from .rules.shares import draw
from .sources import Source

ZERO = Decimal("0.00")


# law


def law_number(source: Source, rule_id: str, key: str = "value") -> int:
    return int(source.law.value(rule_id, key))


def law_share(source: Source, rule_id: str, key: str = "value") -> Decimal:
    """A rate of the rule set, exactly as it stands there: «0.05 % a day» → 0.05."""
    return Decimal(str(source.law.value(rule_id, key)))


# signatures


def signed_sides(contract: Contract, document: Document | None) -> set[int]:
    """Bodies that have signed this very PDF."""
    if document is None:
        return set()
    parties = (contract.buyer_id, contract.supplier_id)
    rows = Signature.objects.filter(document=document, sha256=document.file.sha256, body_id__in=parties)
    return set(rows.values_list("body_id", flat=True))


# lists


def awards_to_contract(body_id: int | None) -> list[Award]:
    """Published awards of a buyer (or its agent) that have no contract yet."""
    return list(
        Award.objects.filter(status=AwardStatus.PUBLISHED, contract=None, lot__status=LotStatus.AWARDED)
        .filter(Q(lot__tender__buyer_id=body_id) | Q(lot__tender__agency_id=body_id))
        .select_related("lot__tender__buyer", "bid__body")
        .order_by("decided_at")
    )


def grants_to_contract(body_id: int | None) -> QuerySet[Grant]:
    """Grants of a lead's calls that have no agreement yet."""
    return Grant.objects.filter(contract=None, application__call__lead_id=body_id).select_related(
        "application__call", "application__body"
    )


def all_accepted() -> Exists:
    """Whether no milestone of a contract is open, for annotations of contracts."""
    return ~Exists(Milestone.objects.filter(contract=OuterRef("pk")).exclude(status=MilestoneStatus.ACCEPTED))  # type: ignore[return-value]


def has_evaluation() -> Exists:
    """Whether somebody evaluates a contract or has done so, for annotations of contracts."""
    return Exists(Evaluation.objects.filter(contract=OuterRef("pk")).exclude(status=EvaluationStatus.DECLINED))


def spent_on(contract: Contract, *, but: int | None = None) -> Decimal:
    """What the organization has reported as spent, the latest report of each milestone; `but`: leave one out."""
    handed_in = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)
    reports = PerformanceReport.objects.filter(milestone__contract=contract, status__in=handed_in)
    return reports.exclude(milestone_id=but).aggregate(total=Sum("spent"))["total"] or ZERO  # type: ignore[misc]


# the budget of a grant


def spent_by_line(contract: Contract) -> dict[int, Decimal]:
    """What the newest reports say was spent, by line of the budget. One query."""
    rows = ReportSpending.objects.filter(
        report__milestone__contract=contract,
        report__status__in=(ReportStatus.SUBMITTED, ReportStatus.ACCEPTED),
        line__isnull=False,
    )
    return {row["line"]: row["sum"] for row in rows.order_by().values("line").annotate(sum=Sum("amount"))}


def uses_of(contract: Contract) -> list[LineUse]:
    """The agreed lines beside what was spent. Three queries."""
    spent = spent_by_line(contract)
    lines = contract.budget.prefetch_related("parts")
    return [LineUse(line.name, line.granted, spent.get(line.pk, ZERO), line.get_kind_display()) for line in lines]


def shifted_of(contract: Contract) -> Decimal:
    """What approved changes have shifted between lines so far."""
    rows = contract.changes.filter(kind=ChangeKind.BUDGET, status=ChangeStatus.APPROVED)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


@dataclass(frozen=True)
class Pot:
    """What one budget line gives, has paid and still holds."""

    line: BudgetLine
    amount: Decimal
    paid: Decimal
    held: Decimal


@dataclass(frozen=True)
class AgreementPage:
    """What the page of an agreement shows beside the contract's own."""

    pots: list[Pot]
    uses: list[LineUse]
    changes: list[ChangeRequest]
    paybacks: list[Payback]
    audit: ClosingAudit | None
    kinds: list[tuple[str, str]]


def agreement_page(contract: Contract) -> AgreementPage:
    """Nine queries, however many lines, changes and demands."""
    paid, held = paid_by_line(contract), outstanding_by_line(contract)
    pots = [
        Pot(share.budget_line, share.amount, paid.get(share.budget_line_id, ZERO), held.get(share.budget_line_id, ZERO))
        for share in contract.shares.select_related("budget_line__fund")
    ]
    paybacks = contract.paybacks.annotate(
        back=Coalesce(Sum("receipts__amount"), ZERO),
        is_open=Q(status__in=(PaybackStatus.PROPOSED, PaybackStatus.HEARD)),
    )
    changes = list(contract.changes.order_by("-position"))
    for change in changes:
        change.contract = contract
    return AgreementPage(
        pots,
        uses_of(contract),
        changes,
        list(paybacks),
        ClosingAudit.objects.filter(contract=contract).select_related("auditor").first(),
        [(kind.value, str(kind.label)) for kind in ChangeKind],
    )


def has_audit(contract: Contract) -> bool:
    return ClosingAudit.objects.filter(contract=contract).exists()


@dataclass(frozen=True)
class Attained:
    """A figure of the last accepted report: percent of plan, and the points of R-VENT-16's scale."""

    name: str
    percent: int
    points: int


def scale_of(contract: Contract) -> list[Attained]:
    """What an evaluator starts from. Two queries."""
    report = (
        PerformanceReport.objects.filter(milestone__contract=contract, status=ReportStatus.ACCEPTED)
        .order_by("-milestone__position")
        .first()
    )
    if report is None:
        return []
    rows = [(_("People served"), Decimal(report.people_planned), Decimal(report.people_served))]
    rows += [(row.name, row.planned, row.actual) for row in report.figures.all()]
    found = [(name, attainment(planned, actual)) for name, planned, actual in rows]
    return [Attained(name, percent, attainment_points(percent)) for name, percent in found if percent is not None]


# the end of a grant


def closing_facts(contract: Contract) -> Closing:
    """Four queries."""
    stones = contract.milestones.aggregate(
        all=Count("pk", distinct=True),
        accepted=Count("pk", filter=Q(status=MilestoneStatus.ACCEPTED), distinct=True),
        paid=Count("pk", filter=Q(disbursements__status=DisbursementStatus.PAID) | Q(amount=0), distinct=True),
    )
    audit = ClosingAudit.objects.filter(contract=contract).first()
    # less what came back
    net_paid = sum(paid_by_line(contract).values(), ZERO)
    return Closing(
        stones["all"],
        stones["accepted"],
        stones["paid"],
        is_audited=audit is not None,
        is_evaluated=contract.evaluations.filter(status=EvaluationStatus.FINAL).exists(),
        to_return=max(net_paid - audit.spent, ZERO) if audit else ZERO,
    )


# the pockets of a payment


@dataclass(frozen=True)
class Part:
    """What one line pays of a request."""

    line: BudgetLine
    amount: Decimal


def parts_of(disbursement: Disbursement) -> list[Part]:
    """As booked; before the payment, as it would be split now. Two queries."""
    contract = disbursement.milestone.contract
    lines = {share.budget_line_id: share.budget_line for share in contract.shares.select_related("budget_line__fund")}
    if disbursement.status == DisbursementStatus.PAID:
        booked = LedgerEntry.objects.filter(kind=LedgerKind.PAY, subject=subject_of(disbursement))
        return [Part(lines[entry.line_id], entry.amount) for entry in booked]
    held = outstanding_by_line(contract)
    if disbursement.amount > sum(held.values(), ZERO):
        return [Part(line, ZERO) for line in lines.values()]
    amounts = draw(disbursement.amount, held)
    return [Part(line, amounts[key]) for key, line in lines.items() if key in amounts]


# payment runs


@dataclass(frozen=True)
class Run:
    """One payment run (R-VENT-15): its day, its requests on this page, and what all its requests come to."""

    day: date
    requests: list[Disbursement]
    count: int
    amount: Decimal
    paid: Decimal


def runs_of(requests: QuerySet[Disbursement], page: list[Disbursement]) -> list[Run]:
    """The runs of a page's requests with the sums of all that belong to them: one query."""
    days = list(dict.fromkeys(request.run_on for request in page))
    counted = requests.exclude(status=DisbursementStatus.RETURNED).filter(run_on__in=days)
    is_paid = Q(status=DisbursementStatus.PAID)
    sums = (
        counted.order_by()
        .values_list("run_on")
        .annotate(requests=Count("pk"), sum=Sum("amount"), paid=Sum("amount", filter=is_paid))
    )
    of_day: dict[date, tuple[int, Decimal, Decimal]] = {
        day: (count, amount or ZERO, paid or ZERO) for day, count, amount, paid in sums
    }
    nothing = (0, ZERO, ZERO)
    return [Run(day, [row for row in page if row.run_on == day], *of_day.get(day, nothing)) for day in days]


# what the face is computed from


@dataclass(frozen=True)
class FaceFacts:
    evaluations: tuple[tuple[Decimal, date, str], ...]
    reports: int
    reports_on_time: int
    open_findings: int


def face_facts(supplier_id: int, since: date, today: date) -> FaceFacts:
    """Final evaluations, milestones due since a day (reported or overdue), serious findings still open."""
    evaluations = Evaluation.objects.filter(contract__supplier_id=supplier_id, status=EvaluationStatus.FINAL)
    milestones = Milestone.objects.filter(
        contract__supplier_id=supplier_id, contract__published_at__isnull=False, due_on__gte=since
    )
    counted = [m for m in milestones if m.reported_at is not None or m.due_on < today]
    return FaceFacts(
        tuple((e.total, day_of(e.final_at), e.reason_sentence) for e in evaluations.order_by("-final_at")),  # type: ignore[arg-type, misc]
        len(counted),
        sum(milestone.was_on_time is True for milestone in counted),
        Finding.objects.filter(body_id=supplier_id, is_serious=True).exclude(status=FindingStatus.CLOSED).count(),
    )


def late_milestones(today: date) -> list[Milestone]:
    """Due before today, without a report, not flagged yet."""
    return list(
        Milestone.objects.filter(
            contract__status="active",
            status=MilestoneStatus.PENDING,
            reported_at=None,
            late_flagged_at=None,
            due_on__lt=today,
        ).select_related("contract")
    )


# one contract's page


def milestones_with_news(contract: Contract) -> list[Milestone]:
    """Milestones with their reports and payments, and what was paid on each. Three queries."""
    milestones = list(
        contract.milestones.prefetch_related(
            Prefetch("reports", PerformanceReport.objects.exclude(status=ReportStatus.DRAFT).order_by("pk")),
            Prefetch("disbursements", Disbursement.objects.order_by("pk")),
        )
    )
    for milestone in milestones:
        payments = list(milestone.disbursements.all())
        milestone.contract = contract
        milestone.paid_amount = sum(  # type: ignore[attr-defined]
            (payment.amount for payment in payments if payment.status == DisbursementStatus.PAID), ZERO
        )
        milestone.request = next(  # type: ignore[attr-defined]
            (payment for payment in reversed(payments) if payment.status != DisbursementStatus.RETURNED), None
        )
    return milestones


def contract_papers(contract: Contract) -> list[Document]:
    """The newest version of each paper of the contract and its evaluations that the page offers."""
    subjects = [subject_of(contract), *(f"contracts.evaluation:{pk}" for pk in _evaluation_keys(contract))]
    documents = Document.objects.filter(subject__in=subjects).exclude(kind="evaluation_draft")
    newest = {(row.subject, row.kind): row for row in documents.select_related("file").order_by("version", "pk")}
    return list(newest.values())


def _evaluation_keys(contract: Contract) -> list[int]:
    final = contract.evaluations.filter(status=EvaluationStatus.FINAL)
    return list(final.values_list("pk", flat=True))


def work_to_evaluate(contract: Contract) -> list[PerformanceReport]:
    """Accepted reports with figures, spending and photos: what an evaluator looks at."""
    return list(
        PerformanceReport.objects.filter(milestone__contract=contract, status=ReportStatus.ACCEPTED)
        .select_related("milestone")
        .prefetch_related(
            "figures",
            "spending",
            Prefetch("photos", ReportPhoto.objects.filter(removed_at=None).select_related("document__file")),
        )
        .order_by("milestone__position")
    )
