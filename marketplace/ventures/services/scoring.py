"""Reviews: saved as one goes, handed in once, changed in the deliberation only, with the old value kept."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.locking import locked

from ..events import ScoresDue
from ..models import (
    ApplicationReview,
    AssessmentCriterion,
    AssessmentStatus,
    PanelMember,
    ReviewScore,
    ReviewScoreChange,
)
from ..permissions.assessment import can_review_application, can_run_assessment
from ..rules import panel as panel_rules, scoring as rules
from ..selectors.assessment import conflicts_of
from .assessment import is_in

RELATED = ("member__assessment__call", "application")


def field_of(criterion: AssessmentCriterion) -> str:
    """The name of a criterion's field on the form."""
    return f"c{criterion.pk}"


def save_review(
    *, actor: Actor, review_id: int, version: int, points: Mapping[int, Decimal | None], comment: str
) -> ApplicationReview:
    """Stores what stands in the form, complete or not. Refuses a range, a stale form, and what was handed in."""
    with transaction():
        review = _open(actor, review_id)
        if review.version != version:
            raise StaleVersion(
                _("This review was saved in another window meanwhile. Load the page anew; your text stands below."),
                current=review,
            )
        criteria = {row.pk: row for row in review.member.assessment.criteria.all()}
        given = {key: value for key, value in points.items() if key in criteria}
        require(*_ranges(criteria, given))
        for key, value in given.items():
            if value is None:
                continue
            ReviewScore.objects.update_or_create(review=review, criterion_id=key, defaults={"points": value})
        emptied = [key for key, value in given.items() if value is None]
        if emptied and review.scores.filter(criterion_id__in=emptied).exists():
            raise MarketplaceError(
                _("A saved score can be changed, not emptied. Enter a number; 0 is one too."),
                field=field_of(criteria[emptied[0]]),
                rule_id=rules.RULE,
            )
        review.comment, review.version, review.saved_at = comment.strip(), review.version + 1, clock.now()
        review.save(update_fields=["comment", "version", "saved_at"])
    return review


def _open(actor: Actor, review_id: int) -> ApplicationReview:
    review = locked(ApplicationReview, review_id, *RELATED)
    require_permission(can_review_application(actor, review))
    require(is_in(review.member.assessment, AssessmentStatus.SCORING), _is_mine_still(review), _no_tie(review))
    return review


def _is_mine_still(review: ApplicationReview) -> Decision:
    if review.released_at is not None:
        return refuse(_("This review went to somebody else."), "R-VENT-04")
    if review.submitted_at is not None:
        return refuse(_("You have handed this review in; it is fixed."), "R-EVAL-12")
    return ALLOWED


def _no_tie(review: ApplicationReview) -> Decision:
    ties = conflicts_of(review.member.assessment).get(review.application_id, set())
    return panel_rules.may_review(review.member_id in ties, str(review.member), review.application.title)


def _ranges(criteria: Mapping[int, AssessmentCriterion], points: Mapping[int, Decimal | None]) -> list[Decision]:
    return [
        rules.in_range(value, criteria[key].weight, criteria[key].title, field_of(criteria[key]))
        for key, value in points.items()
        if value is not None
    ]


def hand_in_review(*, actor: Actor, review_id: int) -> ApplicationReview:
    """Fixes a whole review. Handing it in twice changes nothing."""
    with transaction() as log:
        review = locked(ApplicationReview, review_id, *RELATED)
        require_permission(can_review_application(actor, review))
        if review.submitted_at is not None and review.released_at is None:
            return review
        assessment = review.member.assessment
        require(is_in(assessment, AssessmentStatus.SCORING), _is_mine_still(review), _no_tie(review))
        criteria = list(assessment.criteria.all())
        given = {row.criterion_id: row.points for row in review.scores.all()}
        by_key = {row.key: given[row.pk] for row in criteria if row.pk in given}
        require(rules.is_whole(by_key, {row.key: row.title for row in criteria}, review.comment))
        review.hundredths = int(sum(given.values()) * 100)
        review.submitted_at = clock.now()
        review.save(update_fields=["hundredths", "submitted_at"])
        log.record("panel_review.handed_in", review, actor, project=assessment.call.number)
    return review


def change_score(*, actor: Actor, score_id: int, points: Decimal, reason: str) -> ReviewScore:
    """In the deliberation a reviewer changes an own score, with the reason; the old value is kept."""
    with transaction() as log:
        score = locked(ReviewScore, score_id, "review__member__assessment__call", "criterion")
        review, criterion = score.review, score.criterion
        require_permission(can_review_application(actor, review))
        require(
            is_in(review.member.assessment, AssessmentStatus.DELIBERATION),
            rules.in_range(points, criterion.weight, criterion.title, "points"),
        )
        if not reason.strip():
            raise MarketplaceError(_("Write down why."), field="reason", rule_id="R-EVAL-12")
        if points == score.points:
            raise MarketplaceError(_("This is the score as it stands."), field="points")
        ReviewScoreChange.objects.create(
            score=score,
            before=score.points,
            after=points,
            reason=reason.strip()[:300],
            changed_by_id=actor.user_id,
            changed_at=clock.now(),
        )
        log.record(
            "panel_review.score_changed",
            review,
            actor,
            project=review.member.assessment.call.number,
            before=score.points,
            after=points,
        )
        score.points = points
        score.save(update_fields=["points"])
        review.hundredths = int(sum(row.points for row in review.scores.all()) * 100)
        review.save(update_fields=["hundredths"])
    return score


def remind_member(*, actor: Actor = SYSTEM, member_id: int) -> PanelMember:
    """Tells a member which reviews are open: by the officer's hand, or by the clock a day ahead. Once a day."""
    with transaction() as log:
        member = locked(PanelMember, member_id, "assessment__call")
        if actor != SYSTEM:
            require_permission(can_run_assessment(actor, member.assessment))
        now = clock.now()
        if member.reminded_at is not None and member.reminded_at.date() == now.date():
            return member
        member.reminded_at = now
        member.save(update_fields=["reminded_at"])
        log.record("panel.reminded", member, actor, project=member.assessment.call.number)
        announce(ScoresDue(member.pk))
    return member
