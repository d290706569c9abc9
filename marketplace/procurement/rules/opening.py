"""Labels at the opening, and when its minutes may be fixed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from string import ascii_uppercase

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse


def labels_in_order(head_root: str, manifest_hashes: Iterable[str]) -> dict[str, str]:
    """A, B, C … for the bids of a lot, in an order that nobody could choose and anybody can recompute.

    Order: SHA-256 of the closing's head and the bid's manifest hash. Both were fixed before the opening.
    """
    order = sorted(manifest_hashes, key=lambda value: hashlib.sha256((head_root + value).encode()).digest())
    return {value: letters(position) for position, value in enumerate(order)}


def letters(position: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = ascii_uppercase[rest] + text
    return text


def committee_stays_outside(is_member: bool, is_over: bool) -> Decision:
    """R-OPEN-03: who will score does not attend; the minutes are open to members once they are fixed."""
    if not is_member or is_over:
        return allow("R-OPEN-03")
    return refuse(
        _(
            "You sit on the committee of this lot, and members of the committee do not attend the opening. You see its "
            "minutes when they are fixed."
        ),
        "R-OPEN-03",
    )


def statements_open(now: datetime, until: datetime) -> Decision:
    """R-OPEN-04: 30 minutes to confirm or object; silence is acceptance."""
    if now <= until:
        return allow("R-OPEN-04", due=until)
    return refuse(
        _(
            "The 30 minutes for statements are over; whoever said nothing accepts the read-out. An objection can "
            "still be filed."
        ),
        "R-OPEN-04",
        due=until,
    )


def minutes_may_be_fixed(now: datetime, until: datetime, *, all_stated: bool, unanswered: int) -> Decision:
    """R-OPEN-03, R-OPEN-04: after the 30 minutes, or once every bidder spoke; every objection answered."""
    if unanswered:
        return refuse(
            _("%(count)s objections are not answered yet. Answer each of them first; the answer goes into the minutes.")
            % {"count": unanswered},
            "R-OPEN-04",
        )
    if now <= until and not all_stated:
        return refuse(
            _(
                "Bidders may still confirm or object. The minutes can be fixed when all have spoken or the time is "
                "over."
            ),
            "R-OPEN-04",
            due=until,
        )
    return allow("R-OPEN-04")
