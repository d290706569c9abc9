"""Attachments for reviewers: after the own blind score, from the start when the scoring is not blind; never for others."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marketplace.ventures.models import ApplicationReview, PanelRole
from marketplace.ventures.services import assessment as assessments, assignment
from tests.factories import assessment as factory
from tests.factories.applications import add_file, again, closed_call, decide, filled_application, hand_in
from tests.factories.ventures import open_call
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def scoring(*, is_blind: bool):
    """One application with an attachment, being scored by three of five reviewers. → (town, file, reviews)"""
    call = open_call()
    row = hand_in(add_file(filled_application(call)))
    closed_call(call)
    decide(again(row))
    assessment = assessments.open_assessment(actor=call.people.officer, call_id=call.pk)
    town = factory.Town(assessment, call.people.officer, call.people.approver)
    factory.stated(town, is_blind=is_blind)
    for number in range(5):
        factory.seat(town, factory.reviewer(), PanelRole.values[number % 4])
    assignment.deal_reviews(actor=town.officer, assessment_id=assessment.pk)
    assessments.begin_scoring(actor=town.officer, assessment_id=assessment.pk)
    reviews = list(ApplicationReview.objects.standing().select_related("member__user").order_by("pk"))
    return town.again(), row.files.get().file, reviews


def status(actor, file) -> int:
    response = client_for(actor).get(reverse("documents:file-download", args=[file.pk]))
    if response.streaming:
        assert b"".join(response.streaming_content).startswith(b"%PDF")
    return response.status_code


def page(actor, review) -> str:
    return client_for(actor).get(reverse("ventures:review", args=[review.pk])).content.decode()


def test_blind_first_the_points_then_the_files(market_clock):
    town, file, (review, other, *_rest) = scoring(is_blind=True)
    actor, beside = town.actor_of(review.member), town.actor_of(other.member)
    assert "登记证书" not in page(actor, review) and "提交评分后即可查看" in page(actor, review)
    assert status(actor, file) == 404
    factory.give(town, review)
    assert "登记证书" in page(actor, review) and status(actor, file) == 200
    assert status(beside, file) == 404


def test_not_blind_from_the_start_and_only_for_its_reviewers(market_clock):
    town, file, reviews = scoring(is_blind=False)
    assert len(reviews) == 3
    seated = {review.member.user_id for review in reviews}
    for review in reviews:
        actor = town.actor_of(review.member)
        assert "登记证书" in page(actor, review) and status(actor, file) == 200
    idle = [actor for actor in town.reviewers if actor.user_id not in seated]
    assert len(idle) == 2 and {status(actor, file) for actor in idle} == {404}
