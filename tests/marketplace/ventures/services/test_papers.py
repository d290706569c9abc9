"""Corrections and the termination of a call; questions; briefings with their seats."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from marketplace.accounts.roles import Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused, StaleVersion
from marketplace.notifications.models import Message
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.ventures.models import Briefing, BriefingSeat, CallPaperStatus, CallStatus
from marketplace.ventures.rules.form import from_json
from marketplace.ventures.selectors.call import promised_of
from marketplace.ventures.services import briefings, papers, questions
from marketplace.ventures.services.briefings import BriefingInput
from marketplace.ventures.services.papers import CorrectionInput
from tests.factories.accounts import make_person
from tests.factories.ventures import again, asker, open_call, submitted_call

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 7, 23, 17, tzinfo=ZONE)
REASON = "因区级预算调整，本次征集的资金改由下半年统一安排，特此终止。"


def correct(call, **changes):
    values = {"subject": "截止时间", "new_deadline": LATER, **changes}
    return papers.draft_correction(actor=call.people.officer, call_id=call.pk, correction=CorrectionInput(**values))


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def count(action):
    return LogEntry.objects.filter(action=action).count()


def test_correction_moves_the_deadline_and_clarifies_by_a_notice_that_links_both_ways():
    call, person = open_call(), asker("晨曦社区服务中心")
    questions.ask_question(actor=person, call_id=call.pk, text="可以延期吗？")
    changes = {"block:b1": "用居民走访记录说明。", "field:contact_phone": "021-60000009"}
    paper = correct(call, changes=changes)
    assert again(call).deadline < LATER and not told("call-corrected")
    papers.publish_paper(actor=call.people.approver, paper_id=paper.pk)
    call = again(call)
    assert call.deadline == LATER and call.contact_phone == "021-60000009"
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.VENTURE_CORRECTION)
    assert notice.corrects == call.snapshot and notice.project_number == call.number
    assert [row["item"] for row in notice.data["changes"]][0] == "申报截止时间" and len(notice.data["changes"]) == 3
    first, second = call.form_versions.all()
    assert (
        from_json(second.blocks)[0].help == "用居民走访记录说明。"
        and from_json(first.blocks)[0].help != from_json(second.blocks)[0].help
    )
    assert told("call-corrected") == {person.user_id} and count("call.corrected") == 1


@pytest.mark.parametrize(
    ("changes", "rule_id"),
    [
        ({"subject": " "}, "R-NOTICE-06"),
        ({"new_deadline": None}, "R-NOTICE-06"),
        ({"new_deadline": datetime(2026, 7, 15, 17, tzinfo=ZONE)}, "R-TIME-07"),
        ({"new_deadline": datetime(2026, 7, 18, 17, tzinfo=ZONE)}, "R-TIME-02"),
        ({"new_deadline": datetime(2026, 9, 11, 17, tzinfo=ZONE)}, "R-TIME-01"),
        ({"new_deadline": datetime(2027, 1, 11, 17, tzinfo=ZONE)}, "R-TIME-08"),
        ({"changes": {"field:grant_cap": "9"}}, "R-NOTICE-06"),
    ],
)
def test_what_a_correction_may_not(changes, rule_id):
    call = open_call()
    with pytest.raises(Refused) as refused:
        correct(call, **changes)
    assert refused.value.rule_id == rule_id
    assert not call.papers.exists() and count("call_paper.submitted") == 0


def test_two_persons_for_a_correction_and_one_at_a_time():
    call = open_call()
    paper = correct(call)
    both = make_person(call.lead, Role.OFFICER, Role.APPROVER)
    with pytest.raises(MarketplaceError):
        papers.draft_correction(actor=both, call_id=call.pk, correction=CorrectionInput("x", new_deadline=LATER))
    papers.withdraw_paper(actor=call.people.officer, paper_id=paper.pk)
    own = papers.draft_correction(actor=both, call_id=call.pk, correction=CorrectionInput("x", new_deadline=LATER))
    with pytest.raises(NotAllowed):
        papers.publish_paper(actor=both, paper_id=own.pk)
    assert again(call).deadline < LATER


def test_returned_correction_is_written_anew_and_stale_one_refused():
    call = open_call()
    paper = correct(call)
    papers.return_paper(actor=call.people.approver, paper_id=paper.pk, reason="请说明原因。")
    values = CorrectionInput("截止时间", "应申报单位要求", new_deadline=LATER)
    with pytest.raises(StaleVersion):
        papers.revise_correction(actor=call.people.officer, paper_id=paper.pk, version=7, correction=values)
    row = papers.revise_correction(actor=call.people.officer, paper_id=paper.pk, version=1, correction=values)
    assert (row.status, row.version, row.return_reason) == (CallPaperStatus.SUBMITTED, 2, "")


def test_a_correction_that_waited_past_the_deadline_is_refused(market_clock):
    call = open_call()
    paper = correct(call)
    market_clock.move_to(call.deadline + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        papers.publish_paper(actor=call.people.approver, paper_id=paper.pk)
    assert refused.value.rule_id == "R-TIME-07"
    assert not NoticeSnapshot.objects.filter(kind=NoticeKind.VENTURE_CORRECTION).exists()


def test_termination_gives_the_money_back_and_says_why():
    call = open_call()
    line = call.pots.all()[0].budget_line_id
    with pytest.raises(Refused) as refused:
        papers.draft_termination(actor=call.people.officer, call_id=call.pk, reason="取消")
    assert refused.value.rule_id == "R-NOTICE-07"
    paper = papers.draft_termination(actor=call.people.officer, call_id=call.pk, reason=REASON)
    assert promised_of([line])
    papers.publish_paper(actor=call.people.approver, paper_id=paper.pk)
    assert again(call).status == CallStatus.TERMINATED and not promised_of([line])
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.VENTURE_END)
    assert notice.data["reason"] == REASON and notice.corrects == call.snapshot
    with pytest.raises(MarketplaceError):
        correct(call)


# Questions


def test_question_is_answered_for_everybody_without_a_name():
    call, person = open_call(), asker("晨曦社区服务中心")
    for _twice in range(2):
        row = questions.ask_question(actor=person, call_id=call.pk, text="晨曦社区服务中心可以联合申报吗？")
    assert call.questions.count() == 1 and told("call-question-asked") == {call.people.officer.user_id}
    with pytest.raises(NotAllowed):
        questions.answer_question(actor=person, question_id=row.pk, answer="可以。")
    row = questions.answer_question(actor=call.people.officer, question_id=row.pk, answer="晨曦社区服务中心可以。")
    assert (row.public_text, row.answer) == ("某单位可以联合申报吗？", "某单位可以。")
    assert told("call-question-answered") == {person.user_id}
    with pytest.raises(MarketplaceError):
        questions.answer_question(actor=call.people.officer, question_id=row.pk, answer="改口。")


def test_nobody_asks_about_a_draft_after_the_deadline_or_without_an_address(market_clock):
    with pytest.raises(NotFound):
        questions.ask_question(actor=asker(), call_id=submitted_call().pk, text="？")
    call = open_call()
    nameless = make_person(None)
    EmailAddress.objects.filter(user_id=nameless.user_id).update(verified=False)
    with pytest.raises(MarketplaceError):
        questions.ask_question(actor=nameless, call_id=call.pk, text="？")
    market_clock.move_to(call.deadline + timedelta(seconds=1))
    with pytest.raises(MarketplaceError) as refused:
        questions.ask_question(actor=asker(), call_id=call.pk, text="？")
    assert refused.value.rule_id == "R-TIME-07" and not call.questions.exists()


# Briefings


def test_seats_are_taken_released_and_never_more_than_there_are():
    call = open_call()
    briefing = call.briefings.get()  # three seats
    one, two = asker("甲机构"), asker("乙机构")
    for _twice in range(2):
        briefings.take_seat(actor=one, briefing_id=briefing.pk, people=2)
    assert BriefingSeat.objects.count() == 1 and told("seat-taken") == {one.user_id}
    with pytest.raises(Refused) as refused:
        briefings.take_seat(actor=two, briefing_id=briefing.pk, people=2)
    assert refused.value.field == "people" and BriefingSeat.objects.count() == 1
    for _twice in range(2):
        briefings.release_seat(actor=one, briefing_id=briefing.pk)
    assert count("briefing_seat.released") == 1
    briefings.take_seat(actor=two, briefing_id=briefing.pk, people=3)
    with pytest.raises(Refused):
        briefings.take_seat(actor=one, briefing_id=briefing.pk)


@pytest.mark.parametrize("people", [0, 6])
def test_odd_numbers_of_people(people):
    with pytest.raises(Refused):
        briefings.take_seat(actor=asker(), briefing_id=open_call().briefings.get().pk, people=people)
    assert not BriefingSeat.objects.exists()


def test_a_briefing_that_began_takes_nobody(market_clock):
    briefing = open_call().briefings.get()
    market_clock.move_to(briefing.starts_at)
    with pytest.raises(Refused) as refused:
        briefings.take_seat(actor=asker(), briefing_id=briefing.pk)
    assert refused.value.rule_id == "R-TIME-07"


def test_cancelled_briefing_tells_who_signed_up_and_takes_nobody():
    call, person = open_call(), asker()
    briefing = call.briefings.get()
    briefings.take_seat(actor=person, briefing_id=briefing.pk)
    with pytest.raises(MarketplaceError):
        briefings.cancel_briefing(actor=call.people.officer, briefing_id=briefing.pk, reason="")
    for _twice in range(2):
        briefings.cancel_briefing(actor=call.people.officer, briefing_id=briefing.pk, reason="台风预警")
    assert told("briefing-cancelled") == {person.user_id} and count("briefing.cancelled") == 1
    with pytest.raises(Refused):
        briefings.take_seat(actor=asker(), briefing_id=briefing.pk)


def test_one_more_briefing_while_the_call_is_open():
    call = open_call()
    starts = clock.now() + timedelta(days=3)
    row = briefings.add_briefing(
        actor=call.people.officer, call_id=call.pk, briefing=BriefingInput(starts, link="https://meet.example/1")
    )
    assert row.position == 2
    for wrong in (
        BriefingInput(starts),
        BriefingInput(clock.now() - timedelta(days=1), place="x"),
        BriefingInput(call.deadline + timedelta(1), place="x"),
    ):
        with pytest.raises(Refused):
            briefings.add_briefing(actor=call.people.officer, call_id=call.pk, briefing=wrong)
    with pytest.raises(NotAllowed):
        briefings.add_briefing(actor=call.people.approver, call_id=call.pk, briefing=BriefingInput(starts, place="x"))
    assert Briefing.objects.filter(call=call).count() == 2
