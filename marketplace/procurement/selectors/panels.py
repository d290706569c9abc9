"""What a member of a committee sees: own seats, own progress, and of the others only what may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from marketplace.accounts.actors import Actor

from ..models import (
    Bid,
    BidFile,
    BidStatus,
    CommitteeMember,
    ConformityVote,
    Criterion,
    CriterionRange,
    Lot,
    LotStatus,
    MemberStatus,
    PriceQuery,
    Score,
)
from ..permissions.review import is_seated
from .review import opened_bids, reviewed_bids, seated, stated_ranges

SHOWN = (MemberStatus.INVITED, MemberStatus.ACCEPTED)


def seats_of(actor: Actor) -> QuerySet[CommitteeMember]:
    """The actor's own seats, never anybody else's."""
    return (
        CommitteeMember.objects.filter(user_id=actor.user_id)
        .select_related("lot__tender__buyer", "lot__review", "lot__draw", "expert", "user", "sheet")
        .order_by("-invited_at", "-pk")
    )


@dataclass(frozen=True)
class Progress:
    """How far one member is with one bid: the own points by criterion, None where there are none yet."""

    bid: Bid
    points: list[Decimal | None]

    @property
    def done(self) -> int:
        return sum(each is not None for each in self.points)

    @property
    def of(self) -> int:
        return len(self.points)

    @property
    def is_complete(self) -> bool:
        return self.done == self.of

    @property
    def sum(self) -> Decimal:
        return sum((each for each in self.points if each is not None), Decimal(0))

    @property
    def anchor(self) -> str:
        """Place of the first criterion without a score on the scoring screen; the top when there is none."""
        return "" if self.is_complete else f"#criterion-{self.points.index(None) + 1}"


def progress(member: CommitteeMember, criteria: list[Criterion]) -> list[Progress]:
    """Every valid bid with the member's own points; two queries, however many bids there are."""
    rows = Score.objects.given().filter(sheet__member=member).values_list("bid_id", "criterion_id", "points")
    given = {(bid, criterion): points for bid, criterion, points in rows}
    bids = reviewed_bids(member.lot).filter(status=BidStatus.VALID)
    return [Progress(bid, [given.get((bid.pk, row.pk)) for row in criteria]) for bid in bids]


def next_open(rows: list[Progress], bid_id: int = 0) -> Progress | None:
    """The next bid with a gap after this one, round the end; None when all are complete."""
    place = next((number for number, row in enumerate(rows, start=1) if row.bid.pk == bid_id), 0)
    return next((row for row in rows[place:] + rows[:place] if not row.is_complete), None)


def own_votes(member: CommitteeMember) -> dict[int, ConformityVote]:
    return {vote.bid_id: vote for vote in member.conformity_votes.all()}


@dataclass(frozen=True)
class Answer:
    """What a bid says to one criterion: the text, the files handed in for it, the range it says to meet."""

    text: str
    files: list[BidFile]
    stated: CriterionRange | None = None


def answers(bid: Bid, criteria: list[Criterion]) -> dict[int, Answer]:
    """Criterion → the bid's answer."""
    texts = (bid.contents or {}).get("technical", {})
    files: dict[int, list[BidFile]] = {}
    for row in bid.files.filter(purpose="technical").select_related("file").order_by("pk"):
        if row.criterion_id:
            files.setdefault(row.criterion_id, []).append(row)
    stated = stated_ranges(bid, criteria)
    return {row.pk: Answer(texts.get(str(row.pk), ""), files.get(row.pk, []), stated.get(row.pk)) for row in criteria}


def other_files(bid: Bid) -> list[BidFile]:
    """Annexes and technical files that answer no single criterion."""
    rows = bid.files.exclude(purpose="evidence").filter(criterion=None)
    return list(rows.select_related("file").order_by("pk"))


def steps_of(member: CommitteeMember, criteria: list[Criterion]) -> dict[str, Any]:
    """Which parts of a member's work are open, done, or waiting for others."""
    lot = member.lot
    people = list(seated(lot).select_related("sheet"))
    votes = own_votes(member)
    rows = progress(member, criteria)
    return {
        "people": people,
        "leader": next((each for each in people if each.is_leader), None),
        "voted_leader": member.leader_vote_id is not None,
        "settled": lot.review.conformity_settled_at if hasattr(lot, "review") else None,
        "submitted": member.sheet.submitted_at if hasattr(member, "sheet") else None,
        "waiting": sum(each.sheet.submitted_at is None for each in people if hasattr(each, "sheet")),
        "criteria": criteria,
        "progress": rows,
        "scored": sum(row.done for row in rows),
        "whole": sum(row.of for row in rows),
        "following": next_open(rows),
        "conformity_rows": [{"bid": bid, "voted": bid.pk in votes} for bid in reviewed_bids(lot)],
    }


def bidders_of(lot: Lot) -> list[str]:
    """Names of the bidders, for the declaration: after the opening they are no secret to the invited."""
    return [bid.body.name for bid in opened_bids(lot)]


def is_working(member: CommitteeMember) -> bool:
    return is_seated(member) and member.lot.status in (
        LotStatus.REVIEW,
        LotStatus.CONSOLIDATED,
        LotStatus.REVIEWED,
        LotStatus.AWARDED,
        LotStatus.CONTRACTED,
    )


def price_queries(lot: Lot) -> dict[int, PriceQuery]:
    rows = PriceQuery.objects.filter(bid__lot=lot).select_related("bid__body", "file").prefetch_related("votes")
    return {row.bid_id: row for row in rows}
