"""What rooms above know against an application of an organization (R-VENT-08): the agreements register here.

`obstacles_of(body_id, on)` asks the bans of this room and every registered source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, refuse

from .models import VentureBan

Source = Callable[[int, date], Iterable[Decision]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(body_id, on)` yields a refusal for each obstacle."""
    if source not in _sources:
        _sources.append(source)


def obstacles_of(body_id: int, on: date) -> list[Decision]:
    """Refusals with the rule and the way out; empty for an organization that may apply."""
    found = [_banned(ban) for ban in VentureBan.objects.filter(body_id=body_id).in_force(on)]
    for source in _sources:
        found += source(body_id, on)
    return found


def _banned(ban: VentureBan) -> Decision:
    return refuse(
        _(
            "Banned from venture calls after project %(number)s, up to and including %(until)s: %(reason)s Apply to "
            "a call that opens after that day."
        )
        % {"until": ban.ends_on.isoformat(), "number": ban.project_number, "reason": ban.reason},
        "R-VENT-08",
        due=ban.ends_on,
    )
