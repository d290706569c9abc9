"""Gathers what the automatic comparison looks at; the judging is in `rules/disbursement.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum

from marketplace.core.rules.time import day_of
from marketplace.funds.selectors import outstanding_of

from .models import (
    Contract,
    ContractStatus,
    Disbursement,
    DisbursementStatus,
    Milestone,
    MilestoneStatus,
)
from .rules.agreement import overspent
from .rules.disbursement import CheckLine, Claim, Payee, compare, invoice_key
from .selectors import spent_on, uses_of

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Asked:
    """A request, before or after it is stored."""

    amount: Decimal
    payee_name: str
    bank_account: str
    invoice_number: str
    invoice_sha256: str
    requested_at: datetime

    @classmethod
    def by(cls, disbursement: Disbursement) -> Asked:
        return cls(
            disbursement.amount,
            disbursement.payee_name,
            disbursement.bank_account,
            disbursement.invoice_number,
            disbursement.invoice.sha256,
            disbursement.requested_at,
        )


def comparison_of(milestone: Milestone, asked: Asked, *, but: int | None = None) -> list[CheckLine]:
    """The lines of the comparison as of now; `but` is the request itself once it is stored."""
    return compare(_claim(milestone, asked, but))


def _claim(milestone: Milestone, asked: Asked, but: int | None) -> Claim:
    contract = milestone.contract
    organization = getattr(contract.supplier, "organization", None)
    others = Disbursement.objects.counted().exclude(pk=but).filter(milestone__contract=contract)  # type: ignore[misc]
    return Claim(
        amount=asked.amount,
        payee=Payee(asked.payee_name.strip(), asked.bank_account),
        contract_payee=Payee(contract.supplier.name, contract.bank_account),
        file_account=organization.bank_account if organization else "",
        account_changed_on=_day(organization.account_changed_at if organization else None),
        requested_on=day_of(asked.requested_at),
        is_contract_active=contract.status == ContractStatus.ACTIVE,
        is_held=not contract.source.held(),
        is_milestone_accepted=milestone.status == MilestoneStatus.ACCEPTED,
        milestone_amount=milestone.amount,
        contract_amount=contract.amount,
        claimed_before=_total(others),
        committed=outstanding_of(contract),
        same_invoice=_same(contract, but, invoice_number=invoice_key(asked.invoice_number)),
        same_file=_same(contract, but, invoice__sha256=asked.invoice_sha256),
        spent=spent_on(contract),
        paid_before=_total(others.filter(status=DisbursementStatus.PAID)),
        milestone_due_on=milestone.due_on,
        reported_on=_day(milestone.reported_at),
        overspent=tuple(use.name for use in overspent(uses_of(contract))) if contract.is_grant else None,
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else day_of(moment)


def _total(requests: object) -> Decimal:
    return requests.aggregate(total=Sum("amount"))["total"] or ZERO  # type: ignore[attr-defined]


def _same(contract: Contract, but: int | None, **what: object) -> str:
    """Number of another request of this organization with the same invoice, else "". A returned request frees it."""
    found = (
        Disbursement.objects.counted()  # type: ignore[misc]
        .filter(Q(milestone__contract__supplier_id=contract.supplier_id), **what)
        .exclude(pk=but)
        .values_list("number", flat=True)
        .first()
    )
    return found or ""
