"""The closing of a lot: the count 60 s after the deadline, the log's head fixed, and what follows from the count."""

from __future__ import annotations

from django.utils.translation import gettext as _, override

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor, actor_for
from marketplace.accounts.models import Body, Membership
from marketplace.audit import heads
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.core.rulesets import RuleSet
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import LotClosed, LotVoided
from ..lifecycle import LOT
from ..models import BidDraft, BidStatus, Lot, LotClosing, LotStatus, Tender
from ..rules.bidding import closing_due, enough_bids
from ..selectors.bids import counted_bids
from .drafts import destroy_draft
from .notice_parts import full_title


def close_lot(*, actor: Actor = SYSTEM, lot_id: int) -> LotClosing:
    """Count the bids under the lot's lock, fix the head, void the lot when there are too few. Safe to repeat.

    Whoever sent in time but waits for the lock is let through first: the closing comes 60 s after the deadline.
    """
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender__buyer")
        if lot.status == LotStatus.OPEN:
            _count(log, lot, actor)
            _fix_head(lot)
    return LotClosing.objects.get(lot_id=lot_id)


def _count(log: Log, lot: Lot, actor: Actor) -> None:
    if not closing_due(clock.now(), lot.tender.deadline):  # type: ignore[arg-type]
        raise MarketplaceError(_("The deadline has not passed yet."), rule_id="R-OPEN-01")
    LOT.apply(lot, "close")
    count = counted_bids(lot).count()
    LotClosing.objects.create(lot=lot, closed_at=clock.now(), bid_count=count)
    log.record("lot.closed", lot, actor, project=lot.tender.number or "", lot=lot, bids=count)
    for draft in BidDraft.objects.select_for_update().filter(lot=lot, destroyed_at=None):
        destroy_draft(draft)
    decision = enough_bids(count, minimum_bidders(lot.tender))
    if decision.allowed:
        announce(LotClosed(lot.pk))
    else:
        _void(log, lot, actor, decision)


def minimum_bidders(tender: Tender) -> int:
    """R-OPEN-02 as frozen with the tender: three."""
    return int(RuleSet.thaw(tender.rules).value("R-OPEN-02"))


def _void(log: Log, lot: Lot, actor: Actor, decision: Decision) -> None:
    """The envelopes stay closed for ever; the notice is public, the bidders are told by the event."""
    LOT.apply(lot, "void_few")
    with override("zh-hans"):
        lot.void_reason = str(enough_bids(lot.closing.bid_count, minimum_bidders(lot.tender)).reason)
    lot.save(update_fields=["void_reason"])
    counted_bids(lot).update(status=BidStatus.UNOPENED)
    log.record(
        "lot.voided", lot, actor, project=lot.tender.number or "", lot=lot, rule="R-EVAL-20", reason=lot.void_reason
    )
    publish_void_notice(log, lot)
    announce(LotVoided(lot.pk))


def publish_void_notice(log: Log, lot: Lot) -> None:
    tender = lot.tender
    with override("zh-hans"):
        publish_notice(
            log=log,
            actor=publisher_of(tender),
            kind=NoticeKind.VOID,
            title=_("Void lot: %(title)s") % {"title": full_title(lot)},
            subject=lot,
            project_number=tender.number or "",
            body=tender.buyer,
            region=tender.buyer.region,
            data={
                "project_number": tender.number,
                "project_name": tender.title,
                "lot": f"{lot.number} {lot.title}",
                "reason": lot.void_reason,
                "next_step": _("The envelopes stay closed. The buyer may tender again."),
                "buyer_contact": contact_line(tender.buyer),
                "agent_contact": contact_line(tender.agency) if tender.agency else "",
                "project_contact": f"{tender.contact_name} {tender.contact_phone}".strip(),
            },
        )


def contact_line(body: Body) -> str:
    return "，".join(text for text in (body.name, body.address, body.contact_name, body.contact_phone) if text)


def publisher_of(tender: Tender) -> Actor:
    """In whose name the marketplace publishes what the clock demands: the officer who published the tender."""
    user = tender.published_by
    membership = Membership.objects.filter(user=user, ended_at=None, body_id__in=[tender.buyer_id, tender.agency_id])
    return actor_for(user, membership.select_related("body").first())  # type: ignore[arg-type]


def _fix_head(lot: Lot) -> None:
    """Last in the transaction: the head covers the closing's entry; nothing opens without it."""
    head, closing = heads.fix_head(), lot.closing
    closing.head_size, closing.head_root = head.size, bytes(head.root).hex()
    closing.save(update_fields=["head_size", "head_root"])
