"""Lots in the review and after it, brought there through the services: eligible, scored, reviewed, awarded.

Each function answers a `Panel`: the lot with the people around it. Every member and officer has a second factor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.schedule import run_due
from marketplace.procurement.models import (
    Award,
    Bid,
    CommitteeMember,
    Criterion,
    CriterionRange,
    Expert,
    Lot,
    MemberKind,
    MemberStatus,
    Opening,
)
from marketplace.procurement.rules.eligibility import CREDIT, LINKS
from marketplace.procurement.selectors.eligibility import check_points, credit_lists
from marketplace.procurement.selectors.review import leaf_criteria, opened_bids, reviewed_bids, seated
from marketplace.procurement.services.award import propose_award, publish_award
from marketplace.procurement.services.committee import (
    Declaration,
    answer_invitation,
    declare,
    draw_committee,
    name_representative,
)
from marketplace.procurement.services.consolidation import consolidate, sign_report
from marketplace.procurement.services.eligibility import (
    Finding,
    conclude_check,
    record_credit_query,
    record_findings,
    start_check,
)
from marketplace.procurement.services.pool import commit_pool
from marketplace.procurement.services.review import start_review, vote_conformity, vote_leader
from marketplace.procurement.services.scoring import Choice, save_scores, submit_sheet

from .accounts import make_body, make_person, totp_code
from .bids import PRICES, open_lot, opened_lot, small_pdf

PICTURE = "信用查询.pdf"


@dataclass
class Panel:
    """A lot and who works on it."""

    lot: Lot
    officer: Actor
    approver: Actor
    people: dict[int, Actor] = field(default_factory=dict)

    @property
    def members(self) -> list[CommitteeMember]:
        return list(seated(self.lot))

    @property
    def leader(self) -> CommitteeMember:
        return next(member for member in self.members if member.is_leader)

    def actor(self, member: CommitteeMember) -> Actor:
        return actor_of_member(member)

    def refresh(self) -> Lot:
        self.lot = Lot.objects.select_related("tender", "tender__buyer").get(pk=self.lot.pk)
        return self.lot


def make_expert(number: str = "", *, fields: str = "*", employer: str = "", name: str = "") -> Expert:
    """An expert of the register with a second factor, since experts sign."""
    register = Body.objects.filter(kind=BodyKind.EXPERT_REGISTER).first() or make_body(BodyKind.EXPERT_REGISTER)
    count = Expert.objects.count() + 1
    actor = make_person(register, Role.EXPERT, name=name or f"专家{count:02d}", second_factor=True)
    return Expert.objects.create(
        user_id=actor.user_id,
        register=register,
        number=number or f"E{count:04d}",
        employer=employer or f"第{count}大学",
        title="副教授",
        fields=fields,
        region="310000",
    )


def make_experts(count: int = 10) -> list[Expert]:
    return [make_expert() for _ in range(count)]


def actor_of_member(member: CommitteeMember) -> Actor:
    membership = Membership.objects.filter(user=member.user, ended_at=None).select_related("body").first()
    return actor_for(member.user, membership, has_second_factor=True)


def person_of(body: Body, role: str) -> Actor:
    """A person who holds the role in the body; made if there is none."""
    for membership in Membership.objects.filter(body=body, ended_at=None).select_related("user", "body"):
        if role in membership.roles:
            return actor_for(membership.user, membership, has_second_factor=True)
    return make_person(body, role)


def give_ranges(lot: Lot) -> None:
    """Three ranges with one score each for every leaf that has none."""
    for criterion in leaf_criteria(lot.tender):
        if not criterion.ranges.exists():
            for position, (text, share) in enumerate((("10项以上", 10), ("6至9项", 6), ("5项以下", 2)), start=1):
                CriterionRange.objects.create(
                    criterion=criterion, position=position, text=text, points=criterion.points * share / 10
                )


def opened_panel(
    bids: int = 4, *, prices: tuple[str, ...] = PRICES, experts: int = 10, ceiling: str = "1300000.00"
) -> Panel:
    """An opened lot with its pool committed before the deadline; bidders have confirmed, the minutes are fixed."""
    make_experts(experts)
    lot = open_lot(ceiling)
    tender = lot.tender
    tender.service_from, tender.service_to = datetime(2026, 8, 1).date(), datetime(2027, 7, 31).date()
    tender.needs, tender.quality = "为老人提供日间照料。", "满意度不低于百分之九十。"
    tender.save()
    give_ranges(lot)
    commit_pool(lot_id=lot.pk)
    opened_lot(bids, lot, prices)
    settle_opening(lot)
    lot = Lot.objects.select_related("tender", "tender__buyer").get(pk=lot.pk)
    return Panel(lot, person_of(lot.tender.buyer, Role.OFFICER), person_of(lot.tender.buyer, Role.APPROVER))


def settle_opening(lot: Lot) -> None:
    """Let the bidders' half hour pass."""
    clock.move_to(clock.now() + timedelta(minutes=31))
    run_due(clock.now())
    Opening.objects.filter(lot=lot, closed_at=None).update(closed_at=clock.now())


class Upload:
    """A file as a form hands it over."""

    def __init__(self, content: bytes, name: str = PICTURE) -> None:
        self.content, self.name, self.size = content, name, len(content)
        self.content_type = "application/pdf"

    def chunks(self, size: int = 0) -> list[bytes]:
        return [self.content]

    def seek(self, position: int) -> None:
        self.position = position

    def read(self, size: int = -1) -> bytes:
        start = getattr(self, "position", 0)
        end = len(self.content) if size < 0 else start + size
        self.position = min(end, len(self.content))
        return self.content[start:end]


def check_bid(panel: Panel, bid: Bid, *, failing: dict[str, str] | None = None, listed: bool = False) -> None:
    """Note every point of a bid: passed, but for those in `failing` (point → reason)."""
    failing = failing or {}
    points = [point.key for point in check_points(panel.lot.tender) if point.key not in (LINKS, CREDIT)]
    record_findings(
        actor=panel.officer,
        bid_id=bid.pk,
        findings=[Finding(key, key not in failing, failing.get(key, "")) for key in points],
    )
    for key, _label in credit_lists():
        record_credit_query(
            actor=panel.officer,
            bid_id=bid.pk,
            credit_list=key,
            is_listed=listed and key == "tax",
            upload=Upload(small_pdf("信用查询")),
        )


def eligible_lot(bids: int = 4, *, prices: tuple[str, ...] = PRICES, experts: int = 10) -> Panel:
    """Eligibility checked and concluded: all bids passed."""
    panel = opened_panel(bids, prices=prices, experts=experts)
    start_check(actor=panel.officer, lot_id=panel.lot.pk)
    for bid in opened_bids(panel.lot):
        check_bid(panel, bid)
    conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    panel.refresh()
    return panel


def seat_committee(panel: Panel) -> Panel:
    """Draw, accept, declare; one person of the buyer sits for the buyer."""
    draw_committee(actor=panel.officer, lot_id=panel.lot.pk, review_on=clock.today())
    representative = make_person(panel.lot.tender.buyer, Role.OFFICER, second_factor=True)
    name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=representative.user_id)
    for member in CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).select_related("user"):
        actor = actor_of_member(member)
        answer_invitation(actor=actor, member_id=member.pk, accepts=True)
        declare(actor=actor, member_id=member.pk, declaration=Declaration(is_free=True))
    return panel


def reviewing_lot(bids: int = 4, *, prices: tuple[str, ...] = PRICES) -> Panel:
    """The committee sits, has its leader, and has found all bids conforming."""
    panel = seat_committee(eligible_lot(bids, prices=prices))
    start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing="介绍项目背景与采购需求，无倾向性说明。")
    panel.refresh()
    elect(panel)
    for member in panel.members:
        for bid in reviewed_bids(panel.lot):
            vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, conforms=True)
    panel.refresh()
    return panel


def elect(panel: Panel) -> None:
    chosen = next(member for member in panel.members if member.kind == MemberKind.EXPERT)
    for member in panel.members:
        vote_leader(actor=panel.actor(member), member_id=member.pk, candidate_id=chosen.pk)


def choose(criterion: Criterion, level: int) -> Choice:
    """The best range is level 0."""
    return Choice(list(criterion.ranges.order_by("-points"))[level].pk)


def score_all(panel: Panel, levels: dict[int, int] | None = None) -> None:
    """Every member gives every bid the same range: the first bid the best, unless `levels` (bid → level) says so."""
    bids = list(reviewed_bids(panel.lot))
    levels = levels or {bid.pk: min(position, 2) for position, bid in enumerate(bids)}
    criteria = leaf_criteria(panel.lot.tender)
    for member in panel.members:
        for bid in bids:
            choices = {criterion.pk: choose(criterion, levels[bid.pk]) for criterion in criteria}
            save_scores(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, choices=choices)
        submit_sheet(actor=panel.actor(member), member_id=member.pk)


def scored_lot(bids: int = 4, *, prices: tuple[str, ...] = PRICES, levels: tuple[int, ...] | None = None) -> Panel:
    """All members have submitted their scores. `levels`: range of each bid in the order of receipt."""
    panel = reviewing_lot(bids, prices=prices)
    keys = [bid.pk for bid in reviewed_bids(panel.lot)]
    score_all(panel, dict(zip(keys, levels, strict=True)) if levels else None)
    return panel


def consolidated_lot(bids: int = 4, **options: object) -> Panel:
    panel = scored_lot(bids, **options)  # type: ignore[arg-type]
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    return panel


def reviewed_lot(bids: int = 4, **options: object) -> Panel:
    """The report is signed by all members and with the buyer."""
    panel = consolidated_lot(bids, **options)
    for member in panel.members:
        sign(panel, member)
    panel.refresh()
    return panel


def sign(panel: Panel, member: CommitteeMember, dissent: str = "") -> None:
    actor = panel.actor(member)
    sign_report(actor=actor, member_id=member.pk, code=totp_code(actor), dissent=dissent)


def awarded_lot(bids: int = 4, **options: object) -> Award:
    """The result is published; the objection window runs. `award_panel` gives the people too."""
    return award_panel(bids, **options)[1]


def award_panel(bids: int = 4, **options: object) -> tuple[Panel, Award]:
    from marketplace.procurement.selectors.award import turn

    panel = reviewed_lot(bids, **options)
    award = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)
    award = publish_award(actor=panel.approver, award_id=award.pk)
    panel.refresh()
    return panel, award


def bidder_of(bid: Bid) -> Actor:
    return person_of(bid.body, Role.BIDDER)
