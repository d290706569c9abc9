"""When a bid is in time, what its price may be, how many bids a lot needs. Values and `now` in, decisions out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, allow, refuse

CLOSING_DELAY = timedelta(seconds=60)
LOCK_PATIENCE = timedelta(seconds=50)
"""How long a submit that came in time asks a busy database again: until shortly before the count."""
SEALING_PATIENCE = timedelta(minutes=2)
BID_LIMIT = 500 * 1024 * 1024
WAN = Decimal(10_000)


def in_time(received_at: datetime, deadline: datetime) -> Decision:
    """R-BID-07, R-TIME-07: to the second and inclusive. 09:30:00.000 is in, 09:30:00.001 is not."""
    if received_at <= deadline:
        return allow("R-BID-07", due=deadline)
    return refuse(
        _(
            "The deadline has passed. This arrived after it and cannot be accepted. What you wrote stays on this page "
            "for you to copy; if a fault of the marketplace delayed you, tell the buyer's contact at once."
        ),
        "R-BID-07",
        due=deadline,
    )


def all_sealed(parts: Iterable[bool]) -> Decision:
    """R-EDOC-05, R-EDOC-06: nothing unencrypted is received, and every file is in before the bid is."""
    if all(parts):
        return allow("R-EDOC-05")
    return refuse(
        _("Not every file is sealed yet. Wait until the line above says that all are, then submit."), "R-EDOC-05"
    )


def closing_due(now: datetime, deadline: datetime) -> bool:
    """The count is taken 60 s after the deadline, when everything that arrived in time has been let through."""
    return now >= deadline + CLOSING_DELAY


def enough_bids(count: int, minimum: int) -> Decision:
    """R-OPEN-02: fewer than three bidders, the envelopes stay closed."""
    if count >= minimum:
        return allow("R-OPEN-02")
    return refuse(
        _("%(count)s bids arrived, %(minimum)s are needed: the envelopes stay closed and the lot is void.")
        % {"count": count, "minimum": minimum},
        "R-OPEN-02",
    )


def price_positive(price: Decimal | None) -> Decision:
    if price is not None and price > 0:
        return allow("R-EVAL-21")
    return refuse(
        _("Give the price of the whole lot in yuan, tax included, e.g. 1,860,000.00."), "R-EVAL-21", field="amount"
    )


def price_within(price: Decimal, ceiling: Decimal) -> Decision:
    """R-EVAL-21: above the ceiling or the budget the bid would be invalid."""
    if price <= ceiling:
        return allow("R-EVAL-21")
    return refuse(
        _("The price is above the ceiling of %(ceiling)s yuan; such a bid is invalid. Enter at most the ceiling.")
        % {"ceiling": f"{ceiling:,.2f}"},
        "R-EVAL-21",
        field="amount",
    )


def price_in_yuan(price: Decimal, ceiling: Decimal) -> Decision:
    """Somebody thinking in 万元 types 186 for 1,860,000: ask before it is sealed.

    Example: ceiling 2,000,000. 186 × 10,000 = 1,860,000 is a plausible price, 186 itself is not.
    """
    if price * 100 >= ceiling or price * WAN > ceiling * 2:
        return allow("R-EVAL-21")
    return refuse(
        _(
            "%(typed)s yuan is less than a hundredth of the ceiling. Did you mean %(typed)s 万元, that is %(meant)s "
            "yuan? Enter the amount in yuan, or tick the box below to confirm that it is right."
        )
        % {"typed": f"{price:,.2f}", "meant": f"{price * WAN:,.2f}"},
        "R-EVAL-21",
        level=Level.WARN,
        field="amount",
    )


def size_within(total: int) -> Decision:
    if total <= BID_LIMIT:
        return allow()
    return refuse(
        _("All files of one bid together may have 500 MB; with this file it would be %(size)s MB. Remove a file first.")
        % {"size": -(-total // (1024 * 1024))},
        field="file",
    )
