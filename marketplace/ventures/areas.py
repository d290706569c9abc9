"""The workspace's area of ventures, and what is due there: approvals, confirmations, answers, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import Call, CallFunder, CallPaper, CallPaperStatus, CallQuestion, CallStatus
from .permissions.call import can_view_calls
from .selectors.call import waiting_for_second

HORIZON = timedelta(days=3)


def areas(actor: Actor) -> list[Area]:
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


def approvals_due(actor: Actor) -> Iterator[Task]:
    """What another person submitted: calls of the own body, papers, and joint calls to confirm."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return
    for call in Call.objects.filter(waiting_for_second(actor.user_id, actor.body_id)):
        yield Task(
            title=_("Check and publish: %(title)s") % {"title": call.title},
            text=_("The money and the dates are judged anew at publication."),
            rule_id="R-VENT-01",
            url=reverse("ventures:call-review", args=[call.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )
    joint = CallFunder.objects.filter(body_id=actor.body_id, confirmed_at=None, call__status=CallStatus.SUBMITTED)
    for row in joint.select_related("call__lead"):
        yield Task(
            title=_("Confirm the joint call: %(title)s") % {"title": row.call.title},
            text=row.call.lead.name,
            rule_id="R-PLAN-01",
            url=reverse("ventures:call-review", args=[row.call_id]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def papers_due(actor: Actor) -> Iterator[Task]:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return
    waiting = CallPaper.objects.filter(call__lead_id=actor.body_id, status=CallPaperStatus.SUBMITTED)
    for paper in waiting.exclude(drafted_by_id=actor.user_id).select_related("call"):
        yield Task(
            title=_("Check a paper of the call: %(title)s") % {"title": paper.call.title},
            text=str(paper),
            due=paper.call.deadline,
            rule_id="R-NOTICE-06",
            url=reverse("ventures:paper-detail", args=[paper.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def officer_due(actor: Actor) -> Iterator[Task]:
    """Returned drafts, questions to answer, deadlines of the next days."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return
    now = clock.now()
    own = Call.objects.filter(lead_id=actor.body_id, status__in=[CallStatus.DRAFT, CallStatus.PUBLISHED])
    for call in own:
        if call.status == CallStatus.DRAFT and call.return_reason:
            yield Task(
                title=_("Returned: %(title)s") % {"title": call.title},
                text=call.return_reason,
                url=reverse("ventures:call-edit", args=[call.pk, "aims"]),
                urgency=Urgency.NOW,
                action=_("Change"),
            )
        if call.status == CallStatus.PUBLISHED and now <= call.deadline <= now + HORIZON:  # type: ignore[operator]
            yield Task(
                title=_("Applications close: %(title)s") % {"title": call.title},
                text=_("The pre-review begins after the deadline."),
                due=call.deadline,
                rule_id="R-VENT-01",
                url=reverse("ventures:call-detail", args=[call.pk]),
            )
    for question in CallQuestion.objects.filter(call__lead_id=actor.body_id, answered_at=None).select_related("call"):
        yield Task(
            title=_("Answer a question: %(title)s") % {"title": question.call.title},
            text=question.text[:80],
            due=question.call.deadline,
            url=reverse("ventures:question-answer", args=[question.pk]),
            action=_("Answer it"),
        )


def connect() -> None:
    navigation.register(areas)
    for source in (approvals_due, papers_due, officer_due):
        tasks.register(source)
