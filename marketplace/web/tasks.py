"""What is due: rooms register who is asked for what; the workspace shows it in one list.

    from marketplace.web import tasks

    @tasks.register
    def letters_to_write(actor: Actor) -> list[Task]: …

A source asks the database at most twice, whatever the number of objects, and answers only what this actor can do. A
source that says what it looks for (`among`) is asked only if something is there: the home of a body that has no part in
a room pays nothing for it, since one statement looks for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from django.db.models import Exists, QuerySet

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.core import clock


class Urgency(Enum):
    """How a task is shown: `OVERDUE` and `NOW` first, whatever the date; `WAIT` is somebody else's turn."""

    OVERDUE = "overdue"
    NOW = "now"
    SOON = "soon"
    LATER = "later"
    WAIT = "wait"


@dataclass(frozen=True)
class Task:
    """One thing to do: what, about what, until when, by which rule, and where. Text is translated already."""

    title: Any
    text: Any = ""
    due: date | datetime | None = None
    rule_id: str = ""
    url: str = ""
    urgency: Urgency | str | None = None
    action: Any = ""

    @property
    def moment(self) -> datetime | None:
        """The due day as a moment: a date is due until its end."""
        if self.due is None or isinstance(self.due, datetime):
            return self.due
        return datetime.combine(self.due, time(23, 59, 59), tzinfo=clock.ZONE)

    @property
    def level(self) -> Urgency:
        """As given, else computed from the due date: today is NOW, three days are SOON."""
        if self.urgency is not None:
            return Urgency(self.urgency)
        if self.moment is None:
            return Urgency.LATER
        return urgency_of(self.moment, clock.now())


def urgency_of(due: datetime, now: datetime) -> Urgency:
    """NOW until the end of the market's day on which it is due, SOON three days before."""
    days = (due.astimezone(clock.ZONE).date() - now.astimezone(clock.ZONE).date()).days
    if due < now:
        return Urgency.OVERDUE
    if days == 0:
        return Urgency.NOW
    return Urgency.SOON if days <= 3 else Urgency.LATER


TaskSource = Callable[[Actor], Iterable[Task]]
Among = Callable[[Actor], "QuerySet[Any] | None"]
_sources: list[TaskSource] = []
_among: dict[TaskSource, Among] = {}
RANK = {level: rank for rank, level in enumerate(Urgency)}


def register(source: TaskSource, *, among: Among | None = None) -> TaskSource:
    """Add a room's tasks. Usable as a decorator; call it from `AppConfig.ready`.

    `among` answers the rows from which the source makes the actor's tasks, or None if it is not for this actor.
    """
    if source not in _sources:
        _sources.append(source)
        if among is not None:
            _among[source] = among
    return source


def tasks_for(actor: Actor) -> list[Task]:
    """All that is due for the actor, the most pressing first."""
    if not actor.is_signed_in:
        return []
    found = [task for source in _with_something(actor) for task in source(actor)]
    far = datetime.max.replace(tzinfo=clock.ZONE)
    return sorted(found, key=lambda task: (RANK[task.level], task.moment or far))


def _with_something(actor: Actor) -> list[TaskSource]:
    looked_for = {str(number): _among[source](actor) for number, source in enumerate(_sources) if source in _among}
    wanted = {f"source_{number}": Exists(rows) for number, rows in looked_for.items() if rows is not None}
    there = User.objects.filter(pk=actor.user_id).values(**wanted).first() if wanted else None
    return [
        source
        for number, source in enumerate(_sources)
        if source not in _among or (there is not None and there.get(f"source_{number}"))
    ]
