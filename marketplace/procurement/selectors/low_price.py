"""Which prices before the committee are abnormally low, and which of them are still to be settled."""

from __future__ import annotations

from ..models import Bid, BidStatus, Lot
from ..rules.low_price import Trigger, triggers
from .review import opened_bids, values_of


def conforming(lot: Lot) -> list[Bid]:
    """Bids that the committee found conforming, a low price found unjustified later included."""
    bids = opened_bids(lot).filter(status__in=[BidStatus.VALID, BidStatus.INVALID]).select_related("price_query")
    return [bid for bid in bids if bid.status == BidStatus.VALID or _fell_by_price(bid)]


def _fell_by_price(bid: Bid) -> bool:
    query = getattr(bid, "price_query", None)
    return query is not None and query.is_justified is False


def triggered(lot: Lot, bids: list[Bid] | None = None) -> dict[int, list[Trigger]]:
    """Bid → lines that its price as read out lies below (R-EVAL-16). `bids`: the conforming ones, if at hand."""
    prices = {bid.pk: bid.price for bid in (conforming(lot) if bids is None else bids) if bid.price is not None}
    return triggers(prices, lot.effective_ceiling, values_of(lot.tender).thresholds)


def unsettled(lot: Lot) -> list[Bid]:
    """Valid bids whose low price is not decided on: they stand in the way of the consolidation."""
    bids = conforming(lot)
    hits = triggered(lot, bids)
    return [bid for bid in bids if bid.status == BidStatus.VALID and _is_unsettled(bid, bid.pk in hits)]


def _is_unsettled(bid: Bid, is_low: bool) -> bool:
    query = getattr(bid, "price_query", None)
    return is_low if query is None else query.is_justified is None
