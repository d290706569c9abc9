"""Outages: found by `run_due`, proposed upon by the officer, decided by the supervisor, published as a correction."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked

from ..events import ExtensionProposed
from ..models import Extension, ExtensionStatus, Outage, Pulse, Tender
from ..permissions.bids import can_decide_extension, can_propose_extension
from ..rules.outages import concerns, extension_long_enough, is_outage
from ..selectors.outages import still_open
from .correction import publish_extension


def take_pulse() -> Outage | None:
    """Note that the marketplace runs; a gap since the last note is recorded as an outage."""
    now, machine = clock.now(), clock.machine_now()
    with audit.transaction() as log:
        pulse = Pulse.objects.select_for_update().first()
        if pulse is None:
            Pulse.objects.create(market=now, machine=machine)
            return None
        silence, started_at = machine - pulse.machine, pulse.market
        is_gap = is_outage(pulse.machine, machine)
        pulse.market, pulse.machine = now, machine
        pulse.save()
        if not is_gap:
            return None
        ended_at = min(now, started_at + silence)
        outage = Outage.objects.create(started_at=started_at, ended_at=ended_at, found_at=now)
        log.record("outage.found", outage, SYSTEM, started_at=started_at, ended_at=ended_at)
    return outage


def propose_extension(
    *, actor: Actor, tender_id: int, outage_id: int, new_deadline: datetime | None, reason: str
) -> Extension:
    """The officer proposes a new deadline after an outage, or says that none is needed (`new_deadline` None)."""
    with audit.transaction() as log:
        tender = locked(Tender, tender_id)
        outage = locked(Outage, outage_id)
        require_permission(can_propose_extension(actor, tender))
        _require_touched(tender, outage)
        if Extension.objects.filter(tender=tender, outage=outage).exists():
            raise MarketplaceError(_("For this outage something has been proposed already."), code="wrong_state")
        if not reason.strip():
            raise MarketplaceError(_("Say why, in a sentence."), field="reason")
        if new_deadline is not None:
            length = outage.ended_at - outage.started_at
            require(extension_long_enough(tender.deadline, new_deadline, length, clock.now()))  # type: ignore[arg-type]
        extension = Extension.objects.create(
            tender=tender,
            outage=outage,
            status=ExtensionStatus.PROPOSED if new_deadline else ExtensionStatus.WAIVED,
            new_deadline=new_deadline,
            reason=reason.strip(),
            proposed_by_id=actor.user_id,
            proposed_at=clock.now(),
        )
        log.record("outage.proposed", extension, actor, project=tender.number or "", deadline=new_deadline)
        announce(ExtensionProposed(extension.pk))
    return extension


def _require_touched(tender: Tender, outage: Outage) -> None:
    if not concerns(outage.started_at, outage.ended_at, tender.deadline):  # type: ignore[arg-type]
        raise NotFound("")
    if not still_open(tender):
        raise MarketplaceError(
            _("The lots of this tender are closed; the deadline cannot move any more."), code="wrong_state"
        )


def decide_extension(*, actor: Actor, extension_id: int, confirms: bool, reason: str = "") -> Extension:
    """The supervisor confirms: a correction notice moves the deadline and the keys; or declines, with a reason."""
    with audit.transaction() as log:
        extension = locked(Extension, extension_id, "tender", "outage")
        require_permission(can_decide_extension(actor))
        if extension.status != ExtensionStatus.PROPOSED:
            raise MarketplaceError(_("This has been decided already."), code="wrong_state")
        if not confirms and not reason.strip():
            raise MarketplaceError(_("Say why the deadline stands."), field="reason")
        if confirms:
            _require_touched(extension.tender, extension.outage)
            extension.correction = publish_extension(
                log=log,
                actor=actor,
                tender_id=extension.tender_id,
                drafted_by_id=extension.proposed_by_id,
                drafted_at=extension.proposed_at,
                new_deadline=extension.new_deadline,  # type: ignore[arg-type]
                reason=extension.reason,
            )
        extension.status = ExtensionStatus.CONFIRMED if confirms else ExtensionStatus.DECLINED
        extension.decided_by_id, extension.decided_at = actor.user_id, clock.now()
        extension.decision_reason = reason.strip()
        extension.save()
        log.record(
            "outage.decided", extension, actor, project=extension.tender.number or "", status=str(extension.status)
        )
    return extension
