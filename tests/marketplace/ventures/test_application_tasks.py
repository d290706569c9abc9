"""Who is told of an application, reminded of its deadline, and what the workspace asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from marketplace.core.schedule import run_due
from marketplace.notifications.models import Message
from marketplace.ventures.models import ApplicationReminder
from marketplace.ventures.services import papers
from marketplace.web import navigation, tasks
from tests.factories.accounts import make_person
from tests.factories.applications import (
    again,
    closed_call,
    decide,
    filled_application,
    hand_in,
    started_application,
    submitted_application,
)
from tests.factories.ventures import open_call

pytestmark = pytest.mark.django_db


def mails(kind: str) -> list[int]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("user_id", flat=True))


def titles(actor) -> list[str]:
    with translation.override("en"):
        return [str(task.title) for task in tasks.tasks_for(actor)]


def test_an_unfinished_draft_is_reminded_three_days_and_one_day_before(market_clock):
    call = open_call()
    draft = started_application(call)
    hand_in(filled_application(call))
    colleague = make_person(draft.body, "bidder")
    market_clock.move_to(call.deadline - timedelta(days=3, seconds=1))
    run_due(market_clock.now)
    assert mails("application-deadline") == []
    for days in (3, 1):
        market_clock.move_to(call.deadline - timedelta(days=days))
        for _twice in range(2):
            assert run_due(market_clock.now).failed == []
    assert mails("application-deadline") == [draft.actor.user_id, colleague.user_id] * 2
    assert list(ApplicationReminder.objects.order_by("pk").values_list("days", flat=True)) == [3, 1]


def test_a_moved_deadline_is_reminded_of_anew(market_clock):
    call = open_call()
    started_application(call)
    market_clock.move_to(call.deadline - timedelta(days=1))
    run_due(market_clock.now)
    call.deadline += timedelta(days=7)
    call.save(update_fields=["deadline"])
    market_clock.move_to(call.deadline - timedelta(days=1))
    run_due(market_clock.now)
    assert len(mails("application-deadline")) == 2


def test_the_receipt_goes_to_the_applicant_alone_before_the_closing():
    application = submitted_application()
    assert mails("application-submitted") == [application.actor.user_id]
    assert not Message.objects.filter(user_id=application.call.people.officer.user_id, kind__contains="application")
    message = Message.objects.get(kind="application-submitted")
    version = application.versions.get()
    assert version.receipt_number in message.text and version.sha256 in message.text


def test_applicants_hear_of_a_correction_of_the_call():
    application = started_application()
    call = application.call
    text = papers.CorrectionInput(subject="联系电话更正", changes={"field:contact_phone": "021-60000009"})
    row = papers.draft_correction(actor=call.people.officer, call_id=call.pk, correction=text)
    papers.publish_paper(actor=call.people.approver, paper_id=row.pk)
    assert application.actor.user_id in mails("call-corrected")


def test_what_is_due_for_the_applicant_and_the_officer(market_clock):
    application = filled_application()
    officer = application.call.people.officer
    assert any(title.startswith("Finish and hand in") for title in titles(application.actor))
    hand_in(application)
    assert not any("Finish" in title for title in titles(application.actor))
    assert not any("Pre-review" in title for title in titles(officer))
    closed_call(application.call)
    assert any(title.startswith("Pre-review") for title in titles(officer))
    decide(again(application), "correct", "请补充计算依据。")
    assert any(title.startswith("Correct the application") for title in titles(application.actor))
    assert not any("Pre-review" in title for title in titles(officer))


def test_the_area_of_an_organization():
    application = started_application()
    assert "applications" in [area.key for area in navigation.areas_for(application.actor)]
    assert "applications" not in [area.key for area in navigation.areas_for(application.call.people.officer)]
