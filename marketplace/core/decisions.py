"""What a rule or a permission answers: may it be done, by which rule, why, and until or from when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from .exceptions import NotAllowed, Refused


class Level(Enum):
    """What a «no» means (column Enf of the rule catalogue)."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True)
class Decision:
    """The answer of one rule. `reason` is translated text; `due` the deadline or the earliest lawful moment."""

    allowed: bool
    reason: object = ""
    rule_id: str = ""
    due: date | datetime | None = None
    level: Level = Level.BLOCK
    field: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def blocks(self) -> bool:
        return not self.allowed and self.level is Level.BLOCK


ALLOWED = Decision(True)


def allow(rule_id: str = "", reason: object = "", due: date | datetime | None = None) -> Decision:
    return Decision(True, reason, rule_id, due)


def refuse(
    reason: object,
    rule_id: str = "",
    *,
    due: date | datetime | None = None,
    level: Level = Level.BLOCK,
    field: str = "",
) -> Decision:
    return Decision(False, reason, rule_id, due, level, field)


def first_refusal(*decisions: Decision) -> Decision:
    """The first «no», else `ALLOWED`: for permissions made of several questions."""
    return next((decision for decision in decisions if not decision.allowed), ALLOWED)


def require(*decisions: Decision) -> None:
    """Raise `Refused` for the first blocking decision (rules)."""
    for decision in decisions:
        if decision.blocks:
            raise Refused(decision)


def require_permission(decision: Decision) -> None:
    """Raise `NotAllowed` when a `can_…` question is answered with no."""
    if not decision.allowed:
        raise NotAllowed(decision.reason, rule_id=decision.rule_id)


def require_reasons(decisions: Iterable[Decision], reason: str) -> None:
    """Warnings may be passed with a written reason, which the caller records; without one they refuse."""
    for decision in decisions:
        if decision.blocks or (not decision.allowed and decision.level is Level.WARN and not reason.strip()):
            raise Refused(decision)
