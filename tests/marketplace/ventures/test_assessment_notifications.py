"""Who is told of what during an assessment: reviewers, applicants with their letter, approvers, funders; nobody twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.notifications.models import Message
from marketplace.ventures.models import ApplicationReview
from marketplace.ventures.services import assignment, coaching, decision, display, scoring
from tests.factories import assessment as factory

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_reviewers_hear_of_invitation_scoring_reminder_and_a_moved_review():
    town = factory.scoring_town(2)
    everyone = {actor.user_id for actor in town.reviewers}
    assert told("panel-invited") == everyone == told("scoring-begun")
    assert told("panel-answered") == {town.officer.user_id}
    member = town.members[0]
    scoring.remind_member(actor=town.officer, member_id=member.pk)
    assert told("scores-due") == {member.user_id}
    review = ApplicationReview.objects.standing().first()
    taken = review.application.reviews.standing().values("member")
    free = town.assessment.members.exclude(pk__in=taken).first()
    assignment.reassign_review(actor=town.officer, review_id=review.pk, member_id=free.pk, reason="工作量")
    assert told("review-reassigned") == {free.user_id}


def test_applicants_hear_of_their_slot_and_the_panel_of_the_day():
    town = factory.defence_town()
    listed = [slot.application_id for slot in factory.day_of(town).slots.all()]
    assert told("defence-slot") == {town.applicants[key].user_id for key in listed}
    assert told("defence-day") == {actor.user_id for actor in town.reviewers}
    assert "三楼" in Message.objects.filter(kind="defence-slot").first().text


def test_the_letter_holds_scores_and_reasons_and_no_name_of_a_reviewer():
    town = factory.displayed(factory.deliberating_amounts("500000.00", "480000.00", "100000.00", "20000.00"))
    everyone = {actor.user_id for actor in town.applicants.values()}
    assert told("result-displayed") == everyone
    assert told("decision-proposed") == {town.approver.user_id}
    factory.after_display(town)
    display.confirm_grants(actor=town.approver, assessment_id=town.assessment.pk)
    left_out = town.applications[2]
    assert told("grant-refused") == {town.applicants[left_out.pk].user_id}
    assert told("grant-confirmed") == everyone - told("grant-refused")
    letter = Message.objects.get(kind="grant-refused").text
    assert "80,000.00" in letter and "需求" in letter
    assert all(str(member.user) not in letter for member in town.members)


def test_funders_are_asked_and_the_officer_hears_of_a_return():
    town, other = factory.joint_town()
    assert told("decision-to-agree") == {other.approver.user_id}
    decision.return_decision(actor=other.approver, assessment_id=town.assessment.pk, reason="金额过高")
    assert told("decision-returned") == {town.officer.user_id}
    assert "金额过高" in Message.objects.get(kind="decision-returned").text


def test_an_objection_and_its_answer():
    town, visitor = factory.displayed(count=2), factory.reviewer()
    row = display.object_to_result(actor=visitor, assessment_id=town.assessment.pk, text="金额有误。")
    assert told("result-objected") == {town.officer.user_id}
    display.answer_objection(actor=town.officer, objection_id=row.pk, answer="确有错误。", is_upheld=True)
    assert told("result-objection-answered") == {visitor.user_id}
    assert told("result-objection-upheld") == {town.approver.user_id}


def test_mentor_and_applicant_hear_of_the_coaching():
    now = clock.now()
    town = factory.stated(
        factory.opened(1), coaching_from=now - timedelta(hours=1), coaching_until=now + timedelta(days=3)
    )
    mentor, application = factory.reviewer(), town.applications[0]
    coaching.assign_mentor(
        actor=town.officer,
        assessment_id=town.assessment.pk,
        application_id=application.pk,
        email=User.objects.get(pk=mentor.user_id).email,
    )
    assert told("mentor-named") == {mentor.user_id}
    assert told("coached-by") == {town.applicants[application.pk].user_id}
