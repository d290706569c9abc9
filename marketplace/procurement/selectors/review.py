"""What a review works with: leaves of the criteria tree, bids by state, members, points, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.rulesets import RuleSet

from ..models import (
    Bid,
    BidStatus,
    CommitteeMember,
    Criterion,
    CriterionKind,
    CriterionRange,
    Lot,
    LotStatus,
    MemberStatus,
    Score,
    Tender,
)
from ..rules.committee import Limits
from ..rules.low_price import Thresholds
from ..rules.result import Inputs
from ..rules.scoring import Point

IN_REVIEW = (BidStatus.VALID, BidStatus.OPENED)
TAKING_PART = (
    BidStatus.OPENED,
    BidStatus.UNREADABLE,
    BidStatus.INELIGIBLE,
    BidStatus.INVALID,
    BidStatus.VALID,
)


def lots_for(actor: Actor) -> QuerySet[Lot]:
    """Published lots whose workspace page the actor may read."""
    lots = Lot.objects.exclude(status=LotStatus.DRAFT).select_related("tender", "tender__buyer")
    if actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return lots
    if actor.body_id is None:
        return lots.none()
    return lots.filter(Q(tender__buyer_id=actor.body_id) | Q(tender__agency_id=actor.body_id))


def opened_bids(lot: Lot) -> QuerySet[Bid]:
    """All bids that were in at the deadline, in the order in which they came."""
    return (
        Bid.objects.filter(lot=lot, status__in=TAKING_PART)
        .select_related("body", "body__organization")
        .order_by("received_at", "pk")
    )


def reviewed_bids(lot: Lot) -> QuerySet[Bid]:
    """Bids before the committee: eligible and not (yet) found invalid."""
    return opened_bids(lot).filter(status__in=IN_REVIEW)


def leaf_criteria(tender: Tender) -> list[Criterion]:
    """The scored leaves in reading order, the price left out (it is computed)."""
    rows = list(Criterion.objects.filter(tender=tender).prefetch_related("ranges").order_by("position", "pk"))
    parents = {row.parent_id for row in rows}
    by_parent: dict[int | None, list[Criterion]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)
    return [row for row in _walk(None, by_parent) if row.pk not in parents and row.kind != CriterionKind.PRICE]


def _walk(parent: int | None, by_parent: dict[int | None, list[Criterion]]) -> list[Criterion]:
    found = []
    for row in by_parent.get(parent, []):
        found += [row, *_walk(row.pk, by_parent)]
    return found


def objective_keys(criteria: list[Criterion]) -> frozenset[int]:
    return frozenset(row.pk for row in criteria if row.kind == CriterionKind.OBJECTIVE)


def stated_ranges(bid: Bid, criteria: list[Criterion]) -> dict[int, CriterionRange]:
    """Objective criterion → the range that the bid says to meet, where it names one of the published ranges."""
    stated = (bid.contents or {}).get("stated", {})
    return {
        row.pk: chosen
        for row in criteria
        if row.kind == CriterionKind.OBJECTIVE
        for chosen in row.ranges.all()
        if str(chosen.pk) == stated.get(str(row.pk))
    }


def seats(lot: Lot) -> QuerySet[CommitteeMember]:
    """Members that hold or may still take a seat, in drawn order; the buyer's representatives last."""
    from django.db.models import F

    return (
        lot.members.filter(status__in=[MemberStatus.INVITED, MemberStatus.ACCEPTED])
        .select_related("user", "expert", "lot", "lot__tender")
        .order_by(F("drawn_position").asc(nulls_last=True), "pk")
    )


def seated(lot: Lot) -> QuerySet[CommitteeMember]:
    return seats(lot).filter(status=MemberStatus.ACCEPTED, declared_at__isnull=False, conflict="")


def points_of(lot: Lot) -> list[Point]:
    """Every score of the seated members for the bids before the committee."""
    rows = (
        Score.objects.given()
        .filter(sheet__member__lot=lot, sheet__member__status=MemberStatus.ACCEPTED, bid__status__in=IN_REVIEW)
        .values_list("sheet__member_id", "bid_id", "criterion_id", "points")
    )
    return [Point(member, bid, criterion, points) for member, bid, criterion, points in rows if points is not None]


def inputs_of(lot: Lot) -> Inputs:
    """All that the consolidation computes from."""
    prices = {bid.pk: bid.price for bid in reviewed_bids(lot) if bid.price is not None}
    return Inputs(
        [row.pk for row in leaf_criteria(lot.tender)],
        points_of(lot),
        prices,
        Decimal(lot.tender.price_weight),
        lot.tender.rounding_places,
    )


@dataclass(frozen=True)
class Values:
    """The numbers of the review in the rule set that the tender froze."""

    limits: Limits
    thresholds: Thresholds
    fewest: int
    answer_minutes: int
    draw_days: int
    handover_days: int
    decision_days: int
    letter_days: int
    notice_days: int
    objection_days: int
    answer_days: int
    document_notice_days: int


def values_of(tender: Tender) -> Values:
    rules = RuleSet.thaw(tender.rules)

    def number(rule_id: str, key: str = "value") -> int:
        return int(str(rules.value(rule_id, key)))

    def decimal(rule_id: str, key: str = "value") -> Decimal:
        return Decimal(str(rules.value(rule_id, key)))

    return Values(
        Limits(number("R-COMM-01"), number("R-COMM-02"), decimal("R-COMM-02", "amount")),
        Thresholds(
            decimal("R-EVAL-16", "mean"), decimal("R-EVAL-16", "second_lowest"), decimal("R-EVAL-16", "ceiling")
        ).raised(tender.abnormal_raise),
        number("R-OPEN-05"),
        number("R-EVAL-17"),
        number("R-COMM-06"),
        number("R-AWARD-01"),
        number("R-AWARD-02"),
        number("R-AWARD-05"),
        number("R-TIME-06", "notice"),
        number("R-TIME-06", "objection"),
        number("R-OBJ-06"),
        number("R-TENDER-02"),
    )


def ruleset_of(tender: Tender) -> RuleSet:
    return RuleSet.thaw(tender.rules)
