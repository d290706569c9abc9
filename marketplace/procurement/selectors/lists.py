"""The list of tenders in the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _, pgettext

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core import clock

from ..models import Lot, PaperStatus, Question, Tender, TenderStatus


def tenders_for(actor: Actor, filters: Mapping[str, Any]) -> QuerySet[Tender]:
    """What the actor sees, newest first, narrowed by the filters."""
    rows = Tender.objects.visible_to(actor).select_related("buyer", "item")
    for word in str(filters.get("q") or "").split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    state = filters.get("state")
    if state != TenderStatus.DISCARDED:
        rows = rows.kept()
    if state in TenderStatus.values:
        rows = rows.filter(status=state)
    elif state:
        rows = rows.filter(lots__status=state).distinct()
    if filters.get("whose") == "mine":
        rows = rows.filter(created_by_id=actor.user_id)
    if filters.get("whose") == "waiting":
        rows = rows.filter(waiting_for(actor)).distinct()
    lots = Prefetch("lots", Lot.objects.order_by("position"))
    return rows.prefetch_related(lots).order_by("-pk")


def waiting_for(actor: Actor) -> Q:
    """Tenders in which the next step is this person's."""
    wanted = Q(pk__in=[])
    if actor.has(Role.APPROVER):
        own = Q(buyer_id=actor.body_id)
        wanted |= own & Q(status=TenderStatus.SUBMITTED) & ~Q(submitted_by_id=actor.user_id)
        for paper in ("corrections", "terminations"):
            open_paper = Q(**{f"{paper}__status": PaperStatus.SUBMITTED})
            wanted |= own & open_paper & ~Q(**{f"{paper}__drafted_by_id": actor.user_id})
    if actor.has(Role.OFFICER):
        wanted |= Q(status=TenderStatus.DRAFT)
        wanted |= Q(pk__in=Question.objects.filter(answered_at=None).values("tender_id"))
    return wanted


def tender_rows(tenders: Iterable[Tender]) -> list[dict[str, Any]]:
    """Each tender with its state in words, the next step and its moment."""
    return [_row(tender) for tender in tenders]


def _row(tender: Tender) -> dict[str, Any]:
    text, due = next_step(tender, clock.now())
    return {"tender": tender, "states": states(tender), "next": text, "due": due}


def states(tender: Tender) -> list[tuple[str, str]]:
    """The tender's own state, or those of its lots once they go their ways: (value, label)."""
    if tender.status != TenderStatus.PUBLISHED:
        return [(tender.status, tender.get_status_display())]
    return list(dict.fromkeys((lot.status, lot.get_status_display()) for lot in tender.lots.all()))


def next_step(tender: Tender, now: datetime) -> tuple[str, datetime | None]:
    if tender.status == TenderStatus.DRAFT:
        return (_("Changes asked for") if tender.return_reason else _("Fill in and submit")), None
    if tender.status == TenderStatus.SUBMITTED:
        return _("Second officer checks"), None
    if tender.status in (TenderStatus.TERMINATED, TenderStatus.DISCARDED):
        return _("Ended"), None
    if tender.deadline and now <= tender.deadline:
        return pgettext("progress", "Opening"), tender.deadline
    return _("See its lots"), None
