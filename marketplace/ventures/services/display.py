"""The public display: approval and notice, objections and answers, and the grants at its end."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.rules.time import add_working_days, last_day
from marketplace.core.workcalendar import calendar
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import GrantConfirmed, ObjectionToResultAnswered, ResultDisplayed, ResultObjected
from ..lifecycle import APPLICATION, ASSESSMENT
from ..models import (
    Assessment,
    AssessmentStatus,
    DisplayObjection,
    Grant,
    GrantProposal,
    GrantShare,
)
from ..permissions.assessment import can_approve_decision, can_run_assessment
from ..permissions.call import can_speak_up
from ..result_notice import result_notice
from ..rules import decision as rules
from ..selectors.decision import proposals_of

ANSWER_DAYS = 5


def display_result(*, actor: Actor, assessment_id: int) -> Assessment:
    """Approves the decision and puts it on display for the days that the call states, by a frozen notice."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call__lead", "snapshot")
        require_permission(can_approve_decision(actor, row))
        ASSESSMENT.apply(row, "display", actor=actor)
        require(_agreed(row))
        row.approved_by_id, row.displayed_at = actor.user_id, clock.now()
        row.display_until = last_day(clock.today(), row.call.display_days, calendar())
        before, call = row.snapshot, row.call
        row.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.VENTURE_RESULT,
            title=f"{call.title}评审结果公示",
            subject=row,
            project_number=call.number,
            body=call.lead,
            region=call.lead.region,
            data=result_notice(row),
            corrects=before,
        )
        row.save(update_fields=["approved_by", "displayed_at", "display_until", "snapshot"])
        log.record(
            "assessment.displayed",
            row,
            actor,
            project=call.number,
            until=row.display_until,
            notice=row.snapshot.number,
            seed=row.seed,
            funded={str(each.application_id): each.amount for each in row.proposals.filter(amount__gt=0)},
        )
        announce(ResultDisplayed(row.pk))
    return row


def _agreed(row: Assessment) -> Decision:
    waiting = [consent.body.name for consent in row.consents.filter(given_at=None).select_related("body")]
    if not waiting:
        return ALLOWED
    return refuse(_("%(names)s has not agreed yet to what its pots pay.") % {"names": "、".join(waiting)}, "R-PLAN-01")


def object_to_result(
    *, actor: Actor, assessment_id: int, text: str, application_id: UUID | None = None
) -> DisplayObjection:
    """Anybody who is signed in objects while the result is on display. The same words twice are one objection."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_speak_up(actor))
        if row.displayed_at is None:
            raise NotFound("")
        require(_still_on_display(row))
        if not text.strip():
            raise MarketplaceError(_("Write what you object to, and why."), field="text", rule_id="R-VENT-02")
        if application_id and not row.proposals.filter(application_id=application_id).exists():
            raise NotFound("")
        same = row.objections.filter(author_id=actor.user_id, text=text.strip()).first()
        if same is not None:
            return same
        objection = DisplayObjection.objects.create(
            assessment=row,
            application_id=application_id,
            author_id=actor.user_id,
            body_id=actor.body_id,
            text=text.strip(),
            made_at=clock.now(),
            due_on=add_working_days(clock.today(), ANSWER_DAYS, calendar()),
        )
        log.record("result_objection.made", objection, actor, project=row.call.number)
        announce(ResultObjected(objection.pk))
    return objection


def _still_on_display(row: Assessment) -> Decision:
    if row.status == AssessmentStatus.DISPLAYED and row.display_until and clock.today() <= row.display_until:
        return ALLOWED
    return refuse(
        _("The public display is over; objections were taken until %(day)s.") % {"day": row.display_until},
        "R-VENT-02",
        due=row.display_until,
    )


def answer_objection(*, actor: Actor, objection_id: int, answer: str, is_upheld: bool) -> DisplayObjection:
    """Answers within five working days. If it is right, the approver takes the decision back."""
    with transaction() as log:
        row = locked(DisplayObjection, objection_id, "assessment__call")
        require_permission(can_run_assessment(actor, row.assessment))
        if row.answered_at is not None:
            raise MarketplaceError(_("This objection has been answered already."), code="wrong_state")
        if not answer.strip():
            raise MarketplaceError(_("Write the answer."), field="answer", rule_id="R-VENT-02")
        row.answer, row.is_upheld = answer.strip(), is_upheld
        row.answered_by_id, row.answered_at = actor.user_id, clock.now()
        row.save(update_fields=["answer", "is_upheld", "answered_by", "answered_at"])
        log.record("result_objection.answered", row, actor, project=row.assessment.call.number, upheld=is_upheld)
        announce(ObjectionToResultAnswered(row.pk))
    return row


def take_back(*, actor: Actor, assessment_id: int, reason: str) -> Assessment:
    """After an objection that was right the panel deliberates anew; the next notice corrects this one."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_approve_decision(actor, row))
        ASSESSMENT.apply(row, "take_back", actor=actor)
        if not upheld(row):
            raise MarketplaceError(
                _("A displayed decision is taken back only when an objection was right."), rule_id="R-VENT-02"
            )
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        row.return_reason = reason.strip()[:400]
        row.save(update_fields=["return_reason"])
        log.record("assessment.taken_back", row, actor, project=row.call.number, reason=row.return_reason)
    return row


def upheld(row: Assessment) -> int:
    """Objections to the newest display that were right."""
    return row.objections.filter(is_upheld=True, made_at__gte=row.displayed_at).count()


def confirm_grants(*, actor: Actor, assessment_id: int) -> list[Grant]:
    """The display is over and nothing is open: each funded application gets its grant, the others their answer."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call__lead")
        require_permission(can_approve_decision(actor, row))
        ASSESSMENT.apply(row, "confirm", actor=actor)
        open_count = row.objections.filter(answered_at=None).count()
        require(
            rules.display_is_over(clock.today(), row.display_until),  # type: ignore[arg-type]
            rules.objections_settled(open_count, upheld(row)),
        )
        row.confirmed_at = clock.now()
        row.save(update_fields=["confirmed_at"])
        grants = [grant for each in proposals_of(row) if (grant := _settle(log, actor, row, each)) is not None]
        log.record(
            "assessment.confirmed",
            row,
            actor,
            project=row.call.number,
            grants={grant.number: grant.amount for grant in grants},
        )
        announce(GrantConfirmed(row.call_id, tuple(grant.pk for grant in grants)))
    return grants


def _settle(log: Log, actor: Actor, row: Assessment, proposal: GrantProposal) -> Grant | None:
    application = proposal.application
    if not proposal.amount:
        APPLICATION.apply(application, "leave_out", actor=actor)
        return None
    APPLICATION.apply(application, "grant", actor=actor)
    grant = Grant.objects.create(
        application=application,
        number=next_number("project", row.call.lead.region),
        amount=proposal.amount,
        confirmed_by_id=actor.user_id,
        confirmed_at=row.confirmed_at,  # type: ignore[misc]
    )
    GrantShare.objects.bulk_create(
        [GrantShare(grant=grant, pot_id=share.pot_id, amount=share.amount) for share in proposal.shares.all()]
    )
    log.record("grant.confirmed", grant, actor, project=grant.number, amount=grant.amount, call=row.call.number)
    return grant
