"""After the read-out: bidders confirm or object, the officer answers, the minutes are fixed (R-OPEN-03, R-OPEN-04)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.documents.generation import request_document

from ..events import OpeningClosed, OpeningStatementMade
from ..models import Bid, Opening, OpeningStatement
from ..permissions.bids import can_bid, can_run_opening, owns
from ..rules.opening import minutes_may_be_fixed, statements_open
from ..selectors.openings import read_out


def make_statement(*, actor: Actor, lot_id: int, confirms: bool, text: str = "") -> OpeningStatement:
    """A bidder confirms the read-out or objects to it, once, within 30 minutes. Repeating the same changes nothing."""
    with audit.transaction() as log:
        opening = _locked_opening(lot_id)
        bid = read_out(opening.lot).filter(body_id=actor.body_id).first()
        if bid is None or not owns(actor, bid):
            raise NotFound("")
        require_permission(can_bid(actor))
        existing = OpeningStatement.objects.filter(bid=bid).first()
        if existing is not None:
            return _repeated(existing, confirms, text)
        require(statements_open(clock.now(), opening.statements_until))
        if not confirms and not text.strip():
            raise MarketplaceError(_("Say what you object to, so that the officer can answer it."), field="text")
        statement = OpeningStatement.objects.create(
            opening=opening,
            bid=bid,
            user_id=actor.user_id,
            confirms=confirms,
            text=text.strip(),
            made_at=clock.now(),
        )
        log.record(
            "opening.confirmed" if confirms else "opening.objected",
            opening,
            actor,
            project=opening.lot.tender.number or "",
            lot=opening.lot,
            label=bid.label,
        )
        announce(OpeningStatementMade(statement.pk))
    return statement


def _repeated(existing: OpeningStatement, confirms: bool, text: str) -> OpeningStatement:
    if existing.confirms == confirms and existing.text == text.strip():
        return existing
    raise MarketplaceError(_("Your statement is in the minutes already; it cannot be changed."), code="wrong_state")


def answer_statement(*, actor: Actor, statement_id: int, answer: str) -> OpeningStatement:
    """The officer answers an objection; the answer goes into the minutes."""
    with audit.transaction() as log:
        statement = locked(OpeningStatement, statement_id)
        opening = _locked_opening(statement.opening.lot_id)
        require_permission(can_run_opening(actor, opening.lot))
        if statement.answer or opening.closed_at:
            raise MarketplaceError(_("This objection has been answered already."), code="wrong_state")
        if not answer.strip():
            raise MarketplaceError(_("Write the answer first."), field="answer")
        statement.answer, statement.answered_at = answer.strip(), clock.now()
        statement.answered_by_id = actor.user_id
        statement.save(update_fields=["answer", "answered_at", "answered_by"])
        log.record(
            "opening.answered",
            opening,
            actor,
            project=opening.lot.tender.number or "",
            lot=opening.lot,
            label=statement.bid.label,
        )
    return statement


def close_opening(*, actor: Actor = SYSTEM, lot_id: int) -> Opening:
    """Fix the minutes: after the 30 minutes, or once every bidder spoke, all objections answered. Safe to repeat."""
    with audit.transaction() as log:
        opening = _locked_opening(lot_id)
        if actor is not SYSTEM:
            require_permission(can_run_opening(actor, opening.lot))
        if opening.closed_at:
            return opening
        bids = list(read_out(opening.lot))
        require(
            minutes_may_be_fixed(
                clock.now(),
                opening.statements_until,
                all_stated=all(_has_spoken(bid) for bid in bids),
                unanswered=opening.statements.filter(confirms=False, answer="").count(),
            )
        )
        opening.closed_at = clock.now()
        opening.save(update_fields=["closed_at"])
        log.record("opening.closed", opening, actor, project=opening.lot.tender.number or "", lot=opening.lot)
        request_document("opening_minutes", opening)
        announce(OpeningClosed(lot_id))
    return opening


def _has_spoken(bid: Bid) -> bool:
    return getattr(bid, "opening_statement", None) is not None


def _locked_opening(lot_id: int) -> Opening:
    opening = (
        Opening.objects.select_for_update(of=("self",)).select_related("lot__tender").filter(lot_id=lot_id).first()
    )
    if opening is None:
        raise NotFound("")
    return opening
