"""The workspace's area of planning, and what is due there."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import Intention, IntentionStatus, ListedItem, ListStatus, PurchaseList

NOTICE = timedelta(days=30)  # R-PLAN-03


def areas(actor: Actor) -> list[Area]:
    if actor.body_kind != BodyKind.GOVERNMENT and not actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return []
    return [
        Area(
            "plans",
            gettext_lazy("Year's lists"),
            reverse("planning:list-list"),
            gettext_lazy("What the body buys this year, and the intention notices."),
            order=10,
        )
    ]


def due(actor: Actor) -> list[Task]:
    """Lists and intentions that wait for this approver."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.APPROVER):
        return []
    others = ~Q(submitted_by_id=actor.user_id)
    lists = PurchaseList.objects.filter(others, body_id=actor.body_id, status=ListStatus.SUBMITTED)
    waiting = Intention.objects.filter(
        others, item__purchase_list__body_id=actor.body_id, status=IntentionStatus.SUBMITTED
    )
    return [
        Task(
            title=_("Check the list of %(year)s") % {"year": row.year},
            text=_("A second person publishes it."),
            url=reverse("planning:list-detail", args=[row.pk]),
            urgency=Urgency.SOON,
            action=_("Check"),
        )
        for row in lists
    ] + [
        Task(
            title=_("Check the intention notice: %(name)s") % {"name": row.item.name},
            text=_("It stands at least 30 days before the tender."),
            rule_id="R-PLAN-03",
            url=reverse("planning:intention-detail", args=[row.pk]),
            urgency=Urgency.SOON,
            action=_("Check"),
        )
        for row in waiting.select_related("item")
    ]


def next_steps(actor: Actor) -> list[Task]:
    """For the officer: published items that want an intention notice, and those whose month has come."""
    if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER):
        return []
    published = ListedItem.objects.filter(
        purchase_list__body_id=actor.body_id, purchase_list__year__gte=clock.today().year, withdrawn_at=None
    ).exclude(published_at=None)
    rows = published.select_related("intention").prefetch_related("tenders").order_by("planned_month", "pk")
    found = (_next_step(row) for row in rows if all(tender.status == "terminated" for tender in row.tenders.all()))
    return [task for task in found if task is not None]


def _next_step(item: ListedItem) -> Task | None:
    intention, url = getattr(item, "intention", None), reverse("planning:list-detail", args=[item.purchase_list_id])
    if intention is None or intention.status == IntentionStatus.DRAFT:
        return Task(
            title=_("Propose the intention notice: %(name)s") % {"name": item.name},
            text=_("It stands at least 30 days before the tender."),
            rule_id="R-PLAN-03",
            due=item.planned_month - NOTICE,
            url=url,
            urgency=Urgency.SOON,
            action=_("Propose"),
        )
    if intention.status == IntentionStatus.PUBLISHED and item.planned_month <= clock.today():
        return Task(
            title=_("Begin the tender: %(name)s") % {"name": item.name},
            text=_("Its planned month has come."),
            url=url,
            urgency=Urgency.SOON,
            action=_("To the list"),
        )
    return None


def connect() -> None:
    navigation.register(areas)
    tasks.register(due)
    tasks.register(next_steps)
