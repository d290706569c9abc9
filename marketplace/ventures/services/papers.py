"""Corrections and the termination of a published call: drafted by an officer, published by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import CalendarMissing, MarketplaceError, StaleVersion
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import CallCorrected, CallPaperReturned, CallPaperSubmitted, CallTerminated
from ..lifecycle import CALL, CALL_PAPER
from ..models import Call, CallPaper, CallPaperStatus, CallStatus, PaperKind
from ..notices import correction_notice, termination_notice
from ..permissions.call import can_decide_paper, can_prepare_call
from ..rules import papers as rules
from ..rules.timetable import on_working_day, review_in_time
from ..selectors.call import off_of, rules_of, timetable_of
from ..selectors.papers import passages, write_passage
from .call import freeze_form

WAITING = (CallPaperStatus.SUBMITTED, CallPaperStatus.RETURNED)


@dataclass(frozen=True)
class CorrectionInput:
    """What the officer writes. `changes`: new text by target (see `selectors.papers.passages`)."""

    subject: str
    reason: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    new_deadline: datetime | None = None


def draft_correction(*, actor: Actor, call_id: int, correction: CorrectionInput) -> CallPaper:
    """Hands a correction to the second officer. One paper at a time: a waiting one has to be decided first."""
    with transaction() as log:
        call = _changeable(call_id, PaperKind.CORRECTION)
        require_permission(can_prepare_call(actor, call))
        _require_none_waiting(call)
        row = CallPaper(call=call, kind=PaperKind.CORRECTION)
        _submit(log, actor, row, correction)
    return row


def revise_correction(*, actor: Actor, paper_id: int, version: int, correction: CorrectionInput) -> CallPaper:
    """Writes a returned correction anew and submits it again."""
    with transaction() as log:
        row = locked(CallPaper, paper_id, "call__lead")
        require_permission(can_prepare_call(actor, row.call))
        if row.version != version:
            raise StaleVersion(_("Somebody else has changed this correction meanwhile."), current=row)
        CALL_PAPER.apply(row, "resubmit", actor=actor)
        row.version += 1
        _submit(log, actor, row, correction)
    return row


def _submit(log: Log, actor: Actor, row: CallPaper, correction: CorrectionInput) -> None:
    call, stored = row.call, passages(row.call)
    require(rules.only_texts(correction.changes, stored))
    changes = {t: text.strip() for t, text in correction.changes.items() if text.strip() != stored[t].text.strip()}
    row.subject, row.reason = correction.subject.strip(), correction.reason.strip()
    row.old_deadline = call.deadline
    row.new_deadline = None if correction.new_deadline == call.deadline else correction.new_deadline
    row.drafted_by_id, row.drafted_at, row.return_reason = actor.user_id, clock.now(), ""
    require(*_decisions(row, len(changes)))
    row.save()
    for old in row.changes.all():
        old.delete()
    for target, text in changes.items():
        row.changes.create(target=target, label=stored[target].label, before=stored[target].text, after=text)
    log.record("call_paper.submitted", row, actor, kind=row.kind, subject=row.subject)
    announce(CallPaperSubmitted(row.pk))


def _decisions(row: CallPaper, count: int) -> list[Decision]:
    call = row.call
    decisions = [
        rules.says_what(row.subject),
        rules.still_open(clock.now(), call.deadline),  # type: ignore[arg-type]
        rules.changes_something(count, row.new_deadline),
        rules.only_later(call.deadline, row.new_deadline),  # type: ignore[arg-type]
    ]
    return decisions + (_new_dates(row) if row.new_deadline is not None else [])


def _new_dates(row: CallPaper) -> list[Decision]:
    """The moved deadline leaves time for corrections before the published end of the reviews (R-VENT-02, R-TIME-08)."""
    call, deadline = row.call, row.new_deadline
    moved = replace(timetable_of(call), deadline=deadline)
    rule_set = rules_of(call, clock.today())
    try:
        answers = [on_working_day(deadline, calendar()), review_in_time(moved, rule_set, calendar())]  # type: ignore[arg-type]
    except CalendarMissing as missing:
        answers = [refuse(missing.message, missing.rule_id)]
    return [
        allow() if d.allowed or d.rule_id in off_of(call) else refuse(d.reason, d.rule_id, field="new_deadline")
        for d in answers
    ]


def draft_termination(*, actor: Actor, call_id: int, reason: str) -> CallPaper:
    """Hands a termination to the second officer; a waiting or returned one is written anew."""
    with transaction() as log:
        call = _changeable(call_id, PaperKind.TERMINATION)
        require_permission(can_prepare_call(actor, call))
        require(rules.reason_written(reason))
        row = call.papers.filter(kind=PaperKind.TERMINATION, status__in=WAITING).first()
        row = row or CallPaper(call=call, kind=PaperKind.TERMINATION)
        if row.status == CallPaperStatus.RETURNED:
            CALL_PAPER.apply(row, "resubmit", actor=actor)
        row.reason, row.return_reason = reason.strip(), ""
        row.drafted_by_id, row.drafted_at = actor.user_id, clock.now()
        row.save()
        log.record("call_paper.submitted", row, actor, kind=row.kind)
        announce(CallPaperSubmitted(row.pk))
    return row


def withdraw_paper(*, actor: Actor, paper_id: int) -> CallPaper:
    with transaction() as log:
        row = locked(CallPaper, paper_id, "call")
        require_permission(can_prepare_call(actor, row.call))
        CALL_PAPER.apply(row, "withdraw", actor=actor)
        log.record("call_paper.withdrawn", row, actor)
    return row


def return_paper(*, actor: Actor, paper_id: int, reason: str) -> CallPaper:
    with transaction() as log:
        row = locked(CallPaper, paper_id, "call")
        require_permission(can_decide_paper(actor, row))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        CALL_PAPER.apply(row, "return", actor=actor)
        row.return_reason = reason.strip()[:400]
        row.save(update_fields=["return_reason"])
        log.record("call_paper.returned", row, actor, reason=row.return_reason)
        announce(CallPaperReturned(row.pk))
    return row


def publish_paper(*, actor: Actor, paper_id: int) -> CallPaper:
    """A correction rewrites texts and moves the deadline, a termination ends the call; each by a notice of its own.

    What is to hold is judged anew: a correction that waited past the deadline is refused.
    """
    with transaction() as log:
        row = locked(CallPaper, paper_id, "call__lead", "call__snapshot")
        require_permission(can_decide_paper(actor, row))
        row.call = _changeable(row.call_id, row.kind)
        if row.kind == PaperKind.CORRECTION:
            require(*_decisions(row, row.changes.count()))
        CALL_PAPER.apply(row, "publish", actor=actor)
        row.published_by_id, row.published_at = actor.user_id, clock.now()
        if row.kind == PaperKind.CORRECTION:
            _correct(log, row, actor)
        else:
            _terminate(log, row, actor)
    return row


def _correct(log: Log, row: CallPaper, actor: Actor) -> None:
    call, changes = row.call, list(row.changes.all())
    for change in changes:
        write_passage(call, change.target, change.after)
    if any(change.target.startswith("block:") for change in changes):
        freeze_form(call)
    if row.new_deadline is not None:
        call.deadline = row.new_deadline
        call.save(update_fields=["deadline"])
    _publish(log, row, actor)
    log.record("call.corrected", call, actor, project=call.number, subject=row.subject, deadline=call.deadline)
    announce(CallCorrected(row.pk))


def _terminate(log: Log, row: CallPaper, actor: Actor) -> None:
    call = row.call
    CALL.apply(call, "terminate", actor=actor)
    _publish(log, row, actor)
    log.record("call.terminated", call, actor, project=call.number, reason=row.reason)
    announce(CallTerminated(row.pk))


def _publish(log: Log, row: CallPaper, actor: Actor) -> None:
    call, is_correction = row.call, row.kind == PaperKind.CORRECTION
    row.snapshot = publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.VENTURE_CORRECTION if is_correction else NoticeKind.VENTURE_END,
        title=f"{call.title}更正公告（第{_ordinal(row)}次）" if is_correction else f"{call.title}终止公告",
        subject=call,
        project_number=call.number,
        body=call.lead,
        region=call.lead.region,
        data=correction_notice(row) if is_correction else termination_notice(row),
        corrects=call.snapshot,
    )
    row.save(update_fields=["published_by", "published_at", "snapshot"])


def _ordinal(row: CallPaper) -> int:
    published = row.call.papers.filter(kind=PaperKind.CORRECTION, status=CallPaperStatus.PUBLISHED)
    return published.filter(pk__lte=row.pk).count()


def _changeable(call_id: int, kind: str) -> Call:
    """A correction needs an open call; an end is possible until grants are decided."""
    call = locked(Call, call_id, "lead", "snapshot")
    wanted = [CallStatus.PUBLISHED] if kind == PaperKind.CORRECTION else [CallStatus.PUBLISHED, CallStatus.CLOSED]
    if call.status not in wanted:
        raise MarketplaceError(_("Only a published call is corrected or ended."), code="wrong_state")
    return call


def _require_none_waiting(call: Call) -> None:
    if call.papers.filter(status__in=WAITING).exists():
        raise MarketplaceError(_("A paper of this call is under way already; finish or withdraw it first."))
