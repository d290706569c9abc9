"""The draft of an application, page by page: the basics and one page for each block of the form.

Each save names the version it started from, so that nobody's text is lost. Saves are no entries of the log; beginning,
handing in, withdrawing and writing on are. After it was handed in a draft may be written on until the deadline: what
counts is what was handed in last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.core.rules.time import in_time
from marketplace.documents.services import store_upload
from marketplace.lifecycle.drafts import Row, Saved, count, require_fresh

from ..models import Application, ApplicationFile, ApplicationStatus, BlockKind, Call
from ..permissions.application import can_apply, can_write_application
from ..rules.application import BASICS, characters
from ..rules.coaching import takes_improvements
from ..rules.eligibility import eligibility_decisions, takes_applications
from ..rules.form import Block
from ..selectors.application import BASIC_FIELDS, OWN, applicant_of, blocks_of, kept_files, read_page, share_field
from ..selectors.assessment import coaching_of
from ..selectors.call import form_of

FILE_KINDS = ("pdf", "docx", "xlsx", "jpg", "png")


def start_application(*, actor: Actor, call_id: int) -> Application:
    """An empty draft of the actor's organization, while the call takes applications and the organization may apply."""
    with transaction() as log:
        require_permission(can_apply(actor))
        call = locked(Call, call_id, "lead")
        if not call.number:
            raise NotFound("")
        require(_takes(call), *eligibility_decisions(applicant_of(actor, call)))
        application = Application.objects.create(
            call=call,
            body_id=actor.body_id,
            form=call.form_versions.order_by("-number")[0],
            created_by_id=actor.user_id,
            created_at=clock.now(),
        )
        log.record("application.begun", application, actor)
    return application


def _takes(call: Call) -> Decision:
    return takes_applications(call.status, call.opens_at, call.deadline, clock.now())  # type: ignore[arg-type]


@contextmanager
def draft_of(actor: Actor, application_id: object) -> Iterator[Application]:
    """The locked draft, for the applicant's people, while it can still be handed in."""
    with transaction():
        application = locked_own(actor, application_id)
        require(is_writable(application))
        yield application


def locked_own(actor: Actor, application_id: object) -> Application:
    """A stranger's application is «not found»."""
    application = locked(Application, application_id, "call__lead", "body")
    if application.body_id != actor.body_id:
        raise NotFound("")
    require_permission(can_write_application(actor, application))
    return application


def is_writable(application: Application) -> Decision:
    """A draft until the deadline of the call; a correction until its own; while it is coached until the end of that."""
    if application.status == ApplicationStatus.CORRECTION:
        until = application.correct_until
        if until is not None and in_time(clock.now(), until):
            return allow("R-TIME-04", due=until)
        return refuse(_("The days for the correction are over."), "R-TIME-04", due=until)
    if application.status in (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED):
        return _takes(application.call)
    if application.status == ApplicationStatus.WITHDRAWN:
        return refuse(_("This application is withdrawn: press «Write on» first."))
    return may_improve(application, clock.now())


def may_improve(application: Application, moment: datetime) -> Decision:
    """Whether an application that passed may still be changed: while it is coached."""
    coaching = coaching_of(application)
    if coaching is None:
        return refuse(_("This application is decided on and is not changed any more."))
    return takes_improvements(coaching, moment)


def block_of(application: Application, key: str) -> Block | None:
    """The block of a page; None for the basics."""
    if key == BASICS:
        return None
    for block in blocks_of(application):
        if block.key == key:
            return block
    raise NotFound("")


def save_page(
    *,
    actor: Actor,
    application_id: object,
    key: str,
    version: int,
    fields: Mapping[str, Any],
    rows: Sequence[Row] = (),
) -> Application:
    """Writes one page. The same content again changes nothing; a stale version raises `StaleVersion`.

    Refuses what could not be handed in whatever else is written: too many characters, a pot or theme of another call.
    """
    with draft_of(actor, application_id) as application:
        block = block_of(application, key)
        if block is not None and block.kind == BlockKind.ATTACHMENTS:
            raise MarketplaceError(_("Files are added and taken out one by one."))
        wanted, current = _wanted(block, fields, rows), read_page(application, block)
        if current == wanted:
            return application
        require_fresh(application, key, version, current)
        require(*_shape(application, block, wanted))
        write_page(application, block, wanted)
        count(application, key, actor.user_id)
    return application


def _wanted(block: Block | None, fields: Mapping[str, Any], rows: Sequence[Row]) -> Saved:
    """What a person wants the page to hold, in the shape in which it is read."""
    if block is None:
        return Saved({name: fields[name] for name in BASIC_FIELDS}, [])
    if block.kind == BlockKind.TEXT:
        return Saved({"text": fields["text"].replace("\r\n", "\n")}, [])
    if block.kind == BlockKind.BUDGET:
        return Saved({}, [_paid(row) for row in rows])
    keys = [column.key for column in block.all_columns]
    typed = [{key: _typed(row.get(key)) for key in keys} for row in rows]
    return Saved({}, [row for row in typed if any(row.values())])  # a row that was cleared is gone


def _paid(row: Row) -> dict[str, Any]:
    """A share of nothing is no share."""
    return {name: value for name, value in row.items() if value or not (name == OWN or name.startswith("pot_"))}


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).replace("\r\n", "\n")


def _shape(application: Application, block: Block | None, wanted: Saved) -> list[Decision]:
    if block is None:
        themes = {theme.pk for theme in application.call.themes.all()}
        theme = wanted.fields["theme_id"]
        return [_holds(theme is None or theme in themes, _("Choose one of the themes of the call."), "theme_id")]
    if block.kind == BlockKind.TEXT:
        return [_short_enough(block, wanted.fields["text"])]
    most = _holds(len(wanted.rows) <= block.most_rows, _("%(most)s rows at most.") % {"most": block.most_rows}, "rows")
    if block.kind != BlockKind.BUDGET:
        return [most]
    pots = {share_field(pot.pk) for pot in application.call.pots.all()}
    named = {name for row in wanted.rows for name in row if name.startswith("pot_")}
    return [most, _holds(named <= pots, _("Choose a pot of this call."), "rows", "R-SCOPE-02")]


def _short_enough(block: Block, text: str) -> Decision:
    most, n = block.most_characters or 0, characters(text)
    words = _("%(n)s characters, %(most)s are allowed. Shorten the text by %(over)s; it stays here as you wrote it.")
    return _holds(n <= most, words % {"n": f"{n:,}", "most": f"{most:,}", "over": f"{n - most:,}"}, "text", "R-VENT-12")


def _holds(holds: bool, words: str, field: str, rule_id: str = "") -> Decision:
    return allow(rule_id) if holds else refuse(words, rule_id, field=field)


# Writing


def write_page(application: Application, block: Block | None, wanted: Saved) -> None:
    """Stores what a page holds, without asking anything."""
    if block is None:
        for name, value in wanted.fields.items():
            setattr(application, name, value)
        application.save(update_fields=[name.removesuffix("_id") for name in wanted.fields])
    elif block.kind == BlockKind.TEXT:
        application.texts.update_or_create(block=block.key, defaults={"text": wanted.fields["text"]})
    elif block.kind == BlockKind.BUDGET:
        _write_budget(application, wanted.rows)
    else:
        _write_cells(application, block, wanted.rows)


def _write_cells(application: Application, block: Block, rows: Sequence[Row]) -> None:
    stored = {(cell.row, cell.column): cell for cell in application.cells.filter(block=block.key)}
    fresh = []
    for place, row in enumerate(rows):
        for number, column in enumerate(block.all_columns):
            cell = stored.pop((place, number), None)
            if cell is None:
                cell_type = application.cells.model
                fresh.append(
                    cell_type(application=application, block=block.key, row=place, column=number, text=row[column.key])
                )
            elif cell.text != row[column.key]:
                cell.text = row[column.key]
                cell.save(update_fields=["text"])
    application.cells.bulk_create(fresh)
    for gone in stored.values():
        gone.delete()


def _write_budget(application: Application, rows: Sequence[Row]) -> None:
    for gone in application.budget.filter(position__gt=len(rows)):
        gone.delete()
    for position, row in enumerate(rows, start=1):
        values = {"kind": row["kind"], "name": row["name"], "basis": row.get("basis", ""), "amount": row["amount"]}
        line, _new = application.budget.update_or_create(position=position, defaults=values)
        line.application = application
        shares = {name: row[name] for name in row if name == OWN or name.startswith("pot_")}
        kept = {share_field(share.pot_id): share for share in line.shares.all()}
        for name in kept.keys() - shares.keys():
            kept[name].delete()
        for name, amount in shares.items():
            pot_id = None if name == OWN else int(name.removeprefix("pot_"))
            line.shares.update_or_create(pot_id=pot_id, defaults={"amount": amount})


# Attachments


def add_file(*, actor: Actor, application_id: object, key: str, title: str, upload: Any) -> ApplicationFile:
    """Takes a file into the draft, checked by its content."""
    file = store_upload(upload, actor=actor, kinds=FILE_KINDS)
    with draft_of(actor, application_id) as application:
        block = _attachments(application, key)
        if not title.strip():
            raise MarketplaceError(_("Say what the file is."), field="title")
        kept = [row for row in kept_files(application) if row.block == key]
        most = _("%(most)s files at most; take one out first.") % {"most": block.most_rows}
        require(_holds(len(kept) < block.most_rows, most, "file"))
        row = application.files.create(block=key, title=title.strip()[:200], file=file, added_at=clock.now())
        count(application, key, actor.user_id)
    return row


def _attachments(application: Application, key: str) -> Block:
    block = block_of(application, key)
    if block is None or block.kind != BlockKind.ATTACHMENTS:
        raise NotFound("")
    return block


def remove_file(*, actor: Actor, application_id: object, file_id: int) -> ApplicationFile:
    """Takes a file out of the draft. What was handed in keeps it; a second time changes nothing."""
    with draft_of(actor, application_id) as application:
        row = _own_file(application, file_id)
        if row.removed_at is None:
            row.removed_at = clock.now()
            row.save(update_fields=["removed_at"])
            count(application, row.block, actor.user_id)
    return row


def restore_file(*, actor: Actor, application_id: object, file_id: int) -> ApplicationFile:
    """Puts a file back that was taken out."""
    with draft_of(actor, application_id) as application:
        row = _own_file(application, file_id)
        block = _attachments(application, row.block)
        kept = [each for each in kept_files(application) if each.block == row.block]
        if row.removed_at is not None:
            most = _("%(most)s files at most; take one out first.") % {"most": block.most_rows}
            require(_holds(len(kept) < block.most_rows, most, "file"))
            row.removed_at = None
            row.save(update_fields=["removed_at"])
            count(application, row.block, actor.user_id)
    return row


def _own_file(application: Application, file_id: int) -> ApplicationFile:
    row = application.files.select_related("file").filter(pk=file_id).first()
    if row is None:
        raise NotFound("")
    return row


# Continuation


def reuse_application(*, actor: Actor, application_id: object, source_id: object) -> Application:
    """Takes answers of an earlier application of the same organization over, where the draft is still empty.

    A block matches one of the same kind and title, a free table also of the same columns; the budget is not taken over:
    its pots are another call's. Files are; they stay the same files.
    """
    with transaction() as log:
        application = locked_own(actor, application_id)
        require(is_writable(application))
        source = Application.objects.of_body(actor).filter(pk=str(source_id)).exclude(pk=application.pk).first()
        if source is None:
            raise NotFound("")
        _copy_basics(source, application)
        answers = {(block.kind, block.title.strip(), block.columns): block for block in form_of(source.call)}
        for block in blocks_of(application):
            match = answers.get((block.kind, block.title.strip(), block.columns))
            if match is not None:
                _copy_block(source, match, application, block)
        application.copied_from = source
        application.save(update_fields=["copied_from"])
        for key in (BASICS, *(block.key for block in blocks_of(application))):
            count(application, key, actor.user_id)
        log.record("application.continued", application, actor, source=source)
    return application


def _copy_basics(source: Application, target: Application) -> None:
    for name in ("title", "summary", "place"):
        if not getattr(target, name):
            setattr(target, name, getattr(source, name))
    if target.theme_id is None and source.theme is not None:
        target.theme = target.call.themes.filter(title=source.theme.title).first()
    target.save(update_fields=["title", "summary", "place", "theme"])


def _copy_block(source: Application, match: Block, target: Application, block: Block) -> None:
    if block.kind == BlockKind.ATTACHMENTS:
        _copy_files(source, match, target, block)
        return
    if block.kind == BlockKind.BUDGET:
        return
    empty, found = read_page(target, block), read_page(source, match)
    if empty.rows or empty.fields.get("text"):
        return
    if _shape_holds(target, block, found):
        write_page(target, block, found)


def _shape_holds(target: Application, block: Block, found: Saved) -> bool:
    return all(decision.allowed for decision in _shape(target, block, found))


def _copy_files(source: Application, match: Block, target: Application, block: Block) -> None:
    if any(row.block == block.key for row in kept_files(target)):
        return
    for row in [row for row in kept_files(source) if row.block == match.key][: block.most_rows]:
        target.files.create(block=block.key, title=row.title, file=row.file, added_at=clock.now())
