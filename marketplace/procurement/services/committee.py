"""The committee of a lot: draw, seats, answers, declarations, replacement (R-COMM-01 … -09, -14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.locking import locked
from marketplace.core.rules.time import subtract_working_days
from marketplace.core.workcalendar import calendar

from ..events import MemberReplaced, MembersInvited
from ..guards import not_suspended
from ..models import (
    CommitteeMember,
    Expert,
    ExpertAbsence,
    ExpertDraw,
    Lot,
    LotStatus,
    MemberKind,
    MemberStatus,
    PoolCommitment,
)
from ..permissions.review import can_answer_invitation, can_declare, can_run_review
from ..rules.committee import draw_in_time, recusal
from ..rules.draw import draw_seed, drawn_order
from ..selectors.committee import needed_for
from ..selectors.review import ruleset_of, seats, values_of
from ..selectors.ties import ties_with_bidders
from .replacement import join_review, void_opinions

FORMING = (LotStatus.OPENED, LotStatus.ELIGIBILITY)
SEATING = (*FORMING, LotStatus.REVIEW)  # a seat that falls free during the review is filled again (R-COMM-14)
PARTS = ("lot", "lot__tender", "lot__tender__buyer", "expert", "user")


def draw_committee(*, actor: Actor, lot_id: int, review_on: date, reason: str = "") -> ExpertDraw:
    """The one draw: seed = the head after the closing and the lot's number; then the first seats are invited."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "tender__buyer", "tender__item")
        require_permission(can_run_review(actor, lot))
        require(not_suspended(lot), *_may_draw(lot), _review_day(review_on))
        earliest = subtract_working_days(review_on, values_of(lot.tender).draw_days, calendar())
        require_reasons([ruleset_of(lot.tender).apply(draw_in_time(clock.today(), earliest))], reason)
        pool, head = lot.pool, lot.closing.head_root
        seed = draw_seed(head, lot.number)
        draw = ExpertDraw.objects.create(
            lot=lot,
            seed=seed,
            head_root=head,
            order=drawn_order(pool.expert_numbers, seed),
            drawn_at=clock.now(),
            drawn_by_id=actor.user_id,
            review_on=review_on,
            early_reason=reason.strip(),
        )
        log.record("committee.drawn", lot, actor, project=lot.tender.number, lot=lot, seed=seed, head=head)
        invite_next(log, actor=actor, lot=lot, draw=draw)
        return draw


def _may_draw(lot: Lot) -> list[Decision]:
    pool = PoolCommitment.objects.filter(lot=lot).first()
    wanted = needed_for(lot).experts
    return [
        ALLOWED if lot.status in FORMING else refuse(_("Experts are drawn after the opening and before the review.")),
        ALLOWED
        if not ExpertDraw.objects.filter(lot=lot).exists()
        else refuse(_("There is one draw, and it has been made."), "R-COMM-05"),
        ALLOWED
        if pool is not None
        else refuse(_("No pool was fixed before the closing, so nobody can be drawn."), "R-COMM-05"),
        ALLOWED
        if pool is None or len(pool.expert_numbers) >= wanted
        else refuse(
            _("The pool holds %(found)s experts, %(wanted)s are to be seated.")
            % {"found": len(pool.expert_numbers), "wanted": wanted},
            "R-COMM-03",
        ),
        ALLOWED
        if getattr(lot, "closing", None) and lot.closing.head_root
        else refuse(_("The head of the log after the closing is not fixed yet. Try again in a minute."), "R-COMM-05"),
    ]


def _review_day(day: date) -> Decision:
    if day >= clock.today():
        return ALLOWED
    return refuse(_("The day of the review lies in the past."), field="review_on")


def invite_next(log: Log, *, actor: Actor, lot: Lot, draw: ExpertDraw) -> list[CommitteeMember]:
    """Fill free expert seats in drawn order; who is tied, absent or gone is passed over, with the reason kept."""
    free = needed_for(lot).experts - seats(lot).filter(kind=MemberKind.EXPERT).count()
    asked = set(lot.members.filter(kind=MemberKind.EXPERT).values_list("expert__number", flat=True))
    waiting = [number for number in draw.order if number not in asked and number not in draw.skipped]
    experts = {expert.number: expert for expert in Expert.objects.filter(number__in=waiting).select_related("user")}
    invited = []  # type: ignore[var-annotated]
    for number in waiting:
        if len(invited) >= free:
            break
        why_not = _why_not(experts[number], lot, max(draw.review_on, clock.today()))
        if why_not:
            draw.skipped[number] = why_not
        else:
            invited.append(_invite(lot, experts[number], draw.order.index(number) + 1))
    draw.save(update_fields=["skipped"])
    if invited:
        log.record("members.invited", lot, actor, project=lot.tender.number, lot=lot, count=len(invited))
        announce(MembersInvited(tuple(member.pk for member in invited)))
    return invited


def _why_not(expert: Expert, lot: Lot, day: date) -> str:
    """Why a drawn expert is passed over: a code that is disclosed with the draw, or nothing."""
    if not (expert.is_available and expert.user.is_active):
        return "unavailable"
    if ExpertAbsence.objects.filter(expert=expert, from_date__lte=day, to_date__gte=day).exists():
        return "absent"
    if lot.members.filter(user=expert.user).exists():
        return "seated"
    return "" if recusal(ties_with_bidders(expert.user, expert.employer, lot), clock.today()) else "tied"


def _invite(lot: Lot, expert: Expert, position: int) -> CommitteeMember:
    return CommitteeMember.objects.create(
        lot=lot,
        user=expert.user,
        expert=expert,
        kind=MemberKind.EXPERT,
        drawn_position=position,
        invited_at=clock.now(),
    )


def name_representative(*, actor: Actor, lot_id: int, user_id: int) -> CommitteeMember:
    """Ask a person of the buyer to sit for the buyer. The agent's people never sit (R-COMM-08)."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "tender__buyer")
        require_permission(can_run_review(actor, lot))
        user = locked(User, user_id)
        require(not_suspended(lot), *_may_represent(lot, user))
        member = CommitteeMember.objects.create(lot=lot, user=user, kind=MemberKind.BUYER, invited_at=clock.now())
        log.record("members.invited", lot, actor, project=lot.tender.number, lot=lot, count=1)
        announce(MembersInvited((member.pk,)))
        return member


def _may_represent(lot: Lot, user: User) -> list[Decision]:
    named = seats(lot).filter(kind=MemberKind.BUYER).count()
    room = needed_for(lot).representatives
    of_buyer = user.memberships.filter(ended_at=None, body_id=lot.tender.buyer_id).exists()
    return [
        ALLOWED
        if lot.status in SEATING
        else refuse(_("The committee is formed after the opening and before the review.")),
        ALLOWED if of_buyer else refuse(_("Only people of the buyer represent the buyer."), "R-COMM-08", field="user"),
        ALLOWED
        if named < room
        else refuse(
            _("At least two thirds are experts: the buyer has %(room)s seat(s), and they are taken.") % {"room": room},
            "R-COMM-03",
            field="user",
        ),
        ALLOWED
        if not lot.members.filter(user=user).exists()
        else refuse(_("This person has been asked for this lot already."), field="user"),
        recusal(ties_with_bidders(user, "", lot), clock.today()),
    ]


def answer_invitation(*, actor: Actor, member_id: int, accepts: bool, reason: str = "") -> CommitteeMember:
    """Accept, or decline with a reason; a declined expert seat goes to the next one drawn."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *PARTS)
        require_permission(can_answer_invitation(actor, member))
        require(_still_forming(member), _reason(accepts or bool(reason.strip()), "reason"))
        member.status = MemberStatus.ACCEPTED if accepts else MemberStatus.DECLINED
        member.answered_at, member.decline_reason = clock.now(), "" if accepts else reason.strip()
        member.save(update_fields=["status", "answered_at", "decline_reason"])
        log.record("invitation.answered", member.lot, actor, project=member.lot.tender.number, accepts=accepts)
        if not accepts:
            _give_seat_on(log, actor, member)
        return member


def _still_forming(member: CommitteeMember) -> Decision:
    if member.lot.status in SEATING:
        return ALLOWED
    return refuse(_("The committee of this lot is complete, or the lot has ended."), "R-COMM-14")


def _reason(is_given: bool, field: str) -> Decision:
    return ALLOWED if is_given else refuse(_("Write down the reason."), field=field)


def _give_seat_on(log: Log, actor: Actor, member: CommitteeMember) -> None:
    void_opinions(log, actor, member)
    announce(MemberReplaced(member.pk))
    if member.kind == MemberKind.EXPERT:
        invite_next(log, actor=actor, lot=member.lot, draw=member.lot.draw)


@dataclass(frozen=True)
class Declaration:
    """R-COMM-09: either none of the five cases holds, or which one, in words."""

    is_free: bool
    conflict: str = ""


def declare(*, actor: Actor, member_id: int, declaration: Declaration) -> CommitteeMember:
    """The member's declaration towards the bidders; a tie in the register counts whatever is declared."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *PARTS)
        require_permission(can_declare(actor, member))
        require(
            _still_forming(member),
            _reason(declaration.is_free or bool(declaration.conflict.strip()), "conflict"),
        )
        employer = member.expert.employer if member.expert else ""
        found = recusal(ties_with_bidders(member.user, employer, member.lot), clock.today())
        member.conflict = (declaration.conflict.strip() or str(found.reason))[:300]
        member.declared_at = clock.now()
        if member.conflict:
            member.status = MemberStatus.RECUSED
        member.save(update_fields=["conflict", "declared_at", "status"])
        log.record("member.declared", member.lot, actor, project=member.lot.tender.number, is_free=not member.conflict)
        if member.conflict:
            _give_seat_on(log, actor, member)
        else:
            join_review(member)
        return member


def replace_member(*, actor: Actor, member_id: int, reason: str) -> CommitteeMember:
    """A member who does not answer or cannot come: the next one drawn, or another representative (R-COMM-14)."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *PARTS)
        require_permission(can_run_review(actor, member.lot))
        require(_still_forming(member), _reason(bool(reason.strip()), "reason"), _is_in_seat(member))
        member.status, member.decline_reason, member.answered_at = MemberStatus.REPLACED, reason.strip(), clock.now()
        member.save(update_fields=["status", "decline_reason", "answered_at"])
        log.record("member.replaced", member.lot, actor, project=member.lot.tender.number, reason=reason.strip())
        _give_seat_on(log, actor, member)
        return member


def _is_in_seat(member: CommitteeMember) -> Decision:
    if member.status in (MemberStatus.INVITED, MemberStatus.ACCEPTED):
        return ALLOWED
    return refuse(_("This seat has been given on already."))
