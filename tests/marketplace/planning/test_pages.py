"""Pages of planning: the workspace with its two officers, and the public lists with filters and download."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.planning.areas import due, next_steps
from marketplace.planning.models import Intention, ListedItem, ListStatus, PurchaseList
from marketplace.planning.negative_list import CASES
from marketplace.procurement.services.draft import create_tender
from tests.factories.accounts import make_body, make_person
from tests.factories.planning import (
    budget_line,
    buyer_people,
    draft_list,
    published_intention,
    published_item,
    published_list,
)
from tests.factories.procurement import supplier
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers_wait_in_the_queue(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def item_data(line, **more):
    return {
        "name": "社区老年食堂",
        "outline": "午晚两餐。",
        "directory_code": "A0402",
        "is_public_service": "1",
        "budget_line": line.pk,
        "amount": "186 万元",
        "planned_month": "2026-07",
        "plan_filing_number": "沪财采备[2026]0137",
        "negative_list": [key for key, _text in CASES],
        "version": "1",
        **more,
    }


def test_from_the_empty_list_to_the_public_page():
    people = buyer_people()
    officer, approver = client_for(people.officer), client_for(people.approver)
    assert "还没有清单" in officer.get("/workspace/plans/").content.decode()
    opened = officer.post("/workspace/plans/", {"year": "2026"})
    purchase_list = PurchaseList.objects.get()
    assert opened.url == reverse("planning:list-detail", args=[purchase_list.pk])
    add = reverse("planning:item-add", args=[purchase_list.pk])
    assert officer.post(add, item_data(budget_line(people.body))).status_code == 302
    assert ListedItem.objects.get().amount == Decimal("1860000.00")
    officer.post(opened.url + "submit/")
    assert [task.url for task in due(people.approver)] == [opened.url]
    assert officer.post(opened.url + "publish/").status_code == 403
    assert Client().get(f"/plans/{people.body.code}/2026/").status_code == 404
    approver.post(opened.url + "publish/")
    public = Client().get(f"/plans/{people.body.code}/2026/").content.decode()
    assert "社区老年食堂" in public and "SH-JH-2026-0001-001" in public


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"negative_list": [CASES[0][0]]}, "negative_list", "R-GPS-05"),
        ({"planned_month": "2026-05"}, "planned_month", "R-NOTICE-01"),
        ({"amount": "99,999 万元"}, "amount", "R-PLAN-01"),
        ({"is_public_service": ""}, "is_public_service", "R-GPS-04"),
        ({"amount": "一百万"}, "amount", ""),
        ({"name": ""}, "name", ""),
    ],
)
def test_refusal_comes_back_on_the_filled_form(more, field, words):
    people = buyer_people()
    purchase_list = draft_list(people, items=0)
    url = reverse("planning:item-add", args=[purchase_list.pk])
    response = client_for(people.officer).post(url, item_data(budget_line(people.body), **more))
    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert ListedItem.objects.count() == 0
    if field != "name":
        assert "社区老年食堂" in response.content.decode()


def test_two_officers_on_one_item_see_both_texts():
    people = buyer_people()
    item = draft_list(people).items.get()
    url = reverse("planning:item-change", args=[item.purchase_list_id, item.pk])
    client = client_for(people.officer)
    line = budget_line(people.body)
    client.post(url, item_data(line, name="甲的名称"))
    response = client.post(url, item_data(line, name="乙的名称"))
    text = response.content.decode()
    assert response.status_code == 422 and "甲的名称" in text and "乙的名称" in text
    client.post(url, item_data(line, name="乙的名称", version=response.context["form"].data["version"]))
    item.refresh_from_db()
    assert item.name == "乙的名称"


def test_strangers_find_nothing():
    people = buyer_people()
    purchase_list = draft_list(people)
    url = reverse("planning:list-detail", args=[purchase_list.pk])
    assert client_for(make_person(make_body(), Role.OFFICER)).get(url).status_code == 404
    assert client_for(supplier()).get("/workspace/plans/").status_code == 403
    assert client_for(people.finance).get(url).status_code == 200
    assert client_for(people.finance).get(reverse("planning:item-add", args=[purchase_list.pk])).status_code == 403


def test_return_and_withdraw_over_http():
    people = buyer_people()
    purchase_list = draft_list(people)
    officer, approver = client_for(people.officer), client_for(people.approver)
    url = reverse("planning:list-detail", args=[purchase_list.pk])
    officer.post(url + "submit/")
    approver.post(url + "return/", {"reason": "补充备案号"})
    assert "补充备案号" in officer.get(url).content.decode()
    officer.post(reverse("planning:item-withdraw", args=[purchase_list.pk, purchase_list.items.get().pk]))
    purchase_list.refresh_from_db()
    assert purchase_list.status == ListStatus.DRAFT and purchase_list.waiting_items().count() == 0


def test_intention_over_http():
    people = buyer_people()
    purchase_list = published_list(people)
    item = purchase_list.items.get()
    officer, approver = client_for(people.officer), client_for(people.approver)
    officer.post(reverse("planning:intention-propose", args=[purchase_list.pk, item.pk]))
    url = reverse("planning:intention-detail", args=[Intention.objects.get().pk])
    assert "186.00" in approver.get(url).content.decode()
    assert officer.post(url + "publish/").status_code == 403
    approver.post(url + "publish/")
    assert Intention.objects.get().snapshot is not None
    officer.post(reverse("planning:item-filing", args=[purchase_list.pk, item.pk]), {"plan_filing_number": "沪备 9"})
    item.refresh_from_db()
    assert item.plan_filing_number == "沪备 9"


def test_public_list_filters_counts_and_downloads(client: Client, django_assert_max_num_queries):
    people = buyer_people()
    published_list(people, items=8, amount=Decimal("100000"))
    other = buyer_people(make_body(name="杨浦区民政局", region="310110"))
    published_list(other, name="=HYPERLINK(1)助残", amount=Decimal("50000"))
    with django_assert_max_num_queries(12):
        text = client.get("/plans/").content.decode()
    assert "9 项，合计 85.00 万元" in text
    assert "1 项，合计 5.00 万元" in client.get("/plans/", {"q": "助残"}).content.decode()
    assert "8 项" in client.get("/plans/", {"body": people.body.code}).content.decode()
    assert "没有找到" in client.get("/plans/", {"q": "没有这样的"}).content.decode()
    response = client.get("/plans/plans.csv", {"body": other.body.code})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "'=HYPERLINK(1)助残" in lines[1]


def test_public_body_page_links_the_intention(client: Client):
    people = buyer_people()
    intention = published_intention(people)
    text = client.get(f"/plans/{people.body.code}/2026/").content.decode()
    assert intention.snapshot.number in text
    assert client.get(f"/plans/{people.body.code}/2025/").status_code == 404


def test_wan_for_yuan_asks_and_then_takes_the_confirmed_amount():
    people = buyer_people()
    purchase_list, line = draft_list(people, items=0), budget_line(people.body)
    client, url = client_for(people.officer), reverse("planning:item-add", args=[purchase_list.pk])
    assert 'type="checkbox" name="confirmed"' not in client.get(url).content.decode()
    asked = client.post(url, item_data(line, amount="1860"))
    assert asked.status_code == 422
    assert "18,600,000.00" in asked.context["form"].errors["amount"][0]
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert client.post(url, item_data(line, amount="1860", confirmed="on")).status_code == 302
    assert ListedItem.objects.get().amount == 1860


def test_double_click_lists_once():
    people = buyer_people()
    purchase_list, line = draft_list(people, items=0), budget_line(people.body)
    client, url = client_for(people.officer), reverse("planning:item-add", args=[purchase_list.pk])
    for _click in range(2):
        assert client.post(url, item_data(line)).status_code == 302
    assert ListedItem.objects.count() == 1


def test_amount_beyond_the_line_offers_no_confirmation():
    """R-PLAN-01 is a rule, not a doubt: ticking a box would change nothing."""
    people = buyer_people()
    purchase_list, line = draft_list(people, items=0), budget_line(people.body)
    url = reverse("planning:item-add", args=[purchase_list.pk])
    response = client_for(people.officer).post(url, item_data(line, amount="2100 万元"))
    assert "R-PLAN-01" in response.context["form"].errors["amount"][0]
    assert 'type="checkbox" name="confirmed"' not in response.content.decode()


def test_workspace_list_asks_the_same_for_three_and_for_sixty_items(django_assert_num_queries):
    people = buyer_people()
    purchase_list = published_list(people, items=3, amount=Decimal("20000"))
    client, url = client_for(people.officer), reverse("planning:list-detail", args=[purchase_list.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    line = budget_line(people.body)
    first = ListedItem.objects.first()
    ListedItem.objects.bulk_create(
        ListedItem(
            purchase_list=purchase_list, number=f"{n}", name=f"服务 {n}", outline="略", directory_code="A0402",
            budget_line=line, amount=first.amount, planned_month=first.planned_month, published_at=first.published_at,
        )
        for n in range(57)
    )  # fmt: skip
    with django_assert_num_queries(len(few)):
        assert client.get(url).content.decode().count("服务 ") >= 57
    assert len(few) <= 25


def test_the_officer_is_told_of_the_intention_and_then_of_the_tender(market_clock):
    people = buyer_people()
    item = published_item(people, planned_month=date(2026, 8, 1))
    page = reverse("planning:list-detail", args=[item.purchase_list_id])
    assert [(str(task.title), task.due) for task in next_steps(people.officer)] == [
        (f"提出采购意向公告：{item.name}", date(2026, 7, 2))
    ]
    published_intention(people, item)
    assert next_steps(people.officer) == []
    market_clock.move_to(datetime(2026, 8, 3, 9))
    assert [(str(task.title), task.url) for task in next_steps(people.officer)] == [(f"发起招标：{item.name}", page)]
    assert next_steps(people.approver) == []
    create_tender(actor=people.officer, item_id=item.pk)
    assert next_steps(people.officer) == []
