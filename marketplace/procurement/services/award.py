"""The award: proposal in ranking order, the second officer's decision, result notice, letters, refusal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit import heads
from marketplace.audit.log import Log, subject_of
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar

from ..events import AwardEnded, AwardProposed, AwardReturned, FirstCandidateDeemed, LotAwarded
from ..guards import not_suspended
from ..lifecycle import LOT
from ..models import Award, AwardStatus, Bid, Lot, LotStatus, Review
from ..permissions.review import can_decide_award, can_propose_award, can_refuse_award, can_run_review
from ..rules.award import in_order, objection_until, tie_order
from ..selectors.award import candidates, tied_first, tied_labels, turn
from ..selectors.review import ruleset_of, values_of
from .award_file import award_file
from .letters import send_letters
from .result_notice import publish_result
from .voiding import void_after_review

AWARD_PARTS = ("lot", "lot__tender", "lot__tender__buyer", "lot__tender__agency", "bid", "bid__body")
LOT_PARTS = ("tender", "tender__buyer", "tender__agency")


def draw_tie(*, actor: Actor, lot_id: int) -> Review:
    """Put equals in order by lot; the seed is the first head after the report (R-AWARD-04).

    One draw orders all who are tied with somebody, at whatever rank: should the first ones refuse, it still stands.
    """
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, *LOT_PARTS)
        require_permission(can_propose_award(actor, lot))
        review, tied = lot.review, tied_first(lot)
        if review.tie_order:
            return review
        head = _head_after_report(lot)
        require(not_suspended(lot), _is_reviewed(lot), _needs_draw(tied), _head_is_fixed(head))
        review.tie_head, labels = head, tied_labels(lot)
        review.tie_order = tie_order(labels, head, lot.number)
        review.save(update_fields=["tie_head", "tie_order"])
        log.record("award.tie_drawn", lot, actor, project=lot.tender.number, lot=lot, head=head)
        return review


def _head_after_report(lot: Lot) -> str:
    entry = LogEntry.objects.filter(action="lot.reviewed", subject=subject_of(lot)).order_by("number").first()
    head = heads.first_after(entry.number) if entry else None
    return head.witness.root if head else ""


def _is_reviewed(lot: Lot) -> Decision:
    if lot.status == LotStatus.REVIEWED:
        return ALLOWED
    return refuse(_("The award is decided after the review and before the result notice."), "R-AWARD-02")


def _needs_draw(tied: list[Bid]) -> Decision:
    return ALLOWED if len(tied) > 1 else refuse(_("No first places are tied."), "R-AWARD-04")


def _head_is_fixed(head: str) -> Decision:
    if head:
        return ALLOWED
    return refuse(
        _("The first head of the log after the report is published within the hour; the draw uses it."), "R-AWARD-04"
    )


def propose_award(*, actor: Actor, lot_id: int, bid_id: int, reason: str = "") -> Award:
    """The officer proposes the candidate whose turn it is, or another one with a lawful reason."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, *LOT_PARTS)
        require_permission(can_propose_award(actor, lot))
        bid = next((each for each in candidates(lot) if each.pk == bid_id), None)
        require(not_suspended(lot), _is_reviewed(lot), _is_candidate(bid), _is_free(lot), _is_drawn(lot))
        decision = in_order(bid_id, turn(lot)[0].pk, is_deemed=lot.review.deemed_at is not None)
        require_reasons([ruleset_of(lot.tender).apply(decision)], reason)
        award = Award.objects.create(  # type: ignore[misc]
            lot=lot,
            bid=bid,
            reason="" if decision else reason.strip(),
            report_received_at=lot.review.reviewed_at,
            proposed_by_id=actor.user_id,
            proposed_at=clock.now(),
        )
        log.record("award.proposed", award, actor, project=lot.tender.number, lot=lot, bid=bid, reason=award.reason)
        announce(AwardProposed(award.pk))
        return award


def _is_candidate(bid: Bid | None) -> Decision:
    if bid is not None:
        return ALLOWED
    return refuse(_("Only ranked bids that have not refused can be proposed."), "R-AWARD-02", field="bid")


def _is_free(lot: Lot) -> Decision:
    if not lot.awards.filter(status__in=[AwardStatus.PROPOSED, AwardStatus.PUBLISHED]).exists():
        return ALLOWED
    return refuse(_("An award of this lot has been proposed already."), "R-AWARD-02")


def _is_drawn(lot: Lot) -> Decision:
    if len(turn(lot)) == 1 or lot.review.tie_order:
        return ALLOWED
    return refuse(_("First places are tied: draw by lot first."), "R-AWARD-04")


def return_award(*, actor: Actor, award_id: int, reason: str) -> Award:
    """The second officer sends the proposal back, with a reason."""
    with audit.transaction() as log:
        award = locked(Award, award_id, *AWARD_PARTS)
        require_permission(can_decide_award(actor, award))
        require(_is_proposed(award), _is_written(reason))
        award.status, award.return_reason = AwardStatus.RETURNED, reason.strip()
        award.decided_by_id, award.decided_at = actor.user_id, clock.now()
        award.save(update_fields=["status", "return_reason", "decided_by", "decided_at"])
        log.record(
            "award.returned", award, actor, project=award.lot.tender.number, lot=award.lot, reason=reason.strip()
        )
        announce(AwardReturned(award.pk))
        return award


def _is_proposed(award: Award) -> Decision:
    if award.status == AwardStatus.PROPOSED:
        return ALLOWED
    return refuse(_("This proposal has been decided on already."), "R-AWARD-09")


def _is_written(reason: str) -> Decision:
    return ALLOWED if reason.strip() else refuse(_("Write down the reason."), field="reason")


def publish_award(*, actor: Actor, award_id: int) -> Award:
    """Decide: result notice, award file, letters to everyone, and the objection window. A repeat changes nothing."""
    with audit.transaction() as log:
        award = locked(Award, award_id, *AWARD_PARTS)
        require_permission(can_decide_award(actor, award))
        if award.status == AwardStatus.PUBLISHED:
            return award
        lot, now = award.lot, clock.now()
        require(_is_proposed(award))
        LOT.apply(lot, "award", actor=actor)
        values = values_of(lot.tender)
        award.status, award.decided_by_id, award.decided_at = AwardStatus.PUBLISHED, actor.user_id, now
        award.objection_until = objection_until(now, values.notice_days, values.objection_days, calendar())
        award.public_data = award_file(award)
        award.snapshot = publish_result(log, actor=actor, award=award)
        award.save()
        send_letters(log, actor=actor, award=award)
        log.record(
            "award.published", award, actor, project=lot.tender.number, lot=lot, bid=award.bid, amount=award.bid.price
        )
        announce(LotAwarded(award.pk))
        return award


def refuse_award(*, actor: Actor, award_id: int, reason: str) -> Award:
    """The winner refuses: an offence, noted as such; the next candidate follows (R-AWARD-09)."""
    with audit.transaction() as log:
        award = locked(Award, award_id, *AWARD_PARTS)
        if not can_refuse_award(actor, award):
            raise NotFound("")
        require(not_suspended(award.lot), _is_published(award), _is_written(reason))
        end_award(log, actor, award, AwardStatus.REFUSED, reason)
        return award


def _is_published(award: Award) -> Decision:
    if award.status == AwardStatus.PUBLISHED and award.lot.status == LotStatus.AWARDED:
        return ALLOWED
    return refuse(_("This award is not open any more: it is under contract, or has ended."), "R-AWARD-09")


def end_award(log: Log, actor: Actor, award: Award, status: AwardStatus, reason: str) -> None:
    """Take the lot back to the ranking: the next candidate's turn."""
    award.status, award.end_reason, award.ended_at = status, reason.strip()[:300], clock.now()
    award.save(update_fields=["status", "end_reason", "ended_at"])
    LOT.apply(award.lot, "reaward", actor=actor)
    Review.objects.filter(lot=award.lot).update(reviewed_at=clock.now(), deemed_at=None)
    log.record(
        "award.refused" if status is AwardStatus.REFUSED else "award.annulled",
        award,
        actor,
        project=award.lot.tender.number,
        lot=award.lot,
        reason=award.end_reason,
    )
    announce(AwardEnded(award.pk))


def deem_first_candidate(*, lot_id: int) -> Review:
    """Five working days without a decision: the first candidate counts as chosen (R-AWARD-03). From `run_due`."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, *LOT_PARTS)
        review = lot.review
        if review.deemed_at is None and lot.status == LotStatus.REVIEWED:
            review.deemed_at = clock.now()
            review.save(update_fields=["deemed_at"])
            log.record("award.deemed", lot, SYSTEM, project=lot.tender.number, lot=lot)
            announce(FirstCandidateDeemed(lot.pk))
        return review


def restart(*, actor: Actor, lot_id: int, reason: str) -> Lot:
    """No candidate is left, or the buyer starts anew after a refusal: the lot is void and may be tendered again."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, *LOT_PARTS)
        require_permission(can_run_review(actor, lot))
        require(not_suspended(lot), _is_reviewed(lot), _may_restart(lot), _is_written(reason))
        void_after_review(log, actor=actor, lot=lot, reason=reason)
        return lot


def _may_restart(lot: Lot) -> Decision:
    if lot.awards.filter(status__in=[AwardStatus.REFUSED, AwardStatus.ANNULLED]).exists():
        return ALLOWED
    return refuse(_("The award stands in order: propose the first candidate. Anew only after a refusal."), "R-AWARD-09")
