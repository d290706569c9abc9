"""Change requests during performance: asked with a reason, decided by an officer, confirmed above a tenth (R-VENT-16).

What was approved changes the agreement at once, and a supplement (补充协议) is made as PDF. Announces ChangeAsked,
ChangeDecided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _, override

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.core.rules.time import far_date
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import request_document

from ..events import ChangeAsked, ChangeDecided
from ..lifecycle import CHANGE
from ..models import (
    AgreementLine,
    AgreementPart,
    ChangeKind,
    ChangeRequest,
    ChangeStatus,
    Contract,
    ContractShare,
    ContractStatus,
    MilestoneStatus,
)
from ..notices import LANGUAGE
from ..permissions import can_ask_change, can_confirm_change, can_decide_change
from ..rules import agreement as rules
from ..selectors import shifted_of, spent_by_line
from .contract import check_term

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class ChangeInput:
    kind: str
    reason: str
    before: str = ""
    after: str = ""
    from_line_id: int | None = None
    to_line_id: int | None = None
    share_id: int | None = None
    amount: Decimal | None = None
    term_to: date | None = None


def ask_change(*, actor: Actor, contract_id: int, data: ChangeInput) -> ChangeRequest:
    """The organization asks before it acts; one open request of each kind."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_ask_change(actor, contract))
        if contract.status != ContractStatus.ACTIVE:
            raise MarketplaceError(_("Only an agreement in performance can be changed."), code="wrong_state")
        if not data.reason.strip():
            raise MarketplaceError(_("Write down why this has to change."), field="reason")
        open_kinds = (ChangeStatus.ASKED, ChangeStatus.CONFIRMING)
        if contract.changes.filter(kind=data.kind, status__in=open_kinds).exists():
            raise MarketplaceError(
                _("A request of this kind is being decided. Wait for the answer, then ask anew."), code="repeated"
            )
        change = ChangeRequest(
            contract=contract,
            position=contract.changes.count() + 1,
            kind=data.kind,
            reason=data.reason.strip(),
            asked_by_id=actor.user_id,
            asked_at=clock.now(),
        )
        _fill(change, contract, data)
        change.save()
        log.record(
            "change.asked",
            change,
            actor,
            project=contract.project_number,
            kind=data.kind,
            before=change.before,
            after=change.after,
            reason=change.reason,
        )
        announce(ChangeAsked(change.pk))
        return change


def _fill(change: ChangeRequest, contract: Contract, data: ChangeInput) -> None:
    if data.kind == ChangeKind.BUDGET:
        _fill_shift(change, contract, data)
    elif data.kind == ChangeKind.PERIOD:
        _fill_period(change, contract, data)
    else:
        change.before, change.after = data.before.strip(), data.after.strip()
        for name in ("before", "after"):
            if not getattr(change, name):
                raise MarketplaceError(_("Say what was agreed and what it shall be."), field=name)


def _fill_shift(change: ChangeRequest, contract: Contract, data: ChangeInput) -> None:
    change.from_line = _of(contract.budget.filter(pk=data.from_line_id or 0), "from_line")
    change.to_line = _of(contract.budget.filter(pk=data.to_line_id or 0), "to_line")
    change.share = _of(contract.shares.filter(pk=data.share_id or 0), "share")
    change.amount = data.amount or ZERO
    require(_check_shift(change))
    before, after = _shift_words(change)
    change.before, change.after = before, after


def _of(rows: Any, field: str) -> Any:
    found = rows.first()
    if found is None:
        raise MarketplaceError(_("Choose a line and a pot of this agreement."), field=field)
    return found


def _check_shift(change: ChangeRequest) -> Any:
    line, share = change.from_line, change.share
    part = AgreementPart.objects.filter(line=line, share=share).first()
    spent = spent_by_line(change.contract).get(line.pk, ZERO)  # type: ignore[union-attr]
    unspent = max(line.granted - spent, ZERO)  # type: ignore[union-attr]
    available = min(part.amount if part else ZERO, unspent)
    return rules.check_shift(change.amount or ZERO, available, same_line=change.from_line_id == change.to_line_id)


def _shift_words(change: ChangeRequest) -> tuple[str, str]:
    """Both lines before and after, in the institution's language."""
    source, target, amount = change.from_line, change.to_line, change.amount or ZERO
    assert source is not None and target is not None
    with override(LANGUAGE):
        words = _("%(from)s %(a)s yuan; %(to)s %(b)s yuan")
        names = {"from": source.name, "to": target.name}
        before = {"a": f"{source.granted:,.2f}", "b": f"{target.granted:,.2f}"}
        after = {"a": f"{source.granted - amount:,.2f}", "b": f"{target.granted + amount:,.2f}"}
        return words % {**names, **before}, words % {**names, **after}


def _fill_period(change: ChangeRequest, contract: Contract, data: ChangeInput) -> None:
    if data.term_to is None or data.term_to == contract.term_to:
        raise MarketplaceError(_("Enter the new last day of the project."), field="term_to")
    if data.term_to < clock.today():
        raise MarketplaceError(_("The new end lies in the past."), field="term_to", rule_id="R-VENT-16")
    require(check_term(contract, contract.term_from, data.term_to))
    change.term_to = data.term_to
    change.before, change.after = contract.term_to.isoformat(), data.term_to.isoformat()


def needs_second(change: ChangeRequest) -> bool:
    if change.kind != ChangeKind.BUDGET:
        return False
    contract = change.contract
    return rules.needs_second_officer(change.amount or ZERO, shifted_of(contract), contract.amount)


def decide_change(*, actor: Actor, change_id: int, approve: bool, opinion: str) -> ChangeRequest:
    """The officer's answer with an opinion; a large shift goes on to the second officer."""
    with audit.transaction() as log:
        change, contract = _locked(change_id)
        require_permission(can_decide_change(actor, contract))
        if not opinion.strip():
            raise MarketplaceError(_("Write your opinion; the organization reads it."), field="opinion")
        if approve:
            _check_still(change)
        name = "refuse" if not approve else "forward" if needs_second(change) else "approve"
        CHANGE.apply(change, name, actor=actor)
        change.opinion, change.decided_by_id, change.decided_at = opinion.strip(), actor.user_id, clock.now()
        change.save(update_fields=["opinion", "decided_by", "decided_at"])
        _settle(log, actor, change)
        return change


def confirm_change(*, actor: Actor, change_id: int, approve: bool, reason: str = "") -> ChangeRequest:
    """The second officer confirms a shift above a tenth of the grant, or refuses it with a reason."""
    with audit.transaction() as log:
        change, _contract = _locked(change_id)
        require_permission(can_confirm_change(actor, change))
        if approve:
            _check_still(change)
        elif not reason.strip():
            raise MarketplaceError(_("Write down why not."), field="reason")
        CHANGE.apply(change, "confirm" if approve else "reject", actor=actor)
        change.confirmed_by_id, change.confirmed_at = actor.user_id, clock.now()
        if reason.strip():
            change.opinion = reason.strip()
        change.save(update_fields=["confirmed_by", "confirmed_at", "opinion"])
        _settle(log, actor, change)
        return change


def _locked(change_id: int) -> tuple[ChangeRequest, Contract]:
    change = locked(ChangeRequest, change_id)
    contract = locked(Contract, change.contract_id)
    change.contract = contract
    return change, contract


def _check_still(change: ChangeRequest) -> None:
    """What held when it was asked may not hold now: the project ended, the money was spent."""
    if change.contract.status != ContractStatus.ACTIVE:
        raise MarketplaceError(_("Only an agreement in performance can be changed."), code="wrong_state")
    if change.kind == ChangeKind.BUDGET:
        require(_check_shift(change))
    elif change.kind == ChangeKind.PERIOD:
        require(check_term(change.contract, change.contract.term_from, change.term_to))  # type: ignore[arg-type]


def _settle(log: Any, actor: Actor, change: ChangeRequest) -> None:
    if change.status == ChangeStatus.APPROVED:
        _apply(change)
        request_document("contract_supplement", change)
    log.record(
        f"change.{change.status}",
        change,
        actor,
        project=change.contract.project_number,
        kind=change.kind,
        opinion=change.opinion,
    )
    if change.status != ChangeStatus.CONFIRMING:
        announce(ChangeDecided(change.pk))


def _apply(change: ChangeRequest) -> None:
    if change.kind == ChangeKind.BUDGET:
        _shift(change.from_line, change.to_line, change.share, change.amount or ZERO)  # type: ignore[arg-type]
    elif change.kind == ChangeKind.PERIOD:
        _move_end(change.contract, change.term_to)  # type: ignore[arg-type]


def _shift(source: AgreementLine, target: AgreementLine, share: ContractShare, amount: Decimal) -> None:
    """The pot's sum never changes: what one line gives, the other gets."""
    AgreementPart.objects.filter(line=source, share=share).update(amount=F("amount") - amount)
    part, _new = AgreementPart.objects.get_or_create(line=target, share=share, defaults={"amount": ZERO})
    part.amount += amount
    part.save(update_fields=["amount"])


def _move_end(contract: Contract, term_to: date) -> None:
    """The final stage keeps its distance from the end of the project."""
    moved = term_to - contract.term_to
    contract.term_to = term_to
    contract.save(update_fields=["term_to"])
    last = contract.milestones.filter(status=MilestoneStatus.PENDING).order_by("position").last()
    if last is not None:
        far = far_date(last.due_on + moved, calendar())
        last.due_on, last.is_provisional = far.day, far.is_provisional
        last.save(update_fields=["due_on", "is_provisional"])
