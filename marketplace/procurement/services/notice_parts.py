"""Fields that notices of a lot share: the project, whom to ask."""

from __future__ import annotations

from marketplace.accounts.models import Body

from ..models import Lot, Tender


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
    """Tender and lot; a single lot that bears the tender's name is not said twice."""
    title = lot.tender.title
    return title if lot.title == title else f"{title}（{lot.title}）"
