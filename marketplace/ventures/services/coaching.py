"""Coaching before the scoring: a mentor for an application, sessions with notes; the first version stays beside."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..events import MentorAssigned
from ..models import (
    Application,
    ApplicationStatus,
    Assessment,
    AssessmentStatus,
    CoachingSession,
    Mentorship,
)
from ..permissions.assessment import can_coach, can_run_assessment
from ..rules import panel as panel_rules
from ..selectors.assessment import bodies_of
from .assessment import is_in


def assign_mentor(*, actor: Actor, assessment_id: int, application_id: object, email: str) -> Mentorship:
    """Names the mentor of an application; an earlier one ends. Nobody coaches the own employer or an own review."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.PREPARING), _is_offered(row))
        application = locked(Application, application_id, "body")
        if application.call_id != row.call_id or application.status != ApplicationStatus.ACCEPTED:
            raise MarketplaceError(_("This application is not assessed in this call."), field="application")
        address = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True).select_related("user").first()
        if address is None:
            raise MarketplaceError(
                _("Nobody has confirmed this address here. Ask the person to sign up with it first."), field="email"
            )
        mentor = address.user
        own = application.body_id in bodies_of([mentor.pk])[mentor.pk]
        require(panel_rules.may_review(own, str(mentor), application.title, "email"))
        there = application.mentorships.filter(ended_at=None).first()
        if there is not None and there.mentor_id == mentor.pk:
            return there
        if there is not None:
            there.ended_at = clock.now()
            there.save(update_fields=["ended_at"])
        found = Mentorship.objects.create(
            application=application,
            mentor=mentor,
            first_version=application.versions.last(),
            assigned_by_id=actor.user_id,
            assigned_at=clock.now(),
        )
        log.record("coaching.assigned", found, actor, project=row.call.number)
        announce(MentorAssigned(found.pk))
    return found


def _is_offered(row: Assessment) -> Decision:
    if row.coaching_from is not None and row.coaching_until is not None and clock.now() <= row.coaching_until:
        return ALLOWED
    return refuse(
        _("This call offers no coaching now. Set its beginning and end in the settings first."),
        "R-VENT-01",
        field="coaching_until",
    )


def record_session(*, actor: Actor, mentorship_id: int, held_on: date, notes: str) -> CoachingSession:
    """The mentor notes what was worked on, and when."""
    with transaction() as log:
        row = locked(Mentorship, mentorship_id, "application__call")
        require_permission(can_coach(actor, row))
        if row.ended_at is not None:
            raise MarketplaceError(_("This coaching has ended."), code="wrong_state")
        if not notes.strip():
            raise MarketplaceError(_("Write what was worked on."), field="notes")
        if held_on > clock.today():
            raise MarketplaceError(_("A session is recorded after it was held."), field="held_on")
        session = CoachingSession.objects.create(
            mentorship=row,
            held_on=held_on,
            notes=notes.strip(),
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        log.record("coaching.session", session, actor, project=row.application.call.number)
    return session
