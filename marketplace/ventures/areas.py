"""The workspace's area of ventures, and what is due there: approvals, confirmations, answers, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from . import assessment_areas
from .models import (
    Application,
    ApplicationStatus,
    Call,
    CallFunder,
    CallPaper,
    CallPaperStatus,
    CallQuestion,
    CallStatus,
)
from .permissions.application import can_apply
from .permissions.call import can_view_calls
from .selectors.assessment import improvable
from .selectors.call import waiting_for_second

HORIZON = timedelta(days=3)


def areas(actor: Actor) -> list[Area]:
    if can_apply(actor).allowed:
        return [
            Area(
                "applications",
                pgettext_lazy("ventures", "Applications"),
                reverse("ventures:application-list"),
                gettext_lazy("Applications to venture calls: drafts, what was handed in, receipts."),
                order=22,
            )
        ]
    if not can_view_calls(actor).allowed:
        return []
    return [
        Area(
            "ventures",
            gettext_lazy("Venture calls"),
            reverse("ventures:call-list"),
            gettext_lazy("Prepare, publish, explain and correct calls for projects."),
            order=25,
        )
    ]


def to_approve(actor: Actor) -> QuerySet[Call] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return None
    return Call.objects.filter(waiting_for_second(actor.user_id, actor.body_id))


def approvals_due(actor: Actor) -> Iterator[Task]:
    """Calls of the own body that another person submitted."""
    for call in to_approve(actor) or ():
        yield Task(
            title=_("Check and publish: %(title)s") % {"title": call.title},
            text=_("The money and the dates are judged anew at publication."),
            rule_id="R-VENT-01",
            url=reverse("ventures:call-review", args=[call.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def to_confirm(actor: Actor) -> QuerySet[CallFunder] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return None
    rows = CallFunder.objects.filter(body_id=actor.body_id, confirmed_at=None, call__status=CallStatus.SUBMITTED)
    return rows.select_related("call__lead")


def confirmations_due(actor: Actor) -> Iterator[Task]:
    """Joint calls that the body helps to fund."""
    for row in to_confirm(actor) or ():
        yield Task(
            title=_("Confirm the joint call: %(title)s") % {"title": row.call.title},
            text=row.call.lead.name,
            rule_id="R-PLAN-01",
            url=reverse("ventures:call-review", args=[row.call_id]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def papers_to_check(actor: Actor) -> QuerySet[CallPaper] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return None
    waiting = CallPaper.objects.filter(call__lead_id=actor.body_id, status=CallPaperStatus.SUBMITTED)
    return waiting.exclude(drafted_by_id=actor.user_id).select_related("call")


def papers_due(actor: Actor) -> Iterator[Task]:
    for paper in papers_to_check(actor) or ():
        yield Task(
            title=_("Check a paper of the call: %(title)s") % {"title": paper.call.title},
            text=str(paper),
            due=paper.call.deadline,
            rule_id="R-NOTICE-06",
            url=reverse("ventures:paper-detail", args=[paper.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def calls_in_hand(actor: Actor) -> QuerySet[Call] | None:
    """Returned drafts, and calls whose deadline comes in the next days."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return None
    now = clock.now()
    returned = Q(status=CallStatus.DRAFT) & ~Q(return_reason="")
    closing = Q(status=CallStatus.PUBLISHED, deadline__range=(now, now + HORIZON))
    return Call.objects.filter(returned | closing, lead_id=actor.body_id)


def calls_due(actor: Actor) -> Iterator[Task]:
    for call in calls_in_hand(actor) or ():
        if call.status == CallStatus.DRAFT:
            yield Task(
                title=_("Returned: %(title)s") % {"title": call.title},
                text=call.return_reason,
                url=reverse("ventures:call-edit", args=[call.pk, "aims"]),
                urgency=Urgency.NOW,
                action=_("Change"),
            )
        else:
            yield Task(
                title=_("Applications close: %(title)s") % {"title": call.title},
                text=_("The pre-review begins after the deadline."),
                due=call.deadline,
                rule_id="R-VENT-01",
                url=reverse("ventures:call-detail", args=[call.pk]),
            )


def open_questions(actor: Actor) -> QuerySet[CallQuestion] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return None
    return CallQuestion.objects.filter(call__lead_id=actor.body_id, answered_at=None).select_related("call")


def questions_due(actor: Actor) -> Iterator[Task]:
    for question in open_questions(actor) or ():
        yield Task(
            title=_("Answer a question: %(title)s") % {"title": question.call.title},
            text=question.text[:80],
            due=question.call.deadline,
            url=reverse("ventures:question-answer", args=[question.pk]),
            action=_("Answer it"),
        )


def own_to_write(actor: Actor) -> QuerySet[Application] | None:
    """Drafts of the organization that can still be handed in, corrections, and what is coached."""
    if not can_apply(actor).allowed:
        return None
    draft = Q(status=ApplicationStatus.DRAFT, call__status=CallStatus.PUBLISHED, call__deadline__gte=clock.now())
    correction = Q(status=ApplicationStatus.CORRECTION)
    wanted = draft | correction | improvable(clock.now())
    return Application.objects.of_body(actor).filter(wanted).select_related("call__assessment")


def applications_to_write(actor: Actor) -> Iterator[Task]:
    for row in own_to_write(actor) or ():
        if row.status == ApplicationStatus.ACCEPTED:
            yield _to_improve(row)
            continue
        is_correction = row.status == ApplicationStatus.CORRECTION
        title = _("Correct the application: %(title)s") if is_correction else _("Finish and hand in: %(title)s")
        yield Task(
            title=title % {"title": row},
            text=row.call.title,
            due=row.correct_until if is_correction else row.call.deadline,
            rule_id="R-TIME-04" if is_correction else "R-TIME-07",
            url=reverse("ventures:application-detail", args=[row.pk]),
            action=_("Correct it") if is_correction else _("Go on"),
        )


def _to_improve(row: Application) -> Task:
    return Task(
        title=_("Improve with your mentor: %(title)s") % {"title": row},
        text=row.call.title,
        due=row.call.assessment.coaching_until,
        rule_id="R-VENT-01",
        url=reverse("ventures:application-detail", args=[row.pk]),
        action=_("Improve it"),
    )


def to_prereview(actor: Actor) -> QuerySet[Call] | None:
    """Closed calls of the lead with applications that wait for the pre-review."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return None
    waiting = Count("applications", filter=Q(applications__status=ApplicationStatus.SUBMITTED))
    rows = Call.objects.filter(lead_id=actor.body_id, status=CallStatus.CLOSED)
    return rows.annotate(waiting=waiting).filter(waiting__gt=0)


def prereviews_due(actor: Actor) -> Iterator[Task]:
    for call in to_prereview(actor) or ():
        yield Task(
            title=_("Pre-review: %(title)s") % {"title": call.title},
            text=_("%(n)s applications wait for your decision.") % {"n": call.waiting},  # type: ignore[attr-defined]
            due=call.review_until,
            rule_id="R-VENT-08",
            url=reverse("ventures:call-applications", args=[call.pk]) + "?status=submitted",
            action=_("Check"),
        )


def connect() -> None:
    assessment_areas.connect()
    navigation.register(areas)
    tasks.register(approvals_due, among=to_approve)
    tasks.register(confirmations_due, among=to_confirm)
    tasks.register(papers_due, among=papers_to_check)
    tasks.register(calls_due, among=calls_in_hand)
    tasks.register(questions_due, among=open_questions)
    tasks.register(applications_to_write, among=own_to_write)
    tasks.register(prereviews_due, among=to_prereview)
