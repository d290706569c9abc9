"""Workspace of the assessment: areas, and what is due for officers, approvers, funders, reviewers and mentors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import (
    ApplicationReview,
    Assessment,
    AssessmentStatus as S,
    DisplayObjection,
    FunderConsent,
    Mentorship,
    PanelMember,
    PanelStatus,
)
from .permissions.call import can_view_calls

RUNNING = (S.PREPARING, S.SCORING, S.DEFENCE, S.DELIBERATION)


def areas(actor: Actor) -> list[Area]:
    found = []
    if can_view_calls(actor).allowed:
        found.append(
            Area(
                "venture-assessments",
                gettext_lazy("Assessments"),
                reverse("ventures:assessment-list"),
                gettext_lazy("Panels, scores, defence and decisions of venture calls."),
                order=26,
            )
        )
    if actor.has(Role.EXPERT):
        found.append(
            Area(
                "venture-panels",
                gettext_lazy("My panels"),
                reverse("ventures:seat-list"),
                gettext_lazy("Score applications of venture calls."),
                order=27,
            )
        )
    return found


# Officers and approvers of the lead


def running(actor: Actor) -> QuerySet[Assessment] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return None
    return Assessment.objects.filter(call__lead_id=actor.body_id, status__in=RUNNING).select_related("call", "defence")


def running_due(actor: Actor) -> Iterator[Task]:
    """One line for each assessment: what comes next."""
    open_ones = Q(members__reviews__released_at=None, members__reviews__submitted_at=None)
    counted = (running(actor) or Assessment.objects.none()).annotate(
        open_count=Count("members__reviews", filter=open_ones, distinct=True)
    )
    for row in counted:
        yield Task(
            title=_("Assessment: %(title)s") % {"title": row.call.title},
            text=_next_step(row),
            due=_due(row),
            rule_id="R-VENT-01",
            url=reverse("ventures:assessment-detail", args=[row.pk]),
            urgency=Urgency.WAIT if row.status == S.SCORING and row.open_count else None,
        )


def _due(row: Assessment) -> datetime | date | None:
    """The day of the scores, or of the defence; else the last day for the reviews."""
    if row.status == S.SCORING:
        return row.scoring_until
    return row.defence.starts_at if row.status == S.DEFENCE else row.call.review_until


def _next_step(row: Assessment) -> str:
    if row.status == S.SCORING and row.open_count:  # type: ignore[attr-defined]
        return _("%(count)s reviews are open.") % {"count": row.open_count}  # type: ignore[attr-defined]
    return {
        S.PREPARING: _("Fill the panel, then deal the reviews"),
        S.SCORING: _("All reviews are in"),
        S.DEFENCE: _("Defence day"),
        S.DELIBERATION: _("Fit the ranking into the pots and write the minutes"),
    }[S(row.status)]


def to_decide(actor: Actor) -> QuerySet[Assessment] | None:
    """Decisions that wait for approval, and displays that are over."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return None
    over = Q(status=S.DISPLAYED, display_until__lt=clock.today())
    rows = Assessment.objects.filter(Q(status=S.PROPOSED) | over, call__lead_id=actor.body_id)
    return rows.exclude(proposed_by_id=actor.user_id).select_related("call")


def decisions_due(actor: Actor) -> Iterator[Task]:
    for row in to_decide(actor) or ():
        proposed = row.status == S.PROPOSED
        page = "ventures:assessment-decision" if proposed else "ventures:assessment-detail"
        yield Task(
            title=(_("Approve the decision: %(title)s") if proposed else _("Confirm the grants: %(title)s"))
            % {"title": row.call.title},
            text=_("A second person checks amounts and reasons.") if proposed else _("The public display is over."),
            rule_id="R-VENT-01" if proposed else "R-VENT-02",
            url=reverse(page, args=[row.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def to_consent(actor: Actor) -> QuerySet[FunderConsent] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return None
    rows = FunderConsent.objects.filter(body_id=actor.body_id, given_at=None, assessment__status=S.PROPOSED)
    return rows.select_related("assessment__call")


def consents_due(actor: Actor) -> Iterator[Task]:
    for row in to_consent(actor) or ():
        yield Task(
            title=_("Agree to what your pots pay: %(title)s") % {"title": row.assessment.call.title},
            rule_id="R-PLAN-01",
            url=reverse("ventures:assessment-decision", args=[row.assessment_id]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )


def open_objections(actor: Actor) -> QuerySet[DisplayObjection] | None:
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return None
    rows = DisplayObjection.objects.filter(assessment__call__lead_id=actor.body_id, answered_at=None)
    return rows.select_related("assessment__call")


def objections_due(actor: Actor) -> Iterator[Task]:
    for row in open_objections(actor) or ():
        yield Task(
            title=_("Answer an objection: %(title)s") % {"title": row.assessment.call.title},
            text=row.text[:80],
            due=row.due_on,
            rule_id="R-VENT-02",
            url=reverse("ventures:objection-answer", args=[row.pk]),
            action=_("Answer it"),
        )


# Reviewers and mentors


def seats(actor: Actor) -> QuerySet[PanelMember] | None:
    """Invitations to answer, and seats with open reviews or a defence that is on."""
    if not actor.is_signed_in:
        return None
    mine = ApplicationReview.objects.standing().filter(member=OuterRef("pk"), submitted_at=None)
    invited = Q(status=PanelStatus.INVITED, assessment__status__in=(S.PREPARING, S.SCORING))
    scoring = Q(status=PanelStatus.ACCEPTED, assessment__status=S.SCORING) & Q(Exists(mine))
    defence = Q(status=PanelStatus.ACCEPTED, assessment__status=S.DEFENCE)
    rows = PanelMember.objects.filter(invited | scoring | defence, user_id=actor.user_id)
    return rows.select_related("assessment__call")


def seats_due(actor: Actor) -> Iterator[Task]:
    for row in seats(actor) or ():
        title, call = row.assessment.call.title, row.assessment
        if row.status == PanelStatus.INVITED:
            text, due, rule, action = _("You are invited to the panel."), None, "R-VENT-04", _("Answer it")
        elif call.status == S.DEFENCE:
            text, due, rule, action = _("Defence day"), call.defence.starts_at, "R-VENT-12", _("Score")
        else:
            text, due, rule, action = _("Score your applications."), call.scoring_until, "R-VENT-12", _("Score")
        yield Task(
            title=_("Panel: %(title)s") % {"title": title},
            text=text,
            due=due,
            rule_id=rule,
            url=reverse("ventures:seat-detail", args=[row.pk]),
            urgency=Urgency.NOW if due is None else None,
            action=action,
        )


def coached(actor: Actor) -> QuerySet[Mentorship] | None:
    if not actor.is_signed_in:
        return None
    now = clock.now()
    rows = Mentorship.objects.filter(
        mentor_id=actor.user_id,
        ended_at=None,
        application__call__assessment__status=S.PREPARING,
        application__call__assessment__coaching_from__lte=now,
        application__call__assessment__coaching_until__gte=now - timedelta(days=1),
    )
    return rows.select_related("application__call__assessment")


def coaching_due(actor: Actor) -> Iterator[Task]:
    for row in coached(actor) or ():
        yield Task(
            title=_("Coach: %(title)s") % {"title": row.application.title},
            text=row.application.call.title,
            due=row.application.call.assessment.coaching_until,
            url=reverse("ventures:mentorship", args=[row.pk]),
            action=_("Note a session"),
        )


def connect() -> None:
    navigation.register(areas)
    tasks.register(running_due, among=running)
    tasks.register(decisions_due, among=to_decide)
    tasks.register(consents_due, among=to_consent)
    tasks.register(objections_due, among=open_objections)
    tasks.register(seats_due, among=seats)
    tasks.register(coaching_due, among=coached)
