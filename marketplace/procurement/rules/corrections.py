"""What a correction may change, and by when (R-TENDER-05, R-TENDER-06, R-TIME-09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rules.time import WorkCalendar
from marketplace.core.rulesets import RuleSet

from .timetable import change_early_enough


def only_correctable(targets: Iterable[str], correctable: Iterable[str]) -> Decision:
    """R-TENDER-05: what is bought and who may bid stay; who wants those changed terminates and tenders again."""
    beyond = sorted(set(targets) - set(correctable))
    if not beyond:
        return allow("R-TENDER-05", _("What is bought and who may bid stay as they are."))
    return refuse(
        _(
            "A correction must not change what is bought or who may bid (%(fields)s). "
            "Terminate this tender and tender again instead."
        )
        % {"fields": ", ".join(beyond)},
        "R-TENDER-05",
        field="changes",
    )


def changes_something(count: int, moves_dates: bool) -> Decision:
    if count or moves_dates:
        return allow("R-NOTICE-06", _("Before and after are written."))
    return refuse(
        _("Nothing differs from the published documents: write the new text."), "R-NOTICE-06", field="changes"
    )


def before_deadline(now: datetime, deadline: datetime) -> Decision:
    """Documents are corrected while bids can still follow."""
    if now <= deadline:
        return allow("R-TENDER-05", due=deadline)
    return refuse(_("Bids are closed: the documents cannot be corrected any more."), "R-TENDER-05", due=deadline)


def not_earlier(old: datetime, new: datetime | None, field: str) -> Decision:
    """A published moment moves later only: somebody may rely on it."""
    if new is None or new >= old:
        return allow("R-TENDER-06")
    return refuse(_("A published deadline can only move to a later moment."), "R-TENDER-06", due=old, field=field)


def documents_before_bids(documents_until: datetime, deadline: datetime) -> Decision:
    if documents_until <= deadline:
        return allow("R-TENDER-03")
    return refuse(
        _("Documents cannot be obtained longer than until the deadline."),
        "R-TENDER-03",
        due=deadline,
        field="new_documents_until",
    )


def early_enough(
    affects_bids: bool, published_on: date, deadline: datetime, ruleset: RuleSet, calendar: WorkCalendar
) -> Decision:
    """R-TENDER-06: only a change that may affect bids needs fifteen days before the deadline."""
    if not affects_bids:
        return allow("R-TENDER-06", _("The change does not affect how bids are made; the deadline stays."))
    return ruleset.apply(change_early_enough(published_on, deadline, ruleset, calendar))
