"""An application as the rules ask about it, as pages show it, and as it is frozen at handing in.

`content_of` is the one form of an application outside of its tables: the draft's and each version's. Its keys:
`call`, `applicant`, `basics`, `blocks` in order (a text has `text`, others `columns` and `rows`), `budget` (`lines`
with `shares` by pot, sums), `files`. Rules, comparison, PDF and the committee read it; nobody needs the form for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.lifecycle.drafts import Saved
from marketplace.organizations.models import Organization

from ..eligibility import obstacles_of
from ..models import (
    Application,
    ApplicationFile,
    ApplicationStatus,
    BlockKind,
    BudgetLineOfApplication,
    Call,
    CallPot,
    CostKind,
)
from ..rules.application import BASICS, ApplicationFacts, Limits, Line, Pot, Sums, check_list, sums_of
from ..rules.eligibility import Applicant, eligibility_decisions
from ..rules.form import Block
from ..rules.values import value_decisions
from .call import form_of, off_of, rules_of, values_of

LANGUAGE = "zh-hans"
ZERO = Decimal("0.00")
OWN = "own"
BASIC_FIELDS = ("title", "summary", "theme_id", "place", "starts_on", "ends_on")
LIVING = (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED, ApplicationStatus.CORRECTION)
KEPT_KINDS = (BlockKind.TEXT, BlockKind.BUDGET, BlockKind.ATTACHMENTS)


def with_answers(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Everything that an application holds, in a constant number of queries."""
    lines = BudgetLineOfApplication.objects.prefetch_related("shares")
    files = ApplicationFile.objects.filter(removed_at=None).select_related("file")
    pots = CallPot.objects.select_related("budget_line__fund", "theme")
    return rows.select_related("call__lead", "body__organization", "theme").prefetch_related(
        "texts",
        "cells",
        Prefetch("budget", lines),
        Prefetch("files", files, to_attr="kept_files"),
        Prefetch("call__pots", pots),
        "call__themes",
        "call__switched_off",
        "call__tranches",
        "call__form_versions",
    )


def blocks_of(application: Application) -> list[Block]:
    """The form as it stands: a correction may have clarified a help text; keys and limits never change."""
    return form_of(application.call)


# One page of the draft


def read_page(application: Application, block: Block | None) -> Saved:
    """What is stored for a page, in the shape in which it is saved. No block: the basics."""
    if block is None:
        return Saved({name: getattr(application, name) for name in BASIC_FIELDS}, [])
    if block.kind == BlockKind.TEXT:
        texts = {row.block: row.text for row in application.texts.all()}
        return Saved({"text": texts.get(block.key, "")}, [])
    if block.kind == BlockKind.BUDGET:
        return Saved({}, [_budget_row(line) for line in application.budget.all()])
    keys = [column.key for column in block.all_columns]
    return Saved({}, [dict(zip(keys, row, strict=True)) for row in _table(application, block)])


def _budget_row(line: BudgetLineOfApplication) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": line.kind, "name": line.name, "basis": line.basis, "amount": line.amount}
    row |= {share_field(share.pot_id): share.amount for share in line.shares.all()}
    return row


def share_field(pot_id: int | None) -> str:
    """pot_12 for a pot, own for own and social money: the fields of `forms.blocks`."""
    return OWN if pot_id is None else f"pot_{pot_id}"


def _table(application: Application, block: Block) -> list[list[str]]:
    """The cells of a block as rows; a cell that was never written is empty."""
    width = len(block.all_columns)
    rows: dict[int, list[str]] = defaultdict(lambda: [""] * width)
    for cell in application.cells.all():
        if cell.block == block.key and cell.column < width:
            rows[cell.row][cell.column] = cell.text
    return [rows[place] for place in sorted(rows)]


# The whole


def content_of(application: Application) -> dict[str, Any]:
    """Everything, in words that stay readable: labels in Chinese, amounts with two places, dates as ISO."""
    blocks = blocks_of(application)
    with translation.override(LANGUAGE):
        return {
            "call": {"number": application.call.number, "title": application.call.title},
            "applicant": {"name": application.body.name, "code": application.body.code},
            "basics": _basics(application),
            "blocks": [_block(application, block) for block in blocks],
            "budget": _budget(application),
            "files": [_file(row) for row in kept_files(application)],
        }


def _basics(application: Application) -> dict[str, Any]:
    theme = application.theme
    return {
        "title": application.title,
        "summary": application.summary,
        "theme": {"id": theme.pk, "title": theme.title} if theme else None,
        "place": application.place,
        "starts_on": _iso(application.starts_on),
        "ends_on": _iso(application.ends_on),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _block(application: Application, block: Block) -> dict[str, Any]:
    said: dict[str, Any] = {
        "key": block.key,
        "kind": block.kind,
        "title": block.title,
        "criterion": block.criterion,
    }
    if block.kind == BlockKind.TEXT:
        said["text"] = read_page(application, block).fields["text"]
    elif block.kind not in KEPT_KINDS:
        said["columns"] = [str(column.label) for column in block.all_columns]
        said["rows"] = _table(application, block)
    return said


def _budget(application: Application) -> dict[str, Any]:
    lines = list(application.budget.all())
    names = {pot.pk: pot.name for pot in application.call.pots.all()}
    sums = sums_of([_line(line) for line in lines])
    return {
        "lines": [
            {
                "kind": line.kind,
                "kind_label": str(CostKind(line.kind).label),
                "name": line.name,
                "basis": line.basis,
                "amount": f"{line.amount:.2f}",
                "shares": [
                    {"pot": share.pot_id, "name": names.get(share.pot_id or 0, "自筹"), "amount": f"{share.amount:.2f}"}
                    for share in line.shares.all()
                ],
            }
            for line in lines
        ],
        "total": f"{sums.total:.2f}",
        "granted": f"{sums.granted:.2f}",
        "own": f"{sums.own:.2f}",
        "pots": [
            {"pot": key, "name": names.get(key, ""), "amount": f"{amount:.2f}"} for key, amount in sums.by_pot.items()
        ],
    }


def _line(line: BudgetLineOfApplication) -> Line:
    shares = {share.pot_id: share.amount for share in line.shares.all()}
    own = shares.pop(None, ZERO)
    return Line(line.name, line.amount, line.kind, line.basis, shares, own)  # type: ignore[arg-type]


def kept_files(application: Application) -> list[ApplicationFile]:
    """Attachments of the draft, without those taken out."""
    found = getattr(application, "kept_files", None)
    return list(application.files.filter(removed_at=None).select_related("file")) if found is None else found


def _file(row: ApplicationFile) -> dict[str, Any]:
    file = row.file
    return {
        "id": str(file.pk),
        "block": row.block,
        "title": row.title,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }


# For the rules


def facts_of(content: Mapping[str, Any], call: Call) -> ApplicationFacts:
    """From a draft's content or a version's: the same questions of both."""
    basics, blocks = content["basics"], content["blocks"]
    counts: dict[str, int] = defaultdict(int)
    for file in content["files"]:
        counts[file["block"]] += 1
    return ApplicationFacts(
        title=basics["title"],
        summary=basics["summary"],
        place=basics["place"],
        theme=basics["theme"]["id"] if basics["theme"] else None,
        themes=tuple(theme.pk for theme in call.themes.all()),
        starts_on=_day(basics["starts_on"]),
        ends_on=_day(basics["ends_on"]),
        deadline=call.deadline,  # type: ignore[arg-type]
        blocks=tuple(form_of(call)),
        texts={block["key"]: block["text"] for block in blocks if "text" in block},
        rows={block["key"]: block["rows"] for block in blocks if "rows" in block},
        files=counts,
        lines=lines_of(content),
        pots=pots_of(call),
        limits=limits_of(call),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def lines_of(content: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(_frozen_line(line) for line in content["budget"]["lines"])


def _frozen_line(line: Mapping[str, Any]) -> Line:
    shares = {share["pot"]: Decimal(share["amount"]) for share in line["shares"]}
    own = shares.pop(None, ZERO)
    return Line(line["name"], Decimal(line["amount"]), line["kind"], line["basis"], shares, own)


def pots_of(call: Call) -> dict[int, Pot]:
    return {pot.pk: Pot(pot.pk, pot.name, pot.budget_line.fund.is_lottery, pot.theme_id) for pot in call.pots.all()}


def limits_of(call: Call) -> Limits:
    """What applicants are held to. A value that the call has set instead of the usual one holds, as published; a rule
    that it has switched off without another value does not."""
    values = values_of(call)
    own_values = {row.rule_id for row in value_decisions(values, rules_of(call, clock.today())) if not row.allowed}
    return Limits(
        cap=call.grant_cap,
        own_share=call.own_share,
        indirect=call.indirect_ceiling,
        staff=call.staff_ceiling,
        months_least=call.months_least,
        months_most=call.months_most,
        off={rule_id: reason for rule_id, reason in off_of(call).items() if rule_id not in own_values},
    )


def checks_of(application: Application) -> dict[str, list[Decision]]:
    """The check list of a draft, as of now."""
    return check_list(facts_of(content_of(application), application.call))


def sums_of_draft(application: Application) -> Sums:
    return sums_of([_line(line) for line in application.budget.all()])


# Who may apply


def applicant_of(actor: Actor, call: Call, *, without: Application | None = None) -> Applicant:
    """What R-VENT-08 asks about the actor's organization. `without`: the application that is asked about itself."""
    own = Application.objects.of_body(actor).filter(call=call, status__in=LIVING)
    living = (own.exclude(pk=without.pk) if without else own).count()
    return Applicant(
        is_organization=actor.body_kind == BodyKind.ORGANIZATION,
        kind=kind_of(actor.body_id),
        living=living,
        most=call.applications_each,
        unfinished=unfinished_of(actor.body_id),
        obstacles=obstacles_of(actor.body_id, clock.today()) if actor.body_id else (),
    )


def unfinished_of(body_id: Any) -> tuple[str, ...]:
    """Earlier projects of the organization whose period has not ended."""
    rows = Application.objects.filter(body_id=body_id, status=ApplicationStatus.GRANTED, ends_on__gte=clock.today())
    return tuple(rows.values_list("title", flat=True))


def kind_of(body_id: Any) -> str:
    return Organization.objects.filter(body_id=body_id).values_list("kind", flat=True).first() or ""


def eligibility_of(actor: Actor, call: Call) -> list[Decision]:
    return eligibility_decisions(applicant_of(actor, call))


def own_applications(actor: Actor, call: Call) -> list[Application]:
    return list(Application.objects.of_body(actor).filter(call=call).order_by("created_at"))


def reusable(actor: Actor, application: Application) -> list[Application]:
    """Earlier applications of the organization whose answers may be taken over."""
    rows = Application.objects.of_body(actor).exclude(pk=application.pk).select_related("call")
    return [row for row in rows.order_by("-created_at")[:20] if row.title]


def page_keys(blocks: Iterable[Block]) -> list[str]:
    return [BASICS, *(block.key for block in blocks)]
