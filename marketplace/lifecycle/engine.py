"""The engine of state machines: a table of transitions, and one function that applies a row.

It checks that the row fits the object's state, asks the guards, sets the state, writes the log entry. The
caller holds the lock (`audit.transaction()` with `locked()`), and announces the event afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, require
from marketplace.core.exceptions import MarketplaceError


@dataclass(frozen=True)
class Transition:
    """One row: `name` is the action of the log, `sources` the states it starts from, `guards` the rules."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: Any
    who: str = ""
    guards: tuple[Callable[..., Decision], ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    """A table for one model's state field."""

    noun: str
    transitions: tuple[Transition, ...]
    state_field: str = "status"
    by_name: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {row.name: row for row in self.transitions})

    def state(self, obj: models.Model) -> str:
        return str(getattr(obj, self.state_field))

    def available(self, obj: models.Model) -> list[Transition]:
        """Rows that start from the object's state: the list of «what can be done now»."""
        return [row for row in self.transitions if self.state(obj) in row.sources]

    def apply(self, obj: models.Model, name: str, **facts: Any) -> Transition:
        """Move `obj` by the row `name`; refuses a wrong state and each guard's «no». Saves the state field only."""
        row = self.by_name[name]
        if self.state(obj) not in row.sources:
            raise MarketplaceError(
                _("This step is not possible any more or not yet: %(step)s.") % {"step": row.label}, code="wrong_state"
            )
        require(*(guard(obj, **facts) for guard in row.guards))
        setattr(obj, self.state_field, row.target)
        obj.save(update_fields=[self.state_field])
        return row

    def diagram(self) -> str:
        """Mermaid text for the room's README."""
        return "\n".join(["stateDiagram-v2", *self._arrows()])

    def _arrows(self) -> Iterable[str]:
        for row in self.transitions:
            for source in row.sources:
                yield f"    {source} --> {row.target}: {row.name}"
