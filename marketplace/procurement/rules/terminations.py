"""When a tender may be ended (R-TENDER-12, R-AWARD-09)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

SHORTEST_REASON = 20


def not_awarded(awarded: bool) -> Decision:
    """R-AWARD-09: after the award neither side may undo the result by ending the tender."""
    if not awarded:
        return allow("R-TENDER-12")
    return refuse(
        _("A lot has been awarded; the result cannot be undone by a termination. Deal with the award instead."),
        "R-AWARD-09",
    )


def facts_written(reason: str) -> Decision:
    """R-TENDER-12: not at will; the facts are published, so they have to be there."""
    if len(reason.strip()) >= SHORTEST_REASON:
        return allow("R-TENDER-12")
    return refuse(
        _("A tender is not ended at will: describe the major change in %(least)s characters or more; it is published.")
        % {"least": SHORTEST_REASON},
        "R-TENDER-12",
        field="reason",
    )
