"""How objects of the room are shown: step lines and timelines, from their own dates. No rules here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.web.templatetags.web import short_day

from .models import (
    Contract,
    ContractStatus,
    Disbursement,
    DisbursementStatus,
    Evaluation,
    EvaluationStatus,
    Milestone,
    MilestoneStatus,
)

Step = dict[str, Any]
Event = dict[str, Any]


def line(steps: Iterable[tuple[Any, bool, Any]]) -> list[Step]:
    """(label, is done, note) → states: all that is done, the first that is not is «now»."""
    shown, is_now_given = [], False
    for label, is_done, note in steps:
        state = "done" if is_done else "" if is_now_given else "now"
        is_now_given = is_now_given or not is_done
        shown.append({"label": label, "state": state, "note": note})
    return shown


def contract_steps(contract: Contract, milestones: list[Milestone]) -> list[Step]:
    accepted = sum(milestone.status == MilestoneStatus.ACCEPTED for milestone in milestones)
    paid = sum(bool(milestone.paid_amount) for milestone in milestones)  # type: ignore[attr-defined]
    count = len(milestones)
    return line(
        [
            (_("Drafted"), contract.status != ContractStatus.DRAFT, short_day(contract.drafted_at)),
            (_("Signed by both sides"), contract.signed_at is not None, short_day(contract.signed_at)),
            (_("Published"), contract.published_at is not None, short_day(contract.published_at)),
            (_("Performed and accepted"), 0 < count == accepted, f"{accepted} / {count}"),
            (_("Paid"), 0 < count == paid, f"{paid} / {count}"),
            (_("Completed"), contract.completed_at is not None, short_day(contract.completed_at)),
        ]
    )


def disbursement_steps(disbursement: Disbursement, approvals: list[Any]) -> list[Step]:
    when = {approval.step: short_day(approval.decided_at) for approval in approvals}
    steps = line(
        [
            (_("Requested and compared"), True, short_day(disbursement.requested_at)),
            (_("First approval: approver"), 1 in when, when.get(1, "")),
            (_("Second approval: finance"), 2 in when, when.get(2, "")),
            (_("Paid"), disbursement.status == DisbursementStatus.PAID, short_day(disbursement.paid_on)),
        ]
    )
    if disbursement.status == DisbursementStatus.RETURNED:
        stopped = next(step for step in steps if step["state"] == "now")
        stopped.update(state="stopped", label=_("Returned"), note=short_day(disbursement.returned_at))
    return steps


def evaluation_steps(evaluation: Evaluation) -> list[Step]:
    drafted = evaluation.drafted_at is not None
    is_final = evaluation.status == EvaluationStatus.FINAL
    steps = line(
        [
            (_("Assigned"), True, short_day(evaluation.assigned_at)),
            (_("No conflict declared"), evaluation.declared_at is not None, short_day(evaluation.declared_at)),
            (_("Draft handed over"), drafted, short_day(evaluation.drafted_at)),
            (
                _("Organization's answer"),
                evaluation.answered_at is not None or is_final,
                short_day(evaluation.answered_at),
            ),
            (_("Final report"), is_final, short_day(evaluation.final_at)),
        ]
    )
    if evaluation.status == EvaluationStatus.DECLINED:
        stopped = next(step for step in steps if step["state"] == "now")
        stopped.update(state="stopped", label=_("Declined"))
    return steps


def _newest_first(events: list[tuple[date | datetime | None, str, str]]) -> list[Event]:
    dated = [{"at": at, "title": title, "text": text} for at, title, text in events if at is not None]
    return sorted(dated, key=lambda event: _moment(event["at"]), reverse=True)


def _moment(value: date | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=clock.ZONE)


def contract_events(contract: Contract, milestones: list[Milestone]) -> list[Event]:
    """What happened, newest first; milestones come with reports and payments read along."""
    drafted = _("Draft made from call and application") if contract.is_grant else _("Draft made from tender and bid")
    events: list[tuple[Any, str, str]] = [
        (contract.drafted_at, drafted, ""),
        (contract.proposed_at, _("Handed to both sides for signing"), ""),
        (contract.signed_at, _("Signed by both sides, money committed"), f"{contract.amount:,.2f}"),
        (contract.published_at, _("Contract published"), contract.number),
        (contract.filed_at, _("Filed with the finance department"), contract.filing_number),
        (contract.completed_at, _("Completed"), ""),
        (contract.ended_at, _("Ended early"), contract.end_reason),
    ]
    for milestone in milestones:
        if milestone.stage and not milestone.reports.all():
            events.append((milestone.accepted_at, _("Stage reached"), milestone.name))
        events.append((milestone.late_flagged_at, _("Milestone late"), milestone.name))
        for report in milestone.reports.all():
            events.append((report.submitted_at, _("Report handed in"), milestone.name))
            if report.return_reason:
                events.append((report.decided_at, _("Report returned"), f"{milestone.name}: {report.return_reason}"))
            elif report.decided_at:
                events.append((report.decided_at, _("Milestone accepted"), milestone.name))
        for payment in milestone.disbursements.all():
            events.append((payment.requested_at, _("Money asked for"), f"{milestone.name}, {payment.amount:,.2f}"))
            events.append((payment.returned_at, _("Request returned"), payment.return_reason))
            events.append((payment.paid_at, _("Paid"), f"{milestone.name}, {payment.amount:,.2f}"))
    return _newest_first(events)
