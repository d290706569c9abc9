"""The workspace's area of planning, and what is due there."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.web import navigation, tasks
from marketplace.web.navigation import Area
from marketplace.web.tasks import Task, Urgency

from .models import Intention, IntentionStatus, ListStatus, PurchaseList


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


def connect() -> None:
    navigation.register(areas)
    tasks.register(due)
