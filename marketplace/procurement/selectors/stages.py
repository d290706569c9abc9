"""Where a lot stands, as a line of steps, and what comes next for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.core.workcalendar import calendar

from ..guards import not_suspended
from ..models import AwardStatus, Lot, LotStatus
from ..permissions.review import can_propose_award, can_run_review
from ..permissions.tender import is_buyer
from ..rules.award import decision_due
from .award import active_award
from .committee import may_sit, needed_for
from .review import values_of

ORDER = (
    LotStatus.OPEN,
    LotStatus.CLOSED,
    LotStatus.OPENED,
    LotStatus.ELIGIBILITY,
    LotStatus.REVIEW,
    LotStatus.CONSOLIDATED,
    LotStatus.REVIEWED,
    LotStatus.AWARDED,
    LotStatus.CONTRACTED,
)
ENDED = (LotStatus.VOID, LotStatus.TERMINATED)


def steps(lot: Lot) -> list[dict[str, Any]]:
    """The line of steps; a void lot stops where it became void."""
    labels = {
        LotStatus.OPEN: _("Bids"),
        LotStatus.CLOSED: _("Bidding closed"),
        LotStatus.OPENED: _("Bid opening"),
        LotStatus.ELIGIBILITY: _("Eligibility"),
        LotStatus.REVIEW: _("Review"),
        LotStatus.CONSOLIDATED: _("Report"),
        LotStatus.REVIEWED: _("Award"),
        LotStatus.AWARDED: _("Result"),
        LotStatus.CONTRACTED: _("Contract"),
    }
    if lot.status in ENDED:
        reached = _reached(lot)
        line = [{"label": labels[key], "state": "done"} for key in ORDER[:reached]]
        return [*line, {"label": lot.get_status_display(), "state": "stopped"}]
    position = ORDER.index(LotStatus(lot.status))
    return [
        {"label": labels[key], "state": "done" if n < position else "now" if n == position else ""}
        for n, key in enumerate(ORDER)
    ]


def _reached(lot: Lot) -> int:
    """How many steps an ended lot has behind it, by what it left."""
    marks = ("closing", "opening", "eligibility_check", "review")
    return 1 + sum(hasattr(lot, mark) for mark in marks)


@dataclass(frozen=True)
class Next:
    """What is due: a sentence, and the page where this actor does it (no address: it is somebody else's turn)."""

    title: str
    text: str = ""
    due: datetime | None = None
    rule_id: str = ""
    url: str = ""
    action: str = ""


def next_step(lot: Lot, actor: Actor) -> Next:
    stop = not_suspended(lot)
    if not stop:
        return Next(_("Suspended"), str(stop.reason), rule_id=stop.rule_id)
    find = NEXT.get(LotStatus(lot.status))
    return find(lot, actor) if find else Next(_("Ended"), lot.void_reason or _("Nothing is to be done here."))


def _link(name: str, lot: Lot, allowed: bool, action: str) -> dict[str, str]:
    return {"url": reverse(f"procurement:{name}", args=[lot.pk]), "action": action} if allowed else {}


def _open(lot: Lot, actor: Actor) -> Next:
    return Next(
        _("Bids come in, sealed"),
        _("Nobody sees how many. The pool of experts is fixed before the deadline."),
        lot.tender.deadline,
        "R-TENDER-14",
    )


def _closed(lot: Lot, actor: Actor) -> Next:
    return Next(_("The custodians open the bids"), _("Two of them hand in their shares."), rule_id="R-OPEN-01")


def _opened(lot: Lot, actor: Actor) -> Next:
    opening = getattr(lot, "opening", None)
    if opening is not None and opening.closed_at is None:
        return Next(_("Bidders confirm the read-out"), "", opening.statements_until, "R-OPEN-04")
    mine = bool(can_run_review(actor, lot))
    return Next(
        _("Check eligibility"),
        _("By the buyer or its agent, before the committee sees anything."),
        rule_id="R-OPEN-05",
        **_link("lot-eligibility", lot, mine, _("Begin the check")),  # type: ignore[arg-type]
    )


def _eligibility(lot: Lot, actor: Actor) -> Next:
    mine = bool(can_run_review(actor, lot))
    if lot.eligibility_check.concluded_at is None:
        return Next(
            _("Check eligibility"),
            _("Every point of every bid, with its evidence."),
            rule_id="R-OPEN-05",
            **_link("lot-eligibility", lot, mine, _("Go on checking")),  # type: ignore[arg-type]
        )
    complete = may_sit(lot, needed_for(lot))
    if not complete:
        return Next(
            _("Form the committee"),
            str(complete.reason),
            rule_id="R-COMM-05",
            **_link("lot-committee", lot, mine, _("To the committee")),  # type: ignore[arg-type]
        )
    return Next(
        _("Start the review"),
        _("The committee is complete."),
        rule_id="R-COMM-13",
        **_link("review-start", lot, mine, _("Start the review")),  # type: ignore[arg-type]
    )


def _review(lot: Lot, actor: Actor) -> Next:
    complete = may_sit(lot, needed_for(lot))
    if not complete:
        return Next(
            _("Fill the free seat of the committee"),
            str(complete.reason),
            rule_id="R-COMM-14",
            **_link("lot-committee", lot, bool(can_run_review(actor, lot)), _("To the committee")),  # type: ignore[arg-type]
        )
    return Next(_("The committee reviews"), _("Each member alone. Nothing is shown here before the report is signed."))


def _consolidated(lot: Lot, actor: Actor) -> Next:
    return Next(_("The members sign the report"), "", rule_id="R-COMM-12")


def _reviewed(lot: Lot, actor: Actor) -> Next:
    due = decision_due(lot.review.reviewed_at, values_of(lot.tender).decision_days, calendar())  # type: ignore[arg-type]
    award = active_award(lot)
    if award is not None and award.status == AwardStatus.PROPOSED:
        return Next(
            _("Decide on the award"),
            _("A second person of the buyer decides and publishes."),
            due,
            "R-AWARD-02",
            **_link("lot-award", lot, is_buyer(actor, lot.tender), _("To the award")),
        )
    return Next(
        _("Confirm the winner"),
        _("In the order of the ranking."),
        due,
        "R-AWARD-02",
        **_link("lot-award", lot, bool(can_propose_award(actor, lot)), _("Propose the award")),
    )


def _awarded(lot: Lot, actor: Actor) -> Next:
    award = active_award(lot)
    return Next(
        _("Objections are possible"),
        _("Then the contract is signed, within 30 days of the award letter."),
        award.objection_until if award else None,
        "R-TIME-06",
    )


def _contracted(lot: Lot, actor: Actor) -> Next:
    return Next(_("Under contract"), _("Performance, payments and reports are with the contract."))


NEXT = {
    LotStatus.OPEN: _open,
    LotStatus.CLOSED: _closed,
    LotStatus.OPENED: _opened,
    LotStatus.ELIGIBILITY: _eligibility,
    LotStatus.REVIEW: _review,
    LotStatus.CONSOLIDATED: _consolidated,
    LotStatus.REVIEWED: _reviewed,
    LotStatus.AWARDED: _awarded,
    LotStatus.CONTRACTED: _contracted,
}
