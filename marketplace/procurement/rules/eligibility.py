"""The eligibility check: its points, and how many bids have to be left (R-OPEN-05, R-ELIG-02, -04, -05)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

LINKS, CREDIT = "links", "credit"
EVIDENCE, CONDITION = "evidence:", "condition:"
REQUIRED_EVIDENCE = ("registration", "finance", "capability", "declaration")
OPTIONAL_EVIDENCE = ("other",)


def point_keys(conditions: Iterable[int]) -> list[str]:
    """Every point that has to be noted: evidence, specific conditions, credit, ties. «other» only where handed in."""
    return [
        *(EVIDENCE + kind for kind in REQUIRED_EVIDENCE),
        *(f"{CONDITION}{key}" for key in conditions),
        CREDIT,
        LINKS,
    ]


def missing_points(name: str, wanted: Sequence[str], noted: Sequence[str]) -> Decision:
    """The check is concluded only when nothing is open."""
    missing = [point for point in wanted if point not in noted]
    if not missing:
        return ALLOWED
    return refuse(
        _("%(name)s: %(count)s point(s) are not checked yet. Check every point of every bid first.")
        % {"name": name, "count": len(missing)},
        "R-ELIG-04" if missing == [CREDIT] else "R-OPEN-05",
    )


def enough(left: int, fewest: int) -> Decision:
    """Fewer than three that pass: no evaluation."""
    if left >= fewest:
        return ALLOWED
    return refuse(
        _("Only %(left)s bidders passed the eligibility check; at least %(fewest)s are needed for an evaluation.")
        % {"left": left, "fewest": fewest},
        "R-OPEN-05",
    )


def enough_conforming(left: int, fewest: int) -> Decision:
    if left >= fewest:
        return ALLOWED
    return refuse(
        _("Only %(left)s bids answer the tender documents in substance; at least %(fewest)s are needed.")
        % {"left": left, "fewest": fewest},
        "R-EVAL-20",
    )
