"""Stages of a grant: how a report was looked into, a stage not passed, the early end (R-VENT-10).

A failure is proposed by an officer and confirmed by another, or comes by the clock when the mid-term report was not
handed in on time. It is named publicly, payments stop, what is bound goes back to the pots. Announces ProjectEnded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, override

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.core.rules.time import day_of
from marketplace.funds.selectors import outstanding_of, paid_by_line
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice
from marketplace.ventures.models import TrancheStage

from ..events import ProjectEnded
from ..lifecycle import CONTRACT, DISBURSEMENT, MILESTONE
from ..models import Contract, ContractStatus, Disbursement, LookKind, Milestone, MilestoneStatus, StageLook
from ..notices import LANGUAGE, ended_notice
from ..permissions import can_confirm_failure, can_look_into_stage, can_propose_failure
from ..rules import agreement as rules
from .money import release_shares

ZERO = Decimal("0.00")
REPORTED_STAGES = (TrancheStage.MIDTERM, TrancheStage.FINAL)


@dataclass(frozen=True)
class LookInput:
    kind: str
    made_on: date
    note: str
    has_doubt: bool


def looks_of(milestone: Milestone) -> list[rules.Look]:
    return [rules.Look(row.kind == LookKind.DESK, row.has_doubt) for row in milestone.looks.all()]


def record_look(*, actor: Actor, milestone_id: int, data: LookInput) -> StageLook:
    """A desk review, a call or a visit, while the report waits for the decision."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = milestone.contract
        require_permission(can_look_into_stage(actor, contract))
        if milestone.status != MilestoneStatus.REPORTED or milestone.stage not in REPORTED_STAGES:
            raise MarketplaceError(_("There is no report of a stage that waits for a decision."), code="wrong_state")
        report = milestone.reports.filter(status="submitted").latest("submitted_at")
        new = rules.Look(data.kind == LookKind.DESK, data.has_doubt)
        require(
            rules.check_new_look(
                looks_of(milestone),
                new,
                note=data.note,
                made_on=data.made_on,
                reported_on=day_of(report.submitted_at),  # type: ignore[arg-type]
                today=clock.today(),
            )
        )
        look = StageLook.objects.create(
            milestone=milestone,
            kind=data.kind,
            made_on=data.made_on,
            note=data.note.strip(),
            has_doubt=data.has_doubt,
            made_by_id=actor.user_id,
            made_at=clock.now(),
        )
        log.record(
            "stage.looked_into",
            look,
            actor,
            project=contract.project_number,
            milestone=milestone.position,
            kind=data.kind,
            has_doubt=data.has_doubt,
        )
        return look


def check_passing(milestone: Milestone) -> list[Any]:
    """What the acceptance of a grant's stage needs beside the buyer's words; nothing for other contracts."""
    if milestone.stage not in REPORTED_STAGES:
        return []
    return [rules.check_looks(looks_of(milestone))]


def check_turn(milestone: Milestone) -> Any:
    """Whether a stage may be reported: those before it were passed."""
    earlier = milestone.contract.milestones.filter(position__lt=milestone.position).exclude(stage="")
    return rules.check_stage((row.name, row.status == MilestoneStatus.ACCEPTED) for row in earlier)


def propose_failure(*, actor: Actor, milestone_id: int, reason: str) -> Milestone:
    """An officer's proposal that the stage was not passed; another officer confirms it."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = milestone.contract
        require_permission(can_propose_failure(actor, contract))
        _expect_open(milestone)
        if milestone.fail_proposed_at is not None:
            raise MarketplaceError(
                _("This has been proposed already and waits for the second officer."), code="repeated"
            )
        if not reason.strip():
            raise MarketplaceError(
                _("Write down why the stage is not passed; the reason is published."), field="reason"
            )
        milestone.fail_reason, milestone.fail_proposed_by_id = reason.strip(), actor.user_id
        milestone.fail_proposed_at = clock.now()
        milestone.save(update_fields=["fail_reason", "fail_proposed_by", "fail_proposed_at"])
        log.record(
            "stage.failure_proposed",
            milestone,
            actor,
            project=contract.project_number,
            milestone=milestone.position,
            reason=reason.strip(),
        )
        return milestone


def _expect_open(milestone: Milestone) -> None:
    is_open = milestone.status in (MilestoneStatus.PENDING, MilestoneStatus.REPORTED, MilestoneStatus.RETURNED)
    if milestone.stage not in REPORTED_STAGES or not is_open or milestone.contract.status != ContractStatus.ACTIVE:
        raise MarketplaceError(_("This stage is not open, so it cannot fail."), code="wrong_state")


def _expect_proposed(milestone: Milestone) -> None:
    _expect_open(milestone)
    if milestone.fail_proposed_at is None:
        raise MarketplaceError(_("Nothing has been proposed here."), code="wrong_state")


def drop_failure(*, actor: Actor, milestone_id: int, reason: str) -> Milestone:
    """The second officer does not agree: the stage stays open."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        require_permission(can_confirm_failure(actor, milestone))
        _expect_proposed(milestone)
        if not reason.strip():
            raise MarketplaceError(_("Write down why not."), field="reason")
        milestone.fail_reason, milestone.fail_proposed_by, milestone.fail_proposed_at = "", None, None
        milestone.save(update_fields=["fail_reason", "fail_proposed_by", "fail_proposed_at"])
        log.record(
            "stage.failure_dropped",
            milestone,
            actor,
            project=milestone.contract.project_number,
            milestone=milestone.position,
            reason=reason.strip(),
        )
        return milestone


def confirm_failure(*, actor: Actor, milestone_id: int) -> Milestone:
    """Not passed: named publicly, payments stopped, the project ended."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = locked(Contract, milestone.contract_id)
        require_permission(can_confirm_failure(actor, milestone))
        _expect_proposed(milestone)
        _fail(log, actor, milestone, contract, milestone.fail_reason)
        return milestone


def fail_late(*, milestone_id: int) -> Milestone:
    """By the clock: a mid-term report not handed in on time is a failed mid-term (R-VENT-10). Once."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id)
        contract = locked(Contract, milestone.contract_id)
        if is_midterm_missed(milestone, contract, clock.today()):
            with override(LANGUAGE):
                reason = _("The mid-term report was not handed in by %(due)s.") % {"due": milestone.due_on.isoformat()}
            _fail(log, SYSTEM, milestone, contract, reason)
        return milestone


def is_midterm_missed(milestone: Milestone, contract: Contract, today: date) -> bool:
    return (
        milestone.stage == TrancheStage.MIDTERM
        and contract.status == ContractStatus.ACTIVE
        and milestone.reported_at is None
        and not milestone.is_provisional
        and milestone.due_on < today
    )


def _fail(log: Any, actor: Actor, milestone: Milestone, contract: Contract, reason: str) -> None:
    MILESTONE.apply(milestone, "fail", actor=actor)
    milestone.fail_reason = reason
    milestone.save(update_fields=["fail_reason"])
    log.record(
        "stage.failed",
        milestone,
        actor,
        project=contract.project_number,
        milestone=milestone.position,
        reason=reason,
    )
    end_contract(log=log, actor=actor, contract=contract, reason=f"{milestone.name}：{reason}")


def end_contract(*, log: Any, actor: Actor, contract: Contract, reason: str) -> None:
    """Payments under way go back, what is bound is released to each pot, the project is named with the reason."""
    CONTRACT.apply(contract, "end", actor=actor)
    contract.ended_at, contract.end_reason = clock.now(), reason[:400]
    contract.save(update_fields=["ended_at", "end_reason"])
    for request in Disbursement.objects.open().filter(milestone__contract=contract):
        DISBURSEMENT.apply(request, "return", actor=actor)
        request.return_reason, request.returned_by_id, request.returned_at = reason[:400], actor.user_id, clock.now()
        request.save(update_fields=["return_reason", "returned_by", "returned_at"])
        log.record("disbursement.returned", request, actor, project=contract.project_number, reason=reason[:400])
    released = outstanding_of(contract)
    release_shares(log=log, actor=actor, contract=contract)
    notice = ended_notice(contract, paid=sum(paid_by_line(contract).values(), ZERO), released=released)
    publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.GRANT_ENDED,
        title=notice.title,
        subject=contract,
        project_number=contract.project_number,
        body=contract.buyer,
        region=contract.buyer.region,
        data=notice.data,
    )
    log.record(
        "contract.ended", contract, actor, project=contract.project_number, released=released, reason=reason[:400]
    )
    announce(ProjectEnded(contract.pk))
