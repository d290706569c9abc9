"""Lists and intentions that wait for the second officer."""

from __future__ import annotations

from django.urls import reverse

from marketplace.accounts.roles import Role
from marketplace.core.events import subscribe
from marketplace.planning import events
from marketplace.planning.models import Intention, PurchaseList

from ..services import notify, people_of


def decision_wanted(event: events.DecisionWanted) -> None:
    if event.noun == "list":
        _list_wanted(PurchaseList.objects.select_related("submitted_by").get(pk=event.pk))
    else:
        _intention_wanted(Intention.objects.select_related("item__purchase_list").get(pk=event.pk))


def _list_wanted(row: PurchaseList) -> None:
    approvers = people_of([row.body_id], Role.APPROVER)
    url = reverse("planning:list-detail", args=[row.pk])
    facts = {"year": row.year, "name": str(row.submitted_by or "")}
    notify("list-submitted", f"{row.pk}:{row.items.count()}", approvers, url=url, **facts)


def _intention_wanted(row: Intention) -> None:
    approvers = people_of([row.item.purchase_list.body_id], Role.APPROVER)
    url = reverse("planning:intention-detail", args=[row.pk])
    notify("intention-submitted", str(row.pk), approvers, url=url, title=row.item.name)


def subscribe_all() -> None:
    subscribe(events.DecisionWanted, decision_wanted)
