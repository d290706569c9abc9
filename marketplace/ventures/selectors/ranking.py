"""The ranking of a call: a few queries however many applications, everything else computed from whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, Sum

from marketplace.core.money import round_half_up

from ..models import ApplicationReview, Assessment, AssessmentCriterion, BonusPoint, DefenceScore, ReviewScore
from ..rules.normalisation import Given, Means, means_of
from ..rules.ranking import Placed, ranked, total_of
from .assessment import ASSESSED, assessed, conflicts_of, seated

ZERO = Decimal("0.00")


class Defence(NamedTuple):
    """The exact mean of a defence; None while it is still to come."""

    mean: Fraction | None
    is_absent: bool = False


class Line(NamedTuple):
    """One application in the ranking. `defence` is None where none counts, or not yet: `is_awaited`."""

    key: UUID
    rank: int
    place: int
    total: Decimal
    is_tied: bool
    reviews: int
    raw: Decimal
    normalised: Decimal
    bonus: Decimal
    defence: Decimal | None
    is_awaited: bool
    is_absent: bool


def ranking_of(assessment: Assessment) -> list[Line]:
    """Applications with a handed-in review. Once a defence day is drawn, those on its list stand before the rest.

    Until its defence is held an application ranks by what was written: a defence that is still to come is no zero.
    """
    means = means_of(_given(assessment))
    bonuses, defences = _bonuses(assessment), _defences(assessment)
    totals = {key: _total(assessment, means[key], bonuses.get(key, ZERO), defences.get(key)) for key in means}
    listed = {key: total for key, total in totals.items() if key in defences}
    others = {key: total for key, total in totals.items() if key not in defences}
    placed = ranked(listed, assessment.seed)
    placed += [_after(row, len(placed)) for row in ranked(others, assessment.seed)]
    return [_line(row, means[row.key], bonuses.get(row.key, ZERO), defences.get(row.key)) for row in placed]


def _given(assessment: Assessment) -> list[Given]:
    rows = ApplicationReview.objects.handed_in().filter(member__assessment=assessment, application__status__in=ASSESSED)
    found = rows.order_by().values_list("application_id", "member_id", "hundredths")
    return [Given(key, member, hundredths or 0) for key, member, hundredths in found]


def _bonuses(assessment: Assessment) -> dict[UUID, Decimal]:
    rows = BonusPoint.objects.filter(scheme__assessment=assessment, withdrawn_at=None)
    return dict(rows.order_by().values_list("application_id").annotate(sum=Sum("scheme__points")))


def _defences(assessment: Assessment) -> dict[UUID, Defence]:
    """By application on the list of the day. It counts once it has ended or has the points of all; nobody came: 0."""
    if not hasattr(assessment, "defence"):
        return {}
    slots = list(assessment.defence.slots.values_list("application_id", "ended_at", "is_absent"))
    rows = DefenceScore.objects.filter(slot__day=assessment.defence, slot__is_absent=False).order_by()
    sums = rows.values_list("slot__application_id").annotate(sum=Sum("points"), count=Count("pk"))
    given = {key: (Fraction(sum_), count) for key, sum_, count in sums}
    is_running = any(ended_at is None for _key, ended_at, _absent in slots)
    members = {member.pk for member in seated(assessment)} if is_running else set()
    ties = conflicts_of(assessment) if is_running else {}
    found = {}
    for key, ended_at, is_absent in slots:
        sum_, count = given.get(key, (Fraction(0), 0))
        is_over = ended_at is not None or count >= len(members - ties.get(key, set()))
        mean = sum_ / count if count and is_over else None
        found[key] = Defence(Fraction(0), True) if is_absent else Defence(mean)
    return found


def _total(assessment: Assessment, means: Means, bonus: Decimal, defence: Defence | None) -> Decimal:
    paper = means.normalised if assessment.is_normalised else means.raw
    return total_of(paper, bonus, assessment.bonus_cap, defence.mean if defence else None, assessment.defence_share)


def _after(row: Placed, before: int) -> Placed:
    return Placed(row.key, row.total, row.rank + before, row.place + before, row.is_tied)


def _line(row: Placed, means: Means, bonus: Decimal, defence: Defence | None) -> Line:
    mean = defence.mean if defence else None
    return Line(
        key=row.key,
        rank=row.rank,
        place=row.place,
        total=row.total,
        is_tied=row.is_tied,
        reviews=means.count,
        raw=means.raw,
        normalised=means.normalised,
        bonus=bonus,
        defence=None if mean is None else round_half_up(mean, 2),
        is_awaited=defence is not None and mean is None,
        is_absent=defence is not None and defence.is_absent,
    )


def with_names(assessment: Assessment, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines of one page with title, organization, theme: one query."""
    rows = assessed(assessment).filter(pk__in=[line.key for line in lines]).select_related("body", "theme")
    found = {row.pk: row for row in rows}
    return [{"line": line, "application": found[line.key]} for line in lines]


def criterion_means(
    assessment: Assessment, keys: Sequence[UUID]
) -> dict[UUID, list[tuple[AssessmentCriterion, Decimal]]]:
    """The mean of each criterion, for the applications named: what is published of scores."""
    criteria = list(assessment.criteria.all())
    reviews = ApplicationReview.objects.handed_in().filter(member__assessment=assessment, application__in=keys)
    rows = ReviewScore.objects.filter(review__in=reviews.values("pk")).order_by()
    found: dict[tuple[Any, int], Decimal] = {}
    sums = rows.values_list("review__application_id", "criterion_id").annotate(sum=Sum("points"), count=Count("pk"))
    for key, criterion_id, sum_, count in sums:
        found[key, criterion_id] = round_half_up(Fraction(sum_) / count, 2)
    return {key: [(row, found[key, row.pk]) for row in criteria if (key, row.pk) in found] for key in keys}


def reviewer_means(assessment: Assessment) -> list[dict[str, Any]]:
    """How strict each member is: count and mean of the totals, for the deliberation."""
    rows = ApplicationReview.objects.handed_in().filter(member__assessment=assessment).order_by()
    found: Mapping[int, Any] = {
        row["member"]: row for row in rows.values("member").annotate(count=Count("pk"), mean=Avg("hundredths"))
    }
    return [
        {"member": member, "count": found[member.pk]["count"], "mean": Decimal(str(found[member.pk]["mean"])) / 100}
        for member in assessment.members.select_related("user")
        if member.pk in found
    ]
