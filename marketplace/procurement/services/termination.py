"""The end of a tender before its award (R-TENDER-12): one drafts, a second publishes; lots end, bids stay closed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked
from marketplace.publication.models import NoticeKind
from marketplace.publication.privacy import no_identity_number
from marketplace.publication.services import publish_notice

from ..events import PaperSubmitted, TenderTerminated
from ..lifecycle import BEFORE_AWARD, LOT, PAPER, TENDER
from ..models import BidDraft, BidStatus, Lot, LotStatus, PaperStatus, Tender, TenderStatus, Termination
from ..notices import termination_notice
from ..permissions.correction import can_decide_paper, can_draft_paper
from ..rules.terminations import facts_written, not_awarded
from ..selectors.bids import counted_bids
from .drafts import destroy_draft


def draft_termination(*, actor: Actor, tender_id: int, kind: str, reason: str, version: int = 0) -> Termination:
    """Hands a termination to the second officer; a returned one is written anew.

    `version`: of the one that the form showed, 0 for none; a colleague's text is never written over unseen. The same
    text a second time changes nothing.
    """
    with transaction() as log:
        tender = locked(Tender, tender_id)
        require_permission(can_draft_paper(actor, tender))
        _require_open(tender)
        require(facts_written(reason), no_identity_number({"reason": reason}))
        row = tender.terminations.filter(status__in=[PaperStatus.SUBMITTED, PaperStatus.RETURNED]).first()
        if row is None:
            row = Termination(tender=tender)
        elif row.status == PaperStatus.SUBMITTED and (row.kind, row.reason) == (kind, reason.strip()):
            return row
        else:
            _require_fresh(row, version)
            PAPER.apply(row, "resubmit", actor=actor)
            row.version += 1
        row.kind, row.reason, row.return_reason = kind, reason.strip(), ""
        row.drafted_by_id, row.drafted_at = actor.user_id, clock.now()
        row.save()
        log.record("termination.submitted", row, actor, kind=kind)
        announce(PaperSubmitted("termination", row.pk))
    return row


def withdraw_termination(*, actor: Actor, termination_id: int) -> Termination:
    with transaction() as log:
        row = locked(Termination, termination_id, "tender")
        require_permission(can_draft_paper(actor, row.tender))
        PAPER.apply(row, "withdraw", actor=actor)
        log.record("termination.withdrawn", row, actor)
    return row


def return_termination(*, actor: Actor, termination_id: int, reason: str) -> Termination:
    with transaction() as log:
        row = locked(Termination, termination_id, "tender")
        require_permission(can_decide_paper(actor, row))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        PAPER.apply(row, "return", actor=actor)
        row.return_reason = reason.strip()
        row.save(update_fields=["return_reason"])
        log.record("termination.returned", row, actor, reason=row.return_reason)
    return row


def publish_termination(*, actor: Actor, termination_id: int) -> Termination:
    """Ends the tender and its lots, keeps every envelope closed, publishes the notice (R-NOTICE-07)."""
    with transaction() as log:
        row = locked(Termination, termination_id, "tender__buyer", "tender__agency", "tender__snapshot")
        require_permission(can_decide_paper(actor, row))
        tender = row.tender
        _require_open(tender)
        PAPER.apply(row, "publish", actor=actor)
        TENDER.apply(tender, "terminate", actor=actor)
        for lot in Lot.objects.select_for_update().filter(tender=tender, status__in=BEFORE_AWARD):
            _end_lot(log, lot, actor)
        row.published_by_id, row.published_at = actor.user_id, clock.now()
        row.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.TERMINATION,
            title=f"{tender.title}终止公告",
            subject=tender,
            project_number=tender.number,
            body=tender.buyer,
            region=tender.buyer.region,
            data=termination_notice(row),
            corrects=tender.snapshot,
        )
        row.save(update_fields=["published_by", "published_at", "snapshot"])
        log.record("tender.terminated", tender, actor, project=tender.number, ground=row.kind, reason=row.reason)
        announce(TenderTerminated(tender.pk))
    return row


def _require_fresh(row: Termination, version: int) -> None:
    if row.version != version:
        raise StaleVersion(_("Somebody else has written a termination of this tender meanwhile."), current=row)
    if row.status == PaperStatus.SUBMITTED:
        raise MarketplaceError(
            _("It waits for the second officer. Withdraw it or have it returned, then write it anew."),
            code="wrong_state",
        )


def _require_open(tender: Tender) -> None:
    if tender.status != TenderStatus.PUBLISHED:
        raise MarketplaceError(_("Only a published tender can be terminated."), code="wrong_state")
    require(not_awarded(tender.lots.filter(status__in=[LotStatus.AWARDED, LotStatus.CONTRACTED]).exists()))


def _end_lot(log: Log, lot: Lot, actor: Actor) -> None:
    if lot.status in (LotStatus.OPEN, LotStatus.CLOSED):
        counted_bids(lot).update(status=BidStatus.UNOPENED)
        for draft in BidDraft.objects.select_for_update().filter(lot=lot, destroyed_at=None):
            destroy_draft(draft)
    LOT.apply(lot, "terminate", actor=actor)
    log.record("lot.terminated", lot, actor)
