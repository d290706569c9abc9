"""Reads for the award: ranked candidates, whose turn it is, who is tied."""

from __future__ import annotations

from ..models import Award, AwardStatus, Bid, BidStatus, Lot
from ..rules.award import Standing, first_candidates
from .review import opened_bids


def ranked(lot: Lot) -> list[Bid]:
    """Valid bids in the order of the ranking."""
    return list(
        opened_bids(lot)
        .filter(status=BidStatus.VALID, result__isnull=False)
        .select_related("body", "body__organization", "result")
        .order_by("result__rank", "label")
    )


def gone(lot: Lot) -> set[int]:
    """Bids whose award was refused or annulled."""
    ended = lot.awards.filter(status__in=[AwardStatus.REFUSED, AwardStatus.ANNULLED])
    return set(ended.values_list("bid_id", flat=True))


def candidates(lot: Lot) -> list[Bid]:
    out = gone(lot)
    return [bid for bid in ranked(lot) if bid.pk not in out]


def turn(lot: Lot) -> list[Bid]:
    """The candidate whose turn it is; several, in drawn order if drawn, when first places are tied."""
    bids, out = {bid.pk: bid for bid in ranked(lot)}, gone(lot)
    first = [
        bids[pk] for pk in first_candidates([Standing(pk, bid.result.rank, pk in out) for pk, bid in bids.items()])
    ]
    order = lot.review.tie_order
    if len(first) > 1 and order:
        return sorted((bid for bid in first if bid.label in order), key=lambda bid: order.index(bid.label))[:1]
    return first


def tied_first(lot: Lot) -> list[Bid]:
    """First candidates that only a draw by lot can put in order."""
    first = turn(lot)
    return first if len(first) > 1 else []


def tied_labels(lot: Lot) -> list[str]:
    """Everyone who shares a rank with somebody."""
    return [bid.label for bid in ranked(lot) if bid.result.is_tied]


def active_award(lot: Lot) -> Award | None:
    return (
        lot.awards.filter(status__in=[AwardStatus.PROPOSED, AwardStatus.PUBLISHED])
        .select_related("bid", "bid__body", "snapshot")
        .first()
    )
