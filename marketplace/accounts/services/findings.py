"""Findings of auditors: recorded on an object, answered by the body, closed by the auditors."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..actors import Actor
from ..events import FindingAnswered, FindingClosed, FindingRecorded
from ..models import Body, Finding, FindingStatus
from ..permissions import can_answer_finding, can_close_finding, can_read_finding, can_record_finding


@dataclass(frozen=True)
class FindingSubject:
    """The object a finding is about, and the bodies it may concern (`body_id` first, if the auditor names none)."""

    key: str
    title: str
    body_id: int
    url: str = ""
    project_number: str = ""
    others: tuple[int, ...] = ()

    @property
    def bodies(self) -> tuple[int, ...]:
        return (self.body_id, *self.others)


def record_finding(*, actor: Actor, subject: FindingSubject, text: str, is_serious: bool = False) -> Finding:
    with audit.transaction() as log:
        require_permission(can_record_finding(actor))
        require(_written(text, "text"))
        body = locked(Body, subject.body_id)
        finding = Finding.objects.create(
            subject=subject.key,
            subject_title=subject.title[:200],
            subject_url=subject.url,
            project_number=subject.project_number,
            body=body,
            auditor_id=actor.body_id,
            is_serious=is_serious,
            text=text.strip(),
            made_by_id=actor.user_id,
            made_at=clock.now(),
        )
        log.record(
            "finding.recorded", finding, actor, project=subject.project_number, is_serious=is_serious, text=finding.text
        )
        announce(FindingRecorded(finding.pk))
        return finding


def answer_finding(*, actor: Actor, finding_id: int, answer: str) -> Finding:
    """The body's answer; it may be replaced until the auditors close."""
    with audit.transaction() as log:
        finding = _visible(actor, finding_id)
        require_permission(can_answer_finding(actor, finding))
        require(_not_closed(finding), _written(answer, "answer"))
        finding.answer, finding.status = answer.strip(), FindingStatus.ANSWERED
        finding.answered_by_id, finding.answered_at = actor.user_id, clock.now()
        finding.save(update_fields=["answer", "status", "answered_by", "answered_at"])
        log.record("finding.answered", finding, actor, project=finding.project_number, answer=finding.answer)
        announce(FindingAnswered(finding.pk))
        return finding


def close_finding(*, actor: Actor, finding_id: int, conclusion: str) -> Finding:
    with audit.transaction() as log:
        finding = _visible(actor, finding_id)
        require_permission(can_close_finding(actor, finding))
        require(_not_closed(finding), _written(conclusion, "conclusion"))
        finding.conclusion, finding.status = conclusion.strip(), FindingStatus.CLOSED
        finding.closed_by_id, finding.closed_at = actor.user_id, clock.now()
        finding.save(update_fields=["conclusion", "status", "closed_by", "closed_at"])
        log.record("finding.closed", finding, actor, project=finding.project_number, conclusion=finding.conclusion)
        announce(FindingClosed(finding.pk))
        return finding


def _visible(actor: Actor, finding_id: int) -> Finding:
    finding = locked(Finding, finding_id, "body")
    if not can_read_finding(actor, finding):
        raise NotFound("")
    return finding


def _written(text: str, field: str) -> Decision:
    if text.strip():
        return allow()
    return refuse(_("Write it in words: what was found, where, and what it rests on."), field=field)


def _not_closed(finding: Finding) -> Decision:
    if finding.status != FindingStatus.CLOSED:
        return allow()
    return refuse(_("This finding has been closed. A new one can be recorded."))
