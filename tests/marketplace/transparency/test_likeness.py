"""Public lots and signed contracts stand beside applications; drafts do not."""

from __future__ import annotations

import pytest

from marketplace.transparency.likeness import contracts, lots
from marketplace.ventures.likeness_sources import others_of
from tests.factories.contracts import drafted_contract, signed_contract
from tests.factories.procurement import published_tender, tender_draft_ready
from tests.factories.ventures import call_draft

pytestmark = pytest.mark.django_db


def test_lots_of_published_tenders():
    tender_draft_ready()
    call = call_draft()
    assert list(lots(call)) == []
    tender = published_tender()
    found = list(lots(call))
    assert [row.subject for row in found] == [f"procurement.lot:{lot.pk}" for lot in tender.lots.all()]
    assert tender.title in found[0].title and found[0].url == f"/tenders/{tender.number}/"
    assert found[0].subject in {row.subject for row in others_of(call)}


def test_signed_contracts():
    call = call_draft()
    drafted_contract()
    assert list(contracts(call)) == []
    contract = signed_contract().contract
    found = next(row for row in contracts(call) if row.subject == f"contracts.contract:{contract.pk}")
    assert (found.place, found.starts_on, found.ends_on) == (contract.place, contract.term_from, contract.term_to)
