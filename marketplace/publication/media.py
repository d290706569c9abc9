"""On which designated media a notice stands, by the newest record of each (R-PUB-01)."""

from __future__ import annotations

from collections.abc import Iterable

from .models import MediumRecord


def standing(records: Iterable[MediumRecord]) -> list[MediumRecord]:
    """The record that counts of each medium, the earliest publication first. `records` in their order of entry."""
    newest = {record.medium: record for record in records}
    return sorted(newest.values(), key=lambda record: (record.published_at, record.pk))
