"""The comparison after the closing: evidence for the officer, by the clock, never a decision."""

from __future__ import annotations

import pytest
from django.urls import reverse

from marketplace.core.exceptions import MarketplaceError
from marketplace.core.schedule import run_due
from marketplace.ventures.models import ApplicationStatus, Likeness
from marketplace.ventures.services.likeness import compare_applications
from tests.factories.applications import (
    again,
    applicant,
    closed_call,
    filled_application,
    hand_in,
    key_of,
    save,
    started_application,
    submitted_application,
)
from tests.factories.planning import buyer_people, published_item
from tests.factories.ventures import open_call
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
STORY = (
    "江宁路街道有独居老人四百二十户，其中一百六十户子女不在本市。项目组织低龄老人和高龄老人结成对子，每周上门两次，"
    "陪着买菜、取药、说说话；每月在居民活动室聚一次，请社区医生来量血压、讲用药。"
)
OTHER = "青少年在课后没有去处，家长下班晚。项目在学校旁边开一间自习室，大学生志愿者轮流值班，讲题、下棋、打羽毛球，周末办展览。"


def told(call, story, actor=None):
    application = filled_application(call, actor or applicant())
    for key in ("b1", "b6", "b9"):
        application = save(application, key, {"text": f"{story}（{key}）"})
    group = {"group": "独居老人", "place": "江宁路街道", "people": "160", "found": "走访"}
    return hand_in(save(application, key_of(application, "beneficiaries"), rows=[group]))


def test_copied_texts_are_found_across_calls_by_the_clock(market_clock):
    first = told(open_call(), STORY)
    closed_call(first.call)
    call = open_call()
    copied, fresh = told(call, STORY), told(call, OTHER)
    key = f"ventures.application:{first.pk}"
    market_clock.move_to(call.deadline)
    market_clock.advance(seconds=62)
    run_due()
    row = Likeness.objects.get(application=copied, other_subject=key)
    assert row.text_percent >= 60 and "beneficiaries" in row.same
    other = fresh.likenesses.filter(other_subject=key).first()
    assert other is None or other.text_percent < row.text_percent / 2
    assert again(copied).status == ApplicationStatus.SUBMITTED and again(copied).call.compared_at is not None
    text = client_for(call.people.officer).get(reverse("ventures:application-review", args=[copied.pk]))
    assert f"{row.text_percent}%" in text.content.decode() and first.body.name in text.content.decode()
    before = Likeness.objects.count()
    compare_applications(call_id=call.pk)
    assert Likeness.objects.count() == before


def test_a_listed_service_is_compared_too(market_clock):
    item = published_item(buyer_people())
    call = open_call()
    application = filled_application(call)
    for key in ("b1", "b6", "b9"):
        application = save(application, key, {"text": item.outline})
    application = hand_in(application)
    closed_call(call)
    compare_applications(call_id=call.pk)
    row = application.likenesses.get(other_subject=f"planning.listeditem:{item.pk}")
    assert row.text_percent >= 50 and item.name in row.other_title


def test_not_before_the_closing():
    application = submitted_application()
    with pytest.raises(MarketplaceError):
        compare_applications(call_id=application.call_id)
    assert not Likeness.objects.exists()


def test_a_draft_is_not_compared(market_clock):
    call = open_call()
    started_application(call)
    closed_call(call)
    compare_applications(call_id=call.pk)
    assert not Likeness.objects.exists()
