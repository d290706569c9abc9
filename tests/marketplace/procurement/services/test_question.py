"""Taking documents, asking, answering; and the secret of who took them."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.account.models import EmailAddress

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.procurement.models import DocumentTake, Question
from marketplace.procurement.permissions.question import can_see_takers
from marketplace.procurement.services import correction as corrections, question as questions
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, submitted_tender, supplier, taker

pytestmark = pytest.mark.django_db


def test_one_click_takes_the_documents_and_the_second_changes_nothing():
    tender, bidder = published_tender(), supplier()
    first = questions.take_documents(actor=bidder, tender_id=tender.pk)
    assert questions.take_documents(actor=bidder, tender_id=tender.pk) == first
    assert DocumentTake.objects.count() == 1


def test_registrars_mark_is_no_gate():
    """Valid code and confirmed address are enough."""
    tender, bidder = published_tender(), supplier()
    assert questions.take_documents(actor=bidder, tender_id=tender.pk).body_id == bidder.body_id


@pytest.mark.parametrize("flaw", ["code", "address", "role", "body"])
def test_who_may_not_take_them(flaw):
    tender, bidder = published_tender(), supplier()
    if flaw == "code":
        Body.objects.filter(pk=bidder.body_id).update(code="52310106000000000X")
    if flaw == "address":
        EmailAddress.objects.filter(user_id=bidder.user_id).update(verified=False)
    if flaw == "role":
        bidder = make_person(make_body(BodyKind.ORGANIZATION), Role.REPORTER)
    if flaw == "body":
        bidder = make_person(make_body(BodyKind.AGENCY), Role.OFFICER)
    with pytest.raises(NotAllowed if flaw in ("role", "body") else Refused):
        questions.take_documents(actor=bidder, tender_id=tender.pk)
    assert DocumentTake.objects.count() == 0


def test_unpublished_tender_does_not_exist_for_a_supplier():
    tender = submitted_tender()
    with pytest.raises(NotFound):
        questions.take_documents(actor=supplier(), tender_id=tender.pk)


def test_documents_end_with_their_period(market_clock):
    """R-TENDER-03."""
    tender = published_tender()
    market_clock.move_to(datetime(2026, 7, 6, 9, 30))
    taker(tender)
    market_clock.advance(seconds=1)
    with pytest.raises(Refused) as refused:
        taker(tender, "迟到的机构")
    assert refused.value.rule_id == "R-TENDER-03"


def test_takers_are_secret_until_the_deadline_for_everybody(market_clock):
    """R-TENDER-14: buyer, agent, supervisor, auditor, operator: nobody; afterwards the procedure's people."""
    tender = published_tender()
    taker(tender)
    people = [
        tender.people.officer,
        tender.people.approver,
        make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR),
        make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR),
        make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR),
        supplier("别的机构"),
    ]
    for actor in people:
        answer = can_see_takers(actor, tender, clock.now())
        assert not answer.allowed and answer.rule_id == "R-TENDER-14"
    market_clock.move_to(datetime(2026, 7, 6, 9, 30, 1))
    assert [can_see_takers(actor, tender, clock.now()).allowed for actor in people] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_log_does_not_count_takers_by_project():
    """Entries of takes bear no project and no tender, and are not disclosed."""
    tender = published_tender()
    taker(tender)
    entry = LogEntry.objects.get(action="document_take.taken")
    assert (entry.project, entry.stage, entry.disclosed_at) == ("", "never", None)


def test_answer_is_due_after_three_working_days():
    """R-OBJ-01: asked on Monday 15 June, due at the end of Thursday 18 June."""
    tender, bidder = published_tender(), supplier()
    question = questions.ask_question(actor=bidder, tender_id=tender.pk, text="送餐车辆是否必须自有？")
    assert question.answer_due == datetime(2026, 6, 18, 23, 59, 59, tzinfo=ZONE)


def test_same_question_twice_is_one():
    tender, bidder = published_tender(), supplier()
    for _click in range(2):
        questions.ask_question(actor=bidder, tender_id=tender.pk, text="可以租车吗？")
    assert Question.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_question_is_refused(text):
    tender = published_tender()
    with pytest.raises(MarketplaceError) as error:
        questions.ask_question(actor=supplier(), tender_id=tender.pk, text=text)
    assert error.value.field == "text"


def test_no_questions_after_the_deadline(market_clock):
    tender, bidder = published_tender(), supplier()
    market_clock.move_to(datetime(2026, 7, 6, 9, 30, 1))
    with pytest.raises(Refused) as refused:
        questions.ask_question(actor=bidder, tender_id=tender.pk, text="可以租车吗？")
    assert refused.value.rule_id == "R-OBJ-01"


def ask(tender, text="我们晨曦社区服务中心可以租车吗？"):
    return questions.ask_question(actor=supplier("晨曦社区服务中心"), tender_id=tender.pk, text=text)


def test_answer_reaches_all_without_the_askers_name():
    tender = published_tender()
    question = ask(tender)
    answered = questions.answer_question(
        actor=tender.people.officer, question_id=question.pk, answer="晨曦社区服务中心可以租车，提供合同即可。"
    )
    assert answered.public_text == "我们（提问单位）可以租车吗？"
    assert answered.answer == "（提问单位）可以租车，提供合同即可。"
    entry = LogEntry.objects.get(action="question.answered")
    assert "晨曦" not in bytes(entry.entry).decode()


def test_answer_is_given_once_by_the_procuring_party():
    tender = published_tender()
    question = ask(tender)
    for actor in (tender.people.approver, make_person(make_body(), Role.OFFICER)):
        with pytest.raises(NotAllowed):
            questions.answer_question(actor=actor, question_id=question.pk, answer="可以")
    questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="可以")
    with pytest.raises(MarketplaceError):
        questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="不可以")
    question.refresh_from_db()
    assert question.answer == "可以"


def test_answer_that_changes_the_documents_needs_a_correction_first():
    """R-TENDER-05."""
    tender = published_tender()
    question = ask(tender)
    values = {"actor": tender.people.officer, "question_id": question.pk, "answer": "见更正", "changes_documents": True}
    with pytest.raises(MarketplaceError) as error:
        questions.answer_question(**values)
    assert error.value.rule_id == "R-TENDER-05"
    row = corrections.draft_correction(
        actor=tender.people.officer,
        tender_id=tender.pk,
        correction=corrections.CorrectionInput(subject="车辆", changes={"field:clarification": "车辆可以租用。"}),
    )
    corrections.publish_correction(actor=tender.people.approver, correction_id=row.pk)
    assert questions.answer_question(**values).answered_at is not None


def test_identity_number_is_kept_out_of_an_answer():
    """R-PUB-02: the answer goes to everybody."""
    tender = published_tender()
    question = questions.ask_question(actor=supplier(), tender_id=tender.pk, text="联系谁？")
    with pytest.raises(Refused) as refused:
        questions.answer_question(
            actor=tender.people.officer, question_id=question.pk, answer="王某 11010519491231002X"
        )
    assert (refused.value.rule_id, refused.value.field) == ("R-PUB-02", "answer")
    question.refresh_from_db()
    assert question.answered_at is None and question.answer == ""
