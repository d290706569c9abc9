"""The composer: blocks of the application form of a draft are added, written, moved, taken out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.core.decisions import require
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.lifecycle.drafts import count, require_fresh

from ..models import BlockKind, Call, FormBlock
from ..rules.form import MOST_BLOCKS, ONLY_ONCE, STANDARD, Block, block_fault, next_key
from ..selectors.call import block_of
from .draft import draft_of

DEFAULTS = {BlockKind.TEXT: 1000}
COLUMNS = {BlockKind.TABLE: "项目\n说明"}


def use_standard_form(*, actor: Actor, call_id: int) -> Call:
    """The ready form whose blocks follow the criteria (R-VENT-12); only into an empty form, so that nothing is lost."""
    with draft_of(actor, call_id) as call:
        if call.blocks.exists():
            raise MarketplaceError(_("The form has blocks already; take them out before you begin with the standard."))
        for position, block in enumerate(STANDARD, start=1):
            _fill(FormBlock(call=call, key=block.key, position=position, kind=block.kind), block)
        count(call, "form", actor.user_id)
    return call


def add_block(*, actor: Actor, call_id: int, kind: str) -> FormBlock:
    """A ready block at the end of the form."""
    with draft_of(actor, call_id) as call:
        rows = list(call.blocks.all())
        if kind not in BlockKind.values:
            raise MarketplaceError(_("Choose a kind of block."), field="kind")
        if len(rows) >= MOST_BLOCKS:
            raise MarketplaceError(_("A form has forty blocks at most; nobody would fill in more."), field="kind")
        if kind in ONLY_ONCE and any(row.kind == kind for row in rows):
            raise MarketplaceError(_("The form has this block already; there is one of it."), field="kind")
        row = FormBlock.objects.create(
            call=call,
            key=next_key(row.key for row in rows),
            position=len(rows) + 1,
            kind=kind,
            title=_free_title(str(BlockKind(kind).label), {row.title for row in rows}),
            most_characters=DEFAULTS.get(BlockKind(kind)),
            columns=COLUMNS.get(BlockKind(kind), ""),
            criterion="budget" if kind == BlockKind.BUDGET else "",
        )
        count(call, "form", actor.user_id)
    return row


def _free_title(title: str, taken: set[str]) -> str:
    number, free = 2, title
    while free in taken:
        free, number = f"{title} {number}", number + 1
    return free


def save_block(*, actor: Actor, call_id: int, key: str, version: int, block: Block) -> FormBlock:
    """Writes one block. The same again changes nothing; a stale version raises `StaleVersion` with what is there."""
    with draft_of(actor, call_id) as call:
        row = _row(call, key)
        stored = block_of(row)
        if stored == block:
            return row
        require_fresh(call, block_page(key), version, stored)
        require(block_fault(block))
        if call.blocks.exclude(pk=row.pk).filter(title=block.title.strip()).exists():
            raise MarketplaceError(_("Another block has this title; nobody could tell the two apart."), field="title")
        _fill(row, block)
        count(call, block_page(key), actor.user_id)
    return row


def _fill(row: FormBlock, block: Block) -> None:
    row.title, row.help, row.criterion = block.title.strip(), block.help.strip(), block.criterion
    row.is_required, row.most_characters = block.is_required, block.most_characters
    row.least_rows, row.most_rows, row.columns = block.least_rows, block.most_rows, "\n".join(block.columns)
    row.save()


def block_page(key: str) -> str:
    """Two officers may write two blocks at once; only the same one can be stale."""
    return f"block-{key}"


def move_block(*, actor: Actor, call_id: int, key: str, up: bool) -> Call:
    """One place up or down; at the end of the list nothing happens."""
    with draft_of(actor, call_id) as call:
        rows = list(call.blocks.all())
        place = next((n for n, row in enumerate(rows) if row.key == key), None)
        if place is None:
            raise NotFound("")
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            _number(rows)
            count(call, "form", actor.user_id)
    return call


def remove_block(*, actor: Actor, call_id: int, key: str) -> Call:
    """Takes a block out of the draft. A second call changes nothing."""
    with draft_of(actor, call_id) as call:
        row = call.blocks.filter(key=key).first()
        if row is not None:
            row.delete()
            _number(list(call.blocks.all()))
            count(call, "form", actor.user_id)
    return call


def _number(rows: list[FormBlock]) -> None:
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _row(call: Call, key: str) -> FormBlock:
    row = call.blocks.filter(key=key).first()
    if row is None:
        raise NotFound(_("This block was taken out of the form meanwhile."))
    return row
