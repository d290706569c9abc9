"""Dealing the reviews, and giving one to somebody else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log, transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..events import ReviewReassigned
from ..models import ApplicationReview, Assessment, AssessmentStatus, PanelMember
from ..permissions.assessment import can_run_assessment
from ..rules import panel as rules
from ..rules.assignment import assign, too_few
from ..selectors.assessment import ROLES, assessed, conflicts_of, seated, seated_roles
from .assessment import drawn_seed, is_in
from .panel import OPEN, record_employer_conflicts

DEALT_ANEW = "重新分配"


def deal_reviews(*, actor: Actor, assessment_id: int) -> int:
    """Deals every application to its reviewers, evenly, by a logged seed. Before scoring it may be dealt anew."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.PREPARING))
        members = list(seated(row))
        require(rules.four_roles(seated_roles(row), ROLES))
        record_employer_conflicts(log, actor, row, members)
        titles = dict(assessed(row).order_by("pk").values_list("pk", "title"))
        keys, people, conflicts = list(titles), [member.pk for member in members], conflicts_of(row)
        short = too_few(keys, people, row.reviewers_each, conflicts)
        require(_there_is_something(keys), rules.enough_reviewers([titles[key] for key in short], row.reviewers_each))
        head, row.seed = drawn_seed(row.call.number, "deal")
        dealt = assign(keys, people, row.reviewers_each, conflicts, row.seed)
        _write(row, dealt)
        row.assigned_at = clock.now()
        row.save(update_fields=["seed", "assigned_at"])
        count = sum(map(len, dealt.values()))
        log.record("assessment.dealt", row, actor, project=row.call.number, head=head, seed=row.seed, reviews=count)
    return count


def _there_is_something(keys: list) -> Decision:
    return ALLOWED if keys else refuse(_("No application has passed the pre-review."), "R-VENT-01")


def _write(row: Assessment, dealt: dict) -> None:
    now = clock.now()
    old = ApplicationReview.objects.standing().filter(member__assessment=row)
    old.update(released_at=now, release_reason=DEALT_ANEW)
    ApplicationReview.objects.bulk_create(
        [
            ApplicationReview(application_id=key, member_id=member_id, assigned_at=now)
            for key, chosen in dealt.items()
            for member_id in chosen
        ],
        batch_size=500,
    )


def reassign_review(*, actor: Actor, review_id: int, member_id: int, reason: str) -> ApplicationReview:
    """Gives a review that is not handed in to another member, with the reason. Conflicts are refused (R-COMM-09)."""
    with transaction() as log:
        old = locked(ApplicationReview, review_id, "member__assessment__call", "application")
        row = old.member.assessment
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, *OPEN), _can_move(old))
        if not reason.strip():
            raise MarketplaceError(_("Write why the review goes to somebody else."), field="reason")
        member = seated(row).filter(pk=member_id).first()
        if member is None:
            raise MarketplaceError(_("Choose a member who has accepted the seat."), field="member")
        record_employer_conflicts(log, actor, row, [member])
        require(*_may_take(row, member, old))
        new = _move(log, actor, old, member, reason.strip()[:300])
        announce(ReviewReassigned(new.pk))
    return new


def _can_move(old: ApplicationReview) -> Decision:
    if old.released_at is None and old.submitted_at is None:
        return ALLOWED
    return refuse(_("A review that was handed in stays with its reviewer."), "R-EVAL-12")


def _may_take(row: Assessment, member: PanelMember, old: ApplicationReview) -> list[Decision]:
    has_it = ApplicationReview.objects.standing().filter(member=member, application=old.application).exists()
    in_conflict = member.pk in conflicts_of(row).get(old.application_id, set())
    return [
        refuse(_("%(name)s reviews this application already.") % {"name": member}, field="member")
        if has_it
        else ALLOWED,
        rules.may_review(in_conflict, str(member), old.application.title),
    ]


def _move(log: Log, actor: Actor, old: ApplicationReview, member: PanelMember, reason: str) -> ApplicationReview:
    old.released_at, old.release_reason = clock.now(), reason
    old.save(update_fields=["released_at", "release_reason"])
    new = ApplicationReview.objects.create(
        member=member, application_id=old.application_id, assigned_at=clock.now(), assign_reason=reason
    )
    log.record("panel_review.reassigned", new, actor, project=member.assessment.call.number, reason=reason)
    return new
