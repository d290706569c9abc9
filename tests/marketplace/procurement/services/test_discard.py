"""A draft that nobody wants: out of the way, kept in the record, taken up again."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core.exceptions import MarketplaceError, NotAllowed, StaleVersion
from marketplace.core.legal import NeverDeleted
from marketplace.procurement import tender_areas
from marketplace.procurement.models import LotStatus, Tender, TenderStatus
from marketplace.procurement.selectors.lists import tenders_for
from marketplace.procurement.selectors.tender import item_left
from marketplace.procurement.services import draft, retender, tender as tenders
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, save, submitted_tender, tender_draft

pytestmark = pytest.mark.django_db
WHY = "街道改由自有食堂供餐，不再购买。"


def discard(tender, **more):
    tender.refresh_from_db()
    values = {"actor": tender.people.officer, "version": tender.version, "reason": WHY, **more}
    return tenders.discard_tender(tender_id=tender.pk, **values)


def restore(tender, **more):
    return tenders.restore_tender(**{"actor": tender.people.officer, "tender_id": tender.pk, **more})


def entries():
    return LogEntry.objects.filter(action__in=["tender.discarded", "tender.restored"]).count()


def returned_tender():
    """A draft that stands in what is due, and claimed its part of the item before."""
    tender = submitted_tender()
    assert item_left(tender.item) == 0
    tenders.return_tender(actor=tender.people.approver, tender_id=tender.pk, reason="核对预算")
    return tender


def test_discarded_draft_is_out_of_the_way_and_in_the_record():
    tender = returned_tender()
    officer = tender.people.officer
    assert [task.title for task in tender_areas.due(officer)] != []
    discard(tender)
    tender.refresh_from_db()
    assert (tender.status, tender.discard_reason) == (TenderStatus.DISCARDED, WHY)
    assert list(tenders_for(officer, {})) == list(tenders_for(officer, {"whose": "waiting"})) == []
    assert list(tenders_for(officer, {"state": "discarded"})) == [tender]
    assert tender_areas.due(officer) == []
    assert item_left(tender.item) == tender.item.amount
    entry = LogEntry.objects.get(action="tender.discarded")
    assert entry.subject == f"procurement.tender:{tender.pk}"
    assert tender not in Tender.objects.public()
    for row in (tender, tender.lots.get(), tender.conditions.get()):
        with pytest.raises((NeverDeleted, ProtectedError)):
            row.delete()


def test_discarded_draft_is_taken_up_again_as_it_was():
    tender = returned_tender()
    needs = tender.needs
    discard(tender)
    with pytest.raises(MarketplaceError) as error:
        save(tender, "needs", {"needs": "另一种服务"})
    assert error.value.code == "wrong_state"
    restore(tender)
    tender.refresh_from_db()
    assert (tender.status, tender.needs, tender.return_reason) == (TenderStatus.DRAFT, needs, "核对预算")
    assert list(tenders_for(tender.people.officer, {})) == [tender]
    assert len(tender_areas.due(tender.people.officer)) == 1
    save(tender, "contacts", {"contact_name": "李雷"})
    tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)
    assert item_left(tender.item) == 0


@pytest.mark.parametrize("status", ["submitted", "published", "terminated", "discarded"])
def test_only_a_draft_is_discarded(status):
    tender = tender_draft()
    Tender.objects.filter(pk=tender.pk).update(status=status)
    with pytest.raises(MarketplaceError) as error:
        discard(tender)
    assert error.value.code == "wrong_state"
    tender.refresh_from_db()
    assert (tender.status, tender.discard_reason, entries()) == (status, "", 0)


@pytest.mark.parametrize("status", ["draft", "submitted", "published", "terminated"])
def test_only_a_discarded_draft_is_taken_up_again(status):
    tender = tender_draft()
    Tender.objects.filter(pk=tender.pk).update(status=status)
    with pytest.raises(MarketplaceError) as error:
        restore(tender)
    assert error.value.code == "wrong_state"
    assert entries() == 0


def test_nobody_but_its_officers_discards_or_restores():
    tender = tender_draft()
    strangers = [
        make_person(make_body(), Role.OFFICER),
        make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR),
        tender.people.approver,
    ]
    for actor in strangers:
        with pytest.raises(NotAllowed):
            discard(tender, actor=actor)
    discard(tender)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            restore(tender, actor=actor)
    tender.refresh_from_db()
    assert (tender.status, entries()) == (TenderStatus.DISCARDED, 1)


def test_reason_is_asked_for_and_a_draft_written_on_meanwhile_stays():
    tender = tender_draft()
    with pytest.raises(MarketplaceError) as error:
        discard(tender, reason=" ")
    assert error.value.field == "reason"
    save(tender, "needs", {"needs": "北片三个街道的供餐"})
    with pytest.raises(StaleVersion):
        discard(tender, version=1)
    tender.refresh_from_db()
    assert (tender.status, entries()) == (TenderStatus.DRAFT, 0)


def test_void_lot_is_offered_again_after_its_new_draft_was_discarded():
    tender = published_tender()
    lot, officer = tender.lots.get(), tender.people.officer
    tender.lots.update(status=LotStatus.VOID)
    first = retender.retender_lot(actor=officer, lot_id=lot.pk)
    assert "R-EVAL-20" not in {task.rule_id for task in tender_areas.due(officer)}
    first.people = tender.people
    discard(first)
    assert "R-EVAL-20" in {task.rule_id for task in tender_areas.due(officer)}
    second = retender.retender_lot(actor=officer, lot_id=lot.pk)
    assert second != first
    with pytest.raises(MarketplaceError):
        restore(first)
    first.refresh_from_db()
    assert first.status == TenderStatus.DISCARDED
    second.people = tender.people
    discard(second)
    assert restore(first).status == TenderStatus.DRAFT


def test_item_of_a_discarded_draft_begins_a_new_one():
    tender = tender_draft()
    discard(tender)
    assert draft.create_tender(actor=tender.people.officer, item_id=tender.item_id) != tender
