"""Tendering a void lot again: a new draft that copies everything and counts the dates anew (R-EVAL-20)."""

from __future__ import annotations

from typing import Any

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.documents.models import Document

from ..models import Criterion, Lot, LotStatus, Tender, TenderCustodian, TenderStatus
from ..permissions.tender import can_prepare_tender
from ..selectors.content import attachments_of
from .draft import propose_dates

COPIED = [
    "method",
    "needs",
    "quality",
    "service_place",
    "service_from",
    "service_to",
    "public_consultation",
    "survey_parties",
    "is_complex",
    "negative_list_confirmed",
    "price_weight",
    "rounding_places",
    "abnormal_raise",
    "payment_terms",
    "contract_terms",
    "validity_days",
    "opening_place",
    "contact_name",
    "contact_phone",
    "agency_scope",
    "clarification",
]
ENDED = (LotStatus.VOID, LotStatus.TERMINATED)


def retender_lot(*, actor: Actor, lot_id: int) -> Tender:
    """A new draft from a void or terminated lot. Asked twice, it answers the draft that is there."""
    with transaction() as log:
        lot = locked(Lot, lot_id, "tender__item__purchase_list", "tender__buyer")
        require_permission(can_prepare_tender(actor, lot.tender))
        if lot.status not in ENDED:
            raise MarketplaceError(_("Only a void or terminated lot is tendered again."), rule_id="R-EVAL-20")
        existing = lot.retenders.kept().exclude(status=TenderStatus.TERMINATED).first()
        if existing is not None:
            return existing
        tender = _copy(actor, lot)
        log.record("tender.begun", tender, actor, retender_of=lot.number)
    return tender


def _copy(actor: Actor, lot: Lot) -> Tender:
    old = lot.tender
    tender = Tender.objects.create(
        item=old.item,
        buyer=old.buyer,
        agency=old.agency,
        agency_mandate=old.agency_mandate,
        retender_of=lot,
        title=_retitled(lot),
        budget_amount=lot.budget_amount,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        **{name: getattr(old, name) for name in COPIED},
    )
    Lot.objects.create(
        tender=tender,
        position=1,
        title=lot.title,
        needs=lot.needs,
        budget_amount=lot.budget_amount,
        price_ceiling=lot.price_ceiling,
    )
    _copy_rows(old, tender)
    _copy_criteria(old, tender)
    propose_dates(tender)
    return tender


def _retitled(lot: Lot) -> str:
    base = lot.tender.title if lot.tender.lots.count() == 1 else f"{lot.tender.title}（{lot.title}）"
    return f"{base}（重新招标）"[:120]


def _copy_rows(old: Tender, tender: Tender) -> None:
    for row in (*old.conditions.all(), *old.milestone_plans.all()):
        type(row).objects.create(tender=tender, **_own_values(row))  # type: ignore[attr-defined]
    for guard in old.custodians.all():
        TenderCustodian.objects.create(
            tender=tender, key=guard.key, named_by_id=tender.created_by_id, named_at=clock.now()
        )
    for document in attachments_of(old):
        Document.objects.create(
            subject=f"procurement.tender:{tender.pk}",
            kind=document.kind,
            title=document.title,
            file=document.file,
            created_at=clock.now(),
        )


def _copy_criteria(old: Tender, tender: Tender) -> None:
    """The tree, parents first, each with its ranges."""
    twins: dict[int, Criterion] = {}
    rows = old.criteria.prefetch_related("ranges").order_by("parent_id", "position")
    for row in sorted(rows, key=lambda each: each.parent_id is not None):
        twin = Criterion.objects.create(
            tender=tender, parent=twins.get(row.parent_id or 0), **_own_values(row, "parent")
        )
        twins[row.pk] = twin
        for each in row.ranges.all():
            twin.ranges.create(position=each.position, text=each.text, points=each.points)


def _own_values(row: Any, *without: str) -> dict[str, Any]:
    return model_to_dict(row, exclude=["id", "tender", *without])
