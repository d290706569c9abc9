"""Where a tender stands: the line of steps, and what happened by the log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, pgettext

from marketplace.accounts.models import User
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.web.templatetags.web import short_day

from ..models import UNPUBLISHED, Lot, LotStatus, Tender, TenderStatus

RANKS = {
    LotStatus.DRAFT: 1,
    LotStatus.OPEN: 2,
    LotStatus.CLOSED: 3,
    LotStatus.OPENED: 3,
    LotStatus.ELIGIBILITY: 4,
    LotStatus.REVIEW: 4,
    LotStatus.CONSOLIDATED: 4,
    LotStatus.REVIEWED: 5,
    LotStatus.AWARDED: 6,
    LotStatus.CONTRACTED: 7,
}


def progress_of(tender: Tender, lots: list[Lot] | None = None) -> list[dict[str, Any]]:
    """Plan, notice, bids, opening, review, result, contract, performance, evaluation. The slowest living lot leads."""
    lots = list(tender.lots.all()) if lots is None else lots
    ranks = [RANKS[LotStatus(lot.status)] for lot in lots if lot.status in RANKS]
    rank = min(ranks) if ranks else 1
    stopped = tender.status in (TenderStatus.TERMINATED, TenderStatus.DISCARDED) or (bool(lots) and not ranks)
    labels = [
        (pgettext("progress", "Plan"), tender.item.published_at),
        (pgettext("progress", "Notice"), tender.published_at),
        (pgettext("progress", "Bids"), tender.deadline if tender.number else None),
        (pgettext("progress", "Opening"), None),
        (pgettext("progress", "Review"), None),
        (pgettext("progress", "Result"), None),
        (pgettext("progress", "Contract"), None),
        (pgettext("progress", "Service"), None),
        (pgettext("progress", "Evaluation"), None),
    ]
    if tender.status in UNPUBLISHED:
        rank = 1
    return [
        {"label": label, "state": _state(place, rank, stopped), "note": _note(place, moment)}
        for place, (label, moment) in enumerate(labels)
    ]


def _state(place: int, rank: int, stopped: bool) -> str:
    if place < rank:
        return "done"
    if place == rank:
        return "stopped" if stopped else "now"
    return ""


def _note(place: int, moment: Any) -> str:
    if moment is None:
        return ""
    text = short_day(moment)
    return _("until %(day)s") % {"day": text} if place == 2 and moment >= clock.now() else text


def timeline_of(tender: Tender) -> list[dict[str, Any]]:
    """Entries of the log about this tender, newest first, with who did it; nothing of bids or takers is among them."""
    labels = action_labels()
    rows = list(
        LogEntry.objects.filter(subject=f"procurement.tender:{tender.pk}", action__in=labels).order_by("-number")[:30]
    )
    people = User.objects.filter(pseudonym__in={row.actor for row in rows})
    names = {user.pseudonym: str(user) for user in people}
    return [{"at": row.market_time, "title": labels[row.action], "text": names.get(row.actor, "")} for row in rows]


def action_labels() -> dict[str, str]:
    return {
        "tender.begun": _("Draft begun"),
        "tender.custodians_named": _("Custodians named"),
        "tender.submitted": _("Submitted to the second officer"),
        "tender.returned": _("Returned to the officer"),
        "tender.published": _("Published"),
        "tender.terminated": _("Terminated"),
        "tender.discarded": _("Draft discarded"),
        "tender.restored": _("Draft taken up again"),
    }
