"""Who is told of what: second officers, joint funders, askers, those signed up; nobody twice."""

from __future__ import annotations

import pytest

from marketplace.notifications.models import Message
from marketplace.ventures.services import briefings, call as calls, papers, questions
from tests.factories.ventures import asker, joint_call, open_call, submitted_call

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_second_officer_and_joint_funder_hear_of_a_submission():
    call, other = joint_call()
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    assert told("call-submitted") == {call.people.approver.user_id}
    assert told("call-to-confirm") == {other.approver.user_id}
    calls.confirm_call(actor=other.approver, call_id=call.pk)
    assert told("call-confirmed") == {call.people.approver.user_id}
    calls.publish_call(actor=call.people.approver, call_id=call.pk)
    assert told("call-published") == {call.people.officer.user_id}


def test_officer_hears_of_a_return():
    call = submitted_call()
    calls.return_call(actor=call.people.approver, call_id=call.pk, reason="补充主题")
    assert told("call-returned") == {call.people.officer.user_id}
    assert "补充主题" in Message.objects.get(kind="call-returned").text


def test_askers_and_those_signed_up_hear_of_the_end_once():
    call, both, seat_only = open_call(), asker("甲机构"), asker("乙机构")
    questions.ask_question(actor=both, call_id=call.pk, text="可以延期吗？")
    for person in (both, seat_only):
        briefings.take_seat(actor=person, briefing_id=call.briefings.get().pk)
    paper = papers.draft_termination(
        actor=call.people.officer, call_id=call.pk, reason="因区级预算调整，本次征集的资金改由下半年统一安排。"
    )
    assert told("call-paper-submitted") == {call.people.approver.user_id} and not told("call-terminated")
    papers.publish_paper(actor=call.people.approver, paper_id=paper.pk)
    assert told("call-terminated") == {both.user_id, seat_only.user_id}
    assert Message.objects.filter(kind="call-terminated").count() == 2
