"""R-COMM-01 … -14: pool, draw, seats, declarations, replacement, briefing, leader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import NotAllowed, Refused
from marketplace.organizations.models import Organization, PersonLink
from marketplace.procurement.events import MembersInvited
from marketplace.procurement.models import (
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
from marketplace.procurement.rules.draw import draw_seed, drawn_order, pool_digest
from marketplace.procurement.selectors.review import opened_bids
from marketplace.procurement.services.committee import (
    Declaration,
    answer_invitation,
    declare,
    draw_committee,
    name_representative,
    replace_member,
)
from marketplace.procurement.services.pool import commit_pool, independent_experts, pool_numbers
from marketplace.procurement.services.review import start_review, vote_leader
from tests.factories.accounts import make_body, make_person
from tests.factories.review import Panel, actor_of_member, eligible_lot, make_expert, seat_committee

from .conftest import Stage, announced, staged

pytestmark = pytest.mark.django_db
BRIEFING = "介绍项目背景与采购需求。"


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, lambda: eligible_lot(3)) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def draw(panel: Panel, **options: Any) -> ExpertDraw:
    day = options.pop("review_on", clock.today())
    return draw_committee(actor=panel.officer, lot_id=panel.lot.pk, review_on=day, **options)


def invited(panel: Panel) -> list[CommitteeMember]:
    return list(CommitteeMember.objects.filter(lot=panel.lot).order_by("drawn_position", "pk"))


def test_the_pool_was_fixed_before_the_closing(panel: Panel) -> None:
    pool = panel.lot.pool
    assert pool.committed_at < panel.lot.tender.deadline
    assert pool_digest(pool.expert_numbers, pool.salt) == pool.sha256
    assert (pool.size_wanted, pool.is_widened) == (4, False)
    assert LogEntry.objects.filter(action="pool.committed", lot=str(panel.lot.pk)).count() == 1


def test_a_closed_lot_gets_no_pool(panel: Panel) -> None:
    late = Lot.objects.create(
        tender=panel.lot.tender, position=2, title="第二包", budget_amount=1, status=LotStatus.CLOSED
    )
    with pytest.raises(Refused) as refusal:
        commit_pool(lot_id=late.pk)
    assert refusal.value.rule_id == "R-COMM-05"
    assert not PoolCommitment.objects.filter(lot=late).exists()
    with pytest.raises(Refused) as undrawable:
        draw_committee(actor=panel.officer, lot_id=late.pk, review_on=clock.today())
    assert not ExpertDraw.objects.exists()
    assert undrawable.value.message


def test_the_pool_is_fixed_once(panel: Panel) -> None:
    assert commit_pool(lot_id=panel.lot.pk) == panel.lot.pool
    assert PoolCommitment.objects.count() == 1


def test_who_is_tied_to_the_buyer_is_not_in_the_pool(panel: Panel) -> None:
    """R-COMM-08: by employer or by membership, with the buyer or a supervising department."""
    tender = panel.lot.tender
    supervisor = make_body(BodyKind.SUPERVISOR)
    out = [make_expert(employer=tender.buyer.name), make_expert(), make_expert(employer=supervisor.name), make_expert()]
    for expert, body in ((out[1], tender.buyer), (out[3], supervisor)):
        Membership.objects.create(user=expert.user, body=body, roles=["officer"], since=clock.now())
    away = make_expert()
    away.is_available = False
    away.save()
    left = set(independent_experts(tender))
    assert left.isdisjoint({*out, away})
    assert len(left) == 10


def test_the_field_comes_first_and_is_widened_when_it_has_too_few(panel: Panel) -> None:
    tender = panel.lot.tender
    Expert.objects.update(fields="B02")
    assert pool_numbers(tender, 4) == (sorted(Expert.objects.values_list("number", flat=True)), True)
    for _ in range(8):
        make_expert(fields="A01 C05")
    numbers, is_widened = pool_numbers(tender, 4)
    assert (len(numbers), is_widened) == (8, False)


def test_the_draw_can_be_repeated_by_anyone(panel: Panel) -> None:
    with announced(MembersInvited) as news:
        drawn = draw(panel)
    seed = draw_seed(panel.lot.closing.head_root, panel.lot.number)
    assert (drawn.head_root, drawn.seed) == (panel.lot.closing.head_root, seed)
    assert drawn.order == drawn_order(panel.lot.pool.expert_numbers, seed)
    members = invited(panel)
    assert [member.expert.number for member in members] == drawn.order[:4]
    assert [member.drawn_position for member in members] == [1, 2, 3, 4]
    assert news == [MembersInvited(tuple(member.pk for member in members))]


def test_there_is_one_draw(panel: Panel) -> None:
    draw(panel)
    with pytest.raises(Refused) as refusal:
        draw(panel)
    assert refusal.value.rule_id == "R-COMM-05"
    assert len(invited(panel)) == 4


def test_an_early_draw_wants_a_reason(panel: Panel) -> None:
    """R-COMM-06 is a warning."""
    later = clock.today() + timedelta(days=7)
    with pytest.raises(Refused) as refusal:
        draw(panel, review_on=later)
    assert refusal.value.rule_id == "R-COMM-06"
    assert not ExpertDraw.objects.exists()
    assert draw(panel, review_on=later, reason="专家跨省，须预留行程").early_reason == "专家跨省，须预留行程"


def test_no_review_in_the_past(panel: Panel) -> None:
    with pytest.raises(Refused) as refusal:
        draw(panel, review_on=clock.today() - timedelta(days=1))
    assert refusal.value.field == "review_on"


def test_tied_absent_and_unavailable_experts_are_passed_over(panel: Panel) -> None:
    """R-COMM-09: known before the invitation, so that no seat is given to somebody who has to withdraw."""
    order = drawn_order(panel.lot.pool.expert_numbers, draw_seed(panel.lot.closing.head_root, panel.lot.number))
    by_number = {expert.number: expert for expert in Expert.objects.select_related("user")}
    bidder = opened_bids(panel.lot)[0].body
    organization, _new = Organization.objects.get_or_create(body=bidder, defaults={"kind": "service_agency"})
    tied, absent, away, employed = (by_number[number] for number in order[:4])
    PersonLink.objects.create(organization=organization, name=tied.user.name, relation="director")
    ExpertAbsence.objects.create(expert=absent, from_date=clock.today(), to_date=clock.today())
    Expert.objects.filter(pk=away.pk).update(is_available=False)
    Expert.objects.filter(pk=employed.pk).update(employer=bidder.name)
    drawn = draw(panel)
    assert drawn.skipped == dict(zip(order[:4], ["tied", "absent", "unavailable", "tied"], strict=True))
    assert [member.expert.number for member in invited(panel)] == order[4:8]


def test_a_tie_that_ended_three_years_ago_does_not_bind(panel: Panel) -> None:
    order = drawn_order(panel.lot.pool.expert_numbers, draw_seed(panel.lot.closing.head_root, panel.lot.number))
    expert = Expert.objects.get(number=order[0])
    bidder = opened_bids(panel.lot)[0].body
    Membership.objects.create(
        user=expert.user,
        body=bidder,
        roles=["reporter"],
        since=clock.now() - timedelta(days=2000),
        ended_at=clock.now() - timedelta(days=3 * 366),
    )
    assert draw(panel).skipped == {}


def test_who_declines_is_followed_by_the_next_one_drawn(panel: Panel) -> None:
    drawn = draw(panel)
    first = invited(panel)[0]
    with pytest.raises(Refused):
        answer_invitation(actor=actor_of_member(first), member_id=first.pk, accepts=False)
    answer_invitation(actor=actor_of_member(first), member_id=first.pk, accepts=False, reason="出差")
    first.refresh_from_db()
    assert (first.status, first.decline_reason) == (MemberStatus.DECLINED, "出差")
    newest = CommitteeMember.objects.filter(lot=panel.lot).latest("pk")
    assert (newest.expert.number, newest.status) == (drawn.order[4], MemberStatus.INVITED)


def test_an_invitation_is_answered_once_and_by_the_invited(panel: Panel) -> None:
    draw(panel)
    one, other = invited(panel)[:2]
    with pytest.raises(NotAllowed):
        answer_invitation(actor=actor_of_member(other), member_id=one.pk, accepts=True)
    answer_invitation(actor=actor_of_member(one), member_id=one.pk, accepts=True)
    with pytest.raises(NotAllowed):
        answer_invitation(actor=actor_of_member(one), member_id=one.pk, accepts=False, reason="改主意")


def test_a_declared_tie_gives_the_seat_on(panel: Panel) -> None:
    drawn = draw(panel)
    member = invited(panel)[0]
    actor = actor_of_member(member)
    with pytest.raises(NotAllowed):
        declare(actor=actor, member_id=member.pk, declaration=Declaration(True))
    answer_invitation(actor=actor, member_id=member.pk, accepts=True)
    with pytest.raises(Refused):
        declare(actor=actor, member_id=member.pk, declaration=Declaration(False, ""))
    declare(actor=actor, member_id=member.pk, declaration=Declaration(False, "曾任其监事"))
    member.refresh_from_db()
    assert (member.status, member.conflict) == (MemberStatus.RECUSED, "曾任其监事")
    assert CommitteeMember.objects.filter(lot=panel.lot, expert__number=drawn.order[4]).exists()


def test_the_register_counts_whatever_is_declared(panel: Panel) -> None:
    """The tie was entered after the invitation."""
    draw(panel)
    member = invited(panel)[0]
    actor = actor_of_member(member)
    answer_invitation(actor=actor, member_id=member.pk, accepts=True)
    bidder = opened_bids(panel.lot)[0].body
    Membership.objects.create(user=member.user, body=bidder, roles=["reporter"], since=clock.now())
    declare(actor=actor, member_id=member.pk, declaration=Declaration(True))
    member.refresh_from_db()
    assert member.status == MemberStatus.RECUSED
    assert bidder.name in member.conflict


def test_representatives_are_people_of_the_buyer_and_never_more_than_a_third(panel: Panel) -> None:
    agent = make_person(make_body(BodyKind.AGENCY), Role.OFFICER)
    with pytest.raises(Refused) as refusal:
        name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=agent.user_id)
    assert refusal.value.rule_id == "R-COMM-08"
    one, two = (make_person(panel.lot.tender.buyer, Role.OFFICER) for _ in range(2))
    name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=one.user_id)
    with pytest.raises(Refused) as full:
        name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=two.user_id)
    assert full.value.rule_id == "R-COMM-03"


def test_who_is_tied_to_a_bidder_does_not_represent_the_buyer(panel: Panel) -> None:
    """R-COMM-09: up to three years back, from the memberships here."""
    person = make_person(panel.lot.tender.buyer, Role.OFFICER)
    bidder = opened_bids(panel.lot)[0].body
    tie = Membership.objects.create(
        user_id=person.user_id,
        body=bidder,
        roles=["reporter"],
        since=clock.now() - timedelta(days=1500),
        ended_at=clock.now() - timedelta(days=3 * 365 - 10),
    )
    with pytest.raises(Refused) as refusal:
        name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=person.user_id)
    assert refusal.value.rule_id == "R-COMM-09"
    assert bidder.name in str(refusal.value)
    assert not CommitteeMember.objects.filter(lot=panel.lot).exists()
    tie.ended_at = clock.now() - timedelta(days=3 * 366)
    tie.save()
    name_representative(actor=panel.officer, lot_id=panel.lot.pk, user_id=person.user_id)


def test_a_missing_member_is_replaced(panel: Panel) -> None:
    """R-COMM-14."""
    drawn = draw(panel)
    member = invited(panel)[2]
    with pytest.raises(Refused):
        replace_member(actor=panel.officer, member_id=member.pk, reason="")
    replace_member(actor=panel.officer, member_id=member.pk, reason="未按时到场")
    member.refresh_from_db()
    assert member.status == MemberStatus.REPLACED
    assert CommitteeMember.objects.filter(lot=panel.lot, expert__number=drawn.order[4]).exists()
    with pytest.raises(Refused):
        replace_member(actor=panel.officer, member_id=member.pk, reason="再次")


def test_when_the_order_is_used_up_the_seat_stays_free(panel: Panel, client_for: Any) -> None:
    draw(panel)
    while CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).count() == 4:
        member = CommitteeMember.objects.filter(lot=panel.lot, status=MemberStatus.INVITED).first()
        replace_member(actor=panel.officer, member_id=member.pk, reason="未到场")
    page = client_for(panel.officer).get(reverse("procurement:lot-committee", args=[panel.lot.pk])).content.decode()
    assert "R-COMM-14" in page


def test_no_review_without_a_complete_committee(panel: Panel) -> None:
    draw(panel)
    with pytest.raises(Refused) as refusal:
        start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing=BRIEFING)
    assert refusal.value.rule_id in ("R-COMM-01", "R-COMM-03")
    panel.refresh()
    assert panel.lot.status == LotStatus.ELIGIBILITY


def test_the_briefing_is_written_or_its_lack_explained(panel: Panel) -> None:
    """R-COMM-13 is a warning."""
    seat_committee(panel)
    with pytest.raises(Refused) as refusal:
        start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing=" ")
    assert refusal.value.rule_id == "R-COMM-13"
    review = start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing="", no_briefing_reason="材料已随邀请送达")
    assert review.no_briefing_reason == "材料已随邀请送达"


def test_most_votes_lead_and_never_the_buyer(panel: Panel) -> None:
    """R-COMM-04."""
    seat_committee(panel)
    start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing=BRIEFING)
    members = panel.members
    buyer = next(member for member in members if member.kind == MemberKind.BUYER)
    experts = [member for member in members if member.kind == MemberKind.EXPERT]
    with pytest.raises(Refused) as refusal:
        vote_leader(actor=actor_of_member(experts[0]), member_id=experts[0].pk, candidate_id=buyer.pk)
    assert refusal.value.rule_id == "R-COMM-04"
    for member, choice in zip(members, (1, 1, 2, 2, 3), strict=True):
        vote_leader(actor=actor_of_member(member), member_id=member.pk, candidate_id=experts[choice].pk)
    assert panel.leader.pk == experts[1].pk
    with pytest.raises(Refused):
        vote_leader(actor=actor_of_member(buyer), member_id=buyer.pk, candidate_id=experts[2].pk)


def test_members_are_numbers_to_the_buyer(panel: Panel, client_for: Any) -> None:
    """R-COMM-11."""
    seat_committee(panel)
    for name in ("lot-committee", "lot-detail"):
        page = client_for(panel.officer).get(reverse(f"procurement:{name}", args=[panel.lot.pk])).content.decode()
        assert "专家 4" in page
        assert not any(
            member.user.name in page or member.expert.number in page for member in panel.members if member.expert
        )


def test_the_pages(panel: Panel, client_for: Any) -> None:
    officer = client_for(panel.officer)
    address = reverse("procurement:lot-committee", args=[panel.lot.pk])
    late = officer.post(reverse("procurement:committee-draw", args=[panel.lot.pk]), {"review_on": "2026-06-01"})
    assert late.status_code == 422
    response = officer.post(reverse("procurement:committee-draw", args=[panel.lot.pk]), {"review_on": clock.today()})
    assert (response.status_code, response.url) == (302, address)
    member = invited(panel)[0]
    own = client_for(actor_of_member(member))
    answer = reverse("procurement:panel-answer", args=[member.pk])
    assert own.get(answer).status_code == 200
    assert own.post(answer, {"accepts": "True"}).status_code == 302
    declaration = reverse("procurement:panel-declaration", args=[member.pk])
    assert opened_bids(panel.lot)[0].body.name in own.get(declaration).content.decode()
    assert own.post(declaration, {"is_free": "True"}).status_code == 302
    member.refresh_from_db()
    assert member.declared_at is not None
