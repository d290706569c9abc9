"""A supervisor stops a purchase, with a reason, and lets it go on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.locking import locked

from ..events import SuspensionLifted, TenderSuspended
from ..models import Suspension, Tender, TenderStatus
from ..permissions.review import can_suspend


def suspend_tender(*, actor: Actor, tender_id: int, reason: str) -> Suspension:
    """From now on no step of the tender or of its lots is possible; deadlines that pass meanwhile still pass."""
    with audit.transaction() as log:
        tender = locked(Tender, tender_id)
        require_permission(can_suspend(actor))
        require(_runs(tender), _written(reason))
        stop = Suspension.objects.create(
            tender=tender, reason=reason.strip(), suspended_by_id=actor.user_id, suspended_at=clock.now()
        )
        log.record("tender.suspended", tender, actor, project=tender.number, reason=stop.reason)
        announce(TenderSuspended(stop.pk))
        return stop


def _runs(tender: Tender) -> Decision:
    if tender.status != TenderStatus.PUBLISHED:
        return refuse(_("Only a published purchase can be suspended."))
    if tender.suspensions.filter(lifted_at=None).exists():
        return refuse(_("This purchase is suspended already."))
    return ALLOWED


def _written(reason: str) -> Decision:
    return ALLOWED if reason.strip() else refuse(_("Write down the reason."), field="reason")


def lift_suspension(*, actor: Actor, suspension_id: int, reason: str) -> Suspension:
    with audit.transaction() as log:
        stop = locked(Suspension, suspension_id, "tender")
        require_permission(can_suspend(actor))
        require(ALLOWED if stop.lifted_at is None else refuse(_("This stop has been lifted.")), _written(reason))
        stop.lifted_at, stop.lifted_by_id, stop.lifted_reason = clock.now(), actor.user_id, reason.strip()
        stop.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        log.record(
            "tender.suspension_lifted", stop.tender, actor, project=stop.tender.number, reason=stop.lifted_reason
        )
        announce(SuspensionLifted(stop.pk))
        return stop
