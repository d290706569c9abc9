"""What is due in procurement by the clock, and which service does it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from marketplace.accounts.actors import SYSTEM
from marketplace.core.schedule import Job, register
from marketplace.core.workcalendar import calendar

from .models import AwardStatus, BidDraft, DraftStatus, Lot, LotStatus, Opening
from .rules.award import decision_due
from .rules.bidding import CLOSING_DELAY, SEALING_PATIENCE
from .selectors.outages import is_held
from .selectors.reminders import reminders_due
from .selectors.review import values_of
from .services.award import deem_first_candidate
from .services.bids import seal_parts
from .services.closing import close_lot
from .services.opening import is_ready_to_open, open_lot
from .services.outages import take_pulse
from .services.pool import commit_pool
from .services.reminders import send_reminder
from .services.statements import close_opening


@register
def pulse(now: datetime) -> Iterable[Job]:
    """The sign of life, first in every round: an outage that it finds may hold a closing."""
    yield "procurement.take_pulse", take_pulse


@register
def closings(now: datetime) -> Iterable[Job]:
    """Lots whose deadline is 60 s past."""
    due = Lot.objects.filter(status=LotStatus.OPEN, tender__deadline__lte=now - CLOSING_DELAY)
    for lot in due.select_related("tender"):
        if not is_held(lot.tender, now):
            yield f"procurement.close_lot:{lot.pk}", partial(close_lot, actor=SYSTEM, lot_id=lot.pk)


@register
def reminders(now: datetime) -> Iterable[Job]:
    """A day before the deadline and before an answer is due; ends of the documents' period and of the intention's."""
    return [
        (f"procurement.remind:{each.kind}:{each.subject}", partial(send_reminder, reminder=each))
        for each in reminders_due(now)
    ]


@register
def pools(now: datetime) -> Iterable[Job]:
    """Open lots whose pool is not fixed yet: before the deadline, or never (R-COMM-05)."""
    waiting = Lot.objects.filter(status=LotStatus.OPEN, pool=None, tender__deadline__gte=now)
    for pk in waiting.values_list("pk", flat=True):
        yield f"procurement.commit_pool:{pk}", partial(commit_pool, lot_id=pk)


@register
def silent_buyers(now: datetime) -> Iterable[Job]:
    """Reviewed lots whose buyer let five working days pass (R-AWARD-03)."""
    waiting = (
        Lot.objects.filter(status=LotStatus.REVIEWED, review__deemed_at=None, review__reviewed_at__isnull=False)
        .exclude(awards__status=AwardStatus.PROPOSED)
        .select_related("tender", "review")
    )
    for lot in waiting:
        if now > decision_due(lot.review.reviewed_at, values_of(lot.tender).decision_days, calendar()):  # type: ignore[arg-type]
            yield f"procurement.deem_first_candidate:{lot.pk}", partial(deem_first_candidate, lot_id=lot.pk)


@register
def interrupted_openings(now: datetime) -> Iterable[Job]:
    """Lots with enough shares whose opening was cut off before it was recorded."""
    for pk in (
        Lot.objects.filter(status=LotStatus.CLOSED, key__shares__handed_in_at__lt=now)
        .distinct()
        .values_list("pk", flat=True)
    ):
        if is_ready_to_open(pk):
            yield f"procurement.open_lot:{pk}", partial(open_lot, actor=SYSTEM, lot_id=pk)


@register
def minutes(now: datetime) -> Iterable[Job]:
    """Openings whose 30 minutes are over and whose objections are answered (R-OPEN-04)."""
    due = Opening.objects.filter(closed_at=None, statements_until__lt=now).exclude(
        statements__confirms=False, statements__answer=""
    )
    for lot_id in due.values_list("lot_id", flat=True):
        yield f"procurement.close_opening:{lot_id}", partial(close_opening, actor=SYSTEM, lot_id=lot_id)


@register
def interrupted_seals(now: datetime) -> Iterable[Job]:
    """Drafts whose sealing was cut off: the worker died, or the task was lost."""
    waiting = BidDraft.objects.filter(status=DraftStatus.SEALING, updated_at__lt=now - SEALING_PATIENCE)
    for pk in waiting.values_list("pk", flat=True):
        yield f"procurement.seal_parts:{pk}", partial(seal_parts, pk)
