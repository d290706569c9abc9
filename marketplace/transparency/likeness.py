"""Tenders and contracts beside which applications to venture calls are held: the same project is not paid twice.

Only what is public: a funder reads every title that is found (R-VENT-08).
"""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.contracts.models import Contract
from marketplace.procurement.models import Lot, Tender
from marketplace.ventures.likeness_sources import register
from marketplace.ventures.models import Call
from marketplace.ventures.rules.likeness import Project


def lots(call: Call) -> Iterator[Project]:
    """Lots of published tenders."""
    rows = Lot.objects.filter(tender__in=Tender.objects.public()).select_related("tender__buyer")
    for lot in rows.iterator(chunk_size=500):
        tender = lot.tender
        yield Project(
            subject=f"procurement.lot:{lot.pk}",
            title=f"{tender.number} {tender.title} {lot.title}",
            text=f"{tender.title} {lot.title} {tender.needs} {lot.needs}",
            url=f"/tenders/{tender.number}/",
            place=tender.service_place,
        )


def contracts(call: Call) -> Iterator[Project]:
    """Signed contracts: what is being delivered, where and when."""
    rows = Contract.objects.exclude(signed_at=None).select_related("buyer", "supplier")
    for contract in rows.iterator(chunk_size=500):
        yield Project(
            subject=f"contracts.contract:{contract.pk}",
            title=f"{contract.number} {contract.title}",
            text=f"{contract.title} {contract.service}",
            place=contract.place,
            starts_on=contract.term_from,
            ends_on=contract.term_to,
            body=contract.supplier.code,
        )


def connect() -> None:
    register(lots)
    register(contracts)
