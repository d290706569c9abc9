"""A member who leaves during the review: the opinions are void, what was settled with them is settled anew (R-COMM-14).

The others keep what they voted and scored. Nothing is settled while a seat is free; the substitute votes and scores
like everyone, and with that vote the committee settles again.
"""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core.events import announce

from ..events import ReviewStarted
from ..models import Bid, BidStatus, CommitteeMember, Lot, LotStatus, PriceQuery, Review, Score, ScoreSheet
from ..selectors.review import leaf_criteria, reviewed_bids, seated

REOPENED = "评审委员会成员更换后，有投标重新进入评分。"


def void_opinions(log: Log, actor: Actor, member: CommitteeMember) -> None:
    """Called once the member has left the seat; before the review there is nothing to void."""
    lot = member.lot
    if lot.status != LotStatus.REVIEW:
        return
    _void_election(member)
    Review.objects.filter(lot=lot).update(conformity_settled_at=None)
    Bid.objects.filter(lot=lot, status__in=[BidStatus.VALID, BidStatus.INVALID]).update(
        status=BidStatus.OPENED, invalid_reason=""
    )
    PriceQuery.objects.filter(bid__lot=lot).update(is_justified=None, decision_reason="")
    log.record("review.opinions_voided", lot, actor, project=lot.tender.number, lot=lot)


def _void_election(member: CommitteeMember) -> None:
    """A leader who leaves is elected anew by all; otherwise only votes for the one who left are void."""
    votes = CommitteeMember.objects.filter(lot=member.lot)
    if not member.is_leader:
        votes = votes.filter(leader_vote=member)
    votes.update(leader_vote=None)
    CommitteeMember.objects.filter(pk=member.pk).update(is_leader=False)
    member.is_leader = False


def join_review(member: CommitteeMember) -> None:
    """The substitute gets a sheet, and word that the review is open."""
    if member.lot.status == LotStatus.REVIEW:
        ScoreSheet.objects.get_or_create(member=member)
        announce(ReviewStarted(member.lot_id))


def reopen_incomplete(log: Log, actor: Actor, lot: Lot) -> None:
    """A bid that came back into the review has to be scored by those too who had submitted."""
    wanted = reviewed_bids(lot).count() * len(leaf_criteria(lot.tender))
    for sheet in ScoreSheet.objects.filter(member__in=seated(lot), submitted_at__isnull=False):
        if Score.objects.given().filter(sheet=sheet, bid__in=reviewed_bids(lot)).count() < wanted:
            sheet.submitted_at, sheet.reopened_reason = None, REOPENED
            sheet.save(update_fields=["submitted_at", "reopened_reason"])
            log.record("scores.reopened", sheet, actor, project=lot.tender.number, lot=lot, reason=REOPENED)
