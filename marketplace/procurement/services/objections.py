"""Objections of suppliers: submitted in time, accepted or not, holding the contract, answered (R-OBJ-02 … -06)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar
from marketplace.documents.services import store_upload

from ..events import HoldLifted, ObjectionAnswered, ObjectionDecided, ObjectionSubmitted
from ..models import AwardStatus, Consequence, Lot, Objection, ObjectionKind, ObjectionStatus
from ..permissions.review import can_handle_objection, can_object, can_withdraw_objection
from ..rules.objection import answer_due, may_object, window
from ..selectors.award import active_award
from ..selectors.objections import starts_for, took_part
from ..selectors.review import values_of
from .award import end_award
from .voiding import void_after_review

PARTS = ("lot", "lot__tender", "lot__tender__buyer", "lot__tender__agency", "body")
HOLDING_KINDS = (ObjectionKind.PROCEDURE, ObjectionKind.RESULT)


@dataclass(frozen=True)
class LetterOfObjection:
    """R-OBJ-05: name and project are known; the rest is written by the supplier."""

    kind: str
    address: str
    postcode: str
    contact_name: str
    contact_phone: str
    matters: str
    facts: str
    legal_basis: str
    step: str = ""


def submit_objection(*, actor: Actor, lot_id: int, letter: LetterOfObjection, upload: Any = None) -> Objection:
    """Take an objection in: from a supplier that took part, within the window, with all fields."""
    file = store_upload(upload, actor=actor, kinds=("pdf",)) if upload else None
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "tender__buyer", "tender__agency")
        require_permission(can_object(actor))
        taken, has_bid = took_part(lot, actor.body_id)
        if not (taken or has_bid):
            raise NotFound("")
        values, now = values_of(lot.tender), clock.now()
        require(
            *(_written(name, text) for name, text in asdict(letter).items() if name != "step"),
            may_object(letter.kind, took_documents=taken, has_bid=has_bid),
            window(letter.kind, starts_for(lot, actor.body_id, letter.step), values.objection_days, calendar(), now),
            _not_twice(lot, actor, letter.kind, letter.step),
        )
        objection = Objection.objects.create(
            lot=lot,
            body_id=actor.body_id,
            submitted_by_id=actor.user_id,
            number=next_number("objection", lot.tender.buyer.region),
            submitted_at=now,
            answer_due=answer_due(now, values.answer_days, calendar()),
            file=file,
            **asdict(letter),
        )
        log.record(
            "objection.submitted",
            objection,
            actor,
            project=lot.tender.number,
            lot=lot,
            number=objection.number,
            kind=objection.kind,
        )
        announce(ObjectionSubmitted(objection.pk))
        return objection


def _written(name: str, text: str) -> Decision:
    if text.strip():
        return ALLOWED
    return refuse(_("The law wants this field in an objection."), "R-OBJ-05", field=name)


def _not_twice(lot: Lot, actor: Actor, kind: str, step: str) -> Decision:
    """All objections to one step at once (R-OBJ-04)."""
    open_ones = Objection.objects.filter(lot=lot, body_id=actor.body_id, kind=kind, step=step).exclude(
        status__in=[ObjectionStatus.WITHDRAWN, ObjectionStatus.REFUSED]
    )
    if not open_ones.exists():
        return ALLOWED
    return refuse(_("You have objected to this step already; all objections to one step come at once."), "R-OBJ-04")


def accept_objection(*, actor: Actor, objection_id: int) -> Objection:
    """Take it up for an answer. To procedure or result: the contract may not be signed from now on (R-AWARD-10)."""
    with audit.transaction() as log:
        objection = _for_officer(actor, objection_id, ObjectionStatus.SUBMITTED)
        objection.status, objection.accepted_at = ObjectionStatus.ACCEPTED, clock.now()
        objection.is_holding = objection.kind in HOLDING_KINDS
        objection.save(update_fields=["status", "accepted_at", "is_holding"])
        _record(log, "objection.accepted", objection, actor, is_holding=objection.is_holding)
        announce(ObjectionDecided(objection.pk))
        return objection


def refuse_objection(*, actor: Actor, objection_id: int, reason: str) -> Objection:
    """Not accepted, with the reason: the supplier may write again within the window."""
    with audit.transaction() as log:
        objection = _for_officer(actor, objection_id, ObjectionStatus.SUBMITTED)
        require(_reason(reason))
        objection.status, objection.refusal_reason = ObjectionStatus.REFUSED, reason.strip()
        objection.save(update_fields=["status", "refusal_reason"])
        _record(log, "objection.refused", objection, actor, reason=reason.strip())
        announce(ObjectionDecided(objection.pk))
        return objection


def lift_hold(*, actor: Actor, objection_id: int, reason: str) -> Objection:
    """Let the contract go on before the answer, with a written reason."""
    with audit.transaction() as log:
        objection = _for_officer(actor, objection_id, ObjectionStatus.ACCEPTED)
        require(
            _reason(reason),
            ALLOWED if objection.is_holding else refuse(_("This objection holds nothing up."), "R-AWARD-10"),
        )
        objection.is_holding, objection.hold_lifted_reason = False, reason.strip()
        objection.hold_lifted_at, objection.hold_lifted_by_id = clock.now(), actor.user_id
        objection.save(update_fields=["is_holding", "hold_lifted_reason", "hold_lifted_at", "hold_lifted_by"])
        _record(log, "objection.hold_lifted", objection, actor, reason=reason.strip())
        announce(HoldLifted(objection.pk))
        return objection


@dataclass(frozen=True)
class Answer:
    text: str
    is_upheld: bool
    consequence: str = Consequence.NONE


def answer_objection(*, actor: Actor, objection_id: int, answer: Answer) -> Objection:
    """The written answer, to the objector and other concerned suppliers; what follows, follows at once."""
    with audit.transaction() as log:
        objection = _for_officer(actor, objection_id, ObjectionStatus.ACCEPTED)
        require(_reason(answer.text, "answer"), _fits(objection, answer))
        objection.status, objection.answer = ObjectionStatus.ANSWERED, answer.text.strip()
        objection.is_upheld, objection.consequence = answer.is_upheld, answer.consequence
        objection.answered_by_id, objection.answered_at = actor.user_id, clock.now()
        objection.is_holding = False
        objection.save()
        _record(log, "objection.answered", objection, actor, is_upheld=answer.is_upheld, consequence=answer.consequence)
        _follow(log, actor, objection)
        announce(ObjectionAnswered(objection.pk))
        return objection


def _fits(objection: Objection, answer: Answer) -> Decision:
    """A consequence wants an objection that holds, and an award that it can touch."""
    if answer.consequence == Consequence.NONE:
        return ALLOWED
    award = active_award(objection.lot)
    if answer.is_upheld and award is not None and award.status == AwardStatus.PUBLISHED:
        return ALLOWED
    return refuse(
        _("The award changes only if the objection holds and a published award is not yet under contract."),
        "R-AWARD-09",
        field="consequence",
    )


def _follow(log: Log, actor: Actor, objection: Objection) -> None:
    award = active_award(objection.lot)
    if objection.consequence == Consequence.NONE or award is None:
        return
    award.lot = objection.lot
    end_award(log, actor, award, AwardStatus.ANNULLED, f"质疑 {objection.number} 成立：{objection.answer}")
    if objection.consequence == Consequence.VOID:
        void_after_review(log, actor=actor, lot=objection.lot, reason=f"质疑 {objection.number} 成立，影响采购结果。")


def withdraw_objection(*, actor: Actor, objection_id: int) -> Objection:
    with audit.transaction() as log:
        objection = locked(Objection, objection_id, *PARTS)
        if actor.body_id != objection.body_id:
            raise NotFound("")
        require_permission(can_withdraw_objection(actor, objection))
        require(_is_in(objection, ObjectionStatus.SUBMITTED, ObjectionStatus.ACCEPTED))
        objection.status, objection.is_holding = ObjectionStatus.WITHDRAWN, False
        objection.save(update_fields=["status", "is_holding"])
        _record(log, "objection.withdrawn", objection, actor)
        announce(ObjectionDecided(objection.pk))
        return objection


def _for_officer(actor: Actor, objection_id: int, status: ObjectionStatus) -> Objection:
    objection = locked(Objection, objection_id, *PARTS)
    require_permission(can_handle_objection(actor, objection))
    require(_is_in(objection, status))
    return objection


def _is_in(objection: Objection, *states: ObjectionStatus) -> Decision:
    if objection.status in states:
        return ALLOWED
    return refuse(
        _("This step is not possible any more: the objection is «%(state)s».")
        % {"state": objection.get_status_display()}
    )


def _reason(text: str, field: str = "reason") -> Decision:
    return ALLOWED if text.strip() else refuse(_("Write it down in words."), "R-OBJ-06", field=field)


def _record(log: Log, action: str, objection: Objection, actor: Actor, **facts: Any) -> None:
    log.record(
        action,
        objection,
        actor,
        project=objection.lot.tender.number,
        lot=objection.lot,
        number=objection.number,
        **facts,
    )
