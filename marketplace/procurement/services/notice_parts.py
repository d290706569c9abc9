"""Fields that notices of a lot share: the project, whom to ask."""

from __future__ import annotations

from marketplace.accounts.models import Body

from ..models import Lot, Tender

LONGEST = 180  # a notice's title is at most 200 long, its kind included


def project(tender: Tender) -> dict[str, str]:
    return {"project_number": tender.number or "", "project_name": tender.title}


def contacts(tender: Tender) -> dict[str, str]:
    found = {
        "buyer_contact": address_of(tender.buyer),
        "project_contact": f"{tender.contact_name}，{tender.contact_phone}",
    }
    if tender.agency is not None:
        found["agent_contact"] = address_of(tender.agency)
    return found


def address_of(body: Body) -> str:
    return "，".join(part for part in (body.name, body.address, body.contact_phone) if part)


def full_title(lot: Lot) -> str:
    """Tender and lot, the name said once: an only lot is the tender, and a lot that bears its name needs no more."""
    title = lot.tender.title
    if lot.title.startswith(title):
        return lot.title
    if lot.tender.lots.count() == 1:
        return title
    return f"{title}（{lot.title}）"[:LONGEST]
