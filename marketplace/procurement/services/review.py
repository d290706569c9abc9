"""The sitting of the committee: start, leader, conformity. The eligible bids are before it, nothing else."""

from __future__ import annotations

from django.utils.translation import gettext as _, override

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, Level, refuse, require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.locking import locked

from ..events import ReviewStarted
from ..guards import not_suspended
from ..lifecycle import LOT
from ..models import (
    Bid,
    BidStatus,
    CommitteeMember,
    ConformityVote,
    Lot,
    LotStatus,
    MemberKind,
    Review,
    ScoreSheet,
)
from ..permissions.review import can_review, can_run_review
from ..rules.committee import leader
from ..rules.eligibility import enough_conforming
from ..rules.low_price import majority
from ..selectors.committee import is_complete, may_sit, needed_for
from ..selectors.review import reviewed_bids, ruleset_of, seated, values_of
from .objective import compute_objective
from .replacement import reopen_incomplete
from .voiding import RESULT_LANGUAGE, void_in_review

MEMBER_PARTS = ("lot", "lot__tender", "lot__tender__buyer", "lot__tender__agency")


def start_review(*, actor: Actor, lot_id: int, briefing: str, no_briefing_reason: str = "") -> Review:
    """Open the review to the seated members; what they are told beforehand is written and kept (R-COMM-13)."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "tender__buyer")
        require_permission(can_run_review(actor, lot))
        require(_eligibility_is_over(lot), may_sit(lot, needed_for(lot)))
        require_reasons([ruleset_of(lot.tender).apply(_is_briefed(briefing))], no_briefing_reason)
        LOT.apply(lot, "start_review", actor=actor)
        review = Review.objects.create(
            lot=lot,
            started_at=clock.now(),
            started_by_id=actor.user_id,
            briefing=briefing.strip(),
            no_briefing_reason=no_briefing_reason.strip(),
        )
        for member in seated(lot):
            ScoreSheet.objects.create(member=member)
        log.record("review.started", lot, actor, project=lot.tender.number, lot=lot, briefing=review.briefing)
        announce(ReviewStarted(lot.pk))
        return review


def _eligibility_is_over(lot: Lot) -> Decision:
    check = getattr(lot, "eligibility_check", None)
    if lot.status == LotStatus.ELIGIBILITY and check is not None and check.concluded_at is not None:
        return ALLOWED
    return refuse(_("Conclude the eligibility check first: only eligible bids go to the committee."), "R-OPEN-05")


def _is_briefed(briefing: str) -> Decision:
    if briefing.strip():
        return ALLOWED
    return refuse(
        _("Write down what the committee is told before the review; it is archived. Without it, say why."),
        "R-COMM-13",
        level=Level.WARN,
        field="briefing",
    )


def vote_leader(*, actor: Actor, member_id: int, candidate_id: int) -> CommitteeMember:
    """Vote for a leader among the experts; the last vote settles it."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        members = list(seated(member.lot))
        candidate = next((other for other in members if other.pk == candidate_id), None)
        require(not_suspended(member.lot), _may_lead(candidate), _no_leader_yet(members))
        member.leader_vote = candidate
        member.save(update_fields=["leader_vote"])
        votes = {other.pk: other.leader_vote_id for other in members} | {member.pk: candidate_id}
        if all(votes.values()) and is_complete(member.lot):
            _settle_leader(log, actor, member.lot, members, [vote for vote in votes.values() if vote])
        return member


def _may_lead(candidate: CommitteeMember | None) -> Decision:
    if candidate is None:
        return refuse(_("Vote for a member of this committee."), "R-COMM-04", field="candidate")
    if candidate.kind == MemberKind.BUYER:
        return refuse(_("A representative of the buyer cannot lead the committee."), "R-COMM-04", field="candidate")
    return ALLOWED


def _no_leader_yet(members: list[CommitteeMember]) -> Decision:
    if any(member.is_leader for member in members):
        return refuse(_("The leader has been elected."), "R-COMM-04")
    return ALLOWED


def _settle_leader(log: Log, actor: Actor, lot: Lot, members: list[CommitteeMember], votes: list[int]) -> None:
    experts = [member.pk for member in members if member.kind == MemberKind.EXPERT]
    chosen = leader(votes, experts)
    CommitteeMember.objects.filter(pk=chosen).update(is_leader=True)
    log.record("committee.leader_elected", lot, actor, project=lot.tender.number, lot=lot)


def vote_conformity(*, actor: Actor, member_id: int, bid_id: int, conforms: bool, reason: str = "") -> ConformityVote:
    """One member's opinion on one bid; when the last is in, the majority settles all bids at once (R-EVAL-21)."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        lot = member.lot
        bids = list(reviewed_bids(lot))
        require(
            not_suspended(lot),
            _has_leader(lot),
            _conformity_is_open(lot),
            _is_before_the_committee(bid_id, bids),
            _reason_given(conforms or bool(reason.strip())),
        )
        vote, _is_new = ConformityVote.objects.update_or_create(
            member=member, bid_id=bid_id, defaults={"conforms": conforms, "reason": "" if conforms else reason.strip()}
        )
        _settle_conformity(log, actor, lot, bids)
        return vote


def _has_leader(lot: Lot) -> Decision:
    if lot.members.filter(is_leader=True).exists():
        return ALLOWED
    return refuse(_("Elect the leader of the committee first."), "R-COMM-04")


def _conformity_is_open(lot: Lot) -> Decision:
    if lot.review.conformity_settled_at is None:
        return ALLOWED
    return refuse(_("The committee has settled the conformity of all bids."), "R-EVAL-12")


def _is_before_the_committee(bid_id: int, bids: list[Bid]) -> Decision:
    if any(bid.pk == bid_id for bid in bids):
        return ALLOWED
    return refuse(_("This bid is not before the committee."), "R-EVAL-04")


def _reason_given(is_given: bool) -> Decision:
    if is_given:
        return ALLOWED
    return refuse(_("Name the term of the documents that the bid does not meet."), "R-EVAL-21", field="reason")


def _settle_conformity(log: Log, actor: Actor, lot: Lot, bids: list[Bid]) -> None:
    votes = list(ConformityVote.objects.filter(bid__in=bids, member__in=seated(lot)).order_by("pk"))
    if len(votes) < len(bids) * seated(lot).count() or not is_complete(lot):
        return
    for bid in bids:
        own = [vote for vote in votes if vote.bid_id == bid.pk]
        if majority([vote.conforms for vote in own]):
            bid.status = BidStatus.VALID
            bid.save(update_fields=["status"])
        else:
            invalidate(log, actor, bid, "；".join(dict.fromkeys(vote.reason for vote in own if not vote.conforms)))
    Review.objects.filter(lot=lot).update(conformity_settled_at=clock.now())
    log.record("review.conformity_settled", lot, actor, project=lot.tender.number, lot=lot)
    compute_objective(lot)
    reopen_incomplete(log, actor, lot)
    void_if_too_few(log, actor, lot)


def invalidate(log: Log, actor: Actor, bid: Bid, reason: str) -> None:
    """Take a bid out of the review, with the committee's reason."""
    bid.status, bid.invalid_reason = BidStatus.INVALID, reason[:300]
    bid.save(update_fields=["status", "invalid_reason"])
    log.record("bid.invalid", bid, actor, project=bid.lot.tender.number, lot=bid.lot, reason=bid.invalid_reason)


def void_if_too_few(log: Log, actor: Actor, lot: Lot) -> None:
    """Fewer than three conforming bids: the lot is void (R-EVAL-20)."""
    with override(RESULT_LANGUAGE):
        verdict = enough_conforming(reviewed_bids(lot).count(), values_of(lot.tender).fewest)
        if not verdict:
            void_in_review(log, actor=actor, lot=lot, reason=str(verdict.reason))
