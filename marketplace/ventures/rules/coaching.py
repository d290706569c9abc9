"""When an application that passed the pre-review may be improved: in the window, with a mentor, before the scoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import in_time


@dataclass(frozen=True)
class Coaching:
    """What a call offers an application. `is_preparing`: reviewers have not begun to score."""

    begins: datetime
    ends: datetime
    is_preparing: bool
    has_mentor: bool


def takes_improvements(coaching: Coaching, moment: datetime) -> Decision:
    """From the beginning to the end, both included, to the second (R-TIME-07). Without a mentor: no coaching."""
    if not coaching.is_preparing or not in_time(moment, coaching.ends):
        words = _("The coaching is over. The reviewers read the version that you handed in last.")
        return refuse(words, "R-TIME-07", due=coaching.ends)
    if moment < coaching.begins:
        words = _("The coaching has not begun yet; come back then to improve the application.")
        return refuse(words, "R-TIME-07", due=coaching.begins)
    if not coaching.has_mentor:
        words = _("No mentor is named for this application. Once one is, you may improve it until the coaching ends.")
        return refuse(words, "R-VENT-01")
    return allow("R-TIME-07", due=coaching.ends)
