"""The list of projects: awards, grants and the history before them, as one list, filtered in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DateTimeField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear
from django.urls import reverse

from marketplace.contracts.models import Evaluation, EvaluationStatus, Grade
from marketplace.core.clock import ZONE
from marketplace.funds.models import FundKind, Purpose
from marketplace.procurement.models import Award, AwardStatus
from marketplace.ventures.models import Grant, GrantShare

from ..models import HistoricalProject
from ..project_filter import Chosen

COLUMNS = (
    "origin", "number", "title", "place", "buyer", "organization", "code", "amount", "year", "fund", "purpose", "grade",
    "decided", "demo",
)  # fmt: skip
TEXT = CharField()


@dataclass(frozen=True)
class ProjectRow:
    """One project as the list and the downloads show it."""

    origin: str
    number: str
    title: str
    place: str
    buyer: str
    organization: str
    code: str
    amount: Decimal
    year: int
    fund: str
    purpose: str
    grade: str
    decided: datetime | None
    demo: bool

    @property
    def url(self) -> str:
        return reverse("transparency:project-detail", args=[self.number])

    @property
    def is_history(self) -> bool:
        return self.origin == "history"

    @property
    def organization_url(self) -> str:
        return reverse("organizations:organization-detail", args=[self.code]) if self.code else ""

    @property
    def fund_label(self) -> str:
        return str(FundKind(self.fund).label) if self.fund in FundKind.values else self.fund

    @property
    def purpose_label(self) -> str:
        return str(Purpose(self.purpose).label) if self.purpose in Purpose.values else self.purpose

    @property
    def grade_label(self) -> str:
        return str(Grade(self.grade).label) if self.grade else ""


@dataclass(frozen=True)
class Totals:
    count: int
    amount: Decimal


def living() -> QuerySet[Award]:
    """Awards that stand: published, neither refused nor annulled."""
    grade = Evaluation.objects.filter(
        contract__award=OuterRef("pk"), status=EvaluationStatus.FINAL
    ).order_by("-final_at").values("grade")[:1]  # fmt: skip
    return Award.objects.filter(status=AwardStatus.PUBLISHED).annotate(
        origin=Value("award", TEXT),
        number=F("lot__tender__number"),
        title=Case(
            When(lot__title=F("lot__tender__title"), then=F("lot__title")),
            default=Concat("lot__tender__title", Value("（"), "lot__title", Value("）")),
            output_field=TEXT,
        ),
        place=F("lot__tender__buyer__region"),
        buyer=F("lot__tender__buyer__name"),
        organization=F("bid__body__name"),
        code=F("bid__body__code"),
        amount=F("bid__price"),
        year=ExtractYear("decided_at", tzinfo=ZONE),
        fund=F("lot__tender__item__budget_line__fund__kind"),
        purpose=F("lot__tender__item__budget_line__purpose"),
        grade=Coalesce(Subquery(grade), Value(""), output_field=TEXT),
        decided=F("decided_at"),
        demo=F("lot__tender__buyer__is_demo"),
    )


def granted() -> QuerySet[Grant]:
    """Grants of venture calls, with the fund of the pot that gives most."""
    grade = Evaluation.objects.filter(
        contract__grant=OuterRef("pk"), status=EvaluationStatus.FINAL
    ).order_by("-final_at").values("grade")[:1]  # fmt: skip
    most = GrantShare.objects.filter(grant=OuterRef("pk")).order_by("-amount", "pk")
    return Grant.objects.annotate(
        origin=Value("grant", TEXT),
        title=F("application__title"),
        place=F("application__call__lead__region"),
        buyer=F("application__call__lead__name"),
        organization=F("application__body__name"),
        code=F("application__body__code"),
        year=ExtractYear("confirmed_at", tzinfo=ZONE),
        fund=Subquery(most.values("pot__budget_line__fund__kind")[:1]),
        purpose=Subquery(most.values("pot__budget_line__purpose")[:1]),
        grade=Coalesce(Subquery(grade), Value(""), output_field=TEXT),
        decided=F("confirmed_at"),
        demo=F("application__call__lead__is_demo"),
    )


def past() -> QuerySet[HistoricalProject]:
    """Projects of the time before, as published or made up to published totals (演示)."""
    return HistoricalProject.objects.annotate(
        origin=Value("history", TEXT),
        place=F("region"),
        buyer=F("buyer_name"),
        organization=F("organization_name"),
        code=Value("", TEXT),
        fund=F("fund_kind"),
        decided=Cast(Value(None), DateTimeField()),
        demo=F("is_demo"),
    )


def found(chosen: Chosen) -> QuerySet[Any]:
    """Rows of both, in the chosen order; slicing and iterating it costs one query."""
    rows = living().filter(chosen.where).order_by().values_list(*COLUMNS)
    grants = granted().filter(chosen.where).order_by().values_list(*COLUMNS)
    history = past().filter(chosen.where).order_by().values_list(*COLUMNS)
    return rows.union(grants, history, all=True).order_by(*chosen.order)


def totals(chosen: Chosen) -> Totals:
    """Number and sum of the filtered projects: three queries, whatever their number."""
    count, amount = 0, Decimal(0)
    for rows in (living(), granted(), past()):
        row = rows.filter(chosen.where).aggregate(rows_found=Count("pk"), sum_found=Sum("amount"))
        count += row["rows_found"]
        amount += row["sum_found"] or Decimal(0)
    return Totals(count, amount)


def rows(values: Any) -> Iterator[ProjectRow]:
    for value in values:
        yield ProjectRow(*value)


def choices() -> tuple[list[int], list[str]]:
    """Years and regions that have projects, for the filters: one query."""
    columns = ("year", "place")
    kinds = (rows.order_by().values_list(*columns) for rows in (granted(), past()))
    found_pairs = list(living().order_by().values_list(*columns).union(*kinds))
    places = {place for _year, place in found_pairs}
    return sorted({year for year, _place in found_pairs}, reverse=True), sorted(
        places | {place[:2] + "0000" for place in places}
    )
