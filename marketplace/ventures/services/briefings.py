"""Briefings of a published call: added and cancelled by the lead; seats taken and released by those who come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked

from ..events import BriefingAdded, BriefingCancelled, SeatTaken
from ..models import Briefing, BriefingSeat, Call, CallStatus
from ..permissions.call import can_prepare_call, can_speak_up
from ..rules.briefings import SeatFacts, can_be_taken
from ..rules.completeness import BriefingFacts, briefing_decisions
from .questions import public_call, require_address


@dataclass(frozen=True)
class BriefingInput:
    starts_at: datetime
    minutes: int = 90
    place: str = ""
    link: str = ""
    seats: int = 50


def add_briefing(*, actor: Actor, call_id: int, briefing: BriefingInput) -> Briefing:
    """One more session of an open call; whoever asked or signed up is told."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_prepare_call(actor, call))
        if call.status != CallStatus.PUBLISHED:
            raise MarketplaceError(_("Briefings are added while the call is open."), code="wrong_state")
        facts = BriefingFacts(briefing.starts_at, briefing.place, briefing.link, briefing.seats)
        require(*briefing_decisions(facts, call.deadline, clock.now()))
        row = Briefing.objects.create(
            call=call,
            position=call.briefings.count() + 1,
            starts_at=briefing.starts_at,
            minutes=briefing.minutes,
            place=briefing.place.strip(),
            link=briefing.link.strip(),
            seats=briefing.seats,
        )
        log.record("briefing.added", row, actor, project=call.number, starts_at=row.starts_at)
        announce(BriefingAdded(row.pk))
    return row


def cancel_briefing(*, actor: Actor, briefing_id: int, reason: str) -> Briefing:
    """The session does not take place; whoever signed up is told why. A second time changes nothing."""
    with transaction() as log:
        row = locked(Briefing, briefing_id, "call")
        require_permission(can_prepare_call(actor, row.call))
        if row.call.status == CallStatus.DRAFT:
            raise MarketplaceError(_("In a draft a briefing is taken out on its page."), code="wrong_state")
        if not reason.strip():
            raise MarketplaceError(_("Write why it does not take place; whoever signed up is told."), field="reason")
        if row.cancelled_at is None:
            row.cancelled_at, row.cancel_reason = clock.now(), reason.strip()[:200]
            row.save(update_fields=["cancelled_at", "cancel_reason"])
            log.record("briefing.cancelled", row, actor, project=row.call.number, reason=row.cancel_reason)
            announce(BriefingCancelled(row.pk))
    return row


def take_seat(*, actor: Actor, briefing_id: int, people: int = 1) -> BriefingSeat:
    """Signs a person up, with others of the own organization. A second time changes nothing."""
    with transaction() as log:
        row = locked(Briefing, briefing_id, "call")
        public_call(row.call_id)
        require_permission(can_speak_up(actor))
        held = row.taken.filter(user_id=actor.user_id, released_at=None).first()
        if held is not None:
            return held
        require_address(actor)
        require(can_be_taken(seat_facts(row), people, clock.now()))
        seat = BriefingSeat.objects.create(
            briefing=row, user_id=actor.user_id, body_id=actor.body_id, people=people, taken_at=clock.now()
        )
        log.record("briefing_seat.taken", seat, actor, people=people)
        announce(SeatTaken(seat.pk))
    return seat


def release_seat(*, actor: Actor, briefing_id: int) -> BriefingSeat | None:
    """Gives the own seat back; somebody else can take it at once. Without a seat nothing happens."""
    with transaction() as log:
        row = locked(Briefing, briefing_id, "call")
        require_permission(can_speak_up(actor))
        if row.call.status in (CallStatus.DRAFT, CallStatus.SUBMITTED):
            raise NotFound("")
        seat = row.taken.filter(user_id=actor.user_id, released_at=None).first()
        if seat is not None:
            seat.released_at = clock.now()
            seat.save(update_fields=["released_at"])
            log.record("briefing_seat.released", seat, actor)
    return seat


def seat_facts(row: Briefing) -> SeatFacts:
    taken = row.taken.filter(released_at=None).aggregate(sum=Sum("people"))["sum"] or 0
    has_ended = row.call.status == CallStatus.TERMINATED
    return SeatFacts(row.starts_at, row.cancelled_at is not None or has_ended, row.seats, taken)
