"""From the draft to the published call, and to its closing: two persons, money promised once, everything frozen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.accounts.roles import Role
from marketplace.audit.models import LogEntry
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.schedule import run_due
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.ventures.models import Call, CallStatus, FormVersion
from marketplace.ventures.services import call as calls
from tests.factories.accounts import make_body, make_person
from tests.factories.planning import buyer_people
from tests.factories.ventures import (
    again,
    call_draft,
    call_draft_ready,
    joint_call,
    lottery_line,
    pot_row,
    published_call,
    save,
    submitted_call,
)

pytestmark = pytest.mark.django_db


def actions():
    return list(LogEntry.objects.order_by("number").values_list("action", flat=True))


def test_a_draft_is_born_with_what_the_rules_propose():
    call = call_draft()
    assert (call.own_share, call.indirect_ceiling, call.display_days) == (Decimal(40), Decimal(10), 15)
    assert {row.stage: row.share for row in call.tranches.all()} == {"agreement": 50, "midterm": 40, "final": 10}
    assert f"{call.opens_at:%Y-%m-%d}" == "2026-06-16" and f"{call.deadline:%Y-%m-%d}" == "2026-07-16"
    assert call.review_until.isoformat() == "2026-09-14"
    assert actions()[-1] == "call.begun"


def test_only_an_officer_of_a_government_body_begins():
    for actor in (make_person(make_body("organization"), Role.BIDDER), buyer_people().approver):
        with pytest.raises(NotAllowed):
            calls_before = Call.objects.count()
            from marketplace.ventures.services.draft import create_call

            create_call(actor=actor)
        assert Call.objects.count() == calls_before


def test_incomplete_draft_is_not_submitted():
    call = call_draft()
    with pytest.raises(Refused) as refused:
        calls.submit_call(actor=call.people.officer, call_id=call.pk)
    assert refused.value.rule_id == "R-VENT-01" and refused.value.field == "title"
    assert again(call).status == CallStatus.DRAFT and "call.submitted" not in actions()


def test_publication_numbers_freezes_and_announces():
    call = published_call()
    assert call.number == "SH-CT-2026-0001" and call.status == CallStatus.PUBLISHED
    frozen = FormVersion.objects.get(call=call)
    assert [block["kind"] for block in frozen.blocks][:3] == ["text", "beneficiaries", "logic"]
    assert call.rules["values"]["R-VENT-06"]["cap"] == "500000"
    notice = NoticeSnapshot.objects.get(project_number=call.number)
    assert notice.kind == NoticeKind.VENTURE_CALL and notice == call.snapshot
    assert notice.data["total"] == "1000000.00" and "彩票公益金资助" in notice.data["other"]
    assert "不开展公开募捐" in notice.data["other"]
    assert [row["amount"] for row in notice.data["pots"]] == ["600000.00", "400000.00"]
    assert actions()[-2:] == ["notice.published", "call.published"] or "call.published" in actions()


def test_who_submits_does_not_publish():
    people = buyer_people()
    both = make_person(people.body, Role.OFFICER, Role.APPROVER)
    call = call_draft_ready(people)
    calls.submit_call(actor=both, call_id=call.pk)
    with pytest.raises(NotAllowed):
        calls.publish_call(actor=both, call_id=call.pk)
    assert again(call).number is None and not NoticeSnapshot.objects.exists()


@pytest.mark.parametrize("service", [calls.publish_call, calls.confirm_call])
def test_strangers_decide_nothing(service):
    call = submitted_call()
    with pytest.raises(NotAllowed):
        service(actor=buyer_people(make_body()).approver, call_id=call.pk)
    assert again(call).status == CallStatus.SUBMITTED


def test_return_wants_a_reason_and_opens_the_draft_again():
    call = submitted_call()
    with pytest.raises(MarketplaceError):
        calls.return_call(actor=call.people.approver, call_id=call.pk, reason="  ")
    assert again(call).status == CallStatus.SUBMITTED
    calls.return_call(actor=call.people.approver, call_id=call.pk, reason="补充主题说明。")
    call = again(call)
    assert (call.status, call.return_reason) == (CallStatus.DRAFT, "补充主题说明。")


def test_one_line_is_not_promised_twice():
    """R-PLAN-01: two calls on one line of 3,000,000; together they would take more."""
    people = buyer_people()
    line = lottery_line(people)
    first = submitted_call(people, pots=[pot_row(line, "2000000.00")])
    second = submitted_call(people, pots=[pot_row(line, "1500000.00")])
    calls.publish_call(actor=people.approver, call_id=first.pk)
    with pytest.raises(Refused) as refused:
        calls.publish_call(actor=people.approver, call_id=second.pk)
    assert refused.value.rule_id == "R-PLAN-01" and "1,000,000.00" in str(refused.value)
    assert again(second).status == CallStatus.SUBMITTED and again(second).number is None
    assert NoticeSnapshot.objects.count() == 1


def test_a_draft_that_waited_past_its_deadline_is_not_published(market_clock):
    call = submitted_call()
    market_clock.move_to(call.deadline + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        calls.publish_call(actor=call.people.approver, call_id=call.pk)
    assert refused.value.rule_id == "R-TIME-07"
    assert not NoticeSnapshot.objects.exists()


def test_joint_call_waits_for_every_funder():
    call, other = joint_call()
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    with pytest.raises(MarketplaceError) as refused:
        calls.publish_call(actor=call.people.approver, call_id=call.pk)
    assert "上海市民政局" in str(refused.value) and again(call).number is None
    with pytest.raises(NotAllowed):
        calls.confirm_call(actor=other.officer, call_id=call.pk)
    for _twice in range(2):
        calls.confirm_call(actor=other.approver, call_id=call.pk)
    assert actions().count("call.confirmed") == 1
    calls.publish_call(actor=call.people.approver, call_id=call.pk)
    assert again(call).status == CallStatus.PUBLISHED


def test_a_funder_who_does_not_agree_returns_it_and_all_confirm_anew():
    call, other = joint_call()
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    calls.confirm_call(actor=other.approver, call_id=call.pk)
    calls.return_call(actor=other.approver, call_id=call.pk, reason="市级资金池限为老服务。")
    call = again(call)
    assert call.status == CallStatus.DRAFT and call.funders.get().confirmed_at is None


def test_closing_at_the_deadline_by_the_clock(market_clock):
    call = published_call()
    market_clock.move_to(call.deadline)
    run_due(call.deadline)
    assert again(call).status == CallStatus.PUBLISHED  # the moment itself is in time (R-TIME-03)
    with pytest.raises(MarketplaceError):
        calls.close_call(call_id=call.pk)
    assert run_due(call.deadline + timedelta(seconds=60)).failed == []
    assert again(call).status == CallStatus.PUBLISHED  # what came in time and is under way is let through
    after = call.deadline + timedelta(seconds=61)
    market_clock.move_to(after)
    for _twice in range(2):
        assert run_due(after).failed == []
    call = again(call)
    assert call.status == CallStatus.CLOSED and call.closed_at is not None
    assert actions().count("call.closed") == 1


def test_lines_of_strangers_are_refused_at_once():
    call, stranger = call_draft(), buyer_people(make_body(name="杨浦区民政局", region="310110"))
    with pytest.raises(Refused) as refused:
        save(call, "pots", rows=[pot_row(lottery_line(stranger))])
    assert refused.value.rule_id == "R-PLAN-01" and not again(call).pots.exists()
