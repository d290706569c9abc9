"""Contracts and payments."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.contracts import events
from marketplace.contracts.models import Contract, Disbursement
from marketplace.core.events import subscribe
from marketplace.web.templatetags.web import moment, yuan

from ..services import notify, people_of

SUPPLIERS = (Role.ORG_ADMIN, Role.REPORTER)


def contract_by(pk: int) -> Contract:
    return Contract.objects.get(pk=pk)


def contract_url(contract: Contract) -> str:
    return reverse("contracts:contract-detail", args=[contract.pk])


def contract_proposed(event: events.ContractProposed) -> None:
    row = contract_by(event.contract_id)
    signers = [*people_of([row.buyer_id], Role.APPROVER), *people_of([row.supplier_id], Role.ORG_ADMIN)]
    facts = {"title": row.title, "number": row.number, "due": moment(row.sign_due)}
    notify("contract-to-sign", f"{row.pk}:{row.version}", signers, url=contract_url(row), **facts)


def contract_signed(event: events.ContractSigned) -> None:
    row = contract_by(event.contract_id)
    people = people_of([row.buyer_id], Role.OFFICER, Role.APPROVER)
    notify("contract-signed", str(row.pk), people, url=contract_url(row), title=row.title, number=row.number)


def contract_published(event: events.ContractPublished) -> None:
    row = contract_by(event.contract_id)
    people = people_of([row.supplier_id], *SUPPLIERS)
    notify("contract-published", str(row.pk), people, url=contract_url(row), title=row.title, number=row.number)


def disbursement_by(pk: int) -> Disbursement:
    return Disbursement.objects.select_related("milestone__contract").get(pk=pk)


def tell(kind: str, row: Disbursement, body_id: int, *roles: str) -> None:
    facts = {
        "title": row.milestone.contract.title,
        "milestone": row.milestone.name,
        "amount": yuan(row.amount),
        "due": moment(row.pay_due),
        "reference": row.bank_reference,
        "reason": row.return_reason,
    }
    url = reverse("contracts:disbursement-detail", args=[row.pk])
    notify(kind, str(row.pk), people_of([body_id], *roles), url=url, **facts)


def disbursement_requested(event: events.DisbursementRequested) -> None:
    row = disbursement_by(event.disbursement_id)
    tell("disbursement-requested", row, row.milestone.contract.buyer_id, Role.APPROVER, Role.OFFICER)


def disbursement_approved(event: events.DisbursementApproved) -> None:
    row = disbursement_by(event.disbursement_id)
    kind = "disbursement-first-approved" if event.step == 1 else "disbursement-approved"
    tell(kind, row, row.milestone.contract.buyer_id, Role.FINANCE)


def disbursement_returned(event: events.DisbursementReturned) -> None:
    row = disbursement_by(event.disbursement_id)
    tell("disbursement-returned", row, row.milestone.contract.supplier_id, *SUPPLIERS)


def disbursement_paid(event: events.DisbursementPaid) -> None:
    row = disbursement_by(event.disbursement_id)
    tell("disbursement-paid", row, row.milestone.contract.supplier_id, *SUPPLIERS)


def subscribe_all() -> None:
    for event, handler in (
        (events.ContractProposed, contract_proposed),
        (events.ContractSigned, contract_signed),
        (events.ContractPublished, contract_published),
        (events.DisbursementRequested, disbursement_requested),
        (events.DisbursementApproved, disbursement_approved),
        (events.DisbursementReturned, disbursement_returned),
        (events.DisbursementPaid, disbursement_paid),
    ):
        subscribe(event, handler)  # type: ignore[arg-type]
