"""Submission, return and publication of a tender: two persons, one moment, everything frozen."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, Refused, StaleVersion
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.documents.generation import request_document
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice
from marketplace.web.wizard import open_points

from ..events import TenderPublished, TenderReturned, TenderSubmitted
from ..lifecycle import LOT, TENDER
from ..models import Tender, TenderStatus, TenderSubmission
from ..notices import tender_notice
from ..permissions.tender import can_decide_tender, can_prepare_tender
from ..selectors.content import content_of
from ..selectors.tender import checks_of, rules_of
from .sealing import make_lot_key

DOCUMENTS = "tender_documents"
RELATED = ("item__purchase_list", "item__budget_line__fund", "buyer", "agency")


def submit_tender(*, actor: Actor, tender_id: int) -> Tender:
    """Hands the draft to the second officer. Refuses with the first rule that does not hold."""
    with transaction() as log:
        tender = locked(Tender, tender_id, *RELATED)
        require_permission(can_prepare_tender(actor, tender))
        _require_complete(tender, checks_of(tender))
        TENDER.apply(tender, "submit", actor=actor)
        tender.submitted_by_id, tender.return_reason = actor.user_id, ""
        tender.save(update_fields=["submitted_by", "return_reason"])
        TenderSubmission.objects.create(
            tender=tender, content=content_of(tender), submitted_by_id=actor.user_id, submitted_at=clock.now()
        )
        log.record("tender.submitted", tender, actor, version=tender.version)
        announce(TenderSubmitted(tender.pk))
    return tender


def return_tender(*, actor: Actor, tender_id: int, reason: str) -> Tender:
    """Back to the officer, with what has to be changed."""
    with transaction() as log:
        tender = locked(Tender, tender_id)
        require_permission(can_decide_tender(actor, tender))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        TENDER.apply(tender, "return", actor=actor)
        tender.return_reason = reason.strip()
        tender.save(update_fields=["return_reason"])
        log.record("tender.returned", tender, actor, reason=tender.return_reason)
        announce(TenderReturned(tender.pk))
    return tender


def discard_tender(*, actor: Actor, tender_id: int, version: int, reason: str) -> Tender:
    """Puts a draft that nobody wants away: out of the lists and of what is due, kept in the record with its reason.

    Refuses a draft on which somebody wrote after the page was opened: perhaps it is wanted after all.
    """
    with transaction() as log:
        tender = locked(Tender, tender_id)
        require_permission(can_prepare_tender(actor, tender))
        if tender.status == TenderStatus.DRAFT and tender.version != version:
            raise StaleVersion(_("Somebody has written on this draft since you opened the page."), current=tender)
        if not reason.strip():
            raise MarketplaceError(_("Write why nobody wants this draft any more."), field="reason")
        TENDER.apply(tender, "discard", actor=actor)
        tender.discard_reason = reason.strip()
        tender.save(update_fields=["discard_reason"])
        log.record("tender.discarded", tender, actor, reason=tender.discard_reason)
    return tender


def restore_tender(*, actor: Actor, tender_id: int) -> Tender:
    """Takes a discarded draft up again. A lot is tendered again once: not when another draft does it by now."""
    with transaction() as log:
        tender = locked(Tender, tender_id, "retender_of")
        require_permission(can_prepare_tender(actor, tender))
        TENDER.apply(tender, "restore", actor=actor)
        lot = tender.retender_of
        if lot is not None and lot.retenders.kept().exclude(pk=tender.pk).exists():
            raise MarketplaceError(_("The lot is being tendered again by another draft; go on with that one."))
        log.record("tender.restored", tender, actor)
    return tender


def publish_tender(*, actor: Actor, tender_id: int) -> Tender:
    """Number, frozen rules, keys of the lots, notice, documents: all in one transaction, or nothing.

    The dates are judged anew from this day: a draft that lay too long is refused with the earliest lawful date.
    """
    with transaction() as log:
        tender = locked(Tender, tender_id, *RELATED)
        require_permission(can_decide_tender(actor, tender))
        TENDER.apply(tender, "publish", actor=actor)
        _require_complete(tender, checks_of(tender, issued_on=clock.today()))
        _freeze(tender, actor)
        _open_lots(log, tender, actor)
        tender.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.TENDER,
            title=f"{tender.title}招标公告",
            subject=tender,
            project_number=tender.number,
            body=tender.buyer,
            region=tender.buyer.region,
            data=tender_notice(tender),
        )
        tender.save(update_fields=["snapshot"])
        log.record(
            "tender.published",
            tender,
            actor,
            project=tender.number,
            title=tender.title,
            budget=tender.budget_amount,
            deadline=tender.deadline,
            notice=tender.snapshot.number,
            reasons={row.rule_id: row.reason for row in tender.reasons.all()},
        )
        request_document(DOCUMENTS, tender)
        announce(TenderPublished(tender.pk))
    return tender


def _require_complete(tender: Tender, checks: dict[str, list[Decision]]) -> None:
    missing = open_points(checks, reasons_given(tender))
    if missing:
        raise Refused(missing[0])


def reasons_given(tender: Tender) -> Iterable[str]:
    return tender.reasons.values_list("rule_id", flat=True)


def _freeze(tender: Tender, actor: Actor) -> None:
    """From here the tender lives by the rules of this day."""
    tender.number = next_number("project", tender.buyer.region)
    tender.rules = rules_of(tender, clock.today()).freeze()
    tender.published_by_id, tender.published_at = actor.user_id, clock.now()
    tender.save(update_fields=["number", "rules", "published_by", "published_at"])


def _open_lots(log: Log, tender: Tender, actor: Actor) -> None:
    for lot in tender.lots.all():
        lot.tender = tender
        LOT.apply(lot, "open", actor=actor)
        make_lot_key(log=log, lot=lot)
        log.record("lot.opened_for_bids", lot, actor, project=tender.number, title=lot.title, deadline=tender.deadline)
