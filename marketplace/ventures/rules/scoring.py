"""The scoring form and what may be entered in it (R-VENT-12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from marketplace.core.decisions import ALLOWED, Decision, refuse

RULE = "R-VENT-12"
WHOLE = 100
STEP = Decimal("0.5")
DEFAULT: tuple[tuple[str, Any, int], ...] = (
    ("need", gettext_lazy("Need"), 20),
    ("plan", gettext_lazy("Plan and feasibility"), 25),
    ("innovation", gettext_lazy("Innovation"), 10),
    ("team", gettext_lazy("Team"), 15),
    ("budget", pgettext_lazy("criterion", "Budget"), 15),
    ("effect", gettext_lazy("Effect and lasting power"), 15),
)


def weights_sum(weights: Iterable[int]) -> Decision:
    """The points of all criteria are 100 together."""
    found = sum(weights)
    if found == WHOLE:
        return ALLOWED
    return refuse(
        _("The points of all criteria must be 100 together; now they are %(sum)s. Change a criterion by %(by)s.")
        % {"sum": found, "by": f"{WHOLE - found:+d}"},
        RULE,
        field="weights",
    )


def in_range(points: Decimal, weight: int, title: str, field: str) -> Decision:
    """From nothing to the criterion's points, in half points."""
    if points < 0 or points > weight:
        return refuse(
            _("«%(title)s» takes 0 to %(most)s points; %(points)s is outside. Enter a number in between.")
            % {"title": title, "most": weight, "points": points},
            RULE,
            field=field,
        )
    if points % STEP:
        return refuse(
            _("«%(title)s» takes whole and half points, such as 12 or 12.5.") % {"title": title}, RULE, field=field
        )
    return ALLOWED


def is_whole(given: Mapping[str, Decimal], wanted: Mapping[str, str], comment: str) -> Decision:
    """Every criterion has points, and there are reasons for the applicant."""
    missing = [title for key, title in wanted.items() if key not in given]
    if missing:
        names = "、".join(missing)
        return refuse(_("Points are missing for: %(names)s. Enter them, then hand in.") % {"names": names}, RULE)
    if len(comment.strip()) < 10:
        return refuse(
            _("Write the reasons for the applicant: one or two sentences, at least 10 characters."),
            RULE,
            field="comment",
        )
    return ALLOWED


def bonus_cap_holds(cap: Decimal) -> Decision:
    """Bonus points are a small part beside the 100 of the form (R-VENT-13)."""
    if 0 <= cap <= 50:
        return ALLOWED
    return refuse(_("Bonus points are capped between 0 and 50."), "R-VENT-13", field="bonus_cap")


def defence_share_holds(share: int) -> Decision:
    if 0 <= share <= WHOLE:
        return ALLOWED
    return refuse(_("The defence counts between 0 and 100 percent of the total."), "R-VENT-01", field="defence_share")
