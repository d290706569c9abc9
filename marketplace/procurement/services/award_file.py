"""The published award file: everything that is needed to compute the award again, and no name of a loser or member."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from marketplace.core.money import round_half_up

from ..models import Award, AwardStatus, Bid, BidStatus, Criterion, Lot, Score
from ..rules.award_file import FORMAT
from ..rules.draw import draw_seed
from ..selectors.review import leaf_criteria, opened_bids, seated

MEAN_PLACES = 4


def award_file(award: Award) -> dict[str, Any]:
    """What `verify_award` recomputes. Amounts and points are strings: JSON numbers are not exact."""
    lot, tender = award.lot, award.lot.tender
    criteria = leaf_criteria(tender)
    bids = list(opened_bids(lot).select_related("result").prefetch_related("result__means"))
    return {
        "format": FORMAT,
        "project": {"number": tender.number, "title": tender.title, "buyer": tender.buyer.name},
        "lot": {"number": lot.number, "title": lot.title, "ceiling": money(lot.effective_ceiling)},
        "rules": {
            "price_weight": str(tender.price_weight),
            "places": tender.rounding_places,
            "rounding": "half_up",
            "price_points": "lowest valid price / price * price_weight",
            "total": "sum of the members' mean points per criterion + price points",
            "ranking": "total high to low, then price low to high, else tied",
        },
        "criteria": [_criterion(row) for row in criteria],
        "members": [f"成员 {number}" for number in _member_numbers(lot)],
        "bids": [_bid(bid, criteria, scores) for bid, scores in _with_scores(lot, bids)],
        "draw": _draw(lot),
        "tie": _tie(lot),
        "passed_over": _passed_over(award),
        "award": {
            "label": award.bid.label,
            "name": award.bid.body.name,
            "code": award.bid.body.code,
            "amount": money(award.bid.price),
            "reason": award.reason,
        },
    }


def money(amount: Any) -> str:
    return f"{amount:.2f}"


def key_of(criterion: Criterion) -> str:
    return f"c{criterion.pk}"


def _criterion(row: Criterion) -> dict[str, Any]:
    ranges = [{"text": each.text, "points": str(each.points)} for each in row.ranges.all()]
    return {"key": key_of(row), "title": row.title, "kind": row.kind, "points": str(row.points), "ranges": ranges}


def _member_numbers(lot: Lot) -> list[int]:
    return sorted(number for number in seated(lot).values_list("public_label", flat=True) if number)


def _with_scores(lot: Lot, bids: list[Bid]) -> list[tuple[Bid, dict[int, dict[int, str]]]]:
    """Each bid with criterion → member's number → points, valid bids by rank first."""
    scores: dict[int, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    rows = Score.objects.filter(sheet__member__in=seated(lot)).values_list(
        "bid_id", "criterion_id", "sheet__member__public_label", "points"
    )
    for bid, criterion, member, points in rows:
        scores[bid][criterion][member] = str(points)  # type: ignore[index]
    ordered = sorted(bids, key=lambda bid: (bid.result.rank if _is_ranked(bid) else len(bids) + 1, bid.label))
    return [(bid, scores[bid.pk]) for bid in ordered]


def _is_ranked(bid: Bid) -> bool:
    return bid.status == BidStatus.VALID and hasattr(bid, "result")


def _bid(bid: Bid, criteria: list[Criterion], scores: dict[int, dict[int, str]]) -> dict[str, Any]:
    head = {"label": bid.label, "status": bid.status, "price": money(bid.price) if bid.price is not None else None}
    if not _is_ranked(bid):
        return head
    result = bid.result
    means = {row.criterion_id: Fraction(row.exact) for row in result.means.all()}
    return head | {
        "scores": {key_of(row): {str(n): scores[row.pk][n] for n in sorted(scores[row.pk])} for row in criteria},
        "means": {key_of(row): str(round_half_up(means[row.pk], MEAN_PLACES)) for row in criteria},
        "price_points": str(result.price_points),
        "total": str(round_half_up(Fraction(result.total), bid.lot.tender.rounding_places)),
        "rank": result.rank,
        "is_tied": result.is_tied,
    }


def _draw(lot: Lot) -> dict[str, Any]:
    """The draw of experts, disclosed with the result: commitment, salt, seed, order."""
    pool, draw = lot.pool, lot.draw
    return {
        "pool": pool.expert_numbers,
        "salt": pool.salt,
        "pool_sha256": pool.sha256,
        "head": draw.head_root,
        "seed": draw.seed,
        "order": draw.order,
        "passed_over": draw.skipped,
        "seats": pool.size_wanted,
    }


def _tie(lot: Lot) -> dict[str, Any] | None:
    review = lot.review
    if not review.tie_order:
        return None
    return {
        "head": review.tie_head,
        "seed": draw_seed(review.tie_head, lot.number, "tie"),
        "order": review.tie_order,
    }


def _passed_over(award: Award) -> list[dict[str, str]]:
    """Better candidates that refused, or whose award was annulled."""
    earlier = Award.objects.filter(lot=award.lot, status__in=[AwardStatus.REFUSED, AwardStatus.ANNULLED])
    return [
        {"label": row.bid.label, "why": row.status, "reason": row.end_reason}
        for row in earlier.select_related("bid").order_by("pk")
    ]
