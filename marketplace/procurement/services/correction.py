"""Corrections of published documents: drafted by an officer, published by a second person, told to all takers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import request_document
from marketplace.documents.models import Document, StoredFile
from marketplace.publication.models import NoticeKind
from marketplace.publication.privacy import no_identity_number
from marketplace.publication.services import publish_notice

from ..events import CorrectionPublished, PaperSubmitted
from ..lifecycle import PAPER
from ..models import Correction, PaperStatus, Tender, TenderStatus
from ..notices import correction_notice
from ..permissions.correction import can_decide_paper, can_draft_paper
from ..rules import corrections as rules
from ..rules.criteria import LeafFacts, criteria_decisions
from ..rules.lint import criteria_findings, eligibility_not_scored
from ..rules.questions import takers_too_few
from ..rules.timetable import opening_on_working_day
from ..selectors.correction import file_changes, passages, replaced_attachment, write_passage
from ..selectors.tender import leaves_of, rules_of
from .draft import ATTACHMENT, next_version
from .tender import DOCUMENTS


@dataclass(frozen=True)
class CorrectionInput:
    """What the officer writes. `changes`: new text by target (see `selectors.correction.passages`)."""

    subject: str
    changes: Mapping[str, str] = field(default_factory=dict)
    affects_bids: bool = True
    new_deadline: datetime | None = None
    new_documents_until: datetime | None = None
    short_notice_reason: str = ""
    file: StoredFile | None = None
    is_extension: bool = False


def draft_correction(*, actor: Actor, tender_id: int, correction: CorrectionInput) -> Correction:
    """Hands a correction to the second officer. One at a time: a waiting one has to be decided first."""
    with transaction() as log:
        tender = _published(tender_id)
        require_permission(can_draft_paper(actor, tender))
        _require_none_waiting(tender)
        row = Correction(tender=tender, drafted_by_id=actor.user_id, drafted_at=clock.now())
        _write(row, correction)
        log.record("correction.submitted", row, actor, subject=row.subject)
        announce(PaperSubmitted("correction", row.pk))
    return row


def revise_correction(*, actor: Actor, correction_id: int, version: int, correction: CorrectionInput) -> Correction:
    """Writes a returned correction anew and submits it again."""
    with transaction() as log:
        row = locked(Correction, correction_id, "tender__buyer")
        require_permission(can_draft_paper(actor, row.tender))
        if row.version != version:
            raise StaleVersion(_("Somebody else has changed this correction meanwhile."), current=row)
        PAPER.apply(row, "resubmit", actor=actor)
        row.drafted_by_id, row.drafted_at, row.return_reason = actor.user_id, clock.now(), ""
        row.version += 1
        _write(row, correction)
        log.record("correction.submitted", row, actor, subject=row.subject)
        announce(PaperSubmitted("correction", row.pk))
    return row


def withdraw_correction(*, actor: Actor, correction_id: int) -> Correction:
    with transaction() as log:
        row = locked(Correction, correction_id, "tender")
        require_permission(can_draft_paper(actor, row.tender))
        PAPER.apply(row, "withdraw", actor=actor)
        log.record("correction.withdrawn", row, actor)
    return row


def return_correction(*, actor: Actor, correction_id: int, reason: str) -> Correction:
    with transaction() as log:
        row = locked(Correction, correction_id, "tender")
        require_permission(can_decide_paper(actor, row))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        PAPER.apply(row, "return", actor=actor)
        row.return_reason = reason.strip()
        row.save(update_fields=["return_reason"])
        log.record("correction.returned", row, actor, reason=row.return_reason)
    return row


def publish_correction(*, actor: Actor, correction_id: int) -> Correction:
    """Rewrites the documents, moves the deadline, publishes, makes the next version of the PDF.

    The days are counted anew from today: one that waited too long is refused with the day that would do.
    """
    with transaction() as log:
        row = locked(Correction, correction_id, "tender__buyer", "tender__agency", "tender__snapshot")
        require_permission(can_decide_paper(actor, row))
        row.tender = _published(row.tender_id)
        require_reasons(_decisions(row, _changes(row)), row.short_notice_reason)
        PAPER.apply(row, "publish", actor=actor)
        row.published_by_id, row.published_at = actor.user_id, clock.now()
        _apply(row)
        _publish(log, row, actor)
        request_document(DOCUMENTS, row.tender)
        announce(CorrectionPublished(row.pk))
    return row


def publish_extension(
    *,
    log: Log,
    actor: Actor,
    tender_id: int,
    drafted_by_id: int,
    drafted_at: datetime,
    new_deadline: datetime,
    reason: str,
) -> Correction:
    """After an outage: only the deadline moves. Proposed by the officer, confirmed by `actor`, the supervisor."""
    tender = _published(tender_id)
    row = Correction(  # type: ignore[misc]
        tender=tender,
        status=PaperStatus.PUBLISHED,
        subject=_("Deadline, after an outage of the marketplace"),
        affects_bids=False,
        short_notice_reason=reason,
        drafted_by_id=drafted_by_id,
        drafted_at=drafted_at,
        published_by_id=actor.user_id,
        published_at=clock.now(),
        old_deadline=tender.deadline,
        new_deadline=new_deadline,
        old_documents_until=tender.documents_until,
        new_documents_until=new_deadline if tender.documents_until == tender.deadline else None,
    )
    row.save()
    _apply(row)
    _publish(log, row, actor)
    request_document(DOCUMENTS, tender)
    announce(CorrectionPublished(row.pk))
    return row


def _publish(log: Log, row: Correction, actor: Actor) -> None:
    tender = row.tender
    row.snapshot = publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.CORRECTION,
        title=f"{tender.title}更正公告（第{ordinal(row)}次）",
        subject=tender,
        project_number=tender.number,
        body=tender.buyer,
        region=tender.buyer.region,
        data=correction_notice(row, file_changes(row)),
        corrects=tender.snapshot,
    )
    row.save(update_fields=["published_by", "published_at", "snapshot"])
    log.record(
        "correction.published",
        row,
        actor,
        project=tender.number,
        subject=row.subject,
        deadline=tender.deadline,
        short_notice_reason=row.short_notice_reason,
    )


def ordinal(row: Correction) -> int:
    return row.tender.corrections.filter(status=PaperStatus.PUBLISHED, pk__lte=row.pk).count()


def extension_offer(tender: Tender) -> Decision:
    """Whether R-TENDER-04 offers an extension now."""
    return takers_too_few(
        tender.takes.count(),
        tender.documents_until,  # type: ignore[arg-type]
        tender.deadline,  # type: ignore[arg-type]
        clock.now(),
        rules_of(tender, clock.today()),
    )


def _published(tender_id: int) -> Tender:
    tender = locked(Tender, tender_id, "buyer", "agency", "snapshot", "item__budget_line__fund")
    if tender.status != TenderStatus.PUBLISHED:
        raise MarketplaceError(_("Only a published tender is corrected."), code="wrong_state")
    return tender


def _require_none_waiting(tender: Tender) -> None:
    if tender.corrections.filter(status__in=[PaperStatus.SUBMITTED, PaperStatus.RETURNED]).exists():
        raise MarketplaceError(_("A correction of this tender is under way already; finish or withdraw it first."))


def _write(row: Correction, correction: CorrectionInput) -> None:
    tender, stored = row.tender, passages(row.tender)
    require(rules.only_correctable(correction.changes, stored))
    changes = {t: text.strip() for t, text in correction.changes.items() if text.strip() != stored[t].text.strip()}
    row.subject, row.affects_bids = correction.subject.strip(), correction.affects_bids
    row.is_extension, row.file = correction.is_extension, correction.file or row.file
    row.short_notice_reason = correction.short_notice_reason.strip()
    row.old_deadline, row.old_documents_until = tender.deadline, tender.documents_until  # type: ignore[assignment]
    row.new_deadline = _if_moved(correction.new_deadline, tender.deadline)
    row.new_documents_until = _documents_until(row, correction)
    require_reasons(_decisions(row, changes), row.short_notice_reason)
    row.save()
    row.changes.all().delete()
    for target, text in changes.items():
        row.changes.create(target=target, label=stored[target].label, before=stored[target].text, after=text)


def _if_moved(new: datetime | None, old: datetime | None) -> datetime | None:
    return None if new == old else new


def _documents_until(row: Correction, correction: CorrectionInput) -> datetime | None:
    """Documents that could be had until the deadline go along with it."""
    if correction.new_documents_until is not None:
        return _if_moved(correction.new_documents_until, row.old_documents_until)
    return row.new_deadline if row.old_documents_until == row.old_deadline else None


def _decisions(row: Correction, changes: Mapping[str, str]) -> list[Decision]:
    tender, today = row.tender, clock.today()
    ruleset = rules_of(tender, today)
    deadline = row.new_deadline or row.old_deadline
    until = row.new_documents_until or row.old_documents_until
    decisions = [
        _subject_written(row),
        rules.before_deadline(clock.now(), row.old_deadline),
        rules.changes_something(len(changes) + bool(row.file_id), bool(row.new_deadline or row.new_documents_until)),
        rules.not_earlier(row.old_deadline, row.new_deadline, "new_deadline"),
        rules.not_earlier(row.old_documents_until, row.new_documents_until, "new_documents_until"),
        rules.documents_before_bids(until, deadline),
        rules.early_enough(row.affects_bids and not row.is_extension, today, deadline, ruleset, calendar()),
    ]
    leaves = leaves_of(tender, changes)
    decisions.append(no_identity_number(changes))
    if row.new_deadline is not None:
        decisions.append(opening_on_working_day(row.new_deadline, calendar(), field="new_deadline"))
    decisions += criteria_decisions(leaves, ruleset) + _new_findings(tender, leaves)
    decisions += eligibility_not_scored(tender.conditions.values_list("evidence", flat=True), leaves)
    decisions = [ruleset.apply(decision) for decision in decisions]
    return decisions + ([extension_offer(tender)] if row.is_extension else [])


def _new_findings(tender: Tender, leaves: Sequence[LeafFacts]) -> list[Decision]:
    """Doubtful words that the correction brings in; those of the published documents have their reasons already."""
    known = {(d.rule_id, str(d.reason)) for d in criteria_findings(leaves_of(tender))}
    return [d for d in criteria_findings(leaves) if d.blocks or (d.rule_id, str(d.reason)) not in known]


def _subject_written(row: Correction) -> Decision:
    if row.subject:
        return Decision(True)
    return Decision(False, _("Say in a few words what is corrected."), "R-NOTICE-06", field="subject")


def _changes(row: Correction) -> dict[str, str]:
    return {change.target: change.after for change in row.changes.all()}


def _apply(row: Correction) -> None:
    tender = row.tender
    for target, text in _changes(row).items():
        write_passage(tender, target, text)
    tender.deadline = row.new_deadline or tender.deadline
    tender.documents_until = row.new_documents_until or tender.documents_until
    tender.save(update_fields=["deadline", "documents_until"])
    if row.file is not None:
        _attach(row)


def _attach(row: Correction) -> None:
    """The next version of the attachment with this file name or title, else one more attachment."""
    earlier = replaced_attachment(row)
    title = earlier.title if earlier else row.file.name  # type: ignore[union-attr]
    Document.objects.create(  # type: ignore[misc]
        subject=f"procurement.tender:{row.tender_id}",
        kind=ATTACHMENT,
        title=title,
        version=next_version(row.tender, title),
        file=row.file,
        created_at=clock.now(),
    )
