"""The pre-review: one decision a version, one correction, the own organization stays out; what is late is out."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership, User
from marketplace.accounts.roles import Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.rules.time import end_of_day
from marketplace.core.schedule import run_due
from marketplace.notifications.models import Message
from marketplace.ventures.models import ApplicationStatus, PreReview
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.rules.eligibility import POINTS
from tests.factories.accounts import make_person
from tests.factories.applications import again, closed_call, decide, hand_in, save, submitted_application
from tests.factories.ventures import open_call
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
REASON = "预算第二行没有写清计算依据，请补充。"


@pytest.fixture
def waiting(market_clock):
    """Handed in, the call closed."""
    application = submitted_application()
    closed_call(application.call)
    return again(application)


def messages_to(application) -> list[str]:
    found = Message.objects.filter(user_id=application.actor.user_id, kind__startswith="application-")
    return list(found.order_by("pk").values_list("kind", flat=True))


def nothing_decided(application, status=ApplicationStatus.SUBMITTED, decisions=0):
    assert again(application).status == status and application.prereviews.count() == decisions
    assert LogEntry.objects.filter(action="prereview.decided").count() == decisions


def test_a_pass_keeps_its_findings_and_tells_the_applicant(waiting):
    application = decide(waiting)
    assert application.status == ApplicationStatus.ACCEPTED
    row = PreReview.objects.get()
    assert row.findings.count() > len(POINTS) and not row.findings.filter(is_met=False).exists()
    assert messages_to(application) == ["application-submitted", "application-passed"]


def test_not_before_the_closing():
    application = submitted_application()
    with pytest.raises(Refused) as early:
        decide(application)
    assert early.value.rule_id == "R-VENT-01"
    nothing_decided(application)


def test_a_pass_over_a_point_that_nobody_looked_up_is_refused(waiting):
    points = {**dict.fromkeys(POINTS, True), "annual_report": False}
    with pytest.raises(Refused) as refused:
        decide(waiting, points=points)
    assert refused.value.rule_id == "R-VENT-08"
    nothing_decided(waiting)


@pytest.mark.parametrize("result", ["correct", "fail"])
def test_a_no_has_reasons(waiting, result):
    with pytest.raises(MarketplaceError) as refused:
        decide(waiting, result, reason=" ")
    assert refused.value.field == "reason"
    nothing_decided(waiting)


def test_a_version_is_decided_once(waiting):
    decide(waiting, "fail", REASON)
    with pytest.raises(Refused):
        decide(waiting)
    nothing_decided(waiting, ApplicationStatus.REJECTED, 1)
    assert messages_to(waiting)[-1] == "application-not-passed"


def test_only_an_officer_of_the_lead_decides(waiting):
    people = waiting.call.people
    for stranger in (people.approver, people.finance, waiting.actor):
        with pytest.raises(NotAllowed):
            decide(waiting, actor=stranger)
    nothing_decided(waiting)


def test_a_person_of_the_applicant_does_not_decide(waiting):
    """Acting for the funder, but with a role in the applicant's organization as well."""
    officer = waiting.call.people.officer
    user = User.objects.get(pk=officer.user_id)
    Membership.objects.create(user=user, body=waiting.body, roles=[Role.REPORTER], since=clock.now())
    with pytest.raises(NotAllowed) as refused:
        decide(waiting)
    assert refused.value.rule_id == "R-CHAR-05"
    nothing_decided(waiting)
    assert decide(waiting, actor=make_person(waiting.call.lead, Role.OFFICER)).status == ApplicationStatus.ACCEPTED


def test_one_correction_within_working_days(waiting, market_clock):
    """Decided on Thursday, 16 July 2026: five working days, that day not counted."""
    application = decide(waiting, "correct", REASON)
    assert application.status == ApplicationStatus.CORRECTION
    assert application.correct_until == end_of_day(date(2026, 7, 23))
    assert messages_to(application)[-1] == "application-to-correct"
    with pytest.raises(Refused):
        hand_in(application)
    application = save(application, BASICS, {"summary": "补充了计算依据以后的说明。"})
    market_clock.move_to(application.correct_until)
    application = hand_in(application)
    assert application.status == ApplicationStatus.SUBMITTED and application.versions.count() == 2
    assert Message.objects.filter(
        kind="application-corrected", user_id=application.call.people.officer.user_id
    ).exists()
    with pytest.raises(Refused) as second:
        decide(application, "correct", REASON)
    assert second.value.rule_id == "R-VENT-01"
    assert decide(application).status == ApplicationStatus.ACCEPTED


def test_a_late_correction_is_out(waiting, market_clock):
    application = decide(waiting, "correct", REASON)
    application = save(application, BASICS, {"summary": "来晚了的补充。"})
    late = application.correct_until.replace(microsecond=1)
    with pytest.raises(Refused) as refused:
        hand_in(application, received_at=late)
    assert refused.value.rule_id == "R-TIME-04"
    market_clock.move_to(application.correct_until)
    market_clock.advance(seconds=62)
    run_due()
    run_due()
    assert again(application).status == ApplicationStatus.REJECTED
    assert messages_to(application)[-1] == "application-lapsed"
    assert LogEntry.objects.filter(action="application.lapsed").count() == 1


def test_the_officers_pages(waiting):
    officer = client_for(waiting.call.people.officer)
    url = reverse("ventures:application-review", args=[waiting.pk])
    text = officer.get(url).content.decode()
    assert waiting.title in text and 'name="point_annual_report"' in text
    version = waiting.versions.get()
    data = {"version_id": version.pk, "result": "correct", "reason": REASON}
    assert officer.post(url, {**data, "reason": ""}).status_code == 422
    nothing_decided(waiting)
    assert officer.post(url, data).status_code == 302
    application = hand_in(save(waiting, BASICS, {"title": "改过的名称"}))
    compare = officer.get(reverse("ventures:application-compare", args=[application.pk])).content.decode()
    assert "改过的名称" in compare and version.content["basics"]["title"] in compare
    passed = {"version_id": application.versions.last().pk, "result": "pass", "reason": ""}
    passed |= {f"point_{key}": "on" for key in POINTS}
    assert officer.post(url, passed).status_code == 302
    assert again(application).status == ApplicationStatus.ACCEPTED
    assert client_for(waiting.actor).get(url).status_code == 404  # the applicant has pages of its own
    approver = client_for(waiting.call.people.approver)
    assert approver.get(url).status_code == 200 and approver.post(url, passed).status_code == 403


def test_the_list_is_filtered_and_downloaded(market_clock):
    call = open_call()
    rows = [submitted_application(call) for _number in range(3)]
    closed_call(call)
    decide(again(rows[0]))
    officer = client_for(call.people.officer)
    url = reverse("ventures:call-applications", args=[call.pk])
    text = officer.get(url, {"status": "submitted"}).content.decode()
    assert rows[0].title not in text and rows[1].title in text and rows[2].title in text
    assert rows[1].title in officer.get(url, {"q": rows[1].body.name}).content.decode()
    lines = b"".join(officer.get(reverse("ventures:call-applications-csv", args=[call.pk])).streaming_content)
    assert lines.decode("utf-8-sig").count("60000.00") == 3
    theme = call.themes.last().pk
    assert rows[1].title not in officer.get(url, {"theme": theme}).content.decode()


def test_a_call_without_applications_says_so(market_clock):
    call = closed_call(open_call())
    text = client_for(call.people.officer).get(reverse("ventures:call-applications", args=[call.pk])).content.decode()
    assert "empty-title" in text
