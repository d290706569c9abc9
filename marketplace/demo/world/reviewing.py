"""From the opening to the award, as the demo's officers, experts and custodians do it."""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.demo.papers import paper, upload
from marketplace.demo.queue import render_waiting
from marketplace.procurement.models import Award, CommitteeMember, Expert, Lot, MemberKind, MemberStatus
from marketplace.procurement.rules.eligibility import CREDIT, LINKS
from marketplace.procurement.selectors.award import turn
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
from marketplace.procurement.services.review import start_review, vote_conformity, vote_leader
from marketplace.procurement.services.scoring import Choice, save_scores, submit_sheet

from .tendering import Plan
from .town import Town

REPRESENTATIVE = {"jingan": "member@jingan.example", "yangpu": "member@yangpu.example"}
EMPLOYERS = (
    "华亭大学社会工作系",
    "申江养老研究院",
    "浦江社会政策研究所",
    "东海师范学院",
    "沪上康复协会",
    "春申评估研究会",
)


def enroll_experts(town: Town) -> None:
    """The demo's reviewers in the register; entered in bulk as from the register's own table."""
    people = [actor for email, actor in sorted(town.actors.items()) if email.startswith("expert")]
    for number, actor in enumerate(people, start=1):
        Expert.objects.create(
            user_id=actor.user_id,
            register=town.body("register"),
            number=f"SH-ZJ-{number:04d}",
            employer=EMPLOYERS[number % len(EMPLOYERS)] + "（演示）",
            title="副教授" if number % 2 else "高级社会工作师",
            fields="A04 A08 A10",
            region="310000",
        )


def check_eligibility(town: Town, plan: Plan, lot: Lot) -> None:
    officer = town.actor(plan.buyer.officer)
    start_check(actor=officer, lot_id=lot.pk)
    points = [point.key for point in check_points(lot.tender) if point.key not in (LINKS, CREDIT)]
    for bid in opened_bids(lot):
        record_findings(actor=officer, bid_id=bid.pk, findings=[Finding(key, True, "") for key in points])
        for key, label in credit_lists():
            sheet = upload("信用查询.pdf", paper(f"信用查询记录：{label}", "查询结果：未列入", pages=1))
            record_credit_query(actor=officer, bid_id=bid.pk, credit_list=key, is_listed=False, upload=sheet)
    conclude_check(actor=officer, lot_id=lot.pk)


def seat_committee(town: Town, plan: Plan, lot: Lot) -> None:
    officer = town.actor(plan.buyer.officer)
    draw_committee(actor=officer, lot_id=lot.pk, review_on=clock.today())
    representative = town.actor(REPRESENTATIVE[plan.buyer.key])
    name_representative(actor=officer, lot_id=lot.pk, user_id=representative.user_id)
    for member in CommitteeMember.objects.filter(lot=lot, status=MemberStatus.INVITED):
        actor = of_member(town, member)
        answer_invitation(actor=actor, member_id=member.pk, accepts=True)
        declare(actor=actor, member_id=member.pk, declaration=Declaration(is_free=True))


def begin_review(town: Town, plan: Plan, lot: Lot) -> None:
    officer = town.actor(plan.buyer.officer)
    start_review(actor=officer, lot_id=lot.pk, briefing="介绍项目背景、服务对象和采购需求，不含倾向性说明。")
    lot.refresh_from_db()
    members = list(seated(lot))
    leader = next(member for member in members if member.kind == MemberKind.EXPERT)
    for member in members:
        vote_leader(actor=of_member(town, member), member_id=member.pk, candidate_id=leader.pk)
    for member in members:
        for bid in reviewed_bids(lot):
            vote_conformity(actor=of_member(town, member), member_id=member.pk, bid_id=bid.pk, conforms=True)


def score(town: Town, plan: Plan, lot: Lot, *, submitting: int | None = None) -> None:
    """Members score each alone; only the first `submitting` of them hand in (all, if not said)."""
    bids = list(reviewed_bids(lot))
    criteria = leaf_criteria(lot.tender)
    members = list(seated(lot))
    for number, member in enumerate(members[:submitting]):
        for place, bid in enumerate(bids):
            choices = {row.pk: _choose(row, plan.levels[place], number) for row in criteria}
            save_scores(actor=of_member(town, member), member_id=member.pk, bid_id=bid.pk, choices=choices)
        submit_sheet(actor=of_member(town, member), member_id=member.pk)


def _choose(criterion, level: int, member: int) -> Choice:  # type: ignore[no-untyped-def]
    """Objective criteria are equal for all; in matters of judgement every third member is one range stricter."""
    ranges = list(criterion.ranges.order_by("-points"))
    stricter = 1 if criterion.kind == "judgement" and member % 3 == 2 else 0
    return Choice(ranges[min(level + stricter, len(ranges) - 1)].pk)


def conclude(town: Town, lot: Lot) -> None:
    members = list(seated(lot))
    leader = next(member for member in members if member.is_leader)
    consolidate(actor=of_member(town, leader), member_id=leader.pk)
    render_waiting("review_report")
    for member in members:
        actor = of_member(town, member)
        sign_report(actor=actor, member_id=member.pk, code=town.code(actor))
    lot.refresh_from_db()


def award(town: Town, plan: Plan, lot: Lot) -> Award:
    first = turn(lot)[0]
    proposed = propose_award(actor=town.actor(plan.buyer.officer), lot_id=lot.pk, bid_id=first.pk)
    return publish_award(actor=town.actor(plan.buyer.approver), award_id=proposed.pk)


def of_member(town: Town, member: CommitteeMember) -> Actor:
    return next(actor for actor in town.actors.values() if actor.user_id == member.user_id)
