"""Venture calls of the time before this marketplace, with their projects and who paid them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from marketplace.contracts.models import Grade

from ..models import HistoricalCall, HistoricalPot, HistoricalProject


@dataclass(frozen=True)
class EarlierProject:
    """One funded project; what each pot of the call paid, in yuan."""

    project: HistoricalProject
    paid_by: tuple[tuple[HistoricalPot, Decimal], ...]

    @property
    def grade(self) -> str:
        return str(Grade(self.project.grade).label) if self.project.grade else ""


@dataclass(frozen=True)
class EarlierCall:
    """A call with its pots, projects and what they come to."""

    call: HistoricalCall
    pots: tuple[HistoricalPot, ...]
    projects: tuple[EarlierProject, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.project.amount for row in self.projects), Decimal(0))

    @property
    def organizations(self) -> int:
        return len({row.project.organization_name for row in self.projects})

    @property
    def is_exact(self) -> bool:
        """The grants come to what the pots hold."""
        return self.total == sum((pot.amount for pot in self.pots), Decimal(0))

    @property
    def largest(self) -> Decimal:
        return max((row.project.amount for row in self.projects), default=Decimal(0))


def earlier_calls() -> QuerySet[HistoricalCall]:
    return HistoricalCall.objects.annotate(
        project_count=Count("projects"),
        organization_count=Count("projects__organization_name", distinct=True),
        total=Sum("projects__amount"),
    )


def earlier_call(number: str) -> EarlierCall | None:
    """Four queries, however many projects."""
    call = HistoricalCall.objects.filter(number=number).first()
    if call is None:
        return None
    pots = tuple(call.pots.all())
    rows = call.projects.order_by("-amount", "number").prefetch_related("shares")
    return EarlierCall(call, pots, tuple(EarlierProject(row, _in_order(row, pots)) for row in rows))


def _in_order(project: HistoricalProject, pots: tuple[HistoricalPot, ...]) -> tuple[tuple[HistoricalPot, Decimal], ...]:
    paid = {share.pot_id: share.amount for share in project.shares.all()}
    return tuple((pot, paid.get(pot.pk, Decimal(0))) for pot in pots)
