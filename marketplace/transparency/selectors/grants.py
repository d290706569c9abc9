"""A funded project of a venture call, for its public page; and how the projects of a call went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from marketplace.audit.models import Head
from marketplace.audit.selectors import PublicEntry, history
from marketplace.audit.witness import shortened
from marketplace.contracts.models import (
    ChangeRequest,
    ChangeStatus,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    Payback,
    PaybackStatus,
)
from marketplace.contracts.rules.privacy import masked_name, masked_text
from marketplace.documents.models import Document
from marketplace.funds.models import BudgetLine, LedgerEntry, LedgerKind
from marketplace.publication.models import NoticeSnapshot
from marketplace.ventures.models import Call, Grant, GrantShare

from .performance import Performed, evaluations_of, milestones_of
from .project import event_of

ZERO = Decimal("0.00")
told_beside: dict[str, Callable[[str], Any]] = {}
"""What rooms above tell of a project by its number: expressions, read along without a question of their own."""


@dataclass(kw_only=True)
class Pocket:
    """What one pot gives, has paid and got back."""

    name: str
    line: BudgetLine
    amount: Decimal
    paid: Decimal = ZERO
    returned: Decimal = ZERO


@dataclass(kw_only=True)
class GrantProject(Performed):
    """A grant and everything public about it."""

    grant: Grant
    pockets: list[Pocket]
    changes: list[ChangeRequest] = field(default_factory=list)
    paybacks: list[Payback] = field(default_factory=list)
    notices: list[NoticeSnapshot] = field(default_factory=list)
    entries: list[PublicEntry] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    newest_root: str = ""
    """Of the newest signed head of the log, as pages show it."""
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def call(self) -> Call:
        return self.grant.application.call

    @property
    def amount(self) -> Decimal:
        return self.grant.amount

    @property
    def is_lottery(self) -> bool:
        return any(pocket.line.fund.is_lottery for pocket in self.pockets)

    @property
    def contact(self) -> str:
        """Whom to ask: the surname and the office's phone (R-LOT-05, R-PUB-02)."""
        body = self.grant.application.body
        return " ".join(filter(None, (masked_name(body.contact_name), masked_text(body.contact_phone))))

    @property
    def midterm(self) -> Any:
        return next((stone for stone in self.milestones if stone.stage == "midterm"), None)

    @property
    def timeline(self) -> list[dict[str, Any]]:
        pages = {f"publication.noticesnapshot:{notice.pk}": notice for notice in self.notices}
        return [event for entry in reversed(self.entries) if (event := event_of(entry, pages))]


def grant_project(number: str) -> GrantProject | None:
    """The project of a grant; None for any other number. At most eleven queries, whatever its size."""
    shares = list(shares_of(number))
    if not shares:
        return None
    contracts = Q(contract__grant=shares[0].grant)
    stones = next(iter(milestones_of(contracts).values()), [])
    notices = list(NoticeSnapshot.objects.filter(project_number=number).order_by("published_at", "pk"))
    snapshots = {notice.pk: notice for notice in notices}
    project = GrantProject(
        grant=shares[0].grant,
        pockets=[pocket_of(share) for share in shares],
        contract=stones[0].contract if stones else None,
        milestones=stones,
        acceptances=snapshots,
        notices=notices,
        entries=history(number),
        newest_root=shortened(root.hex()) if (root := bytes(shares[0].newest_root or b"")) else "",
        beside={name: getattr(shares[0], name) for name in told_beside},
    )
    _add_what_the_log_tells(project, contracts)
    project.documents = public_documents(project)
    return project


def _add_what_the_log_tells(project: GrantProject, contracts: Q) -> None:
    """Evaluation, changes and paybacks are asked for only where the public log speaks of one."""
    told, contract = {entry.action for entry in project.entries}, project.contract
    if contract is None:
        return
    if "evaluation.final" in told:
        project.evaluation = evaluations_of(contracts).get(contract.pk)
        if project.evaluation:
            project.evaluation_notice = project.acceptances.get(project.evaluation.snapshot_id or 0)
    if "change.approved" in told:
        project.changes = list(contract.changes.filter(status=ChangeStatus.APPROVED))
    if "payback.demanded" in told:
        demanded = (PaybackStatus.DEMANDED, PaybackStatus.SETTLED)
        project.paybacks = list(
            contract.paybacks.filter(status__in=demanded).annotate(back=Coalesce(Sum("receipts__amount"), ZERO))
        )


def shares_of(number: str) -> QuerySet[Any]:
    """The grant by its pots, with what the ledger says of their lines and the newest signed root: one query."""

    def booked(kind: str) -> Coalesce:
        entries = LedgerEntry.objects.filter(project=number, kind=kind, line=OuterRef("pot__budget_line"))
        return Coalesce(Subquery(entries.order_by().values("line").annotate(sum=Sum("amount")).values("sum")), ZERO)

    return (
        GrantShare.objects.filter(grant__number=number)
        .select_related(
            "grant__application__call__lead", "grant__application__body__organization", "pot__budget_line__fund"
        )
        .annotate(
            paid=booked(LedgerKind.PAY),
            returned=booked(LedgerKind.RETURN),
            newest_root=Subquery(Head.objects.order_by("-pk").values("root")[:1]),
            **{name: expression(number) for name, expression in told_beside.items()},
        )
    )


def pocket_of(share: Any) -> Pocket:
    return Pocket(
        name=share.pot.name,
        line=share.pot.budget_line,
        amount=share.amount,
        paid=share.paid,
        returned=share.returned,
    )


def public_documents(project: GrantProject) -> list[Document]:
    subjects = [f"publication.noticesnapshot:{notice.pk}" for notice in project.notices]
    if project.contract:
        subjects.append(f"contracts.contract:{project.contract.pk}")
        subjects += [f"contracts.changerequest:{change.pk}" for change in project.changes]
    if project.evaluation:
        subjects.append(f"contracts.evaluation:{project.evaluation.pk}")
    rows = Document.objects.filter(subject__in=subjects, is_public=True).select_related("file").order_by("version")
    return list({(row.subject, row.kind, row.title): row for row in rows}.values())


def funded_projects(call: Call) -> QuerySet[Grant]:
    """The projects of a call, each with `paid`, `grade` and `state`: one query, however many."""
    grade = Evaluation.objects.filter(contract__grant=OuterRef("pk"), status=EvaluationStatus.FINAL)
    paid = (
        Disbursement.objects.filter(milestone__contract__grant=OuterRef("pk"), status=DisbursementStatus.PAID)
        .order_by()
        .values("milestone__contract__grant")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return (
        Grant.objects.filter(application__call=call)
        .select_related("application__body", "contract")
        .annotate(
            paid=Coalesce(Subquery(paid), ZERO),
            grade=Coalesce(Subquery(grade.values("grade")[:1]), Value("")),
            total=Subquery(grade.values("total")[:1]),
        )
        .order_by("number")
    )
