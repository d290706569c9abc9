"""Living figures of the home page: every number is counted from what is stored, at the marketplace's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum, Window

from marketplace.audit.models import Head
from marketplace.contracts.models import Contract, Evaluation, EvaluationStatus, Grade
from marketplace.core import clock
from marketplace.funds.models import FundKind, LedgerEntry, LedgerKind, Purpose
from marketplace.procurement.models import Award, AwardStatus, Lot, LotStatus, Tender

from ..flows import Flow, picture

SOON = timedelta(days=7)
LATEST = 3
GOING = (
    LotStatus.OPEN, LotStatus.CLOSED, LotStatus.OPENED, LotStatus.ELIGIBILITY, LotStatus.REVIEW,
    LotStatus.CONSOLIDATED, LotStatus.REVIEWED, LotStatus.AWARDED,
)  # fmt: skip


def home_figures() -> dict[str, Any]:
    """Everything that moves on the home page, in seven queries."""
    now = clock.now()
    flows = money_flows(now.year)
    evaluations: list[Any] = latest_evaluations()
    return {
        "year": now.year,
        "closing": closing_tenders(now),
        "going_count": Lot.objects.filter(status__in=GOING).count(),
        "contracted": contracted(now.year),
        "flows": picture(flows),
        "paid": sum((flow.amount for flow in flows), Decimal(0)),
        "paid_lottery": sum((flow.amount for flow in flows if flow.source == FundKind.LOTTERY), Decimal(0)),
        "awards": latest_awards(),
        "evaluations": evaluations,
        "evaluated": Evaluated(evaluations[0].all_final, evaluations[0].all_good) if evaluations else Evaluated(0, 0),
        "head": Head.objects.last(),
    }


def closing_tenders(now: Any) -> list[Tender]:
    """Tenders whose open lots close within a week, the next first, with number and budget of these lots."""
    return list(
        Tender.objects.filter(lots__status=LotStatus.OPEN, deadline__range=(now, now + SOON))
        .select_related("buyer", "item__budget_line")
        .annotate(open_lots=Count("lots"), open_budget=Sum("lots__budget_amount"))
        .order_by("deadline", "pk")[:LATEST]
    )


def contracted(year: int) -> dict[str, Any]:
    return Contract.objects.filter(signed_at__year=year).aggregate(count=Count("pk"), amount=Sum("amount"))


def money_flows(year: int) -> list[Flow]:
    """What was paid this year, by fund and purpose, with the number of projects."""
    rows = (
        LedgerEntry.objects.filter(kind=LedgerKind.PAY, booked_at__year=year)
        .values(source=F("line__fund__kind"), purpose=F("line__purpose"))
        .annotate(amount=Sum("amount"), projects=Count("project", distinct=True))
        .order_by("source", "purpose")
    )
    return [
        Flow(row["source"], str(FundKind(row["source"]).label), row["purpose"], str(Purpose(row["purpose"]).label),
             row["amount"], row["projects"])
        for row in rows
    ]  # fmt: skip


def latest_awards() -> list[Award]:
    return list(
        Award.objects.filter(status=AwardStatus.PUBLISHED)
        .select_related("lot__tender__buyer", "bid__body")
        .defer("public_data", "bid__manifest", "bid__contents")
        .order_by("-decided_at")[:LATEST]
    )


def latest_evaluations() -> list[Evaluation]:
    """The newest, each row knowing how many there are and how many of these are excellent or good."""
    good = Q(grade__in=[Grade.EXCELLENT, Grade.GOOD])
    return list(
        Evaluation.objects.filter(status=EvaluationStatus.FINAL)
        .select_related("contract__supplier")
        .annotate(all_final=Window(Count("pk")), all_good=Window(Count("pk", filter=good)))
        .order_by("-final_at")[:LATEST]
    )


@dataclass(frozen=True)
class Evaluated:
    """How many projects have been evaluated, and how many of them as excellent or good."""

    count: int
    good: int
