"""Abnormally low prices: who falls below a line, the written question, the answer, the committee's decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked
from marketplace.core.money import round_half_up
from marketplace.documents.services import store_upload

from ..events import PriceQueried, PriceQueryAnswered
from ..guards import not_suspended
from ..models import Bid, BidStatus, CommitteeMember, LotStatus, PriceQuery, PriceVote
from ..permissions.review import can_answer_price_query, can_lead, can_review
from ..rules.low_price import JUDGEMENT, answer_due, answer_time, majority
from ..selectors.committee import is_complete
from ..selectors.low_price import triggered
from ..selectors.review import seated, values_of
from .review import MEMBER_PARTS, invalidate, void_if_too_few

QUERY_PARTS = ("bid", "bid__lot", "bid__lot__tender", "bid__lot__tender__buyer", "bid__lot__tender__agency")


@dataclass(frozen=True)
class PriceQuestion:
    text: str
    minutes: int


def ask_about_price(*, actor: Actor, member_id: int, bid_id: int, question: PriceQuestion) -> PriceQuery:
    """The leader asks, in writing, on a trigger of R-EVAL-16 or on the committee's judgement."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_lead(actor, member))
        bid = locked(Bid, bid_id, "lot", "lot__tender")
        require(
            not_suspended(member.lot),
            _can_be_asked(bid, member),
            _written(question.text, "question"),
            answer_time(question.minutes, values_of(member.lot.tender).answer_minutes),
        )
        hits = triggered(member.lot).get(bid.pk, [])
        now = clock.now()
        query = PriceQuery.objects.create(
            bid=bid,
            triggers=[{"kind": hit.kind, "line": str(round_half_up(hit.line, 2))} for hit in hits]
            or [{"kind": JUDGEMENT, "line": ""}],
            question=question.text.strip(),
            asked_by=member,
            asked_at=now,
            due_at=answer_due(now, question.minutes),
        )
        log.record(
            "price.questioned",
            bid,
            actor,
            project=bid.lot.tender.number,
            lot=bid.lot,
            triggers=query.triggers,
            due=query.due_at,
        )
        announce(PriceQueried(query.pk))
        return query


def _can_be_asked(bid: Bid, member: CommitteeMember) -> Decision:
    if bid.lot_id != member.lot_id or bid.status != BidStatus.VALID:
        return refuse(_("Only bids that the committee found conforming are asked about their price."), "R-EVAL-15")
    if PriceQuery.objects.filter(bid=bid).exists():
        return refuse(_("This bidder has been asked already."), "R-EVAL-15")
    return ALLOWED


def _written(text: str, field: str) -> Decision:
    return ALLOWED if text.strip() else refuse(_("Write it down in words."), "R-EVAL-15", field=field)


def answer_price_query(*, actor: Actor, query_id: int, answer: str, upload: Any = None) -> PriceQuery:
    """The bidder's written explanation, with evidence if wanted; once, and in time."""
    file = store_upload(upload, actor=actor, kinds=("pdf",)) if upload else None
    with audit.transaction() as log:
        query = locked(PriceQuery, query_id, *QUERY_PARTS)
        if not can_answer_price_query(actor, query):
            raise NotFound("")
        require(not_suspended(query.bid.lot), _may_answer(query), _written(answer, "answer"))
        query.answer, query.answered_at, query.file = answer.strip(), clock.now(), file
        query.save(update_fields=["answer", "answered_at", "file"])
        log.record("price.explained", query.bid, actor, project=query.bid.lot.tender.number, lot=query.bid.lot)
        announce(PriceQueryAnswered(query.pk))
        return query


def _may_answer(query: PriceQuery) -> Decision:
    if query.answered_at is not None:
        return refuse(_("You have answered. The committee decides on what you wrote."), "R-EVAL-17")
    if query.is_justified is not None or clock.now() > query.due_at:
        return refuse(_("The time for the explanation is over."), "R-EVAL-17", due=query.due_at)
    return ALLOWED


def vote_price(*, actor: Actor, member_id: int, query_id: int, is_justified: bool, reason: str) -> PriceVote:
    """A member's opinion after the answer, or after the time for it; the last one settles the bid."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        query = locked(PriceQuery, query_id, *QUERY_PARTS)
        if query.bid.lot_id != member.lot_id:
            raise NotFound("")
        require(not_suspended(member.lot), _may_decide(query), _written(reason, "reason"))
        vote, _is_new = PriceVote.objects.update_or_create(
            query=query, member=member, defaults={"is_justified": is_justified, "reason": reason.strip()}
        )
        _settle(log, actor, query)
        return vote


def _may_decide(query: PriceQuery) -> Decision:
    if query.is_justified is not None:
        return refuse(_("The committee has decided on this price."), "R-EVAL-12")
    if query.answered_at is None and clock.now() <= query.due_at:
        return refuse(_("The bidder may still explain the price."), "R-EVAL-17", due=query.due_at)
    return ALLOWED


def _settle(log: Log, actor: Actor, query: PriceQuery) -> None:
    lot = query.bid.lot
    votes = list(query.votes.filter(member__in=seated(lot)).order_by("pk"))
    if len(votes) < seated(lot).count() or not is_complete(lot):
        return
    query.is_justified = majority([vote.is_justified for vote in votes])
    reasons = dict.fromkeys(vote.reason for vote in votes if vote.is_justified == query.is_justified)
    query.decision_reason = "；".join(reasons)[:300]
    query.save(update_fields=["is_justified", "decision_reason"])
    log.record(
        "price.decided",
        query.bid,
        actor,
        project=lot.tender.number,
        lot=lot,
        is_justified=query.is_justified,
        reason=query.decision_reason,
    )
    if not query.is_justified and lot.status == LotStatus.REVIEW:
        invalidate(log, actor, query.bid, f"报价明显偏低且不能证明其合理性：{query.decision_reason}")
        void_if_too_few(log, actor, lot)
