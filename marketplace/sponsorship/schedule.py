"""What the clock demands: reminders, lapses, stored events, approved refunds, the nightly comparison."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db.models import Q

from marketplace.core.schedule import Job, register

from .gateways import stripe_gateway
from .models import Agreement, AgreementStatus, EventState, Refund, RefundStatus, StripeComparison, WebhookEvent
from .rules.agreement import FIRST_REMINDER, LAST_REMINDER
from .rules.payments import WAYS
from .services.agreement import lapse, remind
from .services.reconciliation import compare_with_stripe
from .services.refunds import send_refund
from .services.webhooks import work_off


@register
def lapses(now: datetime) -> Iterable[Job]:
    due = Agreement.objects.filter(status=AgreementStatus.CALLED, pay_due__lt=now)
    for pk in due.values_list("pk", flat=True):
        yield f"sponsorship.lapse:{pk}", partial(lapse, agreement_id=pk)


@register
def reminders(now: datetime) -> Iterable[Job]:
    week = Q(pay_due__lte=now + FIRST_REMINDER, reminded_week_at=None, reminded_last_at=None)
    last = Q(pay_due__lte=now + LAST_REMINDER, reminded_last_at=None)
    due = Agreement.objects.filter(week | last, status=AgreementStatus.CALLED, pay_due__gte=now)
    for pk in due.values_list("pk", flat=True):
        yield f"sponsorship.remind:{pk}", partial(remind, agreement_id=pk)


@register
def stored_events(now: datetime) -> Iterable[Job]:
    """What was stored, but not worked off: the process died, or the books were locked."""
    due = WebhookEvent.objects.filter(state__in=(EventState.NEW, EventState.FAILED)).order_by("made_at", "pk")
    for pk in due.values_list("pk", flat=True):
        yield f"sponsorship.event:{pk}", partial(work_off, event_pk=pk)


@register
def approved_refunds(now: datetime) -> Iterable[Job]:
    """Approved, and the gateway has not been asked: the queue's task died."""
    by_hand = [way.method for way in WAYS.values() if not way.by_gateway]
    due = Refund.objects.filter(status=RefundStatus.APPROVED).exclude(payment__method__in=by_hand)
    for pk in due.values_list("pk", flat=True):
        yield f"sponsorship.refund:{pk}", partial(send_refund, refund_id=pk)


@register
def nightly_comparison(now: datetime) -> Iterable[Job]:
    """Once for each day of the marketplace's clock, where Stripe is set up."""
    day = now.date()
    if not stripe_gateway.is_ready() or StripeComparison.objects.filter(day=day, missing="").exists():
        return
    yield f"sponsorship.compare:{day.isoformat()}", partial(compare_with_stripe, day=day)
