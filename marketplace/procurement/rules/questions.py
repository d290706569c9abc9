"""Taking documents and asking: when it is possible, and when an answer is due."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from marketplace.core.clock import ZONE
from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import WorkCalendar, add_working_days, end_of_day
from marketplace.core.rulesets import RuleSet


def answer_due(asked_on: date, ruleset: RuleSet, calendar: WorkCalendar) -> datetime:
    """R-OBJ-01: three working days, to the end of the last one. Asked on Friday 12 June 2026: Wednesday 17 June."""
    return end_of_day(add_working_days(asked_on, int(ruleset.value("R-OBJ-01")), calendar))


def obtainable(now: datetime, until: datetime) -> Decision:
    """R-TENDER-03: documents can be had until the published moment, to the second."""
    if now <= until:
        return allow("R-TENDER-03", due=until)
    return refuse(
        _("The documents could be obtained until %(until)s. Ask the contact named in the notice.")
        % {"until": _shown(until)},
        "R-TENDER-03",
        due=until,
    )


def still_asking(now: datetime, deadline: datetime) -> Decision:
    """Questions about the documents end with the deadline for bids."""
    if now <= deadline:
        return allow("R-OBJ-01", due=deadline)
    return refuse(
        _("Bids are closed. What concerns the result can be asked of the contact, or objected to within the period."),
        "R-OBJ-01",
        due=deadline,
    )


def code_is_valid(code: str) -> Decision:
    """R-ORG-01, -02: a valid unified social credit code is all that a supplier has to show here."""
    if uscc.is_valid(code):
        return allow("R-ORG-01")
    return refuse(
        _("The credit code of your organization is not valid. Correct it in the organization's file first."), "R-ORG-01"
    )


def address_is_confirmed(confirmed: bool) -> Decision:
    if confirmed:
        return allow()
    return refuse(_("Confirm your e-mail address first: corrections and answers are sent to it."))


def takers_too_few(count: int, until: datetime, deadline: datetime, now: datetime, ruleset: RuleSet) -> Decision:
    """R-TENDER-04: allowed after the period for documents, before the deadline, with fewer than three takers.

    The answer tells «fewer than three» and nothing more, and only in this case: the law gives the buyer this choice.
    """
    least = int(ruleset.value("R-TENDER-04"))
    if until < now <= deadline and count < least:
        return allow(
            "R-TENDER-04", _("Fewer than %(least)s took the documents: the period may be extended.") % {"least": least}
        )
    return refuse(
        _("An extension is offered only when the period for documents has ended with too few takers."), "R-TENDER-04"
    )


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
