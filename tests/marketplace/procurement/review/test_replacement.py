"""R-COMM-14: a member who leaves during the review is replaced, and what was settled with that vote is settled anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core.exceptions import NotAllowed, Refused
from marketplace.procurement.events import MembersInvited, ReviewStarted
from marketplace.procurement.models import (
    BidStatus,
    CommitteeMember,
    ConformityVote,
    LotStatus,
    MemberKind,
    MemberStatus,
    Score,
)
from marketplace.procurement.rules.award_file import differences
from marketplace.procurement.selectors.award import turn
from marketplace.procurement.selectors.review import leaf_criteria, opened_bids, reviewed_bids
from marketplace.procurement.services.award import propose_award, publish_award
from marketplace.procurement.services.committee import (
    Declaration,
    answer_invitation,
    declare,
    name_representative,
    replace_member,
)
from marketplace.procurement.services.consolidation import consolidate
from marketplace.procurement.services.review import vote_conformity, vote_leader
from marketplace.procurement.services.scoring import all_submitted, save_scores, submit_sheet
from tests.factories.accounts import make_person
from tests.factories.review import Panel, actor_of_member, choose, reviewing_lot, score_all, sign

from .conftest import Stage, announced, staged

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, reviewing_lot) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def leave(panel: Panel, member: CommitteeMember) -> CommitteeMember:
    """The member falls ill; answers who is invited in turn."""
    replace_member(actor=panel.officer, member_id=member.pk, reason="突发疾病")
    panel.refresh()
    return CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).get()


def join(panel: Panel, member: CommitteeMember) -> None:
    actor = actor_of_member(member)
    answer_invitation(actor=actor, member_id=member.pk, accepts=True)
    declare(actor=actor, member_id=member.pk, declaration=Declaration(True))
    panel.refresh()


def vote(panel: Panel, member: CommitteeMember) -> None:
    for bid in list(reviewed_bids(panel.lot)):
        vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, conforms=True)
    panel.refresh()


def an_expert(panel: Panel) -> CommitteeMember:
    return next(each for each in panel.members if each.kind == MemberKind.EXPERT and not each.is_leader)


def test_the_next_one_drawn_joins_and_the_review_goes_on_to_its_award(panel: Panel) -> None:
    score_all(panel)
    assert all_submitted(panel.lot)
    gone = an_expert(panel)
    with announced(MembersInvited) as invited:
        substitute = leave(panel, gone)
    assert invited == [MembersInvited((substitute.pk,))]
    assert substitute.expert.number == panel.lot.draw.order[4]
    assert panel.lot.review.conformity_settled_at is None
    assert not all_submitted(panel.lot)
    assert set(opened_bids(panel.lot).values_list("status", flat=True)) == {BidStatus.OPENED}
    with announced(ReviewStarted) as news:
        join(panel, substitute)
    assert news == [ReviewStarted(panel.lot.pk)]
    vote(panel, substitute)
    assert panel.lot.review.conformity_settled_at is not None
    assert set(opened_bids(panel.lot).values_list("status", flat=True)) == {BidStatus.VALID}
    leader = panel.leader
    with pytest.raises(Refused) as early:
        consolidate(actor=panel.actor(leader), member_id=leader.pk)
    assert early.value.rule_id == "R-EVAL-11"
    for bid in reviewed_bids(panel.lot):
        choices = {row.pk: choose(row, 1) for row in leaf_criteria(panel.lot.tender) if row.kind != "objective"}
        mine = Score.objects.filter(bid=bid, sheet__member=leader, criterion__kind="objective")
        choices |= {row.criterion_id: choose_same(row) for row in mine}
        save_scores(actor=panel.actor(substitute), member_id=substitute.pk, bid_id=bid.pk, choices=choices)
    submit_sheet(actor=panel.actor(substitute), member_id=substitute.pk)
    consolidate(actor=panel.actor(leader), member_id=leader.pk)
    panel.refresh()
    for member in panel.members:
        sign(panel, member)
    award = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)
    award = publish_award(actor=panel.approver, award_id=award.pk)
    assert differences(award.public_data) == []
    assert len(award.public_data["members"]) == 5
    assert gone.user.name not in award.snapshot.data["experts"]
    assert substitute.user.name in award.snapshot.data["experts"]


def choose_same(score: Score) -> Any:
    from marketplace.procurement.services.scoring import Choice

    return Choice(score.range_id)


def test_who_left_can_do_nothing_more_and_sees_nothing(panel: Panel, client_for: Any) -> None:
    gone, bid = an_expert(panel), reviewed_bids(panel.lot)[0]
    leave(panel, gone)
    with pytest.raises(NotAllowed):
        vote_conformity(actor=panel.actor(gone), member_id=gone.pk, bid_id=bid.pk, conforms=True)
    client = client_for(panel.actor(gone))
    assert client.get(reverse("procurement:panel-conformity", args=[gone.pk, bid.pk])).status_code == 403
    page = client.get(reverse("procurement:panel-detail", args=[gone.pk])).content.decode()
    assert bid.body.name not in page


def test_nothing_is_settled_while_a_seat_is_free(panel: Panel) -> None:
    """Four of four votes are not five."""
    leave(panel, an_expert(panel))
    for member in panel.members:
        vote(panel, member)
    assert panel.lot.review.conformity_settled_at is None
    leader = panel.leader
    with pytest.raises(Refused) as refusal:
        consolidate(actor=panel.actor(leader), member_id=leader.pk)
    assert refusal.value.rule_id == "R-COMM-01"
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEW


def test_a_leader_who_leaves_is_elected_anew(panel: Panel) -> None:
    substitute = leave(panel, panel.leader)
    assert not any(member.is_leader or member.leader_vote_id for member in panel.members)
    chosen = an_expert(panel)
    for member in panel.members:
        vote_leader(actor=panel.actor(member), member_id=member.pk, candidate_id=chosen.pk)
    assert not any(member.is_leader for member in panel.members)
    join(panel, substitute)
    vote_leader(actor=panel.actor(substitute), member_id=substitute.pk, candidate_id=chosen.pk)
    assert panel.leader.pk == chosen.pk


def test_a_tie_that_comes_to_light_gives_the_seat_on(panel: Panel, client_for: Any) -> None:
    member = an_expert(panel)
    client = client_for(panel.actor(member))
    address = reverse("procurement:panel-declaration", args=[member.pk])
    assert address in client.get(reverse("procurement:panel-detail", args=[member.pk])).content.decode()
    assert client.post(address, {"is_free": "False", "conflict": "投标人负责人系近亲属"}).status_code == 302
    member.refresh_from_db()
    assert member.status == MemberStatus.RECUSED
    assert CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).count() == 1
    page = client_for(panel.officer).get(reverse("procurement:lot-detail", args=[panel.lot.pk])).content.decode()
    assert "补足评审委员会成员" in page


def test_a_bid_that_comes_back_is_scored_by_those_who_had_submitted(panel: Panel) -> None:
    """Three of five had found it wanting; without one of them it stands."""
    bids = list(reviewed_bids(panel.lot))
    members = panel.members
    panel.lot.review.conformity_settled_at = None
    panel.lot.review.save()
    opened_bids(panel.lot).update(status=BidStatus.OPENED)
    experts = [member for member in members if member.kind == MemberKind.EXPERT]
    against = ConformityVote.objects.filter(member__in=experts[1:4], bid=bids[3])
    against.update(conforms=False, reason="缺少必备条款")
    first = experts[0]
    vote_conformity(actor=panel.actor(first), member_id=first.pk, bid_id=bids[0].pk, conforms=True)
    assert opened_bids(panel.lot).get(pk=bids[3].pk).status == BidStatus.INVALID
    score_all(panel)
    assert all_submitted(panel.lot)
    substitute = leave(panel, experts[3])
    join(panel, substitute)
    vote(panel, substitute)
    assert opened_bids(panel.lot).get(pk=bids[3].pk).status == BidStatus.VALID
    sheets = [member.sheet for member in panel.members if member.pk != substitute.pk]
    assert [sheet.submitted_at for sheet in sheets] == [None] * 4
    assert {sheet.reopened_reason for sheet in sheets} == {"评审委员会成员更换后，有投标重新进入评分。"}


def test_a_representative_is_followed_by_another(panel: Panel) -> None:
    gone = next(member for member in panel.members if member.kind == MemberKind.BUYER)
    replace_member(actor=panel.officer, member_id=gone.pk, reason="调离")
    other = make_person(panel.lot.tender.buyer, Role.OFFICER, second_factor=True)
    member = name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=other.user_id)
    join(panel, member)
    assert len(panel.members) == 5


def test_after_the_consolidation_nobody_is_replaced(panel: Panel) -> None:
    score_all(panel)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    member = panel.members[1]
    with pytest.raises(Refused) as refusal:
        replace_member(actor=panel.officer, member_id=member.pk, reason="生病")
    assert refusal.value.rule_id == "R-COMM-14"
    member.refresh_from_db()
    assert member.status == MemberStatus.ACCEPTED
