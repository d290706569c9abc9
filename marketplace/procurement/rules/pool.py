"""Who belongs into the pool of a draw, and until when it is fixed (R-COMM-05)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

ALL_FIELDS = "*"
SUBSTITUTES_FACTOR = 2


def matches(fields: Iterable[str], code: str) -> bool:
    """A field fits when it is the service's directory code or a class above it: «06» fits «0602»."""
    return any(field == ALL_FIELDS or code.startswith(field) for field in fields)


def has_room(found: int, experts: int) -> bool:
    """Seats and as many substitutes; with fewer the whole register is taken."""
    return found >= SUBSTITUTES_FACTOR * experts


def is_before_closing(is_open: bool, deadline: datetime | None, now: datetime) -> Decision:
    """Whoever fixes the pool must not know the head that becomes the seed."""
    if is_open and (deadline is None or now <= deadline):
        return ALLOWED
    return refuse(_("The pool is fixed before the lot closes; this lot is closed."), "R-COMM-05")
