"""Published figures with their sources, beside what the projects stored here add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min, Sum

from marketplace.contracts.models import Contract, Evaluation, EvaluationStatus
from marketplace.funds.models import LedgerEntry, LedgerKind
from marketplace.procurement.models import Award, AwardStatus

from ..models import HistoricalProject, Statistic


@dataclass(frozen=True)
class Stored:
    """The projects of one source that stand here one by one, and whether they add up to its figures."""

    count: int
    amount: Decimal
    first: int
    last: int
    is_exact: bool


@dataclass(frozen=True)
class Place:
    """The figures published about one region."""

    region: str
    figures: list[Statistic]
    stored: list[Stored]


def places() -> list[Place]:
    """All regions in two queries."""
    sums = (
        HistoricalProject.objects.order_by("series")
        .values("series")
        .annotate(count=Count("pk"), amount=Sum("amount"), first=Min("year"), last=Max("year"))
    )
    of_series = {row["series"]: row for row in sums}
    figures = Statistic.objects.order_by("region", "series", "pk")
    return [place(region, list(group), of_series) for region, group in groupby(figures, key=lambda row: row.region)]


def place(region: str, figures: list[Statistic], of_series: dict[str, Any]) -> Place:
    codes = sorted({figure.series for figure in figures if figure.series in of_series})
    return Place(region, figures, [stored(of_series[code], [f for f in figures if f.series == code]) for code in codes])


def stored(row: dict[str, Any], figures: list[Statistic]) -> Stored:
    exact = agrees(figures, "个", row["count"]) and agrees(figures, "元", row["amount"])
    return Stored(row["count"], row["amount"], row["first"], row["last"], exact)


def agrees(figures: Iterable[Statistic], unit: str, value: Decimal | int) -> bool:
    """Whether what stands here adds up to the published figure of that unit."""
    return any(figure.unit == unit and figure.value == value for figure in figures)


def own_totals() -> dict[str, Any]:
    """What this marketplace itself has done so far: four queries."""
    awards = Award.objects.filter(status=AwardStatus.PUBLISHED).aggregate(count=Count("pk"), amount=Sum("bid__price"))
    contracts = Contract.objects.filter(signed_at__isnull=False).aggregate(count=Count("pk"), amount=Sum("amount"))
    paid = LedgerEntry.objects.filter(kind=LedgerKind.PAY).aggregate(count=Count("pk"), amount=Sum("amount"))
    evaluated = Evaluation.objects.filter(status=EvaluationStatus.FINAL).count()
    return {"awards": awards, "contracts": contracts, "paid": paid, "evaluated": evaluated}
