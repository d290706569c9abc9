"""Obstacles of an applicant (R-VENT-08): a ban, and what rooms above register, at each step of an application."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.decisions import refuse
from marketplace.core.exceptions import Refused
from marketplace.ventures import eligibility
from marketplace.ventures.models import Application, ApplicationStatus, VentureBan
from marketplace.ventures.selectors.prereview import findings_of
from marketplace.ventures.services import application as drafts, submission
from tests.factories.accounts import make_user
from tests.factories.applications import (
    again,
    applicant,
    closed_call,
    decide,
    filled_application,
    hand_in,
    submitted_application,
)
from tests.factories.ventures import open_call
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
REASON = "虚报服务人次，经听证认定。"


def ban(actor, *, days: int = 365, **more) -> VentureBan:
    return VentureBan.objects.create(
        body_id=actor.body_id,
        project_number="YZ-2025-0007",
        reason=REASON,
        starts_on=clock.today() - timedelta(days=30),
        ends_on=clock.today() + timedelta(days=days),
        proposed_by=make_user(),
        confirmed_by=make_user(),
        confirmed_at=clock.now(),
        **more,
    )


def test_a_banned_organization_does_not_begin_and_reads_why_and_until_when():
    call, actor = open_call(), applicant()
    row = ban(actor)
    entries = LogEntry.objects.count()
    with pytest.raises(Refused) as error:
        drafts.start_application(actor=actor, call_id=call.pk)
    assert error.value.rule_id == "R-VENT-08"
    assert not Application.objects.exists() and LogEntry.objects.count() == entries
    url = reverse("ventures:application-begin", args=[call.number])
    for response in (client_for(actor).get(url), client_for(actor).post(url)):
        page = response.content.decode()
        assert REASON in page and row.ends_on.isoformat() in page and "请申报此后的征集" in page
    assert not Application.objects.exists()


def test_another_organization_is_not_touched_nor_one_whose_ban_is_over():
    call, free, over = open_call(), applicant(), applicant()
    ban(applicant())
    ban(over, days=-1)
    for actor in (free, over):
        drafts.start_application(actor=actor, call_id=call.pk)
    assert Application.objects.count() == 2


def test_the_last_day_of_a_ban_still_counts():
    call, actor = open_call(), applicant()
    ban(actor, days=0)
    with pytest.raises(Refused):
        drafts.start_application(actor=actor, call_id=call.pk)


def test_a_ban_that_comes_while_it_is_written_refuses_the_handing_in():
    application = filled_application()
    ban(application.actor)
    entries = LogEntry.objects.count()
    with pytest.raises(Refused) as error:
        hand_in(application)
    assert error.value.rule_id == "R-VENT-08" and REASON in str(error.value)
    application = again(application)
    assert application.status == ApplicationStatus.DRAFT and not application.versions.exists()
    assert application.title and LogEntry.objects.count() == entries


def test_a_withdrawn_one_is_not_written_on():
    application = submitted_application()
    submission.withdraw_application(actor=application.actor, application_id=application.pk, received_at=clock.now())
    ban(application.actor)
    with pytest.raises(Refused) as error:
        submission.reopen_application(actor=application.actor, application_id=application.pk)
    assert error.value.rule_id == "R-VENT-08" and again(application).status == ApplicationStatus.WITHDRAWN


def test_the_prereview_finds_it_and_does_not_pass(market_clock):
    application = submitted_application()
    closed_call(application.call)
    ban(application.actor)
    application = again(application)
    found = [row for row in findings_of(application, application.versions.last()) if not row.allowed]
    assert [row.rule_id for row in found] == ["R-VENT-08"] and REASON in str(found[0].reason)
    officer = client_for(application.call.people.officer)
    assert REASON in officer.get(reverse("ventures:application-review", args=[application.pk])).content.decode()
    with pytest.raises(Refused) as error:
        decide(application)
    assert error.value.rule_id == "R-VENT-08" and again(application).status == ApplicationStatus.SUBMITTED
    assert decide(application, "fail", "禁止申报期内，不予通过。").status == ApplicationStatus.REJECTED


def test_what_a_room_above_registers_is_asked_too(monkeypatch):
    call, actor = open_call(), applicant()
    owed = refuse("尚有应退回的资金 1,000.00 元，退回后再申报。", "R-VENT-08")
    monkeypatch.setattr(
        eligibility,
        "_sources",
        [lambda body_id, on: [owed] if body_id == actor.body_id and on == clock.today() else []],
    )
    with pytest.raises(Refused) as error:
        drafts.start_application(actor=actor, call_id=call.pk)
    assert "退回后再申报" in str(error.value)
    drafts.start_application(actor=applicant(), call_id=call.pk)
