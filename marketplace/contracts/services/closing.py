"""The end of a grant: the outside audit, money that has to come back, the ban (R-VENT-10, R-VENT-11).

Nobody is sanctioned unheard, and no sanction is one person's: proposed by an officer, answered by the organization,
confirmed by a second officer. Receipts go back to the pots that paid, by largest remainder. Announces PaybackProposed,
PaybackDemanded, PaybackSettled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.rules.time import add_working_days, day_of, end_of_day
from marketplace.core.workcalendar import calendar
from marketplace.documents.models import Document
from marketplace.documents.services import store_upload
from marketplace.funds.selectors import paid_by_line
from marketplace.funds.services import ledger
from marketplace.ventures.models import TrancheStage, VentureBan

from ..events import PaybackDemanded, PaybackProposed, PaybackSettled
from ..lifecycle import PAYBACK
from ..models import (
    ClosingAudit,
    Contract,
    ContractStatus,
    MilestoneStatus,
    Payback,
    PaybackCause,
    PaybackReceipt,
    PaybackStatus,
)
from ..permissions import (
    can_answer_payback,
    can_confirm_payback,
    can_propose_payback,
    can_record_audit,
    can_record_receipt,
)
from ..rules import agreement as rules
from ..rules.shares import draw
from .contract import complete_if_done
from .money import booking_of
from .stage import end_contract

ZERO = Decimal("0.00")


# audit


@dataclass(frozen=True)
class AuditInput:
    opinion: str
    summary: str
    spent: Decimal
    paper: Any


def record_audit(*, actor: Actor, contract_id: int, data: AuditInput) -> ClosingAudit:
    """The outside auditor's opinion with its paper, once the final report is there; it is not changed afterwards."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_record_audit(actor, contract))
        if ClosingAudit.objects.filter(contract=contract).exists():
            raise MarketplaceError(_("The audit of this project is recorded already."), code="repeated")
        _expect_auditable(contract)
        paid = sum(paid_by_line(contract).values(), ZERO)
        if not ZERO <= data.spent <= contract.amount:
            raise MarketplaceError(
                _("What was properly spent of the grant lies between 0 and %(amount)s yuan.")
                % {"amount": f"{contract.amount:,.2f}"},
                field="spent",
                rule_id="R-VENT-11",
            )
        if not data.summary.strip():
            raise MarketplaceError(_("Write down what the audit found."), field="summary", rule_id="R-VENT-11")
        file = store_upload(data.paper, actor=actor, kinds=("pdf",))
        row = ClosingAudit.objects.create(
            contract=contract,
            auditor_id=actor.body_id,
            opinion=data.opinion,
            summary=data.summary.strip(),
            spent=data.spent,
            document=Document.objects.create(
                subject=subject_of(contract),
                kind="closing_audit",
                title=_("Audit opinion"),
                version=1,
                file=file,
                created_at=clock.now(),
            ),
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        log.record(
            "contract.audited",
            contract,
            actor,
            project=contract.project_number,
            opinion=data.opinion,
            spent=data.spent,
            paid=paid,
            sha256=file.sha256,
        )
        complete_if_done(log=log, contract=contract)
        return row


def _expect_auditable(contract: Contract) -> None:
    """The final stage was passed, or the project ended early."""
    passed = contract.milestones.filter(stage=TrancheStage.FINAL, status=MilestoneStatus.ACCEPTED).exists()
    if not (contract.status == ContractStatus.ENDED or (contract.status == ContractStatus.ACTIVE and passed)):
        raise MarketplaceError(
            _("A project is audited after its final report was accepted, or when it ended early."), code="wrong_state"
        )


# money that comes back


@dataclass(frozen=True)
class PaybackInput:
    cause: str
    amount: Decimal
    reason: str
    due_on: date
    asks_ban: bool = False


def propose_payback(*, actor: Actor, contract_id: int, data: PaybackInput) -> Payback:
    """An officer proposes; the organization is heard before anything is decided."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_propose_payback(actor, contract))
        if contract.status not in (ContractStatus.ACTIVE, ContractStatus.ENDED):
            raise MarketplaceError(
                _("Only the money of a running or ended project is called back."), code="wrong_state"
            )
        if contract.paybacks.filter(cause=data.cause).exclude(status=PaybackStatus.DROPPED).exists():
            raise MarketplaceError(_("This has been proposed already."), code="repeated")
        _check_input(contract, data)
        row = Payback.objects.create(
            contract=contract,
            number=next_number("TH", contract.buyer.region),
            cause=data.cause,
            amount=data.amount,
            reason=data.reason.strip(),
            due_on=data.due_on,
            asks_ban=data.asks_ban,
            proposed_by_id=actor.user_id,
            proposed_at=clock.now(),
            answer_due=end_of_day(add_working_days(clock.today(), rules.ANSWER_DAYS, calendar())),
        )
        log.record(
            "payback.proposed",
            row,
            actor,
            project=contract.project_number,
            number=row.number,
            amount=row.amount,
            cause=row.cause,
            asks_ban=row.asks_ban,
            reason=row.reason,
        )
        announce(PaybackProposed(row.pk))
        return row


def _check_input(contract: Contract, data: PaybackInput) -> None:
    paid = sum(paid_by_line(contract).values(), ZERO)
    require(rules.check_demand(data.amount, paid))
    if not data.reason.strip():
        raise MarketplaceError(_("Write down what the demand rests on."), field="reason", rule_id="R-VENT-10")
    if data.asks_ban and data.cause != PaybackCause.BREACH:
        raise MarketplaceError(
            _("Only a severe breach leads to a ban; unused money is simply paid back."),
            field="asks_ban",
            rule_id="R-VENT-10",
        )
    if data.due_on <= clock.today():
        raise MarketplaceError(_("The day lies after today."), field="due_on")


def answer_payback(*, actor: Actor, payback_id: int, answer: str) -> Payback:
    """The organization's answer, within five working days."""
    with audit.transaction() as log:
        row = locked(Payback, payback_id)
        require_permission(can_answer_payback(actor, row))
        if row.status != PaybackStatus.PROPOSED or clock.now() > row.answer_due:
            raise MarketplaceError(_("The time to answer has ended."), code="wrong_state")
        if not answer.strip():
            raise MarketplaceError(_("Write your answer; it stands beside the decision."), field="answer")
        PAYBACK.apply(row, "answer", actor=actor)
        row.answer, row.answered_by_id, row.answered_at = answer.strip(), actor.user_id, clock.now()
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        log.record("payback.answered", row, actor, project=row.contract.project_number, number=row.number)
        return row


def confirm_payback(*, actor: Actor, payback_id: int) -> Payback:
    """The second officer's decision, after the hearing: the demand stands; a breach ends the project, may ban."""
    with audit.transaction() as log:
        row, contract = _locked(payback_id)
        require_permission(can_confirm_payback(actor, row))
        require(rules.check_heard(is_answered=row.answered_at is not None, due=row.answer_due, now=clock.now()))
        require(rules.check_demand(row.amount, sum(paid_by_line(contract).values(), ZERO)))
        PAYBACK.apply(row, "confirm", actor=actor)
        row.confirmed_by_id, row.confirmed_at = actor.user_id, clock.now()
        row.due_on = max(row.due_on, clock.today())
        row.save(update_fields=["confirmed_by", "confirmed_at", "due_on"])
        log.record(
            "payback.demanded",
            row,
            actor,
            project=contract.project_number,
            number=row.number,
            amount=row.amount,
            due_on=row.due_on.isoformat(),
            reason=row.reason,
        )
        if row.cause == PaybackCause.BREACH and contract.status == ContractStatus.ACTIVE:
            end_contract(log=log, actor=actor, contract=contract, reason=row.reason)
        if row.asks_ban:
            _ban(log, actor, row, contract)
        announce(PaybackDemanded(row.pk))
        return row


def _locked(payback_id: int) -> tuple[Payback, Contract]:
    row = locked(Payback, payback_id)
    row.contract = locked(Contract, row.contract_id)
    return row, row.contract


def _ban(log: Any, actor: Actor, row: Payback, contract: Contract) -> None:
    ban = VentureBan.objects.create(
        body=contract.supplier,
        project_number=contract.project_number,
        reason=row.reason,
        starts_on=clock.today(),
        ends_on=rules.ban_until(clock.today()),
        proposed_by_id=row.proposed_by_id,
        confirmed_by_id=actor.user_id,
        confirmed_at=clock.now(),
    )
    log.record(
        "venture_ban.decided",
        ban,
        actor,
        project=contract.project_number,
        code=contract.supplier.code,
        ends_on=ban.ends_on.isoformat(),
        reason=row.reason,
    )


def drop_payback(*, actor: Actor, payback_id: int, reason: str) -> Payback:
    """The second officer does not agree, or the answer convinces."""
    with audit.transaction() as log:
        row = locked(Payback, payback_id)
        require_permission(can_confirm_payback(actor, row))
        if not reason.strip():
            raise MarketplaceError(_("Write down why not."), field="reason")
        PAYBACK.apply(row, "drop", actor=actor)
        row.drop_reason = reason.strip()
        row.save(update_fields=["drop_reason"])
        log.record(
            "payback.dropped", row, actor, project=row.contract.project_number, number=row.number, reason=reason.strip()
        )
        return row


@dataclass(frozen=True)
class ReceiptInput:
    amount: Decimal
    received_on: date
    bank_reference: str


def open_amount(row: Payback) -> Decimal:
    return row.amount - (row.receipts.aggregate(total=Sum("amount"))["total"] or ZERO)


def record_receipt(*, actor: Actor, payback_id: int, data: ReceiptInput) -> PaybackReceipt:
    """Money came back, in whole or in part: each pot gets its part of what it had paid."""
    with audit.transaction() as log:
        row, contract = _locked(payback_id)
        require_permission(can_record_receipt(actor, row))
        if row.status != PaybackStatus.DEMANDED:
            raise MarketplaceError(_("Nothing is demanded here (any more)."), code="wrong_state")
        require(rules.check_receipt(data.amount, open_amount(row)))
        reference = _check_bank(row, data)
        receipt = PaybackReceipt.objects.create(
            payback=row,
            amount=data.amount,
            received_on=data.received_on,
            bank_reference=reference,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        booking = booking_of(contract, receipt)
        for line_id, amount in draw(data.amount, paid_by_line(contract)).items():
            ledger.take_back(log=log, actor=actor, contract=contract, amount=amount, booking=booking, line_id=line_id)
        log.record(
            "payback.received", receipt, actor, project=contract.project_number, number=row.number, amount=data.amount
        )
        if open_amount(row) == ZERO:
            PAYBACK.apply(row, "settle", actor=actor)
            row.settled_at = clock.now()
            row.save(update_fields=["settled_at"])
            announce(PaybackSettled(row.pk))
            complete_if_done(log=log, contract=contract)
        return receipt


def _check_bank(row: Payback, data: ReceiptInput) -> str:
    reference = data.bank_reference.strip()
    if not reference:
        raise MarketplaceError(_("Enter the bank's reference of the transfer."), field="bank_reference")
    if PaybackReceipt.objects.filter(bank_reference=reference).exists():
        raise MarketplaceError(_("This bank reference belongs to another payment."), field="bank_reference")
    if not day_of(row.confirmed_at) <= data.received_on <= clock.today():  # type: ignore[arg-type]
        raise MarketplaceError(_("The day lies between the demand and today."), field="received_on")
    return reference


def flag_overdue(*, payback_id: int) -> Payback:
    """By the clock, once: the day passed and the money is not there."""
    with audit.transaction() as log:
        row = locked(Payback, payback_id)
        if row.status == PaybackStatus.DEMANDED and row.overdue_at is None and row.due_on < clock.today():
            row.overdue_at = clock.now()
            row.save(update_fields=["overdue_at"])
            log.record("payback.overdue", row, SYSTEM, project=row.contract.project_number, number=row.number)
        return row
