"""Opening an assessment, its settings, and the steps between its stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit import heads
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked

from ..events import ScoringBegun
from ..guards import call_stands
from ..lifecycle import ASSESSMENT
from ..models import (
    Application,
    ApplicationReview,
    Assessment,
    AssessmentStatus,
    BonusPoint,
    BonusScheme,
    Call,
    CallStatus,
)
from ..notices import LANGUAGE
from ..permissions.assessment import can_run_assessment
from ..permissions.call import can_prepare_call
from ..rules import panel as panel_rules, scoring as rules
from ..selectors.application import with_answers
from ..selectors.assessment import ROLES, UNDECIDED, assessed, open_reviews, seated_roles
from .handed_in import put_back


@dataclass(frozen=True)
class Settings:
    """What is stated before the scoring begins. `weights`: points by criterion key; `bonuses`: (for what, points)."""

    reviewers_each: int
    is_blind: bool
    is_normalised: bool
    defence_share: int
    bonus_cap: Decimal
    scoring_until: datetime | None
    coaching_from: datetime | None
    coaching_until: datetime | None
    weights: Mapping[str, int]
    bonuses: Sequence[tuple[str, Decimal]] = ()


def drawn_seed(*facts: object) -> tuple[str, str]:
    """(head, seed) of a draw: seed = SHA-256(newest head LF facts…); nobody chooses the head."""
    head = heads.newest() or heads.fix_head().witness
    return head.root, sha256("\n".join([head.root, *map(str, facts)]).encode()).hexdigest()


def open_assessment(*, actor: Actor, call_id: int) -> Assessment:
    """Begins the assessment of a closed call, with the default form (R-VENT-12). A second time answers the first."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_prepare_call(actor, call))
        there = Assessment.objects.filter(call=call).first()
        if there is not None:
            return there
        if call.status != CallStatus.CLOSED:
            raise MarketplaceError(_("The assessment begins when the call is closed."), rule_id="R-VENT-01")
        assessment = Assessment.objects.create(call=call, opened_by_id=actor.user_id, opened_at=clock.now())
        with translation.override(LANGUAGE):
            for position, (key, title, weight) in enumerate(rules.DEFAULT, start=1):
                assessment.criteria.create(position=position, key=key, title=str(title), weight=weight)
        log.record("assessment.opened", assessment, actor, project=call.number)
    return assessment


def save_settings(*, actor: Actor, assessment_id: int, version: int, settings: Settings) -> Assessment:
    """Writes what is stated before scoring. Refused once scoring has begun, and over a newer save."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.PREPARING), *_settings_hold(settings))
        if row.version != version:
            raise StaleVersion(_("Somebody else has changed these settings meanwhile."), current=row)
        for name in ("reviewers_each", "is_blind", "is_normalised", "defence_share", "bonus_cap", "scoring_until"):
            setattr(row, name, getattr(settings, name))
        row.coaching_from, row.coaching_until = settings.coaching_from, settings.coaching_until
        row.version += 1
        row.save()
        for criterion in row.criteria.all():
            criterion.weight = settings.weights[criterion.key]
            criterion.save(update_fields=["weight"])
        for old in row.bonuses.all():
            old.delete()
        for position, (title, points) in enumerate(settings.bonuses, start=1):
            BonusScheme.objects.create(assessment=row, position=position, title=title, points=points)
        log.record("assessment.settings_saved", row, actor, project=row.call.number, version=row.version)
    return row


def _settings_hold(settings: Settings) -> list[Decision]:
    return [
        rules.weights_sum(settings.weights.values()),
        panel_rules.reviewers_each_holds(settings.reviewers_each),
        rules.defence_share_holds(settings.defence_share),
        rules.bonus_cap_holds(settings.bonus_cap),
        _window_holds(settings),
    ]


def _window_holds(settings: Settings) -> Decision:
    begins, ends = settings.coaching_from, settings.coaching_until
    if (begins is None) != (ends is None) or (begins and ends and begins >= ends):
        return refuse(_("Coaching needs a beginning and a later end, or neither."), "R-VENT-01", field="coaching_until")
    if ends and settings.scoring_until and ends >= settings.scoring_until:
        return refuse(_("The coaching ends before the scores are due."), "R-VENT-01", field="coaching_until")
    return ALLOWED


def is_in(row: Assessment, *states: str) -> Decision:
    """The assessment is at a stage; what is stated before scoring is not changed later."""
    if row.status in states:
        return call_stands(row)
    return refuse(
        _("This is not possible at this stage: %(stage)s.") % {"stage": row.get_status_display()}, "R-VENT-01"
    )


def begin_scoring(*, actor: Actor, assessment_id: int) -> Assessment:
    """All is dealt and stated: reviewers may score. Form, method and what was handed in are fixed from here."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        ASSESSMENT.apply(row, "score", actor=actor)
        require(*_ready_to_score(row))
        row.scoring_began_at = clock.now()
        row.save(update_fields=["scoring_began_at"])
        for application in put_back(with_answers(assessed(row)).prefetch_related("versions")):
            log.record("application.put_back", application, actor)
        weights = {criterion.key: criterion.weight for criterion in row.criteria.all()}
        log.record(
            "assessment.scoring_begun",
            row,
            actor,
            project=row.call.number,
            weights=weights,
            blind=row.is_blind,
            normalised=row.is_normalised,
            defence_share=row.defence_share,
            seed=row.seed,
        )
        announce(ScoringBegun(row.pk))
    return row


def _ready_to_score(row: Assessment) -> list[Decision]:
    waiting = Application.objects.filter(call_id=row.call_id, status__in=UNDECIDED).count()
    count = assessed(row).count()
    dealt = ApplicationReview.objects.standing().filter(
        member__assessment=row, application__in=assessed(row).values("pk")
    )
    return [
        refuse(
            _("%(count)s applications wait for the pre-review. Decide them first.") % {"count": waiting}, "R-VENT-01"
        )
        if waiting
        else ALLOWED,
        ALLOWED if count else refuse(_("No application has passed the pre-review."), "R-VENT-01"),
        rules.weights_sum(row.criteria.values_list("weight", flat=True)),
        panel_rules.four_roles(seated_roles(row), ROLES),
        ALLOWED
        if dealt.count() >= count * row.reviewers_each
        else refuse(_("Not every application has its reviewers. Deal the reviews, then begin."), "R-VENT-04"),
        _still_ahead(row),
    ]


def _still_ahead(row: Assessment) -> Decision:
    now = clock.now()
    if row.coaching_until is not None and row.coaching_until >= now:
        return refuse(
            _("The coaching still runs; its end comes first."),
            "R-VENT-01",
            due=row.coaching_until,
            field="coaching_until",
        )
    if row.scoring_until is None or row.scoring_until <= now:
        return refuse(_("Say until when the scores are due, later than now."), "R-VENT-01", field="scoring_until")
    return ALLOWED


def begin_deliberation(*, actor: Actor, assessment_id: int) -> Assessment:
    """All scores are in (and the defence is over): the panel deliberates."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        before = row.status
        ASSESSMENT.apply(row, "deliberate", actor=actor)
        require(all_scored(row), _defence_over(row, before))
        log.record("assessment.deliberation_begun", row, actor, project=row.call.number)
    return row


def all_scored(row: Assessment) -> Decision:
    missing = open_reviews(row).count()
    if not missing:
        return ALLOWED
    return refuse(
        _("%(count)s reviews are not handed in. Remind the reviewers, or give their reviews to others.")
        % {"count": missing},
        "R-VENT-12",
    )


def _defence_over(row: Assessment, before: str) -> Decision:
    if before == AssessmentStatus.SCORING:
        if row.defence_share:
            return refuse(_("The defence counts in the total: draw the defence day first."), "R-VENT-01")
        return ALLOWED
    open_slots = row.defence.slots.filter(ended_at=None).count()
    if open_slots:
        return refuse(
            _("%(count)s defences are not over. End each, or note that nobody came.") % {"count": open_slots},
            "R-VENT-01",
        )
    if row.defence.slots.filter(is_absent=False, scores=None).exists():
        return refuse(_("A defence has no score yet. Ask the panel to enter its points."), "R-VENT-12")
    return ALLOWED


def give_bonus(*, actor: Actor, assessment_id: int, scheme_id: int, application_id: object, reason: str) -> BonusPoint:
    """Notes that an application earns an announced bonus, with the proof (R-VENT-13). Twice changes nothing."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.SCORING, AssessmentStatus.DEFENCE, AssessmentStatus.DELIBERATION))
        scheme = locked(BonusScheme, scheme_id)
        application = locked(Application, application_id)
        if scheme.assessment_id != row.pk or application.call_id != row.call_id:
            raise MarketplaceError(_("This does not belong to the call."), field="scheme")
        if not reason.strip():
            raise MarketplaceError(_("Write what proves it."), field="reason", rule_id="R-VENT-13")
        there = BonusPoint.objects.filter(scheme=scheme, application=application, withdrawn_at=None).first()
        if there is not None:
            return there
        point = BonusPoint.objects.create(
            scheme=scheme,
            application=application,
            reason=reason.strip()[:300],
            given_by_id=actor.user_id,
            given_at=clock.now(),
        )
        log.record("assessment.bonus_given", row, actor, project=row.call.number, points=scheme.points)
    return point


def save_minutes(*, actor: Actor, assessment_id: int, minutes: str) -> Assessment:
    """The minutes of the deliberation."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.DELIBERATION))
        if not minutes.strip():
            raise MarketplaceError(_("Write the minutes."), field="minutes")
        row.minutes = minutes.strip()
        row.save(update_fields=["minutes"])
        log.record("assessment.minutes_saved", row, actor, project=row.call.number)
    return row
