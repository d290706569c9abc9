"""The doors of the operator's room: what can be done there, each with what waits behind it. Rooms may add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.core.models import DueFailure, WorkCalendarYear
from marketplace.web.navigation import address


@dataclass(frozen=True)
class Door:
    """One place: `state` says in a few words how things stand; `waits` that something is to be done."""

    title: Any
    text: Any
    url: str
    state: Any = ""
    waits: bool = False
    order: int = 50


DoorSource = Callable[[Actor], Door | None]
_sources: list[DoorSource] = []


def register(source: DoorSource) -> DoorSource:
    if source not in _sources:
        _sources.append(source)
    return source


def doors(actor: Actor) -> list[Door]:
    found = [source(actor) for source in (bodies, calendar, rule_values, jobs, custodians, *_sources)]
    return sorted((door for door in found if door and door.url), key=lambda door: door.order)


def bodies(actor: Actor) -> Door:
    return Door(
        _("Bodies"),
        _("Admit buyers, agents, evaluators, supervisors, auditors and expert registers; invite their people."),
        address("people:bodies"),
        _("%(count)d bodies") % {"count": Body.objects.count()},
        order=10,
    )


def calendar(actor: Actor) -> Door:
    wanted = clock.today().year + 1
    is_known = WorkCalendarYear.objects.filter(year=wanted).exists()
    state = _("%(year)d is entered") if is_known else _("%(year)d is missing; deadlines in it are refused until then")
    return Door(
        _("Working calendar"),
        _("Enter the holidays and shifted working days of a new year as the State Council announces them."),
        address("people:calendar"),
        state % {"year": wanted},
        waits=not is_known,
        order=20,
    )


def rule_values(actor: Actor) -> Door:
    return Door(
        _("Rule values"),
        _("Values that a province or city has set, from a day on, each with its reason and source."),
        address("people:rule-values"),
        order=30,
    )


def jobs(actor: Actor) -> Door:
    count = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count() + DueFailure.objects.count()
    return Door(
        _("Jobs and mails"),
        _("What failed in the background, and trying it again."),
        address("people:jobs"),
        _("%(count)d failed") % {"count": count} if count else _("nothing has failed"),
        waits=bool(count),
        order=40,
    )


def custodians(actor: Actor) -> Door:
    return Door(
        _("Custodians"),
        _("Appoint the keepers of key shares, and have each prove a trial share."),
        address("procurement:custodian-list"),
        order=35,
    )
