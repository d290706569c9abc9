"""Who may sit in a panel and review what (R-VENT-04, R-COMM-09)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

RULE, RECUSAL = "R-VENT-04", "R-COMM-09"
FEWEST, MOST = 1, 9


def four_roles(seated: Set[str], all_roles: Mapping[str, Any]) -> Decision:
    """Residents, demand side, scholars and practitioners each have a seat."""
    missing = [str(label) for role, label in all_roles.items() if role not in seated]
    if not missing:
        return ALLOWED
    return refuse(
        _("Nobody of these has accepted a seat yet: %(roles)s. Invite one of each, then go on.")
        % {"roles": "、".join(missing)},
        RULE,
        field="role",
    )


def plain_name(name: str) -> str:
    """A name as it is compared: without spaces, brackets of either width alike."""
    return "".join(name.split()).replace("（", "(").replace("）", ")").casefold()


def is_own_employer(employer: str, body_ids: Set[int], applicant_id: int, applicant: str) -> bool:
    """The reviewer works for the applicant: a member of the body, or the employer named at the seat."""
    return applicant_id in body_ids or bool(employer.strip() and plain_name(employer) == plain_name(applicant))


def may_review(in_conflict: bool, name: str, title: str, field: str = "member") -> Decision:
    if not in_conflict:
        return ALLOWED
    return refuse(
        _("%(name)s must not review «%(title)s»: a tie or the own employer stands in the way. Choose another reviewer.")
        % {"name": name, "title": title},
        RECUSAL,
        field=field,
    )


def enough_reviewers(titles: Iterable[str], each: int) -> Decision:
    """No application lacks reviewers free of conflict."""
    short = list(titles)
    if not short:
        return ALLOWED
    return refuse(
        _(
            "For %(count)s applications there are not %(each)s reviewers free of conflict, «%(title)s» among them. "
            "Invite more reviewers or lower the number."
        )
        % {"count": len(short), "each": each, "title": short[0]},
        RULE,
        field="reviewers_each",
    )


def reviewers_each_holds(each: int) -> Decision:
    if FEWEST <= each <= MOST:
        return ALLOWED
    return refuse(
        _("Each application has %(least)s to %(most)s reviewers.") % {"least": FEWEST, "most": MOST},
        RULE,
        field="reviewers_each",
    )
