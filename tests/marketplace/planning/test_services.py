"""Lists of the year and intentions: two persons, supplements, filing numbers, stale saves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core.events import subscribe
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused, StaleVersion
from marketplace.planning.events import IntentionPublished, ListPublished
from marketplace.planning.models import Intention, IntentionStatus, ListedItem, ListStatus, PurchaseList
from marketplace.planning.services import intentions, lists
from marketplace.publication.models import NoticeSnapshot
from tests.factories.accounts import make_body, make_person
from tests.factories.planning import (
    budget_line,
    buyer_people,
    draft_list,
    item_input,
    published_intention,
    published_item,
    published_list,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers_wait_in_the_queue(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def test_list_is_opened_once_a_year():
    people = buyer_people()
    first = lists.open_list(actor=people.officer, year=2026)
    assert lists.open_list(actor=people.officer, year=2026) == first
    with pytest.raises(MarketplaceError) as error:
        lists.open_list(actor=people.officer, year=2024)
    assert error.value.field == "year"
    assert PurchaseList.objects.count() == 1


@pytest.mark.parametrize(("kind", "role"), [(BodyKind.AGENCY, Role.OFFICER), (BodyKind.GOVERNMENT, Role.FINANCE)])
def test_only_officers_of_government_bodies_plan(kind, role):
    with pytest.raises(NotAllowed):
        lists.open_list(actor=make_person(make_body(kind), role), year=2026)
    assert PurchaseList.objects.count() == 0


def test_published_list_has_a_number_and_numbers_its_items():
    heard = []
    subscribe(ListPublished, heard.append)
    people = buyer_people()
    published = published_list(people, items=2, amount=Decimal("1000000"))
    assert (published.number, published.status) == ("SH-JH-2026-0001", ListStatus.PUBLISHED)
    assert [item.number for item in published.items.order_by("pk")] == ["SH-JH-2026-0001-001", "SH-JH-2026-0001-002"]
    assert heard == [ListPublished(published.pk)]


def test_item_added_later_is_a_supplement():
    people = buyer_people()
    published = published_list(people)
    line = budget_line(people.body)
    lists.add_item(actor=people.officer, list_id=published.pk, item=item_input(line, name="助残服务"))
    published.refresh_from_db()
    assert published.status == ListStatus.DRAFT
    lists.submit_list(actor=people.officer, list_id=published.pk)
    lists.publish_list(actor=people.approver, list_id=published.pk)
    published.refresh_from_db()
    assert published.number == "SH-JH-2026-0001"
    assert ListedItem.objects.get(name="助残服务").number == "SH-JH-2026-0001-002"


def test_items_of_a_line_stay_within_it():
    """R-PLAN-01."""
    people = buyer_people()
    purchase_list = lists.open_list(actor=people.officer, year=2026)
    line = budget_line(people.body, amount="2000000")
    add = {"actor": people.officer, "list_id": purchase_list.pk}
    lists.add_item(item=item_input(line, amount=Decimal("1500000")), **add)
    with pytest.raises(Refused) as refused:
        lists.add_item(item=item_input(line, amount=Decimal("500000.01")), **add)
    assert refused.value.rule_id == "R-PLAN-01" and "500,000.00" in str(refused.value)
    assert purchase_list.items.count() == 1
    lists.add_item(item=item_input(line, amount=Decimal("500000")), **add)


def test_line_of_another_body_is_refused():
    people = buyer_people()
    purchase_list = lists.open_list(actor=people.officer, year=2026)
    with pytest.raises(MarketplaceError) as error:
        lists.add_item(
            actor=people.officer, list_id=purchase_list.pk, item=item_input(budget_line(make_body(name="杨浦区民政局")))
        )
    assert error.value.field == "budget_line"


def test_four_eyes_for_the_list():
    people = buyer_people()
    purchase_list = draft_list(people)
    both = make_person(people.body, Role.OFFICER, Role.APPROVER)
    lists.submit_list(actor=both, list_id=purchase_list.pk)
    for actor in (both, people.officer, make_person(make_body(), Role.APPROVER)):
        with pytest.raises(NotAllowed):
            lists.publish_list(actor=actor, list_id=purchase_list.pk)
    assert ListedItem.objects.published().count() == 0
    lists.publish_list(actor=people.approver, list_id=purchase_list.pk)


def test_waiting_list_is_not_changed_and_returning_needs_a_reason():
    people = buyer_people()
    purchase_list = draft_list(people)
    item = purchase_list.items.get()
    lists.submit_list(actor=people.officer, list_id=purchase_list.pk)
    with pytest.raises(MarketplaceError) as error:
        lists.withdraw_item(actor=people.officer, item_id=item.pk)
    assert error.value.code == "wrong_state"
    with pytest.raises(MarketplaceError):
        lists.return_list(actor=people.approver, list_id=purchase_list.pk, reason="")
    lists.return_list(actor=people.approver, list_id=purchase_list.pk, reason="补充备案号")
    lists.withdraw_item(actor=people.officer, item_id=item.pk)
    with pytest.raises(Refused):
        lists.submit_list(actor=people.officer, list_id=purchase_list.pk)


def test_published_item_stays_but_its_filing_number_may_follow():
    """R-PLAN-02."""
    people = buyer_people()
    item = published_item(people, plan_filing_number="")
    with pytest.raises(MarketplaceError):
        lists.change_item(
            actor=people.officer, item_id=item.pk, version=1, item=item_input(budget_line(people.body), name="别的")
        )
    with pytest.raises(MarketplaceError):
        lists.file_plan(actor=people.officer, item_id=item.pk, plan_filing_number=" ")
    lists.file_plan(actor=people.officer, item_id=item.pk, plan_filing_number="沪财采备[2026]0200")
    item.refresh_from_db()
    assert (item.name, item.plan_filing_number) == ("静安区社区老年食堂运营服务", "沪财采备[2026]0200")


def test_stale_save_of_an_item_shows_the_stored_one():
    people = buyer_people()
    item = draft_list(people).items.get()
    wanted = item_input(budget_line(people.body))
    lists.change_item(actor=people.officer, item_id=item.pk, version=1, item=replace(wanted, name="甲"))
    lists.change_item(actor=people.officer, item_id=item.pk, version=1, item=replace(wanted, name="甲"))  # second click
    with pytest.raises(StaleVersion) as stale:
        lists.change_item(actor=people.officer, item_id=item.pk, version=1, item=replace(wanted, name="乙"))
    assert stale.value.current.name == "甲"
    item.refresh_from_db()
    assert (item.name, item.version) == ("甲", 2)


def test_month_that_passed_while_waiting_is_refused_at_publication(market_clock):
    people = buyer_people()
    purchase_list = draft_list(people)
    lists.submit_list(actor=people.officer, list_id=purchase_list.pk)
    market_clock.move_to(datetime(2026, 7, 1, 9))
    with pytest.raises(Refused) as refused:
        lists.publish_list(actor=people.approver, list_id=purchase_list.pk)
    assert refused.value.rule_id == "R-NOTICE-01"
    purchase_list.refresh_from_db()
    assert purchase_list.number is None


def test_intention_notice_has_the_fields_of_its_rule():
    """R-NOTICE-01."""
    heard = []
    subscribe(IntentionPublished, heard.append)
    intention = published_intention(buyer_people())
    data = intention.snapshot.data
    assert intention.status == IntentionStatus.PUBLISHED
    assert data["unit"] == "静安区民政局"
    assert data["items"][0]["budget_wan"] == "186.00" and data["items"][0]["planned_month"] == "2026-06"
    assert "以相关采购公告和采购文件为准" in data["disclaimer"]
    assert heard == [IntentionPublished(intention.pk)]


def test_four_eyes_for_the_intention():
    people = buyer_people()
    item = published_item(people)
    both = make_person(people.body, Role.OFFICER, Role.APPROVER)
    intention = intentions.propose_intention(actor=both, item_id=item.pk)
    with pytest.raises(NotAllowed):
        intentions.publish_intention(actor=both, intention_id=intention.pk)
    assert NoticeSnapshot.objects.count() == 0
    intentions.return_intention(actor=people.approver, intention_id=intention.pk, reason="概况写细")
    again = intentions.propose_intention(actor=both, item_id=item.pk)
    assert again == intention and Intention.objects.get().return_reason == ""
    intentions.publish_intention(actor=people.approver, intention_id=intention.pk)
    with pytest.raises(MarketplaceError):
        intentions.publish_intention(actor=people.approver, intention_id=intention.pk)
    assert NoticeSnapshot.objects.count() == 1


def test_unpublished_item_has_no_intention():
    people = buyer_people()
    item = draft_list(people).items.get()
    with pytest.raises(MarketplaceError):
        intentions.propose_intention(actor=people.officer, item_id=item.pk)
    assert Intention.objects.count() == 0


def test_thirty_days_after_the_intention_the_tender_needs_no_reason(market_clock):
    """R-PLAN-03, from notice to check list."""
    from marketplace.procurement.selectors.tender import checks_of
    from marketplace.procurement.services.draft import create_tender

    people = buyer_people()
    item = published_item(people)
    published_intention(people, item)
    market_clock.move_to(datetime(2026, 7, 15, 9))
    tender = create_tender(actor=people.officer, item_id=item.pk)
    answer = next(d for d in checks_of(tender)["timetable"] if d.rule_id == "R-PLAN-03")
    assert answer.allowed and answer.due == date(2026, 7, 15)


def test_second_click_adds_no_second_item():
    people = buyer_people()
    purchase_list, line = draft_list(people, items=0), budget_line(people.body)
    first = lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item_input(line))
    assert lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item_input(line)) == first
    other = lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item_input(line, note="第二期"))
    assert other != first
    assert LogEntry.objects.filter(action="listed_item.added").count() == 2


@pytest.mark.parametrize("amount", ["186.00", "999.99"])
def test_wan_typed_for_yuan_has_to_be_confirmed(amount):
    """186 on a line of twenty million yuan: 186 万元 was meant. Nothing is listed before it is confirmed."""
    people = buyer_people()
    purchase_list, line = draft_list(people, items=0), budget_line(people.body)
    item = item_input(line, amount=Decimal(amount))
    with pytest.raises(Refused) as doubt:
        lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item)
    assert (doubt.value.field, doubt.value.rule_id) == ("amount", "")
    assert not ListedItem.objects.exists() and not LogEntry.objects.filter(action="listed_item.added").exists()
    row = lists.add_item(actor=people.officer, list_id=purchase_list.pk, item=item, confirmed=True)
    with pytest.raises(Refused):
        lists.change_item(actor=people.officer, item_id=row.pk, version=1, item=replace(item, note="改"))
    changed = lists.change_item(
        actor=people.officer, item_id=row.pk, version=1, item=replace(item, note="改"), confirmed=True
    )
    assert (changed.note, changed.version) == ("改", 2)
