"""Which tenders an outage touches, and what has been decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role

from ..models import Extension, ExtensionStatus, LotStatus, Outage, Tender, TenderStatus
from ..rules.outages import CONCERNS, concerns, holds_closing


@dataclass(frozen=True)
class Touched:
    """One tender that an outage touches."""

    tender: Tender
    outage: Outage
    extension: Extension | None


def touched_by(tenders: list[Tender], outages: list[Outage]) -> list[Touched]:
    decided = {
        (row.tender_id, row.outage_id): row for row in Extension.objects.filter(outage__in=outages, tender__in=tenders)
    }
    return [
        Touched(tender, outage, decided.get((tender.pk, outage.pk)))
        for outage in outages
        for tender in tenders
        if (tender.pk, outage.pk) in decided or concerns(outage.started_at, outage.ended_at, tender.deadline)  # type: ignore[arg-type]
    ]


def touched_for(actor: Actor, limit: int = 20) -> tuple[list[Outage], list[Touched]]:
    """The newest outages, and the published tenders of the actor's that they touch; a supervisor sees all."""
    outages = list(Outage.objects.all()[:limit])
    if not outages:
        return [], []
    first, last = min(o.started_at for o in outages), max(o.ended_at for o in outages)
    tenders = Tender.objects.filter(
        Q(deadline__gte=first, deadline__lte=last + CONCERNS) | Q(extensions__outage__in=outages),
        status=TenderStatus.PUBLISHED,
    )
    if not actor.has(Role.SUPERVISOR, Role.AUDITOR):
        tenders = tenders.filter(Q(buyer_id=actor.body_id) | Q(agency_id=actor.body_id))
    return outages, touched_by(list(tenders.select_related("buyer").distinct()), outages)


def is_held(tender: Tender, now: datetime) -> bool:
    """Whether an undecided outage keeps the lots of this tender from being counted."""
    settled = (ExtensionStatus.WAIVED, ExtensionStatus.DECLINED, ExtensionStatus.CONFIRMED)
    undecided = Outage.objects.exclude(extensions__in=Extension.objects.filter(tender=tender, status__in=settled))
    return any(holds_closing(o.started_at, o.ended_at, tender.deadline, now) for o in undecided[:20])  # type: ignore[arg-type]


def still_open(tender: Tender) -> bool:
    return tender.lots.filter(status=LotStatus.OPEN).exists()
