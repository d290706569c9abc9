"""Puts drafts back to what was handed in: from the scoring on, what counts and what the tables hold is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.core import clock
from marketplace.lifecycle.drafts import Saved

from ..models import Application, ApplicationVersion, BlockKind
from ..rules.form import Block
from ..selectors.application import KEPT_KINDS, blocks_of, content_of, share_field
from .application import write_page


def put_back(applications: Iterable[Application]) -> list[Application]:
    """Those whose draft said something else than the version that counts. The caller holds the lock."""
    changed = []
    for application in applications:
        version = list(application.versions.all())[-1]
        if _answers(content_of(application)) != _answers(version.content):
            _put_back(application, version)
            changed.append(application)
    return changed


def _answers(content: Mapping[str, Any]) -> list[Any]:
    """Without the names of the call and the applicant, which may be corrected meanwhile."""
    return [content[key] for key in ("basics", "blocks", "budget", "files")]


def _put_back(application: Application, version: ApplicationVersion) -> None:
    content = version.content
    held = {block["key"]: block for block in content["blocks"]}
    write_page(application, None, _basics(content["basics"]))
    for block in blocks_of(application):
        if block.kind == BlockKind.BUDGET:
            write_page(application, block, Saved({}, [_line(line) for line in content["budget"]["lines"]]))
        elif block.kind == BlockKind.TEXT:
            write_page(application, block, Saved({"text": held[block.key]["text"]}, []))
        elif block.kind not in KEPT_KINDS:
            write_page(application, block, Saved({}, _rows(block, held[block.key]["rows"])))
    _files(application, {file["id"] for file in content["files"]})


def _basics(basics: Mapping[str, Any]) -> Saved:
    theme = basics["theme"]
    fields: dict[str, Any] = {name: basics[name] for name in ("title", "summary", "place")}
    fields |= {name: date.fromisoformat(basics[name]) if basics[name] else None for name in ("starts_on", "ends_on")}
    return Saved({**fields, "theme_id": theme["id"] if theme else None}, [])


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: line[name] for name in ("kind", "name", "basis")} | {"amount": Decimal(line["amount"])}
    return row | {share_field(share["pot"]): Decimal(share["amount"]) for share in line["shares"]}


def _rows(block: Block, rows: Iterable[list[str]]) -> list[dict[str, Any]]:
    keys = [column.key for column in block.all_columns]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _files(application: Application, held: set[str]) -> None:
    for row in application.files.all():
        removed_at = None if str(row.file_id) in held else row.removed_at or clock.now()
        if removed_at != row.removed_at:
            row.removed_at = removed_at
            row.save(update_fields=["removed_at"])
