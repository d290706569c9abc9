"""Reads for objections: who took part, from when a window counts, what holds a contract."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role
from marketplace.core.decisions import ALLOWED, Decision, refuse
from marketplace.core.rules.time import add_working_days, day_of
from marketplace.core.workcalendar import calendar

from ..guards import not_suspended
from ..models import (
    Award,
    AwardStatus,
    Bid,
    BidStatus,
    DocumentTake,
    Lot,
    Objection,
    ProcedureStep,
)
from ..permissions.review import SUPPLIER_ROLES
from ..rules.award import notice_end
from ..rules.objection import Starts
from .review import values_of

OUT = (BidStatus.REPLACED, BidStatus.WITHDRAWN)


def took_part(lot: Lot, body_id: int | None) -> tuple[bool, bool]:
    """(took the documents, has a bid in the lot)."""
    taken = DocumentTake.objects.filter(tender_id=lot.tender_id, body_id=body_id).exists()  # type: ignore[misc]
    return taken, Bid.objects.filter(lot=lot, body_id=body_id).exclude(status__in=OUT).exists()  # type: ignore[misc]


def starts_for(lot: Lot, body_id: int | None, step: str = "") -> Starts:
    """The days from which this supplier's windows count (R-OBJ-03)."""
    take = DocumentTake.objects.filter(tender_id=lot.tender_id, body_id=body_id).first()  # type: ignore[misc]
    award = Award.objects.filter(lot=lot).exclude(objection_until=None).order_by("-pk").first()
    values = values_of(lot.tender)
    published = lot.tender.published_at
    return Starts(
        day_of(take.taken_at) if take else None,
        add_working_days(day_of(published), values.document_notice_days, calendar()) if published else None,
        _day(step_end(lot, step)),
        notice_end(day_of(award.decided_at), values.notice_days, calendar()) if award and award.decided_at else None,
    )


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None


def step_end(lot: Lot, step: str) -> datetime | None:
    """When a step of the procedure ended; None while it runs or where it never was."""
    if step == ProcedureStep.OPENING:
        return lot.opening.closed_at if hasattr(lot, "opening") else None
    if step == ProcedureStep.ELIGIBILITY:
        return lot.eligibility_check.concluded_at if hasattr(lot, "eligibility_check") else None
    if step == ProcedureStep.REVIEW:
        award = lot.awards.filter(decided_at__isnull=False).order_by("pk").first()
        return award.decided_at if award else None
    return None


def is_contract_held(award: Award) -> Decision:
    """Whether the contract may not be signed: an accepted objection holds it, or a suspension (R-AWARD-10)."""
    stopped = not_suspended(award.lot)
    if not stopped:
        return stopped
    if award.status != AwardStatus.PUBLISHED:
        return refuse(_("This award is not in force."), "R-AWARD-09")
    holding = award.lot.objections.filter(is_holding=True).order_by("pk").first()
    if holding is None:
        return ALLOWED
    return refuse(
        _("Objection %(number)s may change the result: signing waits for the answer, or until the hold is lifted.")
        % {"number": holding.number},
        "R-AWARD-10",
        due=holding.answer_due,
    )


def objections_for(actor: Actor) -> QuerySet[Objection]:
    """A supplier's own; those on the lots of the buyer or agent; all for supervisors and auditors."""
    rows = Objection.objects.select_related("lot", "lot__tender", "lot__tender__buyer", "body").order_by(
        "-submitted_at", "-pk"
    )
    if actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return rows
    if actor.body_id is None:
        return rows.none()
    party = Q(lot__tender__buyer_id=actor.body_id) | Q(lot__tender__agency_id=actor.body_id)
    return rows.filter(party | Q(body_id=actor.body_id)) if actor.has(*SUPPLIER_ROLES) else rows.filter(party)


def lots_to_object(actor: Actor) -> QuerySet[Lot]:
    """Lots in which this supplier took part."""
    return (
        Lot.objects.filter(
            Q(tender__takes__body_id=actor.body_id)
            | Q(pk__in=Bid.objects.filter(body_id=actor.body_id).exclude(status__in=OUT).values("lot_id"))
        )
        .exclude(tender__published_at=None)
        .select_related("tender", "tender__buyer")
        .distinct()
        .order_by("-tender__published_at", "position")
    )
