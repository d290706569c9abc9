"""News of planning."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListPublished:
    list_id: int


@dataclass(frozen=True)
class IntentionPublished:
    intention_id: int


@dataclass(frozen=True)
class DecisionWanted:
    """A list or an intention waits for the second officer. `noun` is `list` or `intention`."""

    noun: str
    pk: int
