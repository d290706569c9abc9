"""Tenders, questions, corrections and terminations in the workspace, over HTTP."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.procurement import tender_areas
from marketplace.procurement.models import LotStatus, PaperStatus
from marketplace.procurement.services import question as questions, tender as tenders
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, submitted_tender, supplier, taker, tender_draft
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
LIST = "/workspace/tenders/"


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


def test_what_is_due_for_whom(market_clock):
    tender = submitted_tender()
    assert [task.rule_id for task in tender_areas.due(tender.people.approver)] == ["R-TENDER-01"]
    assert tender_areas.due(tender.people.officer) == []
    tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)
    questions.ask_question(actor=taker(tender), tender_id=tender.pk, text="可以租车吗？")
    assert [task.rule_id for task in tender_areas.due(tender.people.officer)] == ["R-OBJ-01"]
    market_clock.move_to(datetime(2026, 7, 4, 9))
    assert {task.rule_id for task in tender_areas.due(tender.people.officer)} == {"R-OBJ-01", "R-OPEN-01"}
    tender.lots.update(status=LotStatus.VOID)
    assert "R-EVAL-20" in {task.rule_id for task in tender_areas.due(tender.people.officer)}
