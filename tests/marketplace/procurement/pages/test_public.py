"""The public page of a tender, what a supplier does there, and that it tells nobody who took the documents."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core import clock
from marketplace.documents.generation import build_document
from marketplace.procurement.models import Question
from marketplace.procurement.services import correction as corrections, question as questions
from marketplace.procurement.tender_papers import KIND
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, submitted_tender, supplier, taker
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
PUBLIC_QUERIES = 12


def page(tender):
    return reverse("procurement:tender-public", args=[tender.number])


def html(client, tender):
    return client.get(page(tender)).content.decode()


def test_everything_a_bidder_needs_is_on_the_page(client: Client, django_assert_max_num_queries):
    tender = published_tender(lots=2)
    build_document(KIND, tender)
    with django_assert_max_num_queries(12):
        text = html(client, tender)
    for words in (
        "1,860,000.00",
        "北片三个街道",
        "不接受联合体",
        "不收投标保证金",
        "3 名以上",
        "招标文件",
        "R-TENDER-01",
    ):
        assert words in text, words
    assert "2026 年 7 月 6 日 09:30:00" in text
    assert "彩票公益金资助-中国福利彩票" in text  # R-LOT-06


def test_queries_do_not_grow_with_questions(client: Client, django_assert_max_num_queries):
    tender = published_tender()
    for number in range(12):
        question = questions.ask_question(actor=supplier(f"机构{number}"), tender_id=tender.pk, text=f"问题 {number}？")
        questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="可以。")
    with django_assert_max_num_queries(12):
        assert html(client, tender).count("已通知全体获取人") == 12


def test_unpublished_tender_has_no_public_page(client: Client):
    tender = submitted_tender()
    assert client.get("/tenders/None/").status_code == 404
    assert client.get("/tenders/SH-2026-0001/").status_code == 404
    assert tender.number is None


def test_supplier_takes_asks_and_reads():
    tender = published_tender()
    client = client_for(supplier("晨曦社区服务中心"))
    assert "获取招标文件</button>" in html(client, tender)
    for _click in range(2):
        client.post(reverse("procurement:tender-take", args=[tender.number]))
    assert tender.takes.count() == 1
    assert "贵机构已获取招标文件" in html(client, tender)
    ask = reverse("procurement:question-ask", args=[tender.number])
    assert client.post(ask, {"text": "可以租车吗？"}).status_code == 302
    assert "可以租车吗？" in client.get(ask).content.decode()
    assert "可以租车吗？" not in html(Client(), tender)  # unanswered questions are nobody else's
    assert client.post(ask, {"text": ""}).status_code == 422


def test_visitor_signs_in_before_taking(client: Client):
    tender = published_tender()
    response = client.post(reverse("procurement:tender-take", args=[tender.number]))
    assert response.status_code == 302 and "/accounts/login/" in response.url
    assert tender.takes.count() == 0


def test_pages_do_not_tell_who_took_the_documents(market_clock):
    """R-TENDER-14: the same pages, byte for byte, whether nobody or five took them; after the deadline the buyer sees."""
    tender = published_tender()
    urls = [page(tender), reverse("procurement:tender-detail", args=[tender.pk]), reverse("procurement:tender-list")]
    auditor = make_person(make_body("auditor"), Role.AUDITOR)
    readers = [
        client_for(actor) for actor in (tender.people.officer, tender.people.approver, auditor, supplier("别家"))
    ]

    def seen():
        return [strip(reader.get(url).content.decode()) for reader in readers for url in urls]

    def strip(text):
        return "".join(line for line in text.splitlines() if "csrf" not in line)

    before = seen()
    for number in range(5):
        taker(tender, f"秘密机构{number}")
    assert seen() == before
    market_clock.move_to(datetime(2026, 7, 6, 9, 30, 1))
    detail = readers[0].get(urls[1]).content.decode()
    assert "秘密机构4" in detail
    assert "秘密机构" not in readers[3].get(urls[0]).content.decode()


def test_corrections_page_marks_what_changed(client: Client):
    tender = published_tender()
    row = corrections.draft_correction(
        actor=tender.people.officer,
        tender_id=tender.pk,
        correction=corrections.CorrectionInput(
            subject="满意度", changes={"field:quality": tender.quality.replace("90%", "95%")}
        ),
    )
    url = reverse("procurement:tender-corrections", args=[tender.number])
    assert "满意度" not in client.get(url).content.decode()
    corrections.publish_correction(actor=tender.people.approver, correction_id=row.pk)
    text = client.get(url).content.decode()
    assert "<del>0</del><ins>5</ins>" in text
    public = html(client, tender)
    assert "更正 1 次" in public and "R-TENDER-06" in public and "更正公告（第1次）" in public


def test_calendar_file_carries_the_deadline(client: Client):
    tender = published_tender()
    response = client.get(reverse("procurement:tender-calendar", args=[tender.number]))
    lines = response.content.decode().split("\r\n")
    assert response["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20260706T013000Z" in lines and "TRIGGER:-P1D" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_terminated_tender_says_so(client: Client):
    from marketplace.procurement.services import termination as terminations

    tender = published_tender()
    row = terminations.draft_termination(
        actor=tender.people.officer,
        tender_id=tender.pk,
        kind="task_cancelled",
        reason="因机构改革，采购任务自七月起取消。" * 2,
    )
    terminations.publish_termination(actor=tender.people.approver, termination_id=row.pk)
    text = html(client, tender)
    assert "已终止" in text and "终止公告" in text
    bidder = client_for(supplier())
    bidder.post(reverse("procurement:tender-take", args=[tender.number]))
    assert tender.takes.count() == 0


def test_must_haves_are_said_to_be_such(client: Client):
    """R-TENDER-09: marked by a word as well, not by a sign and a colour alone."""
    tender = published_tender(needs="为六个街道的老人供餐，每天两餐，送到家门口。\n★ 每日供餐前留样 48 小时")
    assert '<p class="must"><b>★ 实质性要求：</b> 每日供餐前留样 48 小时</p>' in html(client, tender)


def test_page_asks_the_same_for_one_and_for_a_hundred_answers(client: Client):
    tender = published_tender(lots=2)
    asker = taker(tender)
    answered(tender, asker, 1)
    html(client, tender)
    with CaptureQueriesContext(connection) as few:
        html(client, tender)
    answered(tender, asker, 99)
    with CaptureQueriesContext(connection) as many:
        assert html(client, tender).count("已通知全体获取人") == 100
    assert len(many) == len(few) == PUBLIC_QUERIES


def answered(tender, asker, count):
    Question.objects.bulk_create(
        Question(
            tender=tender, body_id=asker.body_id, asked_by_id=asker.user_id, text=f"问题 {n}？", public_text=f"问题 {n}？",
            answer="可以。", asked_at=clock.now(), answer_due=clock.now(), answered_at=clock.now(),
        )
        for n in range(count)
    )  # fmt: skip
