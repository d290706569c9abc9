"""The workspace's areas of sponsors' money, and what is due there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import (
    Agreement,
    AgreementStatus,
    BankLine,
    BankLineState,
    Dispute,
    EventState,
    Payment,
    Refund,
    RefundStatus,
    WebhookEvent,
)
from .permissions import can_operate_webhooks, can_view_money, can_view_sponsorships
from .selectors import lapsed_short

SPONSORS = (BodyKind.SPONSOR, BodyKind.ORGANIZATION)


def areas(actor: Actor) -> Iterator[Area]:
    if can_view_sponsorships(actor):
        yield Area(
            "sponsorships",
            gettext_lazy("Sponsorship agreements"),
            reverse("sponsorship:agreement-list"),
            gettext_lazy("Promises to calls: draft, sign, pay, receipts"),
            26,
        )
    if can_view_money(actor):
        yield Area(
            "sponsor-money",
            gettext_lazy("Sponsors' payments"),
            reverse("sponsorship:money"),
            gettext_lazy("Statements of the bank, payments that wait, repayments"),
            27,
        )
    if can_operate_webhooks(actor):
        yield Area(
            "deliveries",
            gettext_lazy("Deliveries of Stripe"),
            reverse("sponsorship:event-list"),
            gettext_lazy("What came, what failed, what is worked off again"),
            70,
        )


def _is_of_government(actor: Actor, *roles: str) -> bool:
    return actor.body_kind == BodyKind.GOVERNMENT and actor.has(*roles)


def agreements_due_to(actor: Actor) -> QuerySet[Agreement] | None:
    """One look for everything about agreements that this actor may have to do."""
    rows = Agreement.objects.select_related("call", "pot").order_by("pk")
    if actor.body_kind in SPONSORS and actor.has(Role.ORG_ADMIN):
        return rows.filter(sponsor_id=actor.body_id, status__in=(AgreementStatus.OFFERED, AgreementStatus.CALLED))
    if _is_of_government(actor, Role.APPROVER):
        waiting = Q(status=AgreementStatus.SUBMITTED) & ~Q(submitted_by_id=actor.user_id)
        return rows.filter(waiting | Q(status=AgreementStatus.OFFERED), call__lead_id=actor.body_id)
    if _is_of_government(actor, Role.OFFICER):
        returned = Q(status=AgreementStatus.DRAFT) & ~Q(reason="")
        decided = Q(status=AgreementStatus.SIGNED, call__status="closed")
        return rows.filter(returned | decided, call__lead_id=actor.body_id)
    return None


WORDS = {
    AgreementStatus.SUBMITTED: (gettext_lazy("Check an agreement: %(number)s"), gettext_lazy("Check")),
    AgreementStatus.OFFERED: (gettext_lazy("Sign the agreement %(number)s"), gettext_lazy("Read and sign")),
    AgreementStatus.CALLED: (gettext_lazy("Pay the agreement %(number)s"), gettext_lazy("Pay")),
    AgreementStatus.DRAFT: (gettext_lazy("Returned: agreement %(number)s"), gettext_lazy("Change")),
    AgreementStatus.SIGNED: (gettext_lazy("Open the payment of %(number)s"), gettext_lazy("Open it")),
}


def agreements_due(actor: Actor) -> Iterator[Task]:
    for row in agreements_due_to(actor) or ():
        title, action = WORDS[AgreementStatus(row.status)]
        yield Task(
            title=str(title) % {"number": row.number},
            text=row.call.title,
            due=row.pay_due if row.status == AgreementStatus.CALLED else None,
            rule_id="R-CHAR-02",
            url=row.get_absolute_url(),
            urgency=None if row.status == AgreementStatus.CALLED else Urgency.NOW,
            action=action,
        )


def short_pots(actor: Actor) -> QuerySet[Agreement] | None:
    return lapsed_short(actor.body_id) if _is_of_government(actor, Role.OFFICER, Role.FINANCE) else None


def shortfalls_due(actor: Actor) -> Iterator[Task]:
    for row in short_pots(actor) or ():
        yield Task(
            title=_("Not paid in: %(number)s") % {"number": row.number},
            text=_("The pot «%(pot)s» grants money that this promise was to cover.") % {"pot": row.pot.name},
            rule_id="R-PLAN-01",
            url=reverse("sponsorship:call-money", args=[row.call.number]),
            urgency=Urgency.OVERDUE,
            action=_("See what is short"),
        )


def held(actor: Actor) -> QuerySet[Payment] | None:
    if not _is_of_government(actor, Role.FINANCE):
        return None
    return Payment.objects.held().filter(agreement__call__lead_id=actor.body_id).select_related("agreement")


def held_due(actor: Actor) -> Iterator[Task]:
    for row in held(actor) or ():
        yield _money_task(
            _("Payment waits: %(amount)s yuan") % {"amount": f"{row.amount:,.2f}"}, row.get_hold_reason_display()
        )


def open_lines(actor: Actor) -> QuerySet[BankLine] | None:
    rows = BankLine.objects.filter(statement__body_id=actor.body_id)
    if _is_of_government(actor, Role.FINANCE):
        proposed = Q(state=BankLineState.PROPOSED) & ~Q(proposed_by_id=actor.user_id)
        return rows.filter(proposed | Q(state=BankLineState.OPEN))
    if _is_of_government(actor, Role.APPROVER):
        return rows.filter(state=BankLineState.PROPOSED).exclude(proposed_by_id=actor.user_id)
    return None


def lines_due(actor: Actor) -> Iterator[Task]:
    for row in (open_lines(actor) or BankLine.objects.none())[:20]:
        yield _money_task(
            _("Line of the bank's statement: %(amount)s yuan") % {"amount": f"{row.amount:,.2f}"}, row.payer
        )


def refunds_to_do(actor: Actor) -> QuerySet[Refund] | None:
    rows = Refund.objects.filter(payment__agreement__call__lead_id=actor.body_id).select_related("payment__agreement")
    if _is_of_government(actor, Role.APPROVER):
        return rows.filter(status=RefundStatus.ASKED).exclude(asked_by_id=actor.user_id)
    if _is_of_government(actor, Role.FINANCE):
        by_hand = Q(status=RefundStatus.APPROVED, payment__method="bank")
        return rows.filter(by_hand | Q(status=RefundStatus.FAILED))
    return None


def refunds_due(actor: Actor) -> Iterator[Task]:
    for row in refunds_to_do(actor) or ():
        yield _money_task(_("Repayment: %(amount)s yuan") % {"amount": f"{row.amount:,.2f}"}, row.get_status_display())


def disputes_to_see(actor: Actor) -> QuerySet[Dispute] | None:
    if not _is_of_government(actor, Role.FINANCE):
        return None
    rows = Dispute.objects.filter(payment__agreement__call__lead_id=actor.body_id, seen_by=None)
    return rows.select_related("payment__agreement")


def disputes_due(actor: Actor) -> Iterator[Task]:
    for row in disputes_to_see(actor) or ():
        text = _("Money of its pot has been paid out already.") if row.after_disbursement else row.status
        yield _money_task(_("A payment is disputed: %(amount)s yuan") % {"amount": f"{row.amount:,.2f}"}, text)


def _money_task(title: str, text: Any) -> Task:
    return Task(
        title=title,
        text=text,
        rule_id="R-LOT-01",
        url=reverse("sponsorship:money"),
        urgency=Urgency.NOW,
        action=_("Look into it"),
    )


def failed_events(actor: Actor) -> QuerySet[WebhookEvent] | None:
    """Refused deliveries, failed events, and money that belongs to no payment page of ours."""
    if not can_operate_webhooks(actor):
        return None
    return WebhookEvent.objects.filter(state__in=(EventState.FAILED, EventState.REFUSED, EventState.HELD))


def events_due(actor: Actor) -> Iterator[Task]:
    rows = failed_events(actor)
    count = rows.count() if rows is not None else 0
    if count:
        yield Task(
            title=_("Deliveries of Stripe to look into: %(n)d") % {"n": count},
            url=reverse("sponsorship:event-list"),
            urgency=Urgency.NOW,
            action=_("Look into it"),
        )


def connect() -> None:
    navigation.register(areas)
    tasks.register(agreements_due, among=agreements_due_to)
    tasks.register(shortfalls_due, among=short_pots)
    tasks.register(held_due, among=held)
    tasks.register(lines_due, among=open_lines)
    tasks.register(refunds_due, among=refunds_to_do)
    tasks.register(disputes_due, among=disputes_to_see)
    tasks.register(events_due, among=failed_events)
