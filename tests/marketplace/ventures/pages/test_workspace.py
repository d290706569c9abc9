"""The wizard, the composer and the workspace pages over HTTP."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.ventures.models import Call, CallStatus
from marketplace.ventures.services import briefings, call as calls, questions
from marketplace.ventures.wizard import STEPS
from tests.factories.accounts import make_person
from tests.factories.planning import buyer_people
from tests.factories.ventures import (
    again,
    asker,
    call_draft,
    call_draft_ready,
    joint_call,
    open_call,
    published_call,
    submitted_call,
)
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def edit(call, key):
    return reverse("ventures:call-edit", args=[call.pk, key])


def post(client, call, key, data, **headers):
    return client.post(edit(call, key), {"version": again(call).version, **data}, **headers)


def rows(*entries, initial=0):
    """The fields of a page's rows."""
    found = {"rows-TOTAL_FORMS": len(entries), "rows-INITIAL_FORMS": initial}
    for n, entry in enumerate(entries):
        found |= {f"rows-{n}-{name}": value for name, value in entry.items()}
    return found


def test_every_page_opens_with_its_check_list(django_assert_max_num_queries):
    call = call_draft_ready()
    client = client_for(call.people.officer)
    for step in STEPS:
        with django_assert_max_num_queries(25):
            response = client.get(edit(call, step.key))
        assert response.status_code == 200 and str(step.title) in response.content.decode()
    for name, args in (
        ("call-list", []),
        ("call-detail", [call.pk]),
        ("call-review", [call.pk]),
        ("call-preview", [call.pk]),
        ("block-edit", [call.pk, "b8"]),
    ):
        with django_assert_max_num_queries(25):
            assert client.get(reverse(f"ventures:{name}", args=args)).status_code == 200


def test_begin_write_check_submit_publish_in_the_browser():
    people = buyer_people()
    officer, approver = client_for(people.officer), client_for(people.approver)
    response = officer.post(reverse("ventures:call-begin"))
    call = Call.objects.get()
    assert response.url == edit(call, "aims")
    data = {"title": "社区创投", "kind": "seed", "level": "district", "aims": "支持" * 20, "place": "静安区"}
    call.people = people
    assert post(officer, call, "aims", data).url == edit(call, "track")
    assert "R-VENT-01" in officer.get(edit(call, "check")).content.decode()
    response = officer.post(reverse("ventures:call-submit", args=[call.pk]))
    assert response.url == reverse("ventures:call-check", args=[call.pk]) and again(call).status == CallStatus.DRAFT
    ready = submitted_call(people)
    review = reverse("ventures:call-review", args=[ready.pk])
    assert "发布" in approver.get(review).content.decode()
    approver.post(reverse("ventures:call-publish", args=[ready.pk]))
    assert again(ready).number == "SH-CT-2026-0001"


def test_autosave_answers_with_version_and_check_list():
    call = call_draft()
    client = client_for(call.people.officer)
    data = {"title": "社区创投", "kind": "regional", "level": "city", "aims": "短", "place": ""}
    text = post(client, call, "aims", data, HTTP_HX_REQUEST="true").content.decode()
    assert 'name="version" value="2"' in text and 'id="checks"' in text and "R-VENT-05" in text


def test_a_purchase_is_shown_the_way_out():
    call = call_draft()
    client = client_for(call.people.officer)
    data = {"pays_for_service": "True", "money_is_mixed": "False", "track_statement": "x"}
    assert post(client, call, "track", data).status_code == 302
    text = client.get(edit(call, "track")).content.decode()
    assert "R-SCOPE-03" in text and reverse("planning:list-list") in text
    assert "年度清单" in text


def test_stale_page_shows_both_texts_and_keeps_mine():
    call = call_draft()
    first, second = client_for(call.people.officer), client_for(make_person(call.lead, Role.OFFICER))
    base = {"kind": "seed", "level": "district", "aims": "", "place": "", "version": 1}
    first.post(edit(call, "aims"), {**base, "title": "甲的标题"})
    response = second.post(edit(call, "aims"), {**base, "title": "乙的标题"})
    text = response.content.decode()
    assert response.status_code == 422 and "甲的标题" in text and 'value="乙的标题"' in text
    assert again(call).title == "甲的标题"
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert second.post(edit(call, "aims"), {**base, "title": "乙的标题", "version": version}).status_code == 302
    assert again(call).title == "乙的标题"


def test_pots_come_from_the_lines_of_the_funders():
    call = call_draft_ready()
    client = client_for(call.people.officer)
    text = client.get(edit(call, "pots")).content.decode()
    assert "FC-CT" in text and "余 3,000,000.00 元" in text
    line = call.pots.first().budget_line_id
    entry = {"id": "", "name": "新池", "budget_line_id": line, "amount": "3000000.01", "theme_id": ""}
    assert post(client, call, "pots", rows(entry)).status_code == 302
    assert "R-PLAN-01" in client.get(edit(call, "pots")).content.decode()
    bad = post(client, call, "pots", rows({**entry, "amount": "三万"}))
    assert bad.status_code == 422 and "三万" in bad.content.decode()


def test_composer_works_with_plain_forms():
    call = call_draft()
    client = client_for(call.people.officer)
    page = reverse("ventures:call-form", args=[call.pk])
    client.post(reverse("ventures:form-standard", args=[call.pk]))
    client.post(reverse("ventures:block-move", args=[call.pk, "b2", "up"]))
    response = client.post(reverse("ventures:block-add", args=[call.pk]), {"kind": "table"})
    assert response.url == reverse("ventures:block-edit", args=[call.pk, "b11"])
    data = {
        "version": again(call).version,
        "title": "合作单位",
        "help": "",
        "criterion": "plan",
        "columns": "单位\n分工",
        "least_rows": 0,
        "most_rows": 5,
    }
    assert client.post(response.url, data).url == edit(call, "form")
    text = client.get(page).content.decode()
    assert text.index(">服务对象</a>") < text.index(">项目需求</a>") < text.index(">合作单位</a>")
    preview = client.get(reverse("ventures:call-preview", args=[call.pk])).content.decode()
    assert "分工" in preview and "自筹或者社会资金" in preview
    assert client.post(response.url, {**data, "version": again(call).version, "columns": ""}).status_code == 422
    client.post(reverse("ventures:block-remove", args=[call.pk, "b11"]))
    assert "合作单位" not in client.get(page).content.decode()


def test_stale_block_shows_both():
    call = call_draft()
    first, second = client_for(call.people.officer), client_for(make_person(call.lead, Role.OFFICER))
    first.post(reverse("ventures:form-standard", args=[call.pk]))
    url, version = reverse("ventures:block-edit", args=[call.pk, "b1"]), again(call).version
    data = {"version": version, "help": "", "criterion": "need", "is_required": "on", "most_characters": 900}
    first.post(url, {**data, "title": "甲的标题"})
    response = second.post(url, {**data, "title": "乙的标题"})
    assert response.status_code == 422
    assert "甲的标题" in response.content.decode() and 'value="乙的标题"' in response.content.decode()


def test_joint_funder_sees_it_from_submission_on_and_confirms():
    call, other = joint_call()
    detail = reverse("ventures:call-detail", args=[call.pk])
    funder = client_for(other.approver)
    assert funder.get(detail).status_code == 404
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    assert "确认" in funder.get(reverse("ventures:call-review", args=[call.pk])).content.decode()
    assert "确认联合征集" in funder.get(reverse("dashboard:home")).content.decode()
    funder.post(reverse("ventures:call-confirm", args=[call.pk]))
    assert "贵单位已确认" in funder.get(reverse("ventures:call-review", args=[call.pk])).content.decode()


def test_what_is_due_stands_on_the_dashboard():
    call = submitted_call()
    home = reverse("dashboard:home")
    assert call.title in client_for(call.people.approver).get(home).content.decode()
    calls.return_call(actor=call.people.approver, call_id=call.pk, reason="主题再写细一些")
    assert "主题再写细一些" in client_for(call.people.officer).get(home).content.decode()


def test_detail_queries_do_not_grow(django_assert_max_num_queries):
    call = open_call()
    detail = reverse("ventures:call-detail", args=[call.pk])
    for n in range(4):
        person = asker(f"机构{n}")
        questions.ask_question(actor=person, call_id=call.pk, text=f"问题{n}？")
        if n < 3:
            briefings.take_seat(actor=person, briefing_id=call.briefings.get().pk)
    client = client_for(call.people.officer)
    with django_assert_max_num_queries(25):
        text = client.get(detail).content.decode()
    assert text.count("机构") >= 3 and "问题3？" in text


def test_correction_and_termination_by_two_persons_in_the_browser():
    call = open_call()
    officer, approver = client_for(call.people.officer), client_for(call.people.approver)
    url = reverse("ventures:correction-add", args=[call.pk])
    assert "申报指南" in officer.get(url).content.decode()
    refused = officer.post(url, {"subject": "提前", "new_deadline": "2026-07-01T17:00"})
    assert refused.status_code == 422 and "R-TIME-07" in refused.content.decode()
    made = officer.post(url, {"subject": "延期", "new_deadline": "2026-07-23T17:00"})
    assert "2026 年 7 月 23 日" in approver.get(made.url).content.decode()
    approver.post(made.url + "publish/")
    assert f"{again(call).deadline:%m-%d}" == "07-23"
    ended = officer.post(
        reverse("ventures:termination-add", args=[call.pk]),
        {"reason": "因区级预算调整，本次征集的资金改由下半年统一安排。"},
    )
    approver.post(ended.url + "publish/")
    assert again(call).status == CallStatus.TERMINATED


def test_published_call_is_not_edited_any_more():
    call = published_call()
    client = client_for(call.people.officer)
    assert client.get(edit(call, "aims")).url == reverse("ventures:call-detail", args=[call.pk])
    response = post(client, call, "aims", {"title": "改", "kind": "seed", "level": "district", "aims": "", "place": ""})
    assert response.status_code == 422 and again(call).title != "改"
