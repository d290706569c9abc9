"""The draft, page by page: what a page may hold, two officers at once, a second click."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import clock
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused, StaleVersion
from marketplace.documents.models import Document
from marketplace.documents.services import store_bytes
from marketplace.procurement.models import Criterion, Tender
from marketplace.procurement.selectors.content import attachments_and_removed
from marketplace.procurement.services import custodians, draft
from tests.factories.accounts import make_body, make_person
from tests.factories.planning import buyer_people, draft_list, published_item
from tests.factories.procurement import CRITERIA, make_custodians, save, tender_draft

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def test_draft_is_born_from_the_listed_item_with_lawful_dates():
    tender = tender_draft()
    assert (tender.title, tender.budget_amount) == ("静安区社区老年食堂运营服务", Decimal("1860000.00"))
    assert [lot.budget_amount for lot in tender.lots.all()] == [Decimal("1860000.00")]
    assert tender.deadline == datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
    assert [(row.kind, row.points) for row in tender.criteria.all()] == [("price", 15)]
    assert "彩票公益金资助-中国福利彩票" in tender.contract_terms  # R-LOT-06
    assert tender.number is None


def test_item_that_is_not_published_cannot_be_tendered():
    people = buyer_people()
    item = draft_list(people).items.get()
    with pytest.raises(MarketplaceError) as error:
        draft.create_tender(actor=people.officer, item_id=item.pk)
    assert error.value.rule_id == "R-PLAN-02"
    assert Tender.objects.count() == 0


def test_second_tender_of_an_item_begins_with_what_is_left():
    people = buyer_people()
    item = published_item(people)
    first = draft.create_tender(actor=people.officer, item_id=item.pk)
    second = draft.create_tender(actor=people.officer, item_id=item.pk)
    assert first.budget_amount == second.budget_amount  # a draft claims nothing yet


def test_strangers_and_other_roles_write_nothing():
    tender = tender_draft()
    stranger = make_person(make_body(), Role.OFFICER)
    finance = make_person(tender.buyer, Role.FINANCE)
    for actor in (stranger, finance, tender.people.approver):
        with pytest.raises(NotAllowed):
            draft.save_step(
                actor=actor, tender_id=tender.pk, key="needs", version=1, fields={"title": "x", "needs": "y"}
            )
    with pytest.raises(NotFound):
        draft.save_step(actor=stranger, tender_id=0, key="needs", version=1, fields={"title": "x", "needs": "y"})
    tender.refresh_from_db()
    assert (tender.title, tender.version) == ("静安区社区老年食堂运营服务", 1)


def test_save_counts_the_version_and_names_who_saved():
    tender = tender_draft()
    save(tender, "needs", {"title": "社区食堂"})
    tender.refresh_from_db()
    step = tender.steps.get(key="needs")
    assert (tender.title, tender.version, step.version) == ("社区食堂", 2, 2)
    assert step.saved_by_id == tender.people.officer.user_id


def test_the_same_save_twice_is_one_save():
    tender = tender_draft()
    save(tender, "needs", {"title": "社区食堂"}, version=1)
    save(tender, "needs", {"title": "社区食堂"}, version=1)
    tender.refresh_from_db()
    assert tender.version == 2


def test_two_officers_on_one_page_lose_nothing():
    tender = tender_draft()
    save(tender, "needs", {"title": "甲的标题"}, version=1)
    with pytest.raises(StaleVersion) as stale:
        save(tender, "needs", {"title": "乙的标题"}, version=1)
    assert stale.value.current.fields["title"] == "甲的标题"
    tender.refresh_from_db()
    assert tender.title == "甲的标题"
    save(tender, "needs", {"title": "乙的标题"}, version=tender.version)  # seen both, decided
    tender.refresh_from_db()
    assert tender.title == "乙的标题"


def test_two_officers_on_two_pages_do_not_meet():
    tender = tender_draft()
    save(tender, "needs", {"title": "甲的标题"}, version=1)
    save(tender, "contacts", {"contact_name": "李雷"}, version=1)
    tender.refresh_from_db()
    assert (tender.title, tender.contact_name) == ("甲的标题", "李雷")


def test_rows_are_rewritten_by_place():
    tender = tender_draft()
    rows = [{"text": "持有食品经营许可证", "evidence": "许可证"}, {"text": "接报后 30 分钟到场", "evidence": ""}]
    save(tender, "eligibility", rows=rows)
    kept = tender.conditions.get(position=1).pk
    save(tender, "eligibility", rows=rows[:1])
    assert [(row.pk, row.text) for row in tender.conditions.all()] == [(kept, "持有食品经营许可证")]


@pytest.mark.parametrize(
    ("key", "fields", "rule_id", "field", "due"),
    [
        ("timetable", {"planned_on": TODAY - timedelta(days=1)}, "R-TIME-07", "planned_on", TODAY),
        (
            "timetable",
            {"deadline": datetime(2026, 7, 3, 9, 30, tzinfo=ZONE)},
            "R-TENDER-01",
            "deadline",
            date(2026, 7, 6),
        ),
        ("service", {"service_from": TODAY - timedelta(days=1)}, "R-TIME-07", "service_from", TODAY),
    ],
)
def test_past_and_unlawful_dates_are_refused_with_rule_and_lawful_day(key, fields, rule_id, field, due):
    tender = tender_draft()
    before = draft.read_step(tender, key)
    with pytest.raises(Refused) as refused:
        save(tender, key, fields)
    decision = refused.value.decision
    assert (decision.rule_id, decision.field, decision.due) == (rule_id, field, due)
    tender.refresh_from_db()
    assert draft.read_step(tender, key) == before


def test_past_milestone_is_refused():
    tender = tender_draft()
    row = {"name": "启动", "deliverable": "方案", "due_on": TODAY - timedelta(days=1), "share": Decimal(100)}
    with pytest.raises(Refused) as refused:
        save(tender, "milestones", rows=[row])
    assert refused.value.field == "due_on"
    assert tender.milestone_plans.count() == 0


def test_wan_typed_for_yuan_has_to_be_confirmed():
    tender = tender_draft()
    lot = {"title": "食堂", "needs": "", "budget_amount": Decimal("186.00"), "price_ceiling": None}
    with pytest.raises(Refused) as refused:
        save(tender, "lots", {"budget_amount": Decimal("186.00")}, [lot])
    assert refused.value.field == "budget_amount" and "1,860,000.00" in str(refused.value)
    tender.refresh_from_db()
    assert tender.budget_amount == Decimal("1860000.00")
    save(tender, "lots", {"budget_amount": Decimal("186.00")}, [lot], confirmed=True)
    tender.refresh_from_db()
    assert tender.budget_amount == Decimal("186.00")


def test_ceiling_in_the_wrong_unit_is_noticed():
    tender = tender_draft()
    lot = {"title": "食堂", "needs": "", "budget_amount": Decimal("1860000"), "price_ceiling": Decimal("180")}
    with pytest.raises(Refused) as refused:
        save(tender, "lots", rows=[lot])
    assert refused.value.field == "price_ceiling"


def test_price_weight_moves_the_price_criterion():
    tender = tender_draft()
    save(tender, "price", {"price_weight": 20})
    assert tender.criteria.get(kind="price").points == 20


def test_only_an_admitted_agency_is_chosen():
    tender = tender_draft()
    strange = make_body(BodyKind.AGENCY, admitted=False)
    with pytest.raises(Refused) as refused:
        save(tender, "contacts", {"agency_id": strange.pk})
    assert refused.value.rule_id == "R-SCOPE-10"
    agency = make_body(BodyKind.AGENCY)
    save(tender, "contacts", {"agency_id": agency.pk})
    officer = make_person(agency, Role.OFFICER)
    tender.refresh_from_db()
    saved = draft.read_step(tender, "needs")
    draft.save_step(
        actor=officer, tender_id=tender.pk, key="needs", version=9, fields={**saved.fields, "title": "代理改的标题"}
    )
    tender.refresh_from_db()
    assert tender.title == "代理改的标题"


def add(tender, criterion, criterion_id=None, version=None):
    tender.refresh_from_db()
    return draft.save_criterion(
        actor=tender.people.officer,
        tender_id=tender.pk,
        version=tender.version if version is None else version,
        criterion_id=criterion_id,
        criterion=criterion,
    )


def test_criteria_stand_in_groups_that_carry_their_sum():
    tender = tender_draft()
    first, second = add(tender, CRITERIA[0]), add(tender, CRITERIA[1])
    group = Criterion.objects.get(pk=first.parent_id)
    assert (group.title, group.points) == ("服务方案", 35)
    moved = draft.CriterionInput(**{**CRITERIA[1].__dict__, "group": "服务方案"})
    add(tender, moved, second.pk)
    group.refresh_from_db()
    assert group.points == 55
    assert not tender.criteria.filter(title="团队").exists()  # the empty group went


def test_criterion_saved_by_two_officers_shows_both():
    tender = tender_draft()
    row = add(tender, CRITERIA[0])
    opened_at = tender.version + 1
    add(tender, draft.CriterionInput(**{**CRITERIA[0].__dict__, "title": "甲"}), row.pk)
    with pytest.raises(StaleVersion) as stale:
        add(tender, draft.CriterionInput(**{**CRITERIA[0].__dict__, "title": "乙"}), row.pk, version=opened_at)
    assert stale.value.current.title == "甲"
    row.refresh_from_db()
    assert row.title == "甲"


def test_price_is_no_criterion_that_is_written_or_removed():
    tender = tender_draft()
    price = tender.criteria.get(kind="price")
    draft.remove_criterion(actor=tender.people.officer, tender_id=tender.pk, criterion_id=price.pk)
    assert tender.criteria.filter(pk=price.pk).exists()
    with pytest.raises(MarketplaceError) as error:
        add(tender, draft.CriterionInput(**{**CRITERIA[0].__dict__, "kind": "price"}))
    assert error.value.field == "kind"


def test_removed_criterion_takes_its_empty_group_along_and_twice_is_once():
    tender = tender_draft()
    row = add(tender, CRITERIA[0])
    for _click in range(2):
        draft.remove_criterion(actor=tender.people.officer, tender_id=tender.pk, criterion_id=row.pk)
    assert [each.kind for each in tender.criteria.all()] == ["price"]


def test_reason_for_a_warning_is_written_not_empty():
    tender = tender_draft()
    with pytest.raises(MarketplaceError):
        draft.give_reason(actor=tender.people.officer, tender_id=tender.pk, rule_id="R-PLAN-03", reason=" ")
    assert tender.reasons.count() == 0
    for version, reason in enumerate(("租约到期", "租约七月底到期", "租约七月底到期")):
        give_reason(tender, reason, version)
    assert [(row.reason, row.version) for row in tender.reasons.all()] == [("租约七月底到期", 2)]


def give_reason(tender, reason, version):
    return draft.give_reason(
        actor=tender.people.officer, tender_id=tender.pk, rule_id="R-PLAN-03", reason=reason, version=version
    )


def test_reason_given_meanwhile_is_not_overwritten():
    tender = tender_draft()
    row = give_reason(tender, "租约到期", 0)
    with pytest.raises(StaleVersion) as stale:
        give_reason(tender, "食堂装修", 0)
    assert stale.value.current == row
    assert [each.reason for each in tender.reasons.all()] == ["租约到期"]
    give_reason(tender, "食堂装修", row.version)
    assert [each.reason for each in tender.reasons.all()] == ["食堂装修"]


def test_milestones_are_proposed_over_the_term():
    tender = tender_draft()
    start = clock.today() + timedelta(days=60)
    save(tender, "service", {"service_from": start, "service_to": start + timedelta(days=364)})
    tender.refresh_from_db()
    rows = draft.proposed_milestones(tender)
    assert [row["share"] for row in rows] == [50, 40, 10]
    assert rows[-1]["due_on"] == start + timedelta(days=364)


def test_second_click_begins_no_second_tender():
    people = buyer_people()
    item = published_item(people)
    first = draft.create_tender(actor=people.officer, item_id=item.pk)
    assert draft.create_tender(actor=people.officer, item_id=item.pk) == first
    assert LogEntry.objects.filter(action="tender.begun").count() == 1
    first.people = people
    save(first, "needs", {"title": "北片", "needs": "北片三个街道的供餐"})
    assert draft.create_tender(actor=people.officer, item_id=item.pk) != first  # somebody has written on the first


def test_second_click_adds_no_second_criterion():
    tender = tender_draft()
    for _click in range(2):
        row = add(tender, CRITERIA[0], version=1)
    assert tender.criteria.get(title=CRITERIA[0].title) == row
    tender.refresh_from_db()
    assert tender.version == 2


def test_second_click_attaches_no_second_version():
    tender = tender_draft()
    file = store_bytes(b"%PDF-1.7 places", name="点位.pdf", content_type="application/pdf")
    again = store_bytes(b"%PDF-1.7 places", name="点位.pdf", content_type="application/pdf")
    newer = store_bytes(b"%PDF-1.7 more places", name="点位.pdf", content_type="application/pdf")
    versions = [
        draft.add_attachment(actor=tender.people.officer, tender_id=tender.pk, title="点位", file=each).version
        for each in (file, again, newer)
    ]
    assert versions == [1, 1, 2]


def attached(tender, content=b"%PDF-1.7 places", title="点位"):
    file = store_bytes(content, name=f"{title}.pdf", content_type="application/pdf")
    row = draft.add_attachment(actor=tender.people.officer, tender_id=tender.pk, title=title, file=file)
    tender.refresh_from_db()
    return row


def take_out(tender, row, service=draft.remove_attachment, **more):
    values = {"actor": tender.people.officer, "version": tender.version, **more}
    row = service(tender_id=tender.pk, document_id=row.pk, **values)
    tender.refresh_from_db()
    return row


put_back = partial(take_out, service=draft.put_attachment_back)


def test_attachment_is_taken_out_with_its_versions_and_stays_in_the_record():
    tender = tender_draft()
    attached(tender)
    second, other = attached(tender, b"%PDF-1.7 more places"), attached(tender, title="平面图")
    row = take_out(tender, second)
    assert (row.removed_at, row.removed_by_id) == (clock.now(), tender.people.officer.user_id)
    assert attachments_and_removed(tender) == ([other], [second])
    assert Document.objects.filter(title="点位").exclude(removed_at=None).count() == 2
    saved = tender.version
    take_out(tender, second, version=1)  # a second click
    assert tender.version == saved


def test_attachment_is_put_back_as_it_was():
    tender = tender_draft()
    attached(tender)
    second = attached(tender, b"%PDF-1.7 more places")
    take_out(tender, second)
    back = put_back(tender, second)
    assert (back.pk, back.version, back.removed_at, back.removed_by) == (second.pk, 2, None, None)
    assert attachments_and_removed(tender) == ([second], [])
    saved = tender.version
    put_back(tender, second)
    assert tender.version == saved


def test_taken_out_version_keeps_its_number_and_gives_way_to_what_came_after():
    tender = tender_draft()
    first = attached(tender)
    take_out(tender, first)
    newer = attached(tender, b"%PDF-1.7 more places")
    assert newer.version == 2
    with pytest.raises(MarketplaceError, match="点位"):
        put_back(tender, first)
    assert attachments_and_removed(tender) == ([newer], [])


def test_attachments_changed_meanwhile_are_not_touched():
    tender = tender_draft()
    row = attached(tender)
    opened = tender.version
    attached(tender, title="平面图")
    with pytest.raises(StaleVersion):
        take_out(tender, row, version=opened)
    row.refresh_from_db()
    assert row.removed_at is None
    take_out(tender, row)
    with pytest.raises(StaleVersion):
        put_back(tender, row, version=opened)
    assert attachments_and_removed(tender)[1] == [row]


def test_attachment_is_taken_out_by_its_officers_and_from_a_draft_only():
    tender, stranger = tender_draft(), make_person(make_body(), Role.OFFICER)
    row, elsewhere = attached(tender), attached(tender_draft())
    for actor in (stranger, tender.people.approver):
        with pytest.raises(NotAllowed):
            take_out(tender, row, actor=actor)
    with pytest.raises(NotFound):
        take_out(tender, elsewhere)
    for status in ("submitted", "published", "terminated"):
        Tender.objects.filter(pk=tender.pk).update(status=status)
        for service in (draft.remove_attachment, draft.put_attachment_back):
            with pytest.raises(MarketplaceError) as error:
                take_out(tender, row, service=service)
            assert error.value.code == "wrong_state"
    assert not Document.objects.exclude(removed_at=None).exists()


def test_choice_of_custodians_made_meanwhile_is_not_overwritten():
    *keys, other = [guard.key.pk for guard in make_custodians(4)]
    tender = tender_draft()
    name = partial(custodians.name_custodians, actor=tender.people.officer, tender_id=tender.pk)
    name(key_ids=keys, version=tender.version)
    with pytest.raises(StaleVersion) as stale:
        name(key_ids=[*keys[:2], other], version=tender.version)
    assert {key.pk for key in stale.value.current} == set(keys)
    assert set(tender.custodians.values_list("key_id", flat=True)) == set(keys)
    name(key_ids=keys, version=tender.version)  # the same choice, a second click
    assert LogEntry.objects.filter(action="tender.custodians_named").count() == 1
