"""What the decision rests on: what was asked from which pot, what the pots have left, who has to agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum

from ..models import Application, Assessment, BudgetShare, CallPot, GrantProposal, ProposedShare
from ..rules.fitting import Wish
from .assessment import assessed

ZERO = Decimal("0.00")


def pots_of(assessment: Assessment) -> list[CallPot]:
    return list(assessment.call.pots.select_related("budget_line__fund__body", "theme"))


def asked_of(assessment: Assessment) -> dict[Any, dict[int, Decimal]]:
    """Application → pot → yuan that its budget names for it."""
    found: dict[Any, dict[int, Decimal]] = defaultdict(dict)
    rows = BudgetShare.objects.filter(line__application__in=assessed(assessment).values("pk"), pot__isnull=False)
    for key, pot, amount in rows.order_by().values_list("line__application_id", "pot_id").annotate(sum=Sum("amount")):
        found[key][pot] = amount
    return found


def wish_of(application: Application, asked: Mapping[int, Decimal], pots: list[CallPot]) -> Wish:
    open_to = frozenset(pot.pk for pot in pots if pot.theme_id is None or pot.theme_id == application.theme_id)
    return Wish(application.pk, {pot: int(amount * 100) for pot, amount in asked.items()}, open_to)


def proposals_of(assessment: Assessment) -> QuerySet[GrantProposal]:
    shares = Prefetch("shares", ProposedShare.objects.select_related("pot__budget_line__fund"))
    return assessment.proposals.select_related("application__body", "application__theme").prefetch_related(shares)


def used_of(assessment: Assessment, *, without: GrantProposal | None = None) -> dict[int, Decimal]:
    """Pot → yuan that the decision takes from it."""
    rows = ProposedShare.objects.filter(proposal__assessment=assessment)
    if without is not None:
        rows = rows.exclude(proposal=without)
    return dict(rows.order_by().values_list("pot_id").annotate(sum=Sum("amount")))


def pot_rows(assessment: Assessment) -> list[dict[str, Any]]:
    used = used_of(assessment)
    return [
        {"pot": pot, "used": used.get(pot.pk, ZERO), "rest": pot.amount - used.get(pot.pk, ZERO)}
        for pot in pots_of(assessment)
    ]


def paying_bodies(assessment: Assessment) -> set[int]:
    """Joint funders whose pots pay: each has to agree."""
    used = used_of(assessment)
    owners = {pot.budget_line.fund.body_id for pot in pots_of(assessment) if used.get(pot.pk)}
    return owners - {assessment.call.lead_id}
