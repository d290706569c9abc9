"""What a correction of a published call may change, and a termination has to say. One published word is relied on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

SHORTEST_REASON = 20


def only_texts(targets: Iterable[str], correctable: Iterable[str]) -> Decision:
    """Money, rules, funders and questions of the form stay; who wants those changed ends the call and begins anew."""
    beyond = sorted(set(targets) - set(correctable))
    if not beyond:
        return allow("R-NOTICE-06")
    words = _(
        "A correction clarifies texts and moves the deadline; it cannot change %(fields)s. "
        "End this call and begin a new one instead."
    )
    return refuse(words % {"fields": ", ".join(beyond)}, "R-NOTICE-06", field="changes")


def says_what(subject: str) -> Decision:
    if subject.strip():
        return allow("R-NOTICE-06")
    return refuse(_("Say in a few words what is corrected."), "R-NOTICE-06", field="subject")


def changes_something(count: int, new_deadline: datetime | None) -> Decision:
    if count or new_deadline:
        return allow("R-NOTICE-06", _("Before and after are written."))
    return refuse(_("Nothing differs from what is published: write the new text."), "R-NOTICE-06", field="subject")


def still_open(now: datetime, deadline: datetime) -> Decision:
    """Nobody who missed a deadline gets it back by a correction."""
    if now <= deadline:
        return allow("R-TIME-07", due=deadline)
    return refuse(_("The deadline has passed: the call cannot be corrected any more."), "R-TIME-07", due=deadline)


def only_later(old: datetime, new: datetime | None) -> Decision:
    """A published deadline moves later only: somebody may rely on it."""
    if new is None or new > old:
        return allow("R-TIME-07")
    return refuse(
        _("A published deadline can only move to a later moment."), "R-TIME-07", due=old, field="new_deadline"
    )


def reason_written(reason: str) -> Decision:
    if len(reason.strip()) >= SHORTEST_REASON:
        return allow("R-NOTICE-07")
    words = _("Write in %(least)s characters or more why the call ends; it is published word by word.")
    return refuse(words % {"least": SHORTEST_REASON}, "R-NOTICE-07", field="reason")
