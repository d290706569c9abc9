"""R-BID-10: what makes bids of one lot look made together. Signs for a person to look into, never a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, refuse

RULE = "R-BID-10"
FEWEST_IN_A_PATTERN = 3


@dataclass(frozen=True)
class Opened:
    """What the signs are read from: one opened bid."""

    label: str
    price: Decimal
    contact: str
    phone: str
    signer: str
    files: frozenset[str]


def signs_of_collusion(bids: Sequence[Opened]) -> list[Decision]:
    """Same contact, same signer, the same file in two bids, prices at equal distances.

    Example: 900,000, 950,000, 1,000,000 by three bidders: equal steps of 50,000.
    """
    found = []
    for text, keys in (
        (_("%(labels)s name the same contact or telephone number."), lambda bid: {bid.phone, bid.contact}),
        (_("%(labels)s are signed by the same person."), lambda bid: {bid.signer}),
        (_("%(labels)s contain the very same file."), lambda bid: bid.files),
    ):
        found += [text % {"labels": labels} for labels in _sharing((bid.label, keys(bid)) for bid in bids)]
    if is_pattern([bid.price for bid in bids]):
        found.append(_("The prices of all bids lie at equal distances."))
    return [refuse(text, RULE, level=Level.WARN) for text in found]


def _sharing(rows: Iterable[tuple[str, Iterable[Hashable]]]) -> list[str]:
    """Groups of bids that have something in common, each group once, as «A, C»."""
    holders: dict[Hashable, list[str]] = defaultdict(list)
    for label, keys in rows:
        for key in keys:
            if key:
                holders[key].append(label)
    return sorted({_(", ").join(sorted(labels)) for labels in holders.values() if len(labels) > 1})


def is_pattern(prices: Sequence[Decimal]) -> bool:
    """Three prices or more in equal steps (steps of nothing too)."""
    ordered = sorted(prices)
    steps = {after - before for before, after in zip(ordered, ordered[1:], strict=False)}
    return len(ordered) >= FEWEST_IN_A_PATTERN and len(steps) == 1
