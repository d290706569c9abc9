"""Reads of planning for pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from marketplace.accounts.actors import Actor
from marketplace.funds.models import BudgetLine

from .models import ListedItem, PurchaseList


def published_items(filters: Mapping[str, Any]) -> QuerySet[ListedItem]:
    """Published items for the public list, newest lists first."""
    rows = ListedItem.objects.published().select_related(
        "purchase_list__body", "budget_line__fund", "intention__snapshot"
    )
    conditions = {
        "year": "purchase_list__year",
        "body": "purchase_list__body__code",
        "purpose": "budget_line__purpose",
        "fund": "budget_line__fund__kind",
    }
    for name, lookup in conditions.items():
        if filters.get(name):
            rows = rows.filter(**{lookup: filters[name]})
    for word in str(filters.get("q") or "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(outline__icontains=word) | Q(number__iexact=word))
    return rows.order_by("-purchase_list__year", "number", "pk")


def totals(items: QuerySet[ListedItem]) -> tuple[int, Decimal]:
    """Count and sum in one question."""
    row = items.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    return row["count"], row["amount"] or Decimal(0)


def filter_choices() -> tuple[list[int], list[tuple[str, str]]]:
    """Years and bodies that have published anything."""
    rows = (
        PurchaseList.objects.exclude(number=None)
        .values_list("year", "body__code", "body__name")
        .order_by("-year", "body__name")
    )
    years = list(dict.fromkeys(row[0] for row in rows))
    return years, list(dict.fromkeys((row[1], row[2]) for row in rows))


def lists_of(actor: Actor) -> QuerySet[PurchaseList]:
    """Lists in the workspace with what they hold."""
    live = Q(items__withdrawn_at=None)
    return (
        PurchaseList.objects.visible_to(actor)
        .select_related("body")
        .annotate(
            item_count=Count("items", filter=live),
            waiting_count=Count("items", filter=live & Q(items__published_at=None)),
            total=Sum("items__amount", filter=live),
        )
        .order_by("-year", "body__name")
    )


def line_balances(body_id: int) -> list[dict[str, Any]]:
    """Budget lines of a body with what the lists have claimed of each."""
    rows = (
        BudgetLine.objects.filter(fund__body_id=body_id)
        .select_related("fund")
        .annotate(claimed=Sum("items__amount", filter=Q(items__withdrawn_at=None)))
        .order_by("fund__year", "code")
    )
    return [
        {"line": row, "claimed": row.claimed or Decimal(0), "left": row.amount - (row.claimed or Decimal(0))}
        for row in rows
    ]
