"""What an auditor's finding may be about in this room: a tender, by its key or its number."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.services.findings import FindingSubject
from marketplace.people import subjects

from .models import Award, AwardStatus, Tender


def subject_of(tender: Tender | None) -> FindingSubject | None:
    """Published tenders only: before that there is nothing an outsider could have found."""
    if tender is None or not tender.number:
        return None
    return FindingSubject(
        key=f"procurement.tender:{tender.pk}",
        title=tender.title,
        body_id=tender.buyer_id,
        url=reverse("procurement:tender-public", args=[tender.number]),
        project_number=tender.number,
        others=tuple(_others(tender)),
    )


def _others(tender: Tender) -> list[int]:
    """Whom else it may concern: the agent, and whoever has won a lot."""
    winners = Award.objects.filter(lot__tender=tender, status=AwardStatus.PUBLISHED).values_list("bid__body", flat=True)
    return [*([tender.agency_id] if tender.agency_id else []), *dict.fromkeys(winners)]


def by_key(pk: int) -> FindingSubject | None:
    return subject_of(Tender.objects.filter(pk=pk).first())


def by_number(number: str) -> FindingSubject | None:
    return subject_of(Tender.objects.filter(number=number).first())


def register_all() -> None:
    subjects.register("procurement.tender", by_key)
    subjects.register_project(by_number)
