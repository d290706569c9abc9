"""What the assessment's rules and pages want to know: applications, conflicts, coaching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from marketplace.accounts.models import Membership
from marketplace.core import clock

from ..models import (
    Application,
    ApplicationReview,
    ApplicationStatus,
    Assessment,
    AssessmentStatus as S,
    Call,
    MemberConflict,
    Mentorship,
    PanelMember,
    PanelRole,
    PanelStatus,
)
from ..rules.coaching import Coaching, takes_improvements
from ..rules.panel import is_own_employer

ASSESSED = (ApplicationStatus.ACCEPTED, ApplicationStatus.GRANTED, ApplicationStatus.UNFUNDED)
UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.CORRECTION)


def assessed(assessment: Assessment) -> QuerySet[Application]:
    """Applications that passed the pre-review."""
    return Application.objects.filter(call_id=assessment.call_id, status__in=ASSESSED)


def seated(assessment: Assessment) -> QuerySet[PanelMember]:
    """Members who have accepted and signed the confidentiality statement."""
    return assessment.members.filter(status=PanelStatus.ACCEPTED).select_related("user")


def seated_roles(assessment: Assessment) -> set[str]:
    return set(seated(assessment).values_list("role", flat=True))


ROLES: Mapping[str, Any] = {str(role.value): role.label for role in PanelRole}


def bodies_of(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """The bodies for which people work now or have worked in the last three years (R-COMM-09)."""
    since = clock.now().replace(year=clock.now().year - 3)
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), user_id__in=list(user_ids))
    for user_id, body_id in rows.values_list("user_id", "body_id"):
        found[user_id].add(body_id)
    return found


def employer_conflicts(assessment: Assessment, members: Iterable[PanelMember]) -> list[tuple[PanelMember, UUID]]:
    """(member, application) whose applicant is the member's own employer."""
    rows = list(members)
    bodies = bodies_of(member.user_id for member in rows)
    applicants = list(assessed(assessment).values_list("pk", "body_id", "body__name"))
    return [
        (member, key)
        for member in rows
        for key, body_id, name in applicants
        if is_own_employer(member.employer, bodies[member.user_id], body_id, name)
    ]


def conflicts_of(assessment: Assessment) -> dict[UUID, set[int]]:
    """Application → members who must not review it: recorded conflicts, and mentors of it."""
    found: dict[UUID, set[int]] = defaultdict(set)
    rows = MemberConflict.objects.filter(member__assessment=assessment)
    for key, member_id in rows.values_list("application_id", "member_id"):
        found[key].add(member_id)
    seats = dict(assessment.members.values_list("user_id", "pk"))
    coached = Mentorship.objects.filter(application__call_id=assessment.call_id, mentor_id__in=seats)
    for key, mentor_id in coached.values_list("application_id", "mentor_id"):
        found[key].add(seats[mentor_id])
    return found


def has_result(call: Call) -> bool:
    """Whether the result is public: on display, or confirmed."""
    return Assessment.objects.filter(call=call, status__in=(S.DISPLAYED, S.CONFIRMED)).exists()


def coaching_of(application: Application) -> Coaching | None:
    """What the call offers to an application that passed the pre-review; None: no coaching."""
    if application.status != ApplicationStatus.ACCEPTED:
        return None
    assessment = Assessment.objects.filter(call_id=application.call_id).first()
    if assessment is None or assessment.coaching_from is None or assessment.coaching_until is None:
        return None
    return Coaching(
        begins=assessment.coaching_from,
        ends=assessment.coaching_until,
        is_preparing=assessment.status == S.PREPARING,
        has_mentor=mentorship_of(application) is not None,
    )


def mentorship_of(application: Application) -> Mentorship | None:
    """The one that runs."""
    return application.mentorships.filter(ended_at=None).select_related("mentor", "first_version").first()


def coaching_open(application: Application) -> bool:
    """Whether the applicant may hand in an improved version now."""
    coaching = coaching_of(application)
    return coaching is not None and takes_improvements(coaching, clock.now()).allowed


def improvable(moment: datetime) -> Q:
    """The same question of many applications at once."""
    coached = Mentorship.objects.filter(application=OuterRef("pk"), ended_at=None)
    return Q(
        Exists(coached),
        status=ApplicationStatus.ACCEPTED,
        call__assessment__status=S.PREPARING,
        call__assessment__coaching_from__lte=moment,
        call__assessment__coaching_until__gte=moment,
    )


def loads_of(assessment: Assessment) -> list[PanelMember]:
    """Members with how many reviews each has, and how many are handed in."""
    standing = Q(reviews__released_at=None)
    return list(
        assessment.members.select_related("user").annotate(
            reviews_count=Count("reviews", filter=standing, distinct=True),
            done_count=Count("reviews", filter=standing & ~Q(reviews__submitted_at=None), distinct=True),
            conflicts_count=Count("conflicts", distinct=True),
        )
    )


def open_reviews(assessment: Assessment) -> QuerySet[ApplicationReview]:
    """Reviews that are not handed in yet."""
    return ApplicationReview.objects.standing().filter(
        member__assessment=assessment, submitted_at=None, application__status__in=ASSESSED
    )
