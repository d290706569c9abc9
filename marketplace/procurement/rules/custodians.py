"""Who may hold a share of a lot's key, and how many are needed (design: at least two bodies, one person one share)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, first_refusal, refuse

FEWEST, MOST = 3, 7
RULE = "R-BID-07"


@dataclass(frozen=True)
class Candidate:
    """What the rules need to know of one custodian."""

    name: str
    user_id: int
    body_id: int
    is_appointed: bool
    is_proved: bool
    acts_in_procedure: bool
    acts_for_supplier: bool


def threshold_for(count: int) -> int:
    """More than half: 2 of 3, 3 of 5. One alone never opens, one absent never blocks."""
    return count // 2 + 1


def may_hold_share(candidate: Candidate) -> Decision:
    questions = (
        (candidate.is_appointed, _("%(name)s is not appointed as a custodian by the operator any more.")),
        (candidate.is_proved, _("%(name)s has not proved the trial share yet.")),
        (
            not candidate.acts_in_procedure,
            _("%(name)s acts for the buyer or the agent in procedures and cannot guard its bids."),
        ),
        (not candidate.acts_for_supplier, _("%(name)s acts for an organization that may bid and cannot guard bids.")),
    )
    return first_refusal(
        *(
            ALLOWED if holds else refuse(text % {"name": candidate.name}, RULE, field="custodians")
            for holds, text in questions
        )
    )


def custodians_suffice(candidates: Sequence[Candidate]) -> Decision:
    """Three to seven, of at least two bodies, each a different person, each fit."""
    if not FEWEST <= len(candidates) <= MOST:
        return refuse(
            _("Name three to seven custodians: more than half of them open the lot together."), RULE, field="custodians"
        )
    if len({candidate.body_id for candidate in candidates}) < 2:
        return refuse(
            _("The custodians must be of at least two bodies. Choose one of another body."), RULE, field="custodians"
        )
    if len({candidate.user_id for candidate in candidates}) < len(candidates):
        return refuse(_("One person can hold one share only."), RULE, field="custodians")
    return first_refusal(*(may_hold_share(candidate) for candidate in candidates))
