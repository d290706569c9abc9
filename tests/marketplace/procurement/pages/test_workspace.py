"""Tenders, questions, corrections and terminations in the workspace, over HTTP."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.procurement import tender_areas
from marketplace.procurement.models import Lot, LotStatus, PaperStatus, Question, Tender
from marketplace.procurement.services import (
    correction as corrections,
    question as questions,
    tender as tenders,
    termination as terminations,
)
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, save, submitted_tender, supplier, taker, tender_draft
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
LIST = "/workspace/tenders/"
LIST_QUERIES, DETAIL_QUERIES = 9, 20


def titles(client, **filters):
    return [row["tender"].pk for row in client.get(LIST, filters).context["rows"]]


def test_list_with_filters_count_and_empty_state():
    waiting = submitted_tender()
    draft = tender_draft(waiting.people, name="助残服务")
    officer, approver = client_for(waiting.people.officer), client_for(waiting.people.approver)
    assert titles(officer) == [draft.pk, waiting.pk]
    assert titles(officer, state="submitted") == [waiting.pk]
    assert titles(officer, q="助残") == [draft.pk]
    assert titles(approver, whose="waiting") == [waiting.pk]
    assert titles(officer, whose="waiting") == [draft.pk]
    assert titles(approver, whose="mine") == []
    assert titles(client_for(make_person(make_body(), Role.OFFICER))) == []


def test_list_is_constant_in_its_length(django_assert_max_num_queries):
    tender = tender_draft()
    client = client_for(tender.people.officer)
    for _number in range(5):
        tender_draft(tender.people)
    with django_assert_max_num_queries(25):
        assert len(titles(client)) == 6


def test_supplier_has_no_list_of_tenders():
    tender = published_tender()
    client = client_for(supplier())
    assert titles(client) == []
    assert client.get(reverse("procurement:tender-detail", args=[tender.pk])).status_code == 404


def test_detail_page_asks_little(django_assert_max_num_queries):
    tender = published_tender(lots=2)
    client = client_for(tender.people.officer)
    with django_assert_max_num_queries(25):
        text = client.get(reverse("procurement:tender-detail", args=[tender.pk])).content.decode()
    assert "投标截止前保密" in text and "已发布" in text


def test_answering_over_http():
    tender = published_tender()
    question = questions.ask_question(
        actor=supplier("晨曦社区服务中心"), tender_id=tender.pk, text="晨曦社区服务中心问：可以租车吗？"
    )
    client = client_for(tender.people.officer)
    url = reverse("procurement:question-answer", args=[question.pk])
    assert "（提问单位）问" in client.get(url).context["form"].initial["public_text"]
    assert client.post(url, {"public_text": "可以租车吗？", "answer": ""}).status_code == 422
    changed = client.post(url, {"public_text": "可以租车吗？", "answer": "可以", "changes_documents": "on"})
    assert changed.status_code == 422 and "R-TENDER-05" in changed.content.decode()
    assert client.post(url, {"public_text": "可以租车吗？", "answer": "可以"}).status_code == 302
    assert client_for(make_person(make_body(), Role.OFFICER)).get(url).status_code == 404


def test_correction_over_http(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 25, 9))
    officer, approver = client_for(tender.people.officer), client_for(tender.people.approver)
    url = reverse("procurement:correction-add", args=[tender.pk])
    form = officer.get(url).context["form"]
    unchanged = {target: passage.text for target, passage in form.passages.items()}
    data = {**unchanged, "subject": "满意度", "affects_bids": "1", "field:quality": "每月满意度不低于 95%。"}
    late = officer.post(url, data)
    assert late.status_code == 422
    assert "R-TENDER-06" in late.context["form"].errors["new_deadline"][0]
    done = officer.post(url, {**data, "new_deadline": "2026-07-13T09:30"})
    row = tender.corrections.get()
    assert done.status_code == 302 and row.status == PaperStatus.SUBMITTED
    assert [change.target for change in row.changes.all()] == ["field:quality"]
    detail = reverse("procurement:correction-detail", args=[row.pk])
    assert "<ins>" in approver.get(detail).content.decode()
    assert officer.post(detail + "publish/").status_code == 403
    approver.post(detail + "return/", {"reason": "写明口径"})
    change = reverse("procurement:correction-change", args=[tender.pk, row.pk])
    assert officer.get(change).context["form"].initial["subject"] == "满意度"
    officer.post(change, {**data, "new_deadline": "2026-07-13T09:30", "version": "1"})
    approver.post(detail + "publish/")
    row.refresh_from_db()
    assert row.status == PaperStatus.PUBLISHED


def test_termination_over_http():
    tender = published_tender()
    officer, approver = client_for(tender.people.officer), client_for(tender.people.approver)
    url = reverse("procurement:termination-add", args=[tender.pk])
    assert officer.post(url, {"kind": "task_cancelled", "reason": "不买了"}).status_code == 422
    officer.post(url, {"kind": "task_cancelled", "reason": "因机构改革，该项采购任务自七月一日起取消。"})
    detail = reverse("procurement:termination-detail", args=[tender.terminations.get().pk])
    assert "因机构改革" in approver.get(detail).content.decode()
    approver.post(detail + "publish/")
    lot = tender.lots.get()
    assert lot.status == LotStatus.TERMINATED
    response = officer.post(reverse("procurement:lot-retender", args=[lot.pk]))
    assert response.status_code == 302 and "/edit/needs/" in response.url


def test_two_officers_ending_a_tender_see_both_texts():
    tender = published_tender()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    url = reverse("procurement:termination-add", args=[tender.pk])
    mine, theirs = "因机构改革，该项采购任务自七月一日起取消。", "上级文件调整了年度计划，本项目不再实施。"
    first.post(url, {"kind": "task_cancelled", "reason": theirs, "version": ""})
    response = second.post(url, {"kind": "plan_changed", "reason": mine, "version": ""})
    text = response.content.decode()
    assert response.status_code == 422 and mine in text and theirs in text
    row = tender.terminations.get()
    terminations.return_termination(actor=tender.people.approver, termination_id=row.pk, reason="补充文号")
    form = first.get(url).context["form"]
    assert (form["reason"].value(), form["version"].value()) == (theirs, 1)
    version = response.context["form"]["version"].value()
    second.post(url, {"kind": "plan_changed", "reason": mine, "version": version})
    row.refresh_from_db()
    assert (row.reason, row.version, row.status) == (mine, 2, PaperStatus.SUBMITTED)


def test_discarding_over_http():
    tender = tender_draft()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    detail, discard = (reverse(f"procurement:tender-{name}", args=[tender.pk]) for name in ("detail", "discard"))
    assert discard in first.get(detail).content.decode()
    asked = first.get(discard)
    assert asked.status_code == 200 and tender.title in asked.content.decode()
    version = asked.context["form"]["version"].value()
    assert first.post(discard, {"version": version, "reason": ""}).status_code == 422
    save(tender, "needs", {"needs": "北片三个街道的供餐"})
    stale = second.post(discard, {"version": version, "reason": "不再购买"})
    assert stale.status_code == 422 and "不再购买" in stale.content.decode()
    version = stale.context["form"]["version"].value()
    assert second.post(discard, {"version": version, "reason": "不再购买"}).url == detail
    assert titles(first) == [] and titles(first, state="discarded") == [tender.pk]
    restore = reverse("procurement:tender-restore", args=[tender.pk])
    page = first.get(detail).content.decode()
    assert "不再购买" in page and restore in page and discard not in page
    assert first.get(discard).url == detail
    planned = reverse("planning:list-detail", args=[tender.item.purchase_list_id])
    assert detail not in first.get(planned).content.decode()
    first.post(restore)
    assert titles(first) == [tender.pk] and detail in first.get(planned).content.decode()


def test_what_is_due_for_whom(market_clock):
    tender = submitted_tender()
    assert [task.rule_id for task in tender_areas.due(tender.people.approver)] == ["R-TENDER-01"]
    assert tender_areas.due(tender.people.officer) == []
    tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)
    questions.ask_question(actor=taker(tender), tender_id=tender.pk, text="可以租车吗？")
    assert [task.rule_id for task in tender_areas.due(tender.people.officer)] == ["R-OBJ-01", "R-PUB-01"]
    market_clock.move_to(datetime(2026, 7, 4, 9))
    assert {task.rule_id for task in tender_areas.due(tender.people.officer)} == {
        "R-OBJ-01",
        "R-OPEN-01",
        "R-PUB-01",
    }
    tender.lots.update(status=LotStatus.VOID)
    assert "R-EVAL-20" in {task.rule_id for task in tender_areas.due(tender.people.officer)}


def test_two_officers_correcting_see_both_texts():
    """The second text is not lost, although the first is with the second officer already."""
    tender = published_tender()
    first, second = client_for(tender.people.officer), client_for(make_person(tender.buyer, Role.OFFICER))
    form = first.get(reverse("procurement:correction-add", args=[tender.pk])).context["form"]
    unchanged = {target: passage.text for target, passage in form.passages.items()}
    data = {**unchanged, "subject": "满意度", "affects_bids": "1", "field:quality": "不低于 92%。"}
    first.post(reverse("procurement:correction-add", args=[tender.pk]), data)
    row = tender.corrections.get()
    corrections.return_correction(actor=tender.people.approver, correction_id=row.pk, reason="写明口径")
    change = reverse("procurement:correction-change", args=[tender.pk, row.pk])
    first.post(change, {**data, "field:quality": "不低于 93%。", "version": "1"})
    response = second.post(change, {**data, "field:quality": "不低于 94%。", "version": "1"})
    text = response.content.decode()
    assert response.status_code == 422 and "不低于 93%。" in text and "不低于 94%。" in text
    again = second.post(
        change, {**data, "field:quality": "不低于 94%。", "version": response.context["form"]["version"].value()}
    )
    assert again.status_code == 422 and "不低于 94%。" in again.content.decode()  # it waits for the second officer
    assert [c.after for c in row.changes.all()] == ["不低于 93%。"]
    assert second.get(change).status_code == 302


def queries_of(client, url):
    client.get(url)  # content types and the like are read once
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def many_tenders(tender, count, **more):
    """Rows as the procedure leaves them, in bulk: only the number matters here."""
    values = {"item": tender.item, "buyer": tender.buyer, "created_by_id": tender.created_by_id, **more}
    rows = Tender.objects.bulk_create(
        Tender(title=f"服务 {n}", created_at=tender.created_at, budget_amount=1, **values) for n in range(count)
    )
    Lot.objects.bulk_create(
        Lot(tender=row, position=position, title="包", budget_amount=1, status=LotStatus.OPEN)
        for row in rows
        for position in (1, 2)
    )
    return rows


def test_list_of_tenders_asks_the_same_for_ten_and_for_a_thousand():
    tender = published_tender()
    client = client_for(tender.people.officer)
    state = {"status": "published", "deadline": tender.deadline, "documents_until": tender.documents_until}
    many_tenders(tender, 9, **state)
    few = queries_of(client, LIST)
    many_tenders(tender, 990, **state)
    assert queries_of(client, LIST) == few == LIST_QUERIES
    assert queries_of(client, LIST + "?page=34") == few


def test_what_is_due_asks_the_same_for_ten_and_for_a_thousand(market_clock):
    """Every one of them waits for an extension or its opening: the worst case."""
    tender = published_tender(documents_until=datetime(2026, 6, 24, 9, 30, tzinfo=ZONE))
    state = {"status": "published", "deadline": tender.deadline, "documents_until": tender.documents_until}
    officer = tender.people.officer
    many_tenders(tender, 9, rules=tender.rules, **state)
    market_clock.move_to(datetime(2026, 7, 4, 9))
    with CaptureQueriesContext(connection) as few:
        assert len(tender_areas.due(officer)) == 21  # and the one with a number has its medium to record
    many_tenders(tender, 90, rules=tender.rules, **state)
    with CaptureQueriesContext(connection) as many:
        assert len(tender_areas.due(officer)) == 201
    assert len(many) == len(few)


def test_far_tenders_are_not_even_read_for_what_is_due(market_clock):
    tender = published_tender()
    assert list(Tender.objects.annotate(taken=Count("takes")).filter(tender_areas._in_need(clock.now()))) == []
    market_clock.move_to(datetime(2026, 7, 4, 9))
    assert Tender.objects.annotate(taken=Count("takes")).filter(tender_areas._in_need(clock.now())).get() == tender


def test_detail_page_asks_the_same_for_two_and_for_a_hundred_questions():
    tender = published_tender(lots=2)
    client, url = client_for(tender.people.officer), reverse("procurement:tender-detail", args=[tender.pk])
    asker = taker(tender)
    ask_many(tender, asker, 2)
    few = queries_of(client, url)
    ask_many(tender, asker, 98)
    assert queries_of(client, url) == few == DETAIL_QUERIES


def ask_many(tender, asker, count):
    Question.objects.bulk_create(
        Question(
            tender=tender, body_id=asker.body_id, asked_by_id=asker.user_id, text=f"问题 {n}？",
            asked_at=clock.now(), answer_due=clock.now(),
        )
        for n in range(count)
    )  # fmt: skip
