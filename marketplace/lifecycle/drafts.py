"""Drafts that several people write page by page: what a page holds, who saved it last, and that no text is lost.

A room names its pages by a `Pages`; its services call `read`, `require_fresh`, `write` and `count` inside their own
transaction, after the permission, under the draft's lock. The draft has a `version` that counts saves and `steps`,
rows with key, version, `saved_by`, `saved_at`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.exceptions import StaleVersion

Row = Mapping[str, Any]


@dataclass(frozen=True)
class RowKind:
    """Rows of a page, and the fields that a person types.

    `by_key`: others refer to the rows, so that they are told apart by their key (`id`, hidden in the form) and only a
    new one by its place. `anew`: nobody refers to them, and two may not hold the same: all are written anew.
    """

    model: type[models.Model]
    accessor: str
    fields: tuple[str, ...]
    by_key: bool = False
    anew: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return ("id", *self.fields) if self.by_key else self.fields


@dataclass(frozen=True)
class Saved:
    """What a page holds: the fields and the rows."""

    fields: dict[str, Any]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Pages:
    """The fields and the rows of each page. `owner` is the rows' reference to the draft."""

    owner: str
    fields: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, RowKind]

    def read(self, draft: Any, key: str) -> Saved:
        """What is stored for a page, in the shape in which it is saved."""
        kind = self.rows.get(key)
        stored = getattr(draft, kind.accessor).all() if kind else ()
        rows = [{name: getattr(row, name) for name in kind.names} for row in stored] if kind else []
        return Saved({name: getattr(draft, name) for name in self.fields.get(key, ())}, rows)

    def wanted(self, key: str, fields: Mapping[str, Any], rows: Sequence[Row]) -> Saved:
        """What a person wants the page to hold; anything else that came along is left out."""
        kind = self.rows.get(key)
        kept = [{name: row.get(name) for name in kind.names} for row in rows] if kind else []
        return Saved({name: fields[name] for name in self.fields.get(key, ())}, kept)

    def write(self, draft: Any, key: str, wanted: Saved) -> None:
        self._write_fields(draft, wanted.fields)
        self._write_rows(draft, key, wanted.rows)

    def _write_fields(self, draft: Any, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            setattr(draft, name, value)
        if fields:
            draft.save(update_fields=[name.removesuffix("_id") for name in fields])

    def _write_rows(self, draft: Any, key: str, rows: Sequence[Row]) -> None:
        """A row that is gone from a draft has no legal meaning and goes."""
        kind = self.rows.get(key)
        if kind is None:
            return
        kept = {} if kind.anew else self._matched(kind, list(getattr(draft, kind.accessor).all()), rows)
        for gone in getattr(draft, kind.accessor).exclude(pk__in=[row.pk for row in kept.values()]):
            gone.delete()
        for position, values in enumerate(rows, start=1):
            row: Any = kept.get(position) or kind.model(**{self.owner: draft})
            row.position = position
            for name in kind.fields:
                setattr(row, name, values[name])
            row.save()

    @staticmethod
    def _matched(kind: RowKind, stored: Sequence[Any], rows: Sequence[Row]) -> dict[int, Any]:
        """Stored rows by the place that they take among the wanted ones."""
        by_key = {row.pk: row for row in stored} if kind.by_key else {}
        named = {values.get("id") for values in rows}
        by_place = {row.position: row for row in stored if row.pk not in named or not kind.by_key}
        matched = {
            place: by_key.get(values.get("id")) or by_place.get(place) for place, values in enumerate(rows, start=1)
        }
        return {place: row for place, row in matched.items() if row is not None}


def require_fresh(draft: Any, key: str, version: int, current: object) -> None:
    """A page that somebody else has saved since it was opened is stale; the answer carries what stands there now."""
    saved = draft.steps.filter(key=key).first()
    if saved is not None and saved.version > version:
        raise StaleVersion(_("Somebody else has saved this page since you opened it."), current=current)


def count(draft: Any, key: str, user_id: int) -> None:
    """One more save: of the draft, and of this page."""
    draft.version += 1
    draft.save(update_fields=["version"])
    draft.steps.update_or_create(
        key=key, defaults={"version": draft.version, "saved_by_id": user_id, "saved_at": clock.now()}
    )
