"""Reminders: each once, anew for a moved deadline, and to nobody who should not know."""

from __future__ import annotations

from datetime import datetime

import pytest

from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.schedule import run_due
from marketplace.notifications.models import Message
from marketplace.procurement.models import Reminder
from marketplace.procurement.selectors.reminders import reminders_due
from marketplace.procurement.services import correction as corrections, question as questions
from tests.factories.planning import buyer_people, published_intention
from tests.factories.procurement import published_tender, supplier, taker

pytestmark = pytest.mark.django_db


def kinds():
    return sorted(due.kind for due in reminders_due(clock.now()))


def messages(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_takers_are_reminded_a_day_before_the_deadline_once(market_clock):
    tender = published_tender()
    bidder = taker(tender)
    market_clock.move_to(datetime(2026, 7, 5, 9, 29))
    assert kinds() == []
    market_clock.move_to(datetime(2026, 7, 5, 9, 30))
    assert kinds() == ["deadline"]
    run_due()
    run_due()
    assert messages("deadline-near") == [bidder.user_id]
    assert Reminder.objects.count() == 1 and kinds() == []


def test_moved_deadline_is_reminded_of_anew(market_clock):
    tender = published_tender()
    taker(tender)
    market_clock.move_to(datetime(2026, 7, 5, 10))
    run_due()
    row = corrections.draft_correction(
        actor=tender.people.officer,
        tender_id=tender.pk,
        correction=corrections.CorrectionInput(subject="顺延", new_deadline=datetime(2026, 7, 27, 9, 30, tzinfo=ZONE)),
    )
    corrections.publish_correction(actor=tender.people.approver, correction_id=row.pk)
    assert kinds() == []
    market_clock.move_to(datetime(2026, 7, 26, 10))
    assert kinds() == ["deadline"]


def test_officer_is_reminded_of_an_unanswered_question(market_clock):
    """R-OBJ-01: due at the end of 18 June."""
    tender = published_tender()
    question = questions.ask_question(actor=supplier(), tender_id=tender.pk, text="可以租车吗？")
    market_clock.move_to(datetime(2026, 6, 18, 0, 0, 1))
    assert kinds() == ["answer"]
    run_due()
    assert messages("answer-due-soon") == [tender.people.officer.user_id]
    questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="可以。")
    assert kinds() == []


@pytest.mark.parametrize(("takers", "offered"), [(2, ["extension"]), (3, [])])
def test_extension_is_offered_when_the_period_ends_with_too_few(market_clock, takers, offered):
    """R-TENDER-04."""
    tender = published_tender(documents_until=datetime(2026, 6, 24, 17, tzinfo=ZONE))
    for number in range(takers):
        taker(tender, f"机构{number}")
    market_clock.move_to(datetime(2026, 6, 24, 17))
    assert kinds() == []
    market_clock.advance(seconds=1)
    assert kinds() == offered


def test_intention_that_stood_thirty_days_is_told(market_clock):
    """R-PLAN-03."""
    intention = published_intention(buyer_people())
    market_clock.move_to(datetime(2026, 7, 14, 23))
    assert kinds() == []
    market_clock.move_to(datetime(2026, 7, 15, 0, 0, 1))
    assert [due.event.intention_id for due in reminders_due(clock.now())] == [intention.pk]


def test_answer_mailed_to_all_takers_does_not_name_the_asker():
    tender = published_tender()
    reader = taker(tender, "别的机构")
    asker = supplier("晨曦社区服务中心")
    question = questions.ask_question(actor=asker, tender_id=tender.pk, text="晨曦社区服务中心可以租车吗？")
    questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="可以。")
    told = Message.objects.get(kind="question-answered", user_id=reader.user_id)
    assert "晨曦" not in told.title + told.text and "可以租车吗" in told.text


def test_second_officer_is_told_of_a_correction_and_the_drafter_is_not():
    tender = published_tender()
    corrections.draft_correction(
        actor=tender.people.officer,
        tender_id=tender.pk,
        correction=corrections.CorrectionInput(subject="满意度", changes={"field:quality": "不低于 95%。"}),
    )
    assert messages("paper-submitted") == [tender.people.approver.user_id]
