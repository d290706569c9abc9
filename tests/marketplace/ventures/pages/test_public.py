"""The public list and page, the calendar file, asking, signing up, the notices as pages."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.documents.generation import build_document
from marketplace.ventures.models import BriefingSeat
from marketplace.ventures.services import call as calls, papers, questions
from tests.factories.ventures import again, asker, call_draft_ready, open_call, published_call, save, submitted_call
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


def html(client, call):
    return client.get(call.get_absolute_url()).content.decode()


def test_everything_an_applicant_needs_is_on_the_page(client: Client, django_assert_max_num_queries):
    call = open_call()
    with django_assert_max_num_queries(12):
        text = html(client, call)
    for words in (
        "1,000,000.00", "福彩资金池", "彩票公益金资助-中国福利彩票", "200,000.00", "R-VENT-07", "R-VENT-14", "40%",
        "签约后", "项目需求", "由“福彩资金池”承担", "可以联合申报吗", "余 3 个席位", "本站不办理募捐", "R-CHAR-02", "申报公告",
        "2026 年 7 月 16 日 17:00:00", "为老服务",
    ):  # fmt: skip
        assert words in text, words


def test_queries_do_not_grow(client: Client, django_assert_max_num_queries):
    call = open_call()
    for n in range(6):
        row = questions.ask_question(actor=asker(f"机构{n}"), call_id=call.pk, text=f"问题 {n}？")
        questions.answer_question(actor=call.people.officer, question_id=row.pk, answer="可以。")
    with django_assert_max_num_queries(12):
        assert html(client, call).count("可以。") == 6


def test_a_draft_has_no_public_page(client: Client):
    submitted_call()
    for path in ("/ventures/None/", "/ventures/SH-CT-2026-0001/"):
        assert client.get(path).status_code == 404
    assert "没有符合条件的征集" in client.get(reverse("ventures:public-list")).content.decode()


def test_list_filters_counts_and_downloads(client: Client, django_assert_max_num_queries):
    soon, now = published_call(title="后开始的征集"), open_call(title="正在申报的征集", kind="growth")
    page = reverse("ventures:public-list")
    with django_assert_max_num_queries(12):
        text = client.get(page).content.decode()
    assert text.index(now.title) < text.index(soon.title) and "2 个征集" in text
    for query, found in (
        ("phase=open", {now}), ("phase=announced", {soon}), ("phase=closed", set()), ("kind=growth", {now}),
        ("level=street", set()), ("region=310106", {soon, now}), ("q=困境", {soon, now}), ("q=后开始", {soon}),
        (f"q={now.number}", {now}), ("region=999999", {soon, now}),
    ):  # fmt: skip
        text = client.get(f"{page}?{query}").content.decode()
        assert {call for call in (soon, now) if call.title in text} == found, query
    response = client.get(reverse("ventures:public-csv") + "?phase=open")
    table = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode().lstrip("\ufeff"))))
    assert len(table) == 2 and table[1][0] == now.number and table[1][9] == "1000000.00"


def test_phases_of_the_list_follow_the_clock(client: Client, market_clock):
    call = open_call()
    page = reverse("ventures:public-list")
    market_clock.move_to(call.deadline)
    assert call.title in client.get(f"{page}?phase=open").content.decode()
    market_clock.move_to(call.deadline.replace(hour=18))
    assert call.title in client.get(f"{page}?phase=closed").content.decode()
    assert call.title not in client.get(f"{page}?phase=open").content.decode()


def test_masthead_leads_to_the_calls(client: Client):
    text = client.get(reverse("ventures:public-list")).content.decode()
    assert '<a href="/ventures/" aria-current="page">创投</a>' in text
    assert client.get("/en/ventures/").status_code == 200


def test_asking_and_signing_up():
    call, person = open_call(), asker("晨曦社区服务中心")
    client = client_for(person)
    ask = reverse("ventures:question-ask", args=[call.number])
    assert client.post(ask, {"text": "可以租场地吗？"}).status_code == 302
    assert "可以租场地吗？" in client.get(ask).content.decode()
    assert "可以租场地吗？" not in html(Client(), call)  # unanswered questions are nobody else's
    assert client.post(ask, {"text": " "}).status_code == 422
    briefing = call.briefings.get().pk
    seat = [call.number, briefing]
    client.post(reverse("ventures:seat-take", args=seat), {"people": 2})
    assert "已报名，共 2 人" in html(client, call) and "余 1 个席位" in html(Client(), call)
    client.post(reverse("ventures:seat-release", args=seat))
    assert BriefingSeat.objects.get().released_at and "余 3 个席位" in html(client, call)
    client.post(reverse("ventures:seat-take", args=seat), {"people": "viele"})
    assert BriefingSeat.objects.count() == 1
    assert "/accounts/login/" in Client().post(reverse("ventures:seat-take", args=seat)).url


def test_calendar_file_carries_opening_deadline_and_briefings(client: Client):
    call = open_call()
    response = client.get(reverse("ventures:call-calendar", args=[call.number]))
    lines = response.content.decode().split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 3 and "DTSTART:20260716T090000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_notice_page_pdf_and_feed(client: Client):
    call = open_call()
    notice = call.snapshot
    text = client.get(notice.get_absolute_url()).content.decode()
    assert "R-VENT" not in notice.data["values"][0] and call.get_absolute_url() in text and "福彩资金池" in text
    assert build_document("notice", notice).file.size > 10_000
    assert notice.title in client.get(reverse("publication:feed")).content.decode()


def test_switched_off_rule_and_link_out_are_public(client: Client):
    call = call_draft_ready(own_share=0)
    save(call, "switches", {"off_r_vent_07": "本区社会组织规模小，自筹能力有限。"})
    save(call, "guide", {"donation_link": "https://gongyi.example.org/"})
    calls.submit_call(actor=call.people.officer, call_id=call.pk)
    calls.publish_call(actor=call.people.approver, call_id=call.pk)
    text = html(client, again(call))
    assert "本区社会组织规模小" in text and "https://gongyi.example.org/" in text
    assert "本区社会组织规模小" in str(again(call).snapshot.data["switched_off"])


def test_terminated_call_says_so(client: Client):
    call = open_call()
    row = papers.draft_termination(
        actor=call.people.officer, call_id=call.pk, reason="因区级预算调整，本次征集的资金改由下半年统一安排。"
    )
    papers.publish_paper(actor=call.people.approver, paper_id=row.pk)
    text = html(client, call)
    assert "已终止" in text and "终止公告" in text and "就征集提问" not in text
