"""Agreements and their money: the lead's people, the sponsor's administrators."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.sponsorship import events
from marketplace.sponsorship.models import Agreement, Dispute, Payment, Refund
from marketplace.web.templatetags.web import moment, yuan

from ..services import notify, people_of

Recipients = list[tuple[User, int]]


def lead(agreement: Agreement, *roles: str, but: int | None = None) -> Recipients:
    """The lead's people with one of the roles, without the one who did it."""
    return [pair for pair in people_of([agreement.call.lead_id], *roles) if pair[0].pk != but]


def sponsor(agreement: Agreement) -> Recipients:
    return people_of([agreement.sponsor_id], Role.ORG_ADMIN)


def read(pk: int) -> Agreement:
    return Agreement.objects.select_related("call__lead", "sponsor").get(pk=pk)


def tell(kind: str, agreement: Agreement, recipients: Recipients, *, key: str = "", **more: Any) -> None:
    facts = {
        "number": agreement.number,
        "amount": yuan(agreement.to_pay),
        "lead": agreement.call.lead.name,
        "sponsor": agreement.sponsor.name,
        "reason": agreement.reason,
        "until": moment(agreement.pay_due) if agreement.pay_due else "",
    }
    url = more.pop("url", agreement.get_absolute_url())
    notify(kind, key or f"{agreement.pk}:{agreement.version}", recipients, url=url, **{**facts, **more})


def submitted(event: events.AgreementSubmitted) -> None:
    row = read(event.agreement_id)
    tell("agreement-submitted", row, lead(row, Role.APPROVER, but=row.submitted_by_id), key=round_of(row))


def round_of(row: Agreement) -> str:
    """A text that is handed over again is news again."""
    return f"{row.pk}:{row.version}:{row.offered_version}"


def returned(event: events.AgreementReturned) -> None:
    row = read(event.agreement_id)
    tell("agreement-returned", row, lead(row, Role.OFFICER), key=f"{round_of(row)}:{row.reason[:40]}")


def offered(event: events.AgreementOffered) -> None:
    row = read(event.agreement_id)
    tell("agreement-offered", row, [*sponsor(row), *lead(row, Role.APPROVER)], key=round_of(row))


def signed(event: events.AgreementSigned) -> None:
    row = read(event.agreement_id)
    tell("agreement-signed", row, [*sponsor(row), *lead(row, Role.OFFICER, Role.FINANCE)])


def called(event: events.AgreementCalled) -> None:
    row = read(event.agreement_id)
    tell("agreement-called", row, sponsor(row))


def reminded(event: events.PaymentReminder) -> None:
    row = read(event.agreement_id)
    tell("payment-reminder", row, sponsor(row), key=f"{row.pk}:{event.days}", days=str(event.days))


def lapsed(event: events.AgreementLapsed) -> None:
    row = read(event.agreement_id)
    tell("agreement-lapsed", row, [*sponsor(row), *lead(row, Role.OFFICER, Role.FINANCE, Role.APPROVER)])


def cancelled(event: events.AgreementCancelled) -> None:
    row = read(event.agreement_id)
    recipients = lead(row, Role.OFFICER, Role.FINANCE)
    tell("agreement-cancelled", row, [*(sponsor(row) if row.offered_at else []), *recipients])


def booked(event: events.PaymentBooked) -> None:
    payment = Payment.objects.get(pk=event.payment_id)
    if payment.agreement_id is not None:
        row = read(payment.agreement_id)
        recipients = [*sponsor(row), *lead(row, Role.OFFICER, Role.FINANCE)]
        tell("sponsor-paid", row, recipients, key=str(payment.pk), amount=yuan(payment.amount))


def held(event: events.PaymentHeld) -> None:
    payment = Payment.objects.get(pk=event.payment_id)
    if payment.agreement_id is not None:
        row = read(payment.agreement_id)
        facts = {"amount": f"{payment.amount} {payment.currency}", "reason": payment.get_hold_reason_display()}
        url = reverse("sponsorship:money")
        tell("sponsor-payment-held", row, lead(row, Role.FINANCE), key=str(payment.pk), url=url, **facts)


def _refund(kind: str, pk: int, *, to_sponsor: bool, roles: tuple[str, ...]) -> None:
    refund = Refund.objects.select_related("payment").get(pk=pk)
    if refund.payment.agreement_id is None:
        return
    row = read(refund.payment.agreement_id)
    recipients = [*(sponsor(row) if to_sponsor else []), *lead(row, *roles, but=refund.asked_by_id)]
    reason = refund.note if kind == "refund-failed" else refund.reason
    url = row.get_absolute_url() if to_sponsor else reverse("sponsorship:money")
    tell(kind, row, recipients, key=str(refund.pk), amount=yuan(refund.amount), reason=reason, url=url)


def refund_asked(event: events.RefundAsked) -> None:
    _refund("refund-asked", event.refund_id, to_sponsor=False, roles=(Role.APPROVER,))


def refund_done(event: events.RefundDone) -> None:
    _refund("refund-done", event.refund_id, to_sponsor=True, roles=(Role.FINANCE,))


def refund_failed(event: events.RefundFailed) -> None:
    _refund("refund-failed", event.refund_id, to_sponsor=False, roles=(Role.FINANCE, Role.APPROVER))


def disputed(event: events.DisputeChanged) -> None:
    dispute = Dispute.objects.select_related("payment").get(pk=event.dispute_id)
    if dispute.payment.agreement_id is None:
        return
    row = read(dispute.payment.agreement_id)
    facts = {"amount": yuan(dispute.amount), "status": dispute.status, "url": reverse("sponsorship:money")}
    tell("payment-disputed", row, lead(row, Role.FINANCE), key=f"{dispute.pk}:{dispute.status}", **facts)


def subscribe_all() -> None:
    for event, handler in (
        (events.AgreementSubmitted, submitted),
        (events.AgreementReturned, returned),
        (events.AgreementOffered, offered),
        (events.AgreementSigned, signed),
        (events.AgreementCalled, called),
        (events.PaymentReminder, reminded),
        (events.AgreementLapsed, lapsed),
        (events.AgreementCancelled, cancelled),
        (events.PaymentBooked, booked),
        (events.PaymentHeld, held),
        (events.RefundAsked, refund_asked),
        (events.RefundDone, refund_done),
        (events.RefundFailed, refund_failed),
        (events.DisputeChanged, disputed),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
