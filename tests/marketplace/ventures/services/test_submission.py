"""Handing in: complete, in time, once; what is refused changes nothing and tells nobody."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from marketplace.audit.canonical import canonical
from marketplace.audit.models import LogEntry
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.ventures.models import ApplicationStatus, BlockKind, Call
from marketplace.ventures.rules.application import BASICS
from marketplace.ventures.selectors.application import OWN, share_field
from marketplace.ventures.services import application as drafts, call as calls, submission
from tests.factories import ventures
from tests.factories.accounts import make_body, make_person
from tests.factories.applications import (
    accepted_applications,
    add_file,
    again,
    applicant,
    budget_rows,
    closed_call,
    filled_application,
    hand_in,
    key_of,
    save,
    started_application,
    submitted_application,
)

pytestmark = pytest.mark.django_db


def refused(application, rule_id: str, **more):
    """Nothing is frozen, nothing logged."""
    entries = LogEntry.objects.count()
    versions = application.versions.count()
    with pytest.raises(MarketplaceError) as error:
        hand_in(application, **more)
    assert error.value.rule_id == rule_id, str(error.value)
    assert application.versions.count() == versions and LogEntry.objects.count() == entries
    return str(error.value)


def test_a_version_is_frozen_with_hash_and_random_receipt():
    application = submitted_application()
    version = application.versions.get()
    assert application.status == ApplicationStatus.SUBMITTED and application.submitted_at == version.received_at
    assert version.sha256 == hashlib.sha256(canonical(version.content)).hexdigest()
    assert version.receipt_number.startswith("SB-20260615-") and len(version.receipt_number) == 20
    assert version.content["budget"]["granted"] == "60000.00" and version.content["budget"]["own"] == "40000.00"
    entry = LogEntry.objects.get(action="application.submitted")
    assert entry.subject.endswith(version.receipt_number) and entry.disclosed_at is None and entry.project == ""


def test_handing_in_the_same_again_answers_the_same_version():
    application = submitted_application()
    hand_in(application)
    assert application.versions.count() == 1


def test_a_replacement_is_a_new_version_and_the_first_stays():
    application = submitted_application()
    first = application.versions.get()
    save(application, BASICS, {"title": "改了名的项目"})
    assert again(application).versions.get().content == first.content
    hand_in(application)
    assert [row.number for row in again(application).versions.all()] == [1, 2]
    assert again(application).versions.last().content["basics"]["title"] == "改了名的项目"


def test_an_attachment_taken_out_later_stays_in_what_was_handed_in():
    application = hand_in(add_file(filled_application()))
    row = application.files.get()
    drafts.remove_file(actor=application.actor, application_id=application.pk, file_id=row.pk)
    assert application.versions.get().content["files"][0]["id"] == str(row.file_id)
    drafts.restore_file(actor=application.actor, application_id=application.pk, file_id=row.pk)
    assert again(application).files.get().removed_at is None


def test_to_the_second_of_the_deadline_and_not_later(market_clock):
    call = ventures.open_call()
    application = filled_application(call)
    refused(application, "R-TIME-07", received_at=call.deadline + timedelta(microseconds=1))
    assert hand_in(application, received_at=call.deadline).status == ApplicationStatus.SUBMITTED


def test_not_before_the_call_opens_and_not_after_it_closed(market_clock):
    call = ventures.published_call()
    actor = applicant()
    with pytest.raises(Refused) as early:
        drafts.start_application(actor=actor, call_id=call.pk)
    assert early.value.rule_id == "R-TIME-07" and early.value.decision.due == call.opens_at
    market_clock.move_to(call.opens_at)
    application = filled_application(call, actor)
    closed_call(call)
    refused(application, "R-TIME-07", received_at=call.deadline)
    with pytest.raises(Refused):
        save(application, BASICS, {"title": "太晚了"})


def test_one_application_for_each_organization():
    application = started_application()
    call = application.call
    with pytest.raises(Refused) as second:
        drafts.start_application(actor=application.actor, call_id=call.pk)
    assert second.value.rule_id == "R-VENT-08" and call.applications.count() == 1
    several = ventures.open_call(applications_each=2)
    actor = applicant()
    for _number in range(2):
        drafts.start_application(actor=actor, call_id=several.pk)
    with pytest.raises(Refused):
        drafts.start_application(actor=actor, call_id=several.pk)


def test_only_people_of_social_organizations_apply():
    call = ventures.open_call()
    for stranger in (call.people.officer, make_person(make_body("organization"), "reporter")):
        with pytest.raises(NotAllowed):
            drafts.start_application(actor=stranger, call_id=call.pk)
    with pytest.raises(Refused) as refusal:
        drafts.start_application(actor=make_person(make_body("organization"), "bidder"), call_id=call.pk)
    assert refusal.value.rule_id == "R-VENT-08" and not call.applications.exists()


def test_a_call_that_is_not_public_does_not_exist():
    draft = ventures.submitted_call()
    with pytest.raises(NotFound):
        drafts.start_application(actor=applicant(), call_id=draft.pk)


@pytest.mark.parametrize(
    ("change", "rule_id", "words"),
    [
        pytest.param(
            lambda row: row.update({OWN: None, row["pot"]: None}), "R-SCOPE-02", "names no pot", id="unseparated"
        ),
        pytest.param(lambda row: row.update({OWN: Decimal("1.00")}), "R-SCOPE-02", "differ by", id="sums"),
        pytest.param(lambda row: row.update({"name": "公务用车租赁"}), "R-LOT-03", "公务用车", id="lottery"),
        pytest.param(lambda row: row.update({"name": "活动分包"}), "R-VENT-11", "分包", id="subcontracting"),
        pytest.param(lambda row: row.update({"kind": "indirect"}), "R-VENT-14", "Indirect costs", id="indirect"),
    ],
)
def test_a_budget_that_breaks_a_rule_is_kept_as_a_draft_and_refused_at_handing_in(change, rule_id, words):
    application = filled_application()
    rows = budget_rows(application)
    rows[0]["pot"] = share_field(application.call.pots.first().pk)
    change(rows[0])
    rows[0].pop("pot")
    application = save(application, key_of(application, BlockKind.BUDGET), rows=rows)
    assert application.budget.count() == 2
    with translation.override("en"):
        assert words in refused(application, rule_id)


def test_cap_and_own_money():
    application = filled_application()
    key = key_of(application, BlockKind.BUDGET)
    application = save(application, key, rows=budget_rows(application, granted="240000.00", own="160000.00"))
    refused(application, "R-VENT-06")
    application = save(application, key, rows=budget_rows(application, granted="60100.00", own="39900.00"))
    refused(application, "R-VENT-07")


def test_a_value_of_the_call_holds_where_the_usual_one_is_switched_off():
    call = ventures.call_draft_ready(own_share=Decimal("20.00"), opens_at=ventures.clock.now())
    ventures.save(call, "switches", {"off_r_vent_07": "本区社会组织规模小，自筹定为百分之二十。"})
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    calls.publish_call(actor=call.people.approver, call_id=call.pk)
    call = ventures.again(call)
    application = filled_application(call, rows=None)
    key = key_of(application, BlockKind.BUDGET)
    application = save(application, key, rows=budget_rows(application, granted="81000.00", own="19000.00"))
    refused(application, "R-VENT-07")
    application = save(application, key, rows=budget_rows(application, granted="80000.00", own="20000.00"))
    assert hand_in(application).status == ApplicationStatus.SUBMITTED


def test_the_declaration_is_asked_for():
    refused(filled_application(), "R-VENT-08", declares=False)


def test_a_page_older_than_a_colleagues_change_hands_nothing_in():
    application = filled_application()
    with pytest.raises(MarketplaceError) as stale:
        hand_in(application, version=application.version - 1)
    assert stale.value.code == "stale" and not application.versions.exists()


def test_withdrawn_written_on_and_handed_in_again():
    application = submitted_application()
    now = ventures.clock.now()
    submission.withdraw_application(actor=application.actor, application_id=application.pk, received_at=now)
    submission.withdraw_application(actor=application.actor, application_id=application.pk, received_at=now)
    assert LogEntry.objects.filter(action="application.withdrawn").count() == 1
    with pytest.raises(Refused):
        save(application, BASICS, {"title": "x"})
    assert not application.call.applications.handed_in().exists()
    submission.reopen_application(actor=application.actor, application_id=application.pk)
    application = save(application, BASICS, {"title": "再来一次"})
    assert hand_in(application).versions.count() == 2


def test_writing_on_needs_the_place_that_another_application_took():
    application = submitted_application()
    now = ventures.clock.now()
    submission.withdraw_application(actor=application.actor, application_id=application.pk, received_at=now)
    started_application(application.call, application.actor)
    with pytest.raises(Refused) as full:
        submission.reopen_application(actor=application.actor, application_id=application.pk)
    assert full.value.rule_id == "R-VENT-08"


def test_strangers_find_nothing():
    application = submitted_application()
    now = ventures.clock.now()
    for stranger in (applicant(), application.call.people.officer):
        with pytest.raises(NotFound):
            submission.withdraw_application(actor=stranger, application_id=application.pk, received_at=now)
        with pytest.raises(NotFound):
            hand_in(application, actor=stranger)


def test_accepted_applications_stand_on_one_closed_call():
    rows = accepted_applications(2)
    assert {row.status for row in rows} == {ApplicationStatus.ACCEPTED}
    assert Call.objects.get(pk=rows[0].call_id).closed_at is not None and rows[0].call_id == rows[1].call_id
