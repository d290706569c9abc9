"""Voiding a lot in or after its review: the state, the reason, the notice, everyone told (R-EVAL-20, R-OPEN-05)."""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core.events import announce
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import LotVoided
from ..lifecycle import LOT
from ..models import Lot
from .closing import publisher_of
from .notice_parts import contacts, full_title, project

RESULT_LANGUAGE = "zh-hans"  # results, letters and reports are written in the language of the procedure


def void_in_review(log: Log, *, actor: Actor, lot: Lot, reason: str) -> None:
    """Inside the transaction of the service that found too few bids left."""
    _void(log, actor, lot, "void_review", reason)


def void_after_review(log: Log, *, actor: Actor, lot: Lot, reason: str) -> None:
    """After a refusal or an upheld objection, when the buyer starts anew."""
    _void(log, actor, lot, "void_award", reason)


def _void(log: Log, actor: Actor, lot: Lot, step: str, reason: str) -> None:
    lot.void_reason = reason.strip()[:300]
    lot.save(update_fields=["void_reason"])
    LOT.apply(lot, step, actor=actor)
    log.record("lot.voided", lot, actor, project=lot.tender.number, lot=lot, reason=lot.void_reason)
    publish_notice(
        log=log,
        actor=publisher_of(lot.tender),  # never a member of the committee: names are secret (R-COMM-11)
        kind=NoticeKind.VOID,
        title=f"{full_title(lot)}废标公告",
        subject=lot,
        project_number=lot.tender.number,
        body=lot.tender.buyer,
        region=lot.tender.buyer.region,
        data={
            **project(lot.tender),
            "lot": f"{lot.number} {lot.title}",
            "reason": lot.void_reason,
            "next_step": "采购人将依法重新开展采购活动。",
            **contacts(lot.tender),
        },
    )
    announce(LotVoided(lot.pk))
