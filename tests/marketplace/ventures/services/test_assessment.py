"""From accepted applications to confirmed grants, through the services; each refusal leaves everything as it was."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.models import User
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock, events
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused, StaleVersion
from marketplace.publication.models import NoticeSnapshot
from marketplace.ventures.events import GrantConfirmed
from marketplace.ventures.models import (
    Application,
    ApplicationReview,
    Assessment,
    Call,
    Grant,
    GrantProposal,
    MemberConflict,
    PanelMember,
    PanelStatus,
    ReviewScoreChange,
)
from marketplace.ventures.rules.assignment import drawn
from marketplace.ventures.selectors.assessment import coaching_open
from marketplace.ventures.selectors.ranking import ranking_of
from marketplace.ventures.services import (
    assessment as assessments,
    assignment,
    coaching,
    decision,
    defence,
    display,
    panel,
    scoring,
)
from tests.factories import assessment as factory, ventures
from tests.factories.accounts import make_body, make_person, make_user
from tests.factories.planning import buyer_people

pytestmark = pytest.mark.django_db


def refused(rule: str, function, **arguments) -> Refused:
    """The service says no by the rule, and writes nothing."""
    before = LogEntry.objects.count()
    with pytest.raises(MarketplaceError) as error:
        function(**arguments)
    assert error.value.rule_id == rule
    assert LogEntry.objects.count() == before
    return error.value


# The beginning and the settings


def test_an_assessment_begins_with_the_default_form_once():
    town = factory.opened()
    assert [row.weight for row in town.assessment.criteria.all()] == [20, 25, 10, 15, 15, 15]
    again = assessments.open_assessment(actor=town.officer, call_id=town.call.pk)
    assert again == town.assessment and Assessment.objects.count() == 1


def test_it_waits_for_the_end_of_applications():
    call = ventures.open_call()
    with pytest.raises(MarketplaceError) as error:
        assessments.open_assessment(actor=call.people.officer, call_id=call.pk)
    assert error.value.rule_id == "R-VENT-01"
    with pytest.raises(NotAllowed):
        assessments.open_assessment(actor=buyer_people().officer, call_id=call.pk)


def test_weights_that_do_not_sum_are_refused_by_field():
    town = factory.opened()
    weights = {**factory.settings_of(town).weights, "need": 19}
    error = refused(
        "R-VENT-12",
        assessments.save_settings,
        actor=town.officer,
        assessment_id=town.assessment.pk,
        version=1,
        settings=factory.settings_of(town, weights=weights),
    )
    assert error.field == "weights" and "+1" in str(error.message)
    assert town.assessment.criteria.get(key="need").weight == 20


def test_an_older_form_does_not_overwrite_settings():
    town = factory.stated(factory.opened())
    with pytest.raises(StaleVersion):
        assessments.save_settings(
            actor=town.officer, assessment_id=town.assessment.pk, version=1, settings=factory.settings_of(town)
        )


# The panel


def test_an_unknown_address_is_told_what_to_do():
    town = factory.opened()
    with pytest.raises(MarketplaceError) as error:
        panel.invite_member(
            actor=town.officer, assessment_id=town.assessment.pk, email="nobody@example.org", role="scholar"
        )
    assert error.value.field == "email" and not PanelMember.objects.exists()


def test_who_decides_does_not_score():
    town = factory.opened()
    email = make_user().email
    assert panel.invite_member(actor=town.officer, assessment_id=town.assessment.pk, email=email, role="demand")
    with pytest.raises(Refused) as error:
        factory.invited(town, town.approver)
    assert error.value.rule_id == "R-COMM-09"
    with pytest.raises(MarketplaceError, match=r"."):
        panel.invite_member(actor=town.officer, assessment_id=town.assessment.pk, email=email, role="demand")


@pytest.mark.parametrize(
    ("answer", "field", "rule"),
    [
        ({"employer": ""}, "employer", "R-COMM-09"),
        ({"employer": "无", "keeps_secret": False}, "keeps_secret", "R-COMM-11"),
    ],
)
def test_a_seat_needs_employer_and_confidentiality(answer, field, rule):
    town, actor = factory.opened(), factory.reviewer()
    member = factory.invited(town, actor)
    error = refused(rule, panel.answer_invitation, actor=actor, member_id=member.pk, accepts=True, **answer)
    assert error.field == field
    member.refresh_from_db()
    assert member.status == PanelStatus.INVITED


def test_own_employer_and_declared_ties_are_kept_apart():
    town = factory.opened(3)
    first, second, third = town.applications
    by_name = factory.reviewer()
    member = factory.seat(
        town, by_name, "scholar", employer=f" {first.body.name} ", conflicts={second.pk: "评审对象的理事是我的同学"}
    )
    assert {row.application_id: row.kind for row in member.conflicts.all()} == {
        first.pk: "employer",
        second.pk: "declared",
    }
    by_membership = make_person(third.body, Role.REPORTER)
    member = factory.seat(town, by_membership, "resident", employer="无")
    assert [row.application_id for row in member.conflicts.all()] == [third.pk]


def test_a_member_declines_or_answers_once():
    town, actor = factory.opened(), factory.reviewer()
    member = factory.invited(town, actor)
    with pytest.raises(NotAllowed):
        panel.answer_invitation(actor=factory.reviewer(), member_id=member.pk, accepts=True)
    panel.answer_invitation(actor=actor, member_id=member.pk, accepts=False, reason="出差")
    member.refresh_from_db()
    assert (member.status, member.decline_reason) == (PanelStatus.DECLINED, "出差")
    with pytest.raises(MarketplaceError):
        panel.answer_invitation(actor=actor, member_id=member.pk, accepts=True, employer="无", keeps_secret=True)


# The deal


def test_reviews_are_dealt_evenly_by_a_logged_seed():
    town = factory.dealt(8, 6)
    reviews = ApplicationReview.objects.standing()
    each = Counter(reviews.values_list("application_id", flat=True))
    loads = Counter(reviews.values_list("member_id", flat=True))
    assert set(each.values()) == {3} and len(each) == 8
    assert set(loads.values()) == {4} and len(loads) == 6
    assert len(town.assessment.seed) == 64
    assert town.assessment.seed in LogEntry.objects.filter(action="assessment.dealt").get().entry.decode()


def test_dealing_anew_keeps_the_old_deal_readable():
    town = factory.dealt(4)
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    assert ApplicationReview.objects.standing().count() == 12 == ApplicationReview.objects.count() - 12


def test_all_four_roles_have_a_seat():
    town = factory.seated_panel(people=3)
    error = refused("R-VENT-04", assignment.deal_reviews, actor=town.officer, assessment_id=town.assessment.pk)
    assert error.field == "role"


def test_too_few_without_conflict_are_named():
    town = factory.stated(factory.opened(2), reviewers_each=4)
    first = town.applications[0]
    for number, role in enumerate(("resident", "demand", "scholar", "practitioner")):
        ties = {first.pk: "亲属"} if number == 0 else {}
        factory.seat(town, factory.reviewer(), role, conflicts=ties)
    error = refused("R-VENT-04", assignment.deal_reviews, actor=town.officer, assessment_id=town.assessment.pk)
    assert first.title in str(error.message)


def test_a_review_goes_to_somebody_else_with_a_reason_but_never_to_the_own_employer():
    town = factory.dealt(2, 4)
    review = ApplicationReview.objects.standing().first()
    free = next(
        member
        for member in town.members
        if not ApplicationReview.objects.standing().filter(member=member, application=review.application).exists()
    )
    ask = {"actor": town.officer, "review_id": review.pk, "member_id": free.pk}
    with pytest.raises(MarketplaceError):
        assignment.reassign_review(**ask, reason=" ")
    PanelMember.objects.filter(pk=free.pk).update(employer=review.application.body.name)
    error = refused("R-COMM-09", assignment.reassign_review, **ask, reason="工作量")
    assert error.field == "member" and review.application.title in str(error.message)
    PanelMember.objects.filter(pk=free.pk).update(employer="无")
    MemberConflict.objects.all()._raw_delete("default")
    new = assignment.reassign_review(**ask, reason="工作量")
    review.refresh_from_db()
    assert review.release_reason == "工作量" and new.member == free


# Scoring


def first_review(town) -> tuple[ApplicationReview, object]:
    review = ApplicationReview.objects.standing().select_related("member").first()
    return review, town.actor_of(review.member)


def test_scoring_begins_when_all_is_stated_and_dealt():
    town = factory.seated_panel()
    refused("R-VENT-04", assessments.begin_scoring, actor=town.officer, assessment_id=town.assessment.pk)
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    Application.objects.filter(pk=town.applications[0].pk).update(status="submitted")
    refused("R-VENT-01", assessments.begin_scoring, actor=town.officer, assessment_id=town.assessment.pk)
    Application.objects.update(status="accepted")
    assessments.begin_scoring(actor=town.officer, assessment_id=town.assessment.pk)
    refused(
        "R-VENT-01",
        assessments.save_settings,
        actor=town.officer,
        assessment_id=town.assessment.pk,
        version=town.again().assessment.version,
        settings=factory.settings_of(town),
    )


@pytest.mark.parametrize("points", ["-1", "20.5", "12.3"])
def test_a_score_outside_the_range_names_its_criterion(points):
    town = factory.scoring_town()
    review, actor = first_review(town)
    need = town.assessment.criteria.get(key="need")
    error = refused(
        "R-VENT-12",
        scoring.save_review,
        actor=actor,
        review_id=review.pk,
        version=0,
        points={need.pk: Decimal(points)},
        comment="",
    )
    assert error.field == f"c{need.pk}" and not review.scores.exists()


def test_two_windows_do_not_overwrite_each_other():
    town = factory.scoring_town()
    review, actor = first_review(town)
    need = town.assessment.criteria.get(key="need")
    ask = {"actor": actor, "review_id": review.pk, "version": 0, "comment": "好"}
    scoring.save_review(**ask, points={need.pk: Decimal(12)})
    with pytest.raises(StaleVersion):
        scoring.save_review(**ask, points={need.pk: Decimal(1)})
    assert review.scores.get().points == 12


def test_handing_in_wants_everything_and_happens_once():
    town = factory.scoring_town()
    review, actor = first_review(town)
    refused("R-VENT-12", scoring.hand_in_review, actor=actor, review_id=review.pk)
    done = factory.give(town, review, "0.8")
    assert done.hundredths == 8000
    entries = LogEntry.objects.count()
    again = scoring.hand_in_review(actor=actor, review_id=review.pk)
    assert again.submitted_at == done.submitted_at and LogEntry.objects.count() == entries
    refused(
        "R-EVAL-12",
        scoring.save_review,
        actor=actor,
        review_id=review.pk,
        version=done.version,
        points={},
        comment="改",
    )


def test_a_stranger_and_a_tied_member_do_not_score():
    town = factory.scoring_town()
    review, actor = first_review(town)
    with pytest.raises(NotAllowed):
        scoring.save_review(actor=factory.reviewer(), review_id=review.pk, version=0, points={}, comment="")
    panel.declare_conflict(
        actor=actor, member_id=review.member_id, application_id=review.application_id, note="刚发现是邻居"
    )
    refused("R-COMM-09", scoring.save_review, actor=actor, review_id=review.pk, version=0, points={}, comment="")


def test_a_member_is_reminded_once_a_day():
    town = factory.scoring_town()
    member = town.members[0]
    scoring.remind_member(actor=town.officer, member_id=member.pk)
    count = LogEntry.objects.count()
    scoring.remind_member(member_id=member.pk)
    assert LogEntry.objects.count() == count


# Ranking, defence, deliberation


def test_the_ranking_follows_the_means():
    town = factory.scored()
    lines = ranking_of(town.assessment)
    assert [line.key for line in lines] == [row.pk for row in town.applications]
    # shares of 20, 25, 10, 15, 15, 15 in halves: 90 is 90.5, since 22.5 and 13.5 are exact
    assert [line.reviews for line in lines] == [3] * 4
    assert lines[0].total > lines[1].total == Decimal("80.00")


def test_the_order_of_the_defence_is_drawn_by_a_seed_that_anyone_can_repeat():
    town = factory.defence_town()
    day = factory.day_of(town)
    slots = list(day.slots.all())
    assert {slot.application_id for slot in slots} == {row.pk for row in town.applications[:2]}
    assert [slot.application_id for slot in slots] == drawn([slot.application_id for slot in slots], day.seed)
    assert slots[1].starts_at - slots[0].starts_at == timedelta(minutes=20)
    assert day.seed in LogEntry.objects.filter(action="assessment.defence_drawn").get().entry.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": None}, "starts_at"),
        ({"place": ""}, "place"),
        ({"least": Decimal(80)}, "best"),
        ({"minutes": 2}, "minutes"),
    ],
)
def test_a_day_that_does_not_hold_is_refused_by_field(change, field):
    town = factory.scored(defence_share=40)
    if "starts_at" in change:
        change = {"starts_at": clock.now() + timedelta(hours=2)}
    error = refused(
        "R-VENT-01",
        defence.draw_defence,
        actor=town.officer,
        assessment_id=town.assessment.pk,
        day=factory.day_input(**change),
    )
    assert error.field == field
    assert town.again().assessment.status == "scoring"


def test_a_defence_that_is_still_to_come_is_no_zero():
    """Written means rank until a defence has the points of all, or has ended; nobody came: 0."""
    town = factory.defence_town()
    first, second = factory.day_of(town).slots.all()

    def line_of(slot):
        return {line.key: line for line in ranking_of(town.again().assessment)}[slot.application_id]

    for slot in (first, second):
        line = line_of(slot)
        assert line.defence is None and line.is_awaited and line.total == line.raw
    assert [line.is_awaited for line in ranking_of(town.assessment)] == [True, True, False, False]
    defence.begin_slot(actor=town.officer, slot_id=first.pk)
    *most, last = town.reviewers
    for actor in most:
        defence.score_defence(actor=actor, slot_id=first.pk, points=Decimal(10))
    assert line_of(first).is_awaited
    defence.score_defence(actor=last, slot_id=first.pk, points=Decimal(10))
    held = line_of(first)
    assert held.defence == Decimal("10.00") and not held.is_awaited and held.total < held.raw
    assert line_of(second).total == line_of(second).raw
    defence.end_slot(actor=town.officer, slot_id=first.pk)
    defence.end_slot(actor=town.officer, slot_id=second.pk, is_absent=True)
    absent = line_of(second)
    assert absent.defence == Decimal("0.00") and absent.is_absent and not absent.is_awaited
    assert absent.total == (absent.raw * Decimal("0.6")).quantize(Decimal("0.01"))


def test_defence_points_count_by_their_share():
    town = factory.defence_town()
    first, second = factory.day_of(town).slots.all()
    defence.begin_slot(actor=town.officer, slot_id=first.pk)
    with pytest.raises(MarketplaceError):
        defence.begin_slot(actor=town.officer, slot_id=second.pk)
    with pytest.raises(Refused) as error:
        defence.score_defence(actor=town.reviewers[0], slot_id=first.pk, points=Decimal(101))
    assert error.value.field == "points"
    with pytest.raises(Refused):
        defence.score_defence(actor=town.reviewers[0], slot_id=second.pk, points=Decimal(50))
    for number, actor in enumerate(town.reviewers):
        defence.score_defence(actor=actor, slot_id=first.pk, points=Decimal(80 + number))
    defence.end_slot(actor=town.officer, slot_id=first.pk)
    refused("R-VENT-01", assessments.begin_deliberation, actor=town.officer, assessment_id=town.assessment.pk)
    defence.end_slot(actor=town.officer, slot_id=second.pk, is_absent=True)
    assessments.begin_deliberation(actor=town.officer, assessment_id=town.assessment.pk)
    lines = {line.key: line for line in ranking_of(town.again().assessment)}
    held = lines[first.application_id]
    assert held.defence == Decimal("81.50")
    assert held.total == (held.raw * Decimal("0.6") + Decimal("32.6")).quantize(Decimal("0.01"))
    assert lines[second.application_id].defence == Decimal("0.00")
    # whoever was not on the list stands behind those who were
    assert {line.rank for line in lines.values() if line.defence is None} == {3, 4}


def test_open_reviews_hold_the_deliberation():
    town = factory.scoring_town()
    refused("R-VENT-12", assessments.begin_deliberation, actor=town.officer, assessment_id=town.assessment.pk)


def test_a_score_changes_in_the_deliberation_with_the_old_one_kept():
    town = factory.deliberating()
    review, actor = first_review(town)
    score = review.scores.first()
    before = score.points
    with pytest.raises(MarketplaceError):
        scoring.change_score(actor=actor, score_id=score.pk, points=Decimal(1), reason="")
    with pytest.raises(NotAllowed):
        scoring.change_score(actor=town.officer, score_id=score.pk, points=Decimal(1), reason="讨论")
    scoring.change_score(actor=actor, score_id=score.pk, points=Decimal(1), reason="看错了需求人数")
    change = ReviewScoreChange.objects.get()
    assert (change.before, change.after) == (before, Decimal(1))
    total = review.hundredths
    review.refresh_from_db()
    assert review.hundredths == total - int((before - 1) * 100)


def test_bonus_points_are_announced_proved_and_capped():
    town = factory.scored(bonus_cap=Decimal(3), bonuses=[("有配套资金", Decimal(5))])
    scheme, application = town.assessment.bonuses.get(), town.applications[1]
    ask = {"actor": town.officer, "assessment_id": town.assessment.pk, "scheme_id": scheme.pk}
    assessments.give_bonus(**ask, application_id=application.pk, reason="银行存款证明")
    assessments.give_bonus(**ask, application_id=application.pk, reason="银行存款证明")
    line = next(line for line in ranking_of(town.assessment) if line.key == application.pk)
    assert (line.bonus, line.total) == (Decimal("5.00"), Decimal("83.00"))


# The decision


def test_the_ranking_is_fitted_and_who_falls_out_is_told_why():
    """The pots hold 600,000 and 400,000 for all themes, the first 500,000 and 480,000 go; 20,000 are left."""
    town = factory.fitted(factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00"))
    rows = {row.application_id: row for row in GrantProposal.objects.all()}
    found = [rows[row.pk] for row in town.applications]
    assert [int(row.amount) for row in found] == [500_000, 480_000, 0, 20_000]
    assert "80,000.00" in found[2].reason
    assert [row.place for row in found] == [1, 2, 3, 4]
    used = {pot.name: sum(share.amount for share in pot.proposed_shares.all()) for pot in town.call.pots.all()}
    assert used == {"福彩资金池": Decimal("600000.00"), "财政资金池": Decimal("400000.00")}


def test_an_amount_above_the_pot_the_wish_or_the_cap_is_refused():
    town = factory.fitted()
    proposal = GrantProposal.objects.first()
    pots = list(town.call.pots.all())
    ask = {"actor": town.officer, "proposal_id": proposal.pk}
    error = refused("R-SCOPE-02", decision.change_amount, **ask, shares={pots[0].pk: Decimal("900000")}, reason="调整")
    assert error.field == f"pot{pots[0].pk}"
    refused("R-VENT-06", decision.change_amount, **ask, shares={pots[0].pk: Decimal("150000")}, reason="调整")
    with pytest.raises(MarketplaceError):
        decision.change_amount(**ask, shares={pots[0].pk: Decimal("1000")}, reason="")
    decision.change_amount(**ask, shares={pots[1].pk: Decimal("80000")}, reason="核减设备费")
    proposal.refresh_from_db()
    assert proposal.amount == Decimal("80000") and proposal.reason == "核减设备费"
    assert [share.pot_id for share in proposal.shares.all()] == [pots[1].pk]


def test_a_decision_is_handed_in_with_minutes_and_fresh_scores():
    town = factory.fitted()
    refused("R-VENT-01", decision.propose_decision, actor=town.officer, assessment_id=town.assessment.pk)
    assessments.save_minutes(actor=town.officer, assessment_id=town.assessment.pk, minutes="一致通过。")
    review, actor = first_review(town)
    scoring.change_score(actor=actor, score_id=review.scores.first().pk, points=Decimal(1), reason="看错了")
    refused("R-EVAL-24", decision.propose_decision, actor=town.officer, assessment_id=town.assessment.pk)


def test_four_eyes_and_the_way_back():
    town = factory.proposed()
    with pytest.raises(NotAllowed):
        display.display_result(actor=town.officer, assessment_id=town.assessment.pk)
    decision.return_decision(actor=town.approver, assessment_id=town.assessment.pk, reason="理由不清")
    assert town.again().assessment.status == "deliberation"
    assert town.assessment.return_reason == "理由不清"
    Assessment.objects.update(proposed_by=town.approver.user_id, status="proposed")
    with pytest.raises(NotAllowed):
        display.display_result(actor=town.approver, assessment_id=town.assessment.pk)


def test_a_joint_funder_agrees_to_its_own_pot():
    town, other = factory.joint_town()
    with pytest.raises(Refused) as error:
        display.display_result(actor=town.approver, assessment_id=town.assessment.pk)
    assert other.body.name in str(error.value.message)
    with pytest.raises(NotAllowed):
        decision.give_consent(actor=town.approver, assessment_id=town.assessment.pk)
    decision.give_consent(actor=other.approver, assessment_id=town.assessment.pk)
    display.display_result(actor=town.approver, assessment_id=town.assessment.pk)
    assert town.again().assessment.status == "displayed"


# The display and the grants


def test_the_notice_names_the_funded_and_counts_the_rest():
    town = factory.displayed(factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00"))
    data = NoticeSnapshot.objects.get(kind="venture_result").data
    funded = [row["project"] for row in data["funded"]]
    titles = [row.title for row in town.applications]
    assert funded == [titles[0], titles[1], titles[3]]
    assert titles[2] not in str(data)
    assert data["total"] == "1000000.00"
    assert "需求" in data["funded"][0]["means"]
    assert (town.assessment.display_until - clock.today()).days >= 15


def test_a_display_ended_early_is_refused_with_the_day():
    town = factory.displayed()
    error = refused("R-VENT-02", display.confirm_grants, actor=town.approver, assessment_id=town.assessment.pk)
    assert town.assessment.display_until.isoformat() in str(error.message)
    assert not Grant.objects.exists() and town.again().assessment.status == "displayed"


def test_objections_are_answered_before_grants_stand():
    town = factory.displayed()
    visitor = make_person(make_body(BodyKind.ORGANIZATION), Role.BIDDER)
    ask = {"actor": visitor, "assessment_id": town.assessment.pk, "text": "第一名的机构去年未结项。"}
    objection = display.object_to_result(**ask)
    assert display.object_to_result(**ask) == objection
    factory.after_display(town)
    refused("R-VENT-02", display.confirm_grants, actor=town.approver, assessment_id=town.assessment.pk)
    refused("R-VENT-02", display.object_to_result, **{**ask, "text": "迟到的异议"})
    with pytest.raises(NotAllowed):
        display.answer_objection(actor=visitor, objection_id=objection.pk, answer="好", is_upheld=False)
    display.answer_objection(
        actor=town.officer, objection_id=objection.pk, answer="经查，项目已于五月结项。", is_upheld=False
    )
    assert display.confirm_grants(actor=town.approver, assessment_id=town.assessment.pk)


def test_a_right_objection_sends_the_decision_back_and_the_next_notice_corrects_it():
    town = factory.displayed()
    with pytest.raises(MarketplaceError):
        display.take_back(actor=town.approver, assessment_id=town.assessment.pk, reason="无")
    visitor = make_person(None)
    objection = display.object_to_result(
        actor=visitor, assessment_id=town.assessment.pk, text="金额算错了。", application_id=town.applications[0].pk
    )
    display.answer_objection(actor=town.officer, objection_id=objection.pk, answer="确有错误。", is_upheld=True)
    factory.after_display(town)
    refused("R-VENT-02", display.confirm_grants, actor=town.approver, assessment_id=town.assessment.pk)
    display.take_back(actor=town.approver, assessment_id=town.assessment.pk, reason="重新核定金额")
    decision.propose_decision(actor=town.officer, assessment_id=town.assessment.pk)
    display.display_result(actor=town.approver, assessment_id=town.assessment.pk)
    first, second = NoticeSnapshot.objects.filter(kind="venture_result").order_by("pk")
    assert second.corrects == first
    factory.after_display(town.again())
    assert display.confirm_grants(actor=town.approver, assessment_id=town.assessment.pk)


def test_grants_are_confirmed_with_shares_and_numbers():
    heard: list[GrantConfirmed] = []
    handlers = events._handlers[GrantConfirmed]
    handlers.append(heard.append)
    try:
        town = factory.confirmed(factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00"))
    finally:
        handlers.remove(heard.append)
    grants = list(Grant.objects.order_by("number"))
    assert len(grants) == 3
    assert heard == [GrantConfirmed(town.call.pk, tuple(grant.pk for grant in grants))]
    for grant in grants:
        assert grant.number.startswith("SH-2026-")
        assert sum(share.amount for share in grant.shares.all()) == grant.amount
    statuses = [row.status for row in town.applications]
    assert statuses == ["granted", "granted", "unfunded", "granted"]
    with pytest.raises(MarketplaceError):
        display.confirm_grants(actor=town.approver, assessment_id=town.assessment.pk)
    assert Grant.objects.count() == 3


# Coaching


def coaching_town():
    town = factory.opened(2)
    now = clock.now()
    return factory.stated(
        town,
        coaching_from=now - timedelta(hours=1),
        coaching_until=now + timedelta(days=5),
    )


def test_a_coached_applicant_may_improve_until_the_window_closes():
    town = coaching_town()
    application, mentor = town.applications[0], factory.reviewer()
    ask = {"actor": town.officer, "assessment_id": town.assessment.pk, "application_id": application.pk}
    assert not coaching_open(application)
    row = coaching.assign_mentor(**ask, email=User.objects.get(pk=mentor.user_id).email)
    assert row.first_version == application.versions.get()
    assert coaching_open(application) and not coaching_open(town.applications[1])
    coaching.record_session(actor=mentor, mentorship_id=row.pk, held_on=clock.today(), notes="改写需求部分")
    with pytest.raises(MarketplaceError):
        coaching.record_session(
            actor=mentor, mentorship_id=row.pk, held_on=clock.today() + timedelta(days=1), notes="明天"
        )
    with pytest.raises(NotAllowed):
        coaching.record_session(actor=town.officer, mentorship_id=row.pk, held_on=clock.today(), notes="x")
    clock.move_to(clock.now() + timedelta(days=6))
    assert not coaching_open(application)


def test_nobody_coaches_the_own_employer_and_a_mentor_does_not_review():
    town = coaching_town()
    application = town.applications[0]
    own = make_person(application.body, Role.REPORTER)
    ask = {"actor": town.officer, "assessment_id": town.assessment.pk, "application_id": application.pk}
    error = refused("R-COMM-09", coaching.assign_mentor, **ask, email=User.objects.get(pk=own.user_id).email)
    assert error.field == "email"
    mentor = factory.reviewer()
    coaching.assign_mentor(**ask, email=User.objects.get(pk=mentor.user_id).email)
    for number in range(4):
        factory.seat(
            town, factory.reviewer() if number else mentor, ("resident", "demand", "scholar", "practitioner")[number]
        )
    assignment.deal_reviews(actor=town.officer, assessment_id=town.assessment.pk)
    assert not ApplicationReview.objects.filter(application=application, member__user=mentor.user_id).exists()
    refused("R-VENT-01", assessments.begin_scoring, actor=town.officer, assessment_id=town.assessment.pk)


def test_objecting_before_the_display_is_not_found():
    town = factory.proposed()
    with pytest.raises(NotFound):
        display.object_to_result(actor=make_person(None), assessment_id=town.assessment.pk, text="？")


def test_a_terminated_call_is_assessed_no_further():
    town = factory.dealt(2)
    Call.objects.filter(pk=town.call.pk).update(status="terminated")
    refused("R-VENT-01", assessments.begin_scoring, actor=town.officer, assessment_id=town.assessment.pk)
    refused("R-VENT-01", assignment.deal_reviews, actor=town.officer, assessment_id=town.assessment.pk)
