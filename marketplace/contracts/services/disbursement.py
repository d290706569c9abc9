"""Payment requests: comparison, explanation of doubts, two approvals by two people, the payment record (R-VENT-15).

A failed comparison that no words can heal refuses the request, the approval and the payment alike: it is run anew at
each step. Announces DisbursementRequested, -Approved, -Returned, -Paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.rules.time import day_of, end_of_day
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import request_document
from marketplace.documents.services import store_upload
from marketplace.ventures.models import TrancheStage

from ..comparison import Asked, comparison_of
from ..events import DisbursementApproved, DisbursementPaid, DisbursementRequested, DisbursementReturned
from ..lifecycle import DISBURSEMENT
from ..models import (
    Contract,
    Disbursement,
    DisbursementApproval,
    DisbursementCheck,
    DisbursementStatus,
    Milestone,
)
from ..permissions import (
    can_approve_first,
    can_approve_second,
    can_explain_disbursement,
    can_record_payment,
    can_request_disbursement,
    can_return_disbursement,
)
from ..rules import disbursement as rules
from ..rules.agreement import first_tranche_due
from ..selectors import law_number, law_share
from .contract import complete_if_done
from .money import pay_shares

FIRST, SECOND = 1, 2

CHECK_LABELS = {
    "contract_active": gettext_lazy("Contract in force"),
    "no_hold": gettext_lazy("No hold, no suspension"),
    "milestone_accepted": gettext_lazy("Milestone accepted"),
    "payee_name": gettext_lazy("Payee is the contract's party"),
    "account_contract": gettext_lazy("Account as in the contract"),
    "account_file": gettext_lazy("Account as in the organization's file"),
    "account_recent": gettext_lazy("Account not changed lately"),
    "amount_milestone": gettext_lazy("Within the milestone"),
    "sum_contract": gettext_lazy("Within the contract"),
    "commitment": gettext_lazy("Within the committed money"),
    "invoice_number": gettext_lazy("Invoice number not used before"),
    "invoice_file": gettext_lazy("Invoice file not used before"),
    "spending_progress": gettext_lazy("Earlier money is being spent"),
    "report_on_time": gettext_lazy("Report came in time"),
    "budget_lines": gettext_lazy("Within the lines of the budget"),
}


def check_label(code: str) -> Any:
    return CHECK_LABELS.get(code, code)


@dataclass(frozen=True)
class RequestInput:
    amount: Decimal
    payee_name: str
    bank_name: str
    bank_account: str
    invoice_number: str
    invoice: Any


def request_disbursement(*, actor: Actor, milestone_id: int, data: RequestInput) -> Disbursement:
    """The organization asks for a milestone's money with an invoice; the comparison runs at once."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = locked(Contract, milestone.contract_id)
        require_permission(can_request_disbursement(actor, contract))
        if milestone.disbursements.counted().exists():
            raise MarketplaceError(_("The money of this milestone has been asked for already."), code="repeated")
        _require_words(data)
        file = store_upload(data.invoice, actor=actor, kinds=("pdf", "jpg", "png"))
        asked = Asked(data.amount, data.payee_name, data.bank_account, data.invoice_number, file.sha256, clock.now())
        lines = comparison_of(milestone, asked)
        require(*rules.check_blocking(lines))
        disbursement = _new_disbursement(actor, milestone, data, file)
        _keep_lines(disbursement, lines)
        log.record(
            "disbursement.requested",
            disbursement,
            actor,
            project=contract.project_number,
            number=disbursement.number,
            amount=data.amount,
            checks=len(lines),
            doubts=[line.code for line in lines if not line.passed],
        )
        announce(DisbursementRequested(disbursement.pk))
        return disbursement


def _require_words(data: RequestInput) -> None:
    for name in ("payee_name", "bank_name", "bank_account", "invoice_number"):
        if not getattr(data, name).strip():
            raise MarketplaceError(_("This is needed for the payment."), field=name)
    if data.amount <= 0:
        raise MarketplaceError(_("The amount must be above 0 yuan."), field="amount")


def _new_disbursement(actor: Actor, milestone: Milestone, data: RequestInput, file: Any) -> Disbursement:
    contract, now = milestone.contract, clock.now()
    return Disbursement.objects.create(
        number=next_number("BF", contract.buyer.region),
        milestone=milestone,
        amount=data.amount,
        payee_name=data.payee_name.strip(),
        bank_name=data.bank_name.strip(),
        bank_account=rules.digits(data.bank_account),
        invoice_number=rules.invoice_key(data.invoice_number),
        invoice=file,
        requested_by_id=actor.user_id,
        requested_at=now,
        run_on=rules.next_run(clock.today(), calendar()),
        pay_due=_pay_due(milestone, now),
    )


def _pay_due(milestone: Milestone, now: datetime) -> datetime:
    """By the law from the invoice on; the first tranche of a grant 15 working days after the agreement (R-VENT-09)."""
    contract = milestone.contract
    if milestone.stage == TrancheStage.AGREEMENT and contract.signed_at:
        return max(first_tranche_due(contract.signed_at, calendar()), end_of_day(day_of(now)))
    source = contract.source
    return rules.pay_due(now, law_number(source, "R-CON-10"), law_number(source, "R-CON-09"), calendar())


def _keep_lines(disbursement: Disbursement, lines: list[rules.CheckLine]) -> None:
    """The comparison as it stands now; explanations given before stay."""
    for position, line in enumerate(lines, start=1):
        DisbursementCheck.objects.update_or_create(
            disbursement=disbursement,
            code=line.code,
            defaults={
                "position": position,
                "passed": line.passed,
                "may_explain": line.may_explain,
                "fact": line.fact[:300],
            },
        )


def explain_check(*, actor: Actor, disbursement_id: int, code: str, explanation: str) -> DisbursementCheck:
    """An officer's written word on a doubt, before the approvals."""
    with audit.transaction() as log:
        disbursement = locked(Disbursement, disbursement_id)
        require_permission(can_explain_disbursement(actor, disbursement))
        if disbursement.status != DisbursementStatus.REQUESTED:
            raise MarketplaceError(_("Doubts are explained before the first approval."), code="wrong_state")
        check = disbursement.checks.filter(code=code, passed=False, may_explain=True).first()
        if check is None:
            raise MarketplaceError(_("There is no doubt of this kind to explain."), field="explanation")
        if not explanation.strip():
            raise MarketplaceError(_("Write down what was found out."), field="explanation")
        check.explanation, check.explained_by_id = explanation.strip(), actor.user_id
        check.explained_at = clock.now()
        check.save(update_fields=["explanation", "explained_by", "explained_at"])
        log.record(
            "disbursement.explained",
            disbursement,
            actor,
            project=_project(disbursement),
            check=code,
            explanation=explanation.strip(),
        )
        return check


def _project(disbursement: Disbursement) -> str:
    return disbursement.milestone.contract.project_number


def approve_disbursement(*, actor: Actor, disbursement_id: int, note: str = "") -> Disbursement:
    """The next of two approvals: the approver's, then finance's, never the same person's."""
    with audit.transaction() as log:
        disbursement = locked(Disbursement, disbursement_id)
        step = _next_step(disbursement)
        _require_another_person(actor, disbursement)
        require_permission((can_approve_first if step == FIRST else can_approve_second)(actor, disbursement))
        _compare_again(disbursement)
        DISBURSEMENT.apply(disbursement, "approve_first" if step == FIRST else "approve_second", actor=actor)
        _keep_run(disbursement)
        DisbursementApproval.objects.create(
            disbursement=disbursement, step=step, user_id=actor.user_id, note=note.strip(), decided_at=clock.now()
        )
        log.record(
            "disbursement.approved",
            disbursement,
            actor,
            project=_project(disbursement),
            step=step,
            amount=disbursement.amount,
        )
        if step == SECOND:
            request_document("disbursement_voucher", disbursement)
        announce(DisbursementApproved(disbursement.pk, step))
        return disbursement


def _keep_run(disbursement: Disbursement) -> None:
    """Who missed the run goes with the next one (R-VENT-15)."""
    if disbursement.run_on < clock.today():
        disbursement.run_on = rules.next_run(clock.today(), calendar())
        disbursement.save(update_fields=["run_on"])


def _next_step(disbursement: Disbursement) -> int:
    steps = {DisbursementStatus.REQUESTED: FIRST, DisbursementStatus.FIRST_APPROVED: SECOND}
    if disbursement.status not in steps:
        raise MarketplaceError(
            _("This request is not waiting for an approval: %(state)s.") % {"state": disbursement.get_status_display()},
            code="wrong_state",
        )
    return steps[DisbursementStatus(disbursement.status)]


def _require_another_person(actor: Actor, disbursement: Disbursement) -> None:
    require(
        rules.check_persons(
            user_id=actor.user_id or 0,
            requester_id=disbursement.requested_by_id,
            explainers=disbursement.checks.exclude(explained_by=None).values_list("explained_by_id", flat=True),
            earlier=disbursement.approvals.values_list("user_id", flat=True),
        )
    )


def _compare_again(disbursement: Disbursement) -> None:
    """What held at the request may not hold now: account, hold, commitment."""
    lines = comparison_of(disbursement.milestone, Asked.by(disbursement), but=disbursement.pk)
    explained = disbursement.checks.exclude(explanation="").values_list("code", flat=True)
    require(*rules.check_blocking(lines), rules.check_explained(lines, explained))
    _keep_lines(disbursement, lines)


def return_disbursement(*, actor: Actor, disbursement_id: int, reason: str) -> Disbursement:
    """Back to the organization, which may ask anew."""
    with audit.transaction() as log:
        disbursement = locked(Disbursement, disbursement_id)
        require_permission(can_return_disbursement(actor, disbursement))
        if not reason.strip():
            raise MarketplaceError(_("Write down what is wrong with the request."), field="reason")
        DISBURSEMENT.apply(disbursement, "return", actor=actor)
        disbursement.return_reason, disbursement.returned_by_id = reason.strip(), actor.user_id
        disbursement.returned_at = clock.now()
        disbursement.save(update_fields=["return_reason", "returned_by", "returned_at"])
        log.record("disbursement.returned", disbursement, actor, project=_project(disbursement), reason=reason.strip())
        announce(DisbursementReturned(disbursement.pk))
        return disbursement


def record_payment(
    *, actor: Actor, disbursement_id: int, bank_reference: str, paid_on: date, late_reason: str = ""
) -> Disbursement:
    """The bank has paid: reference and day; the ledger books it, and the last payment completes the contract."""
    with audit.transaction() as log:
        disbursement = locked(Disbursement, disbursement_id)
        contract = locked(Contract, disbursement.milestone.contract_id)
        require_permission(can_record_payment(actor, disbursement))
        _check_payment(disbursement, bank_reference, paid_on)
        require_reasons([rules.check_pay_due(disbursement.pay_due, paid_on)], late_reason)
        _compare_again(disbursement)
        DISBURSEMENT.apply(disbursement, "pay", actor=actor)
        _keep_payment(actor, disbursement, bank_reference.strip(), paid_on, late_reason.strip())
        pay_shares(log=log, actor=actor, contract=contract, disbursement=disbursement)
        log.record(
            "disbursement.paid",
            disbursement,
            actor,
            project=contract.project_number,
            number=disbursement.number,
            amount=disbursement.amount,
            paid_on=paid_on.isoformat(),
            late_reason=disbursement.late_reason,
            late_interest=disbursement.late_interest,
        )
        request_document("disbursement_voucher", disbursement)
        announce(DisbursementPaid(disbursement.pk))
        complete_if_done(log=log, contract=contract)
        return disbursement


def _keep_payment(
    actor: Actor, disbursement: Disbursement, bank_reference: str, paid_on: date, late_reason: str
) -> None:
    disbursement.paid_at, disbursement.paid_on = clock.now(), paid_on
    disbursement.paid_by_id, disbursement.bank_reference = actor.user_id, bank_reference
    if rules.days_late(disbursement.pay_due, paid_on):
        disbursement.late_reason = late_reason
        disbursement.late_interest = interest_of(disbursement, paid_on)
    disbursement.save()


def interest_of(disbursement: Disbursement, paid_on: date) -> Decimal:
    """What a payment on that day owes for its delay; the law's share a day (R-CON-09)."""
    daily = law_share(disbursement.milestone.contract.source, "R-CON-09", "interest")
    return rules.default_interest(disbursement.amount, disbursement.pay_due, paid_on, daily)


def _check_payment(disbursement: Disbursement, bank_reference: str, paid_on: date) -> None:
    reference = bank_reference.strip()
    if not reference:
        raise MarketplaceError(_("Enter the bank's reference of the transfer."), field="bank_reference")
    if Disbursement.objects.filter(bank_reference=reference).exclude(pk=disbursement.pk).exists():
        raise MarketplaceError(_("This bank reference belongs to another payment."), field="bank_reference")
    approved = disbursement.approvals.order_by("step").last()
    earliest = approved.decided_at.astimezone(clock.ZONE).date() if approved else clock.today()
    if not earliest <= paid_on <= clock.today():
        raise MarketplaceError(
            _("The payment lies between the second approval (%(from)s) and today.") % {"from": earliest.isoformat()},
            field="paid_on",
        )
