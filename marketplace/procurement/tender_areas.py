"""The workspace's area of tenders, and what is due there: approvals, answers, openings, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.rules.time import day_of
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import Correction, Lot, LotStatus, PaperStatus, Question, Tender, TenderStatus, Termination
from .rules.questions import takers_too_few
from .selectors.media import unrecorded
from .selectors.tender import rules_of

HORIZON = timedelta(days=3)
MOST_UNRECORDED = 10  # of one kind of task at a time; the next come up as these are done


def areas(actor: Actor) -> list[Area]:
    sees = actor.body_kind in (BodyKind.GOVERNMENT, BodyKind.AGENCY) and actor.has(
        Role.OFFICER, Role.APPROVER, Role.FINANCE
    )
    if not sees and not actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return []
    return [
        Area(
            "tenders",
            gettext_lazy("Tenders"),
            reverse("procurement:tender-list"),
            gettext_lazy("Prepare, publish, answer, correct, end and repeat tenders."),
            order=20,
        )
    ]


def approvals_due(actor: Actor) -> Iterator[Task]:
    """What another person of the buyer submitted."""
    if not actor.has(Role.APPROVER):
        return
    waiting = Tender.objects.filter(buyer_id=actor.body_id, status=TenderStatus.SUBMITTED)
    for tender in waiting.exclude(submitted_by_id=actor.user_id):
        yield Task(
            title=_("Check and publish: %(title)s") % {"title": tender.title},
            text=_("The days are counted from publication; a tender that waits may need new dates."),
            rule_id="R-TENDER-01",
            url=reverse("procurement:tender-review", args=[tender.pk]),
            urgency=Urgency.NOW,
            action=_("Check"),
        )
    for model, noun, title in (
        (Correction, "correction", _("Check the correction: %(title)s")),
        (Termination, "termination", _("Check the termination: %(title)s")),
    ):
        papers = model.objects.filter(tender__buyer_id=actor.body_id, status=PaperStatus.SUBMITTED)
        for paper in papers.exclude(drafted_by_id=actor.user_id).select_related("tender"):
            yield Task(
                title=title % {"title": paper.tender.title},
                due=paper.tender.deadline,
                rule_id="R-TENDER-06" if noun == "correction" else "R-TENDER-12",
                url=reverse(f"procurement:{noun}-detail", args=[paper.pk]),
                urgency=Urgency.NOW,
                action=_("Check"),
            )


def answers_due(actor: Actor) -> Iterator[Task]:
    """Questions of suppliers, each with its last moment."""
    if not actor.has(Role.OFFICER) or actor.body_id is None:
        return
    questions = Question.objects.filter(_own("tender__", actor), answered_at=None)
    for question in questions.select_related("tender"):
        yield Task(
            title=_("Answer a question: %(title)s") % {"title": question.tender.title},
            text=question.text[:80],
            due=question.answer_due,
            rule_id="R-OBJ-01",
            url=reverse("procurement:question-answer", args=[question.pk]),
            action=_("Answer it"),
        )


def own_tenders_due(actor: Actor) -> Iterator[Task]:
    """Returned drafts, openings of the next days, offers to extend, void lots to tender again."""
    if not actor.has(Role.OFFICER) or actor.body_id is None:
        return
    now = clock.now()
    rows = (
        Tender.objects.filter(_own("", actor))
        .select_related("buyer")
        .prefetch_related(Prefetch("lots__retenders", Tender.objects.kept()))
    )
    for tender in rows.annotate(taken=Count("takes")).filter(_in_need(now)):
        yield from _tasks_of(tender, now)


def media_due(actor: Actor) -> Iterator[Task]:
    """Notices of which no designated medium is recorded; their period has begun (R-PUB-01). The oldest first."""
    if not actor.has(Role.OFFICER) or actor.body_id is None:
        return
    own = Tender.objects.filter(_own("", actor)).exclude(number=None)
    for tender in own.filter(unrecorded(OuterRef("number"))).order_by("published_at")[:MOST_UNRECORDED]:
        yield Task(
            title=_("Record the designated medium: %(title)s") % {"title": tender.title},
            text=_("No medium of the finance department is recorded for a notice, and its period has begun."),
            rule_id="R-PUB-01",
            url=reverse("procurement:tender-detail", args=[tender.pk]) + "#media",
            urgency=Urgency.SOON,
            action=_("Record it"),
        )


def _in_need(now: datetime) -> Q:
    """Of a body's thousand tenders only those that `_tasks_of` has something to say about."""
    lots = Lot.objects.filter(tender=OuterRef("pk"))
    near = Q(deadline__lte=now + HORIZON) | Q(documents_until__lt=now)
    waiting = Q(Exists(lots.filter(status=LotStatus.OPEN)), near, deadline__gte=now)
    again = Tender.objects.kept().filter(retender_of=OuterRef("pk"))
    void = Q(Exists(lots.filter(~Exists(again), status=LotStatus.VOID)))
    returned = Q(status=TenderStatus.DRAFT) & ~Q(return_reason="")
    return returned | Q(status=TenderStatus.PUBLISHED) & (waiting | void)


def _tasks_of(tender: Tender, now: datetime) -> Iterator[Task]:
    detail = reverse("procurement:tender-detail", args=[tender.pk])
    if tender.status == TenderStatus.DRAFT:
        yield Task(
            title=_("Returned: %(title)s") % {"title": tender.title},
            text=tender.return_reason,
            url=reverse("procurement:tender-edit", args=[tender.pk, "needs"]),
            urgency=Urgency.NOW,
            action=_("Change"),
        )
        return
    lots = list(tender.lots.all())
    if now <= tender.deadline <= now + HORIZON and any(lot.status == LotStatus.OPEN for lot in lots):  # type: ignore[operator]
        yield Task(
            title=_("Opening: %(title)s") % {"title": tender.title},
            text=_("The custodians hand in their shares after the deadline."),
            due=tender.deadline,
            rule_id="R-OPEN-01",
            url=detail,
        )
    if tender.documents_until < now < tender.deadline and _too_few(tender, now):  # type: ignore[operator]
        yield Task(
            title=_("Fewer than three took the documents: %(title)s") % {"title": tender.title},
            text=_("The period for documents may be extended."),
            due=tender.deadline,
            rule_id="R-TENDER-04",
            url=detail,
        )
    for lot in lots:
        if lot.status == LotStatus.VOID and not lot.retenders.all():
            yield Task(
                title=_("Void, tender it again: %(title)s") % {"title": lot.title},
                text=lot.void_reason,
                rule_id="R-EVAL-20",
                url=detail,
                action=_("Open"),
            )


def _too_few(tender: Tender, now: datetime) -> bool:
    answer = takers_too_few(
        tender.taken,  # type: ignore[attr-defined]
        tender.documents_until,  # type: ignore[arg-type]
        tender.deadline,  # type: ignore[arg-type]
        now,
        rules_of(tender, day_of(now)),
    )
    return answer.allowed


def _own(prefix: str, actor: Actor) -> Q:
    return Q(**{f"{prefix}buyer_id": actor.body_id}) | Q(**{f"{prefix}agency_id": actor.body_id})


def due(actor: Actor) -> list[Task]:
    return [*approvals_due(actor), *answers_due(actor), *own_tenders_due(actor), *media_due(actor)]


def connect() -> None:
    navigation.register(areas)
    tasks.register(due)
