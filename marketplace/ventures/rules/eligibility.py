"""Who may apply, when, and how often (R-VENT-08, R-TIME-07); which points of it a person has to look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import in_time

SOCIAL = ("association", "service_agency", "foundation")
OPEN = "published"

# What no register of ours answers: the applicant declares it, the officer looks it up at the pre-review.
POINTS: dict[str, Any] = {
    "annual_report": gettext_lazy("The last annual report was handed in on time and passed."),
    "lists": gettext_lazy("On no list of abnormal activities and no list of serious defaults."),
    "blacklist": gettext_lazy("On no blacklist of venture projects in the last three years."),
    "violations": gettext_lazy("No record of violations that is still running."),
    "elsewhere": gettext_lazy("The same project is funded by nobody else."),
}


@dataclass(frozen=True)
class Applicant:
    """What is known about the organization. `living`: its applications to this call that are not withdrawn.
    `obstacles`: refusals of other registers (bans, money owed, reports that are missing)."""

    is_organization: bool
    kind: str
    living: int
    most: int
    unfinished: Sequence[str] = ()
    obstacles: Sequence[Decision] = ()


def takes_applications(status: str, opens_at: datetime, deadline: datetime, moment: datetime) -> Decision:
    """From the opening to the deadline, both included, to the second (R-TIME-03, R-TIME-07)."""
    if moment < opens_at:
        return refuse(_("Applications have not begun yet; come back when the call opens."), "R-TIME-07", due=opens_at)
    if status != OPEN or not in_time(moment, deadline):
        words = _("The call is closed for applications. What you have written stays here; reuse it in a later call.")
        return refuse(words, "R-TIME-07", due=deadline)
    return allow("R-TIME-07", _("The call takes applications."), due=deadline)


def eligibility_decisions(applicant: Applicant) -> list[Decision]:
    """What can be answered by itself, each with the way out."""
    return [_social(applicant), _once(applicant), _finished(applicant), *applicant.obstacles]


def _social(applicant: Applicant) -> Decision:
    if applicant.is_organization and applicant.kind in SOCIAL:
        return allow("R-VENT-08", _("A registered social organization."))
    words = _(
        "Only registered social organizations apply: associations, social service agencies, foundations. Act for your "
        "organization, or register it first."
    )
    return refuse(words, "R-VENT-08")


def _once(applicant: Applicant) -> Decision:
    shown = {"n": applicant.living, "most": applicant.most}
    if applicant.living < applicant.most:
        return allow(
            "R-VENT-08", _("The organization has %(n)s other application(s) in this call; %(most)s allowed.") % shown
        )
    words = _(
        "Your organization has %(n)s application(s) in this call, %(most)s allowed. Go on with that one, or withdraw "
        "it first."
    )
    return refuse(words % shown, "R-VENT-08")


def _finished(applicant: Applicant) -> Decision:
    if not applicant.unfinished:
        return allow("R-VENT-08", _("No earlier venture project is unfinished."))
    words = _("An earlier venture project is not finished: %(names)s. Bring it to its end before you apply again.")
    return refuse(words % {"names": "、".join(applicant.unfinished)}, "R-VENT-08")
