"""The pre-review after the closing: what was found by itself, what the officer looked up, one decision a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.core.rules.time import add_working_days, end_of_day, in_time
from marketplace.core.workcalendar import calendar

from ..events import CorrectionLapsed, PreReviewDecided
from ..lifecycle import APPLICATION
from ..models import Application, ApplicationStatus, ApplicationVersion, CallStatus, PreReview, PreReviewResult
from ..permissions.application import can_prereview
from ..rules.eligibility import POINTS
from ..selectors.prereview import findings_of

LANGUAGE = "zh-hans"
SHORTEST_REASON = 5
STEPS = {
    PreReviewResult.PASS: "accept",
    PreReviewResult.CORRECT: "ask_correction",
    PreReviewResult.FAIL: "reject",
}


@dataclass(frozen=True)
class Opinion:
    """What the officer decides. `points`: what a person looks up of R-VENT-08, met or not; `notes` to each."""

    result: str
    reason: str = ""
    points: Mapping[str, bool] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def decide_prereview(*, actor: Actor, application_id: object, version_id: int, opinion: Opinion) -> PreReview:
    """Passes the version, asks for its correction once, or does not pass it; the findings are kept with the decision.

    Refused: a second decision on a version, a second round of correction, a pass over a point that is not met, a «no»
    without a reason, a decision on the own organization's application.
    """
    with transaction() as log:
        application = locked(Application, application_id, "call__lead", "body")
        require_permission(can_prereview(actor, application))
        version = application.versions.last()
        require(_is_due(application, version, version_id), _fits(application, opinion))
        assert version is not None
        with translation.override(LANGUAGE):
            findings = [*findings_of(application, version), *_looked_up(opinion)]
        if opinion.result == PreReviewResult.PASS:
            require(*findings)
        APPLICATION.apply(application, STEPS[PreReviewResult(opinion.result)], actor=actor)
        if opinion.result == PreReviewResult.CORRECT:
            application.correct_until = end_of_day(
                add_working_days(clock.today(), application.call.correction_days, calendar())
            )
            application.save(update_fields=["correct_until"])
        row = PreReview.objects.create(
            application=application,
            version=version,
            result=opinion.result,
            reason=opinion.reason.strip(),
            decided_by_id=actor.user_id,
            decided_at=clock.now(),
        )
        for found in findings:
            row.findings.create(rule_id=found.rule_id, is_met=found.allowed, note=str(found.reason)[:400])
        log.record("prereview.decided", row, actor, result=row.result, reason=row.reason, sha256=version.sha256)
        announce(PreReviewDecided(row.pk))
    return row


def _is_due(application: Application, version: ApplicationVersion | None, version_id: int) -> Decision:
    if application.call.status != CallStatus.CLOSED:
        return refuse(_("The pre-review begins when the call has closed."), "R-VENT-01")
    if version is None or version.pk != version_id:
        return refuse(_("A newer version was handed in meanwhile; look at that one."))
    if application.status != ApplicationStatus.SUBMITTED:
        return refuse(_("This application waits for no decision of the pre-review."))
    return allow()


def _fits(application: Application, opinion: Opinion) -> Decision:
    if opinion.result not in PreReviewResult.values:
        return refuse(_("Choose what you decide."), field="result")
    if opinion.result == PreReviewResult.PASS:
        return allow()
    if len(opinion.reason.strip()) < SHORTEST_REASON:
        return refuse(_("Write the reasons; they are sent to the applicant."), "R-VENT-08", field="reason")
    had = application.prereviews.filter(result=PreReviewResult.CORRECT).exists()
    if opinion.result == PreReviewResult.CORRECT and had:
        words = _("The application has been corrected once already: pass it, or do not.")
        return refuse(words, "R-VENT-01", field="result")
    return allow()


def _looked_up(opinion: Opinion) -> list[Decision]:
    """A point that was not looked at is not met."""
    return [_point(key, str(label), opinion) for key, label in POINTS.items()]


def _point(key: str, label: str, opinion: Opinion) -> Decision:
    note = opinion.notes.get(key, "").strip()
    words = f"{label} {note}".strip()
    if opinion.points.get(key):
        return allow("R-VENT-08", words)
    return refuse(_("Not met, or not looked up: %(point)s") % {"point": words}, "R-VENT-08", field=f"point_{key}")


def lapse_correction(*, actor: Actor = SYSTEM, application_id: object) -> Application:
    """No correction came in time: the application is out, and the applicant is told. Safe to repeat."""
    with transaction() as log:
        application = locked(Application, application_id, "call")
        if application.status != ApplicationStatus.CORRECTION:
            return application
        until = application.correct_until
        if until is None or in_time(clock.now(), until):
            raise MarketplaceError(_("The days for the correction are not over yet."), rule_id="R-TIME-04")
        APPLICATION.apply(application, "reject", actor=actor)
        log.record("application.lapsed", application, actor, correct_until=until)
        announce(CorrectionLapsed(application.pk))
    return application
