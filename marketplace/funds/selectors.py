"""Reads of the ledger: balances of lines, what a commitment still holds, the flow from fund to project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from marketplace.audit.log import subject_of

from .models import BudgetLine, Fund, IncomeEntry, IncomeKind, LedgerEntry, LedgerKind, Purpose
from .rules.ledger import LineBalance

ZERO = Decimal("0.00")


def _sum(kind: LedgerKind) -> Coalesce:
    return Coalesce(Sum("amount", filter=Q(kind=kind)), ZERO)


# What was paid back counts as not paid, and is free again like what was released.
RELEASED = _sum(LedgerKind.RELEASE) + _sum(LedgerKind.RETURN)
PAID = _sum(LedgerKind.PAY) - _sum(LedgerKind.RETURN)


def balance_of(line: BudgetLine) -> LineBalance:
    return summed(BudgetLine.objects.with_sums().get(pk=line.pk))


def summed(line: Any) -> LineBalance:
    """The balance of a line that was read `with_sums`."""
    promised = line.promised if line.fund.is_external else None
    return LineBalance(line.amount, line.committed, line.released, line.paid, promised, line.received)


@dataclass(frozen=True)
class AgreementMoney:
    """What one agreement promised, what came in and what went back."""

    promised: Decimal = ZERO
    received: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def kept(self) -> Decimal:
        return self.received - self.returned

    @property
    def open(self) -> Decimal:
        """Promised and neither received nor ended."""
        return self.promised - self.received


def agreement_money(agreement: models.Model) -> AgreementMoney:
    return agreements_money([agreement]).get(subject_of(agreement), AgreementMoney())


def agreements_money(agreements: Iterable[models.Model]) -> dict[str, AgreementMoney]:
    """By subject. One query, however many agreements."""
    keys = [subject_of(agreement) for agreement in agreements]
    kinds = IncomeKind
    rows: Any = (
        IncomeEntry.objects.filter(agreement__in=keys)
        .order_by()
        .values("agreement")
        .annotate(**{kind: Coalesce(Sum("amount", filter=Q(kind=kind)), ZERO) for kind in kinds.values})
    )
    return {
        row["agreement"]: AgreementMoney(
            row[kinds.PROMISE] - row[kinds.WITHDRAW], row[kinds.RECEIVE], row[kinds.REFUND] + row[kinds.CHARGEBACK]
        )
        for row in rows
    }


def outstanding_by_line(contract: models.Model) -> dict[int, Decimal]:
    """What each line has committed for a contract and neither paid nor released. One query."""
    commitments = LedgerEntry.objects.filter(kind=LedgerKind.COMMIT, subject=subject_of(contract))
    drawn = Coalesce(Sum("drawn__amount", filter=Q(drawn__kind__in=(LedgerKind.PAY, LedgerKind.RELEASE))), ZERO)
    return {entry.line_id: entry.amount - entry.drawn_sum for entry in commitments.annotate(drawn_sum=drawn)}


def outstanding_of(contract: models.Model) -> Decimal:
    """What is committed for a contract and neither paid nor released; 0 without a commitment."""
    return sum(outstanding_by_line(contract).values(), ZERO)


def paid_by_line(contract: models.Model) -> dict[int, Decimal]:
    """What each line has paid for a contract and not got back."""
    commitments = LedgerEntry.objects.filter(kind=LedgerKind.COMMIT, subject=subject_of(contract))
    paid = Coalesce(Sum("drawn__amount", filter=Q(drawn__kind=LedgerKind.PAY)), ZERO)
    returned = Coalesce(Sum("drawn__amount", filter=Q(drawn__kind=LedgerKind.RETURN)), ZERO)
    return {entry.line_id: entry.net for entry in commitments.annotate(net=paid - returned)}


@dataclass
class ProjectFlow:
    """One project's money out of one line."""

    number: str
    title: str
    counterparty: str
    committed: Decimal = ZERO
    released: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def bound(self) -> Decimal:
        return self.committed - self.released

    @property
    def paid_percent(self) -> int:
        return int(self.paid * 100 // self.bound) if self.bound else 0


@dataclass
class LineFlow:
    line: BudgetLine
    balance: LineBalance
    projects: list[ProjectFlow] = field(default_factory=list)


@dataclass
class PurposeFlow:
    """All lines of a fund for one purpose."""

    purpose: str
    label: str
    lines: list[LineFlow] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        return sum((flow.balance.amount for flow in self.lines), ZERO)

    @property
    def bound(self) -> Decimal:
        return sum((flow.balance.bound for flow in self.lines), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((flow.balance.paid for flow in self.lines), ZERO)

    @property
    def projects(self) -> list[ProjectFlow]:
        return [project for flow in self.lines for project in flow.projects]


@dataclass
class FundFlow:
    """A fund from its lines to the projects: what the public page shows, draws and offers for download."""

    fund: Fund
    purposes: list[PurposeFlow]

    @property
    def amount(self) -> Decimal:
        return sum((flow.amount for flow in self.purposes), ZERO)

    @property
    def bound(self) -> Decimal:
        return sum((flow.bound for flow in self.purposes), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((flow.paid for flow in self.purposes), ZERO)

    @property
    def available(self) -> Decimal:
        return self.amount - self.bound

    @property
    def promised(self) -> Decimal:
        """By agreement; nothing for budget money."""
        return sum((line.balance.promised or ZERO for flow in self.purposes for line in flow.lines), ZERO)

    @property
    def received(self) -> Decimal:
        return sum((line.balance.received for flow in self.purposes for line in flow.lines), ZERO)

    @property
    def project_count(self) -> int:
        return len({project.number for flow in self.purposes for project in flow.projects})


def fund_flows(funds: Iterable[Fund]) -> list[FundFlow]:
    """The flows of funds, in their order. Two queries, however many funds and projects."""
    funds = list(funds)
    lines = {line.pk: LineFlow(line, summed(line)) for line in BudgetLine.objects.filter(fund__in=funds).with_sums()}
    for line_id, project in _project_flows(list(lines)):
        lines[line_id].projects.append(project)
    return [_of_fund(fund, [flow for flow in lines.values() if flow.line.fund_id == fund.pk]) for fund in funds]


def fund_flow(fund: Fund) -> FundFlow:
    return fund_flows([fund])[0]


def _of_fund(fund: Fund, flows: list[LineFlow]) -> FundFlow:
    purposes: dict[str, PurposeFlow] = {}
    for flow in flows:
        key = flow.line.purpose
        purposes.setdefault(key, PurposeFlow(key, str(Purpose(key).label))).lines.append(flow)
    order = list(Purpose.values)
    return FundFlow(fund, sorted(purposes.values(), key=lambda flow: order.index(flow.purpose)))


def _project_flows(line_ids: list[int]) -> list[tuple[int, ProjectFlow]]:
    rows = (
        LedgerEntry.objects.filter(line_id__in=line_ids)
        .values("line_id", "project", "memo", "counterparty")
        .annotate(committed=_sum(LedgerKind.COMMIT), released=RELEASED, paid=PAID)
        .order_by("line_id", "project", "memo", "counterparty")
    )
    return [
        (
            row["line_id"],
            ProjectFlow(
                row["project"], row["memo"], row["counterparty"], row["committed"], row["released"], row["paid"]
            ),
        )
        for row in rows
    ]
