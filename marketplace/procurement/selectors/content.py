"""A draft as text, page by page: for the second officer, for differences, and beside a stale form.

Frozen in Chinese, the language of the documents, so that two submissions can be compared word by word.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.documents.models import Document
from marketplace.publication.wording import chinese, chinese_day

from ..models import Criterion, CriterionKind, Tender
from ..rules.criteria import plain
from .tender import criteria_rows, guards_of

Content = dict[str, list[list[str]]]
LANGUAGE = "zh-hans"


def content_of(tender: Tender) -> Content:
    """Label and text of everything, by page of the wizard."""
    with translation.override(LANGUAGE):
        return {
            "needs": _rows(tender, "title", "needs"),
            "service": _rows(tender, "service_place", "service_from", "service_to", "quality"),
            "basis": _rows(tender, "negative_list_confirmed", "public_consultation", "is_complex", "survey_parties"),
            "lots": [*_rows(tender, "budget_amount"), *_lots(tender)],
            "eligibility": [
                [f"{n}", _joined(row.text, row.evidence)] for n, row in enumerate(tender.conditions.all(), 1)
            ],
            "criteria": list(_criteria(tender)),
            "price": _rows(tender, "price_weight", "rounding_places", "abnormal_raise"),
            "milestones": [*_rows(tender, "payment_terms"), *_milestones(tender)],
            "timetable": _rows(tender, "planned_on", "documents_until", "deadline", "validity_days"),
            "documents": [*_rows(tender, "contract_terms"), *_attachments(tender)],
            "custodians": [[key.body.name, str(key.user)] for key in guards_of(tender)],
            "contacts": [*_rows(tender, "contact_name", "contact_phone", "agency_scope"), *_agency(tender)],
        }


def page_content(tender: Tender, key: str) -> list[list[str]]:
    return content_of(tender).get(key, [])


def _rows(tender: Tender, *names: str) -> list[list[str]]:
    return [[str(tender._meta.get_field(name).verbose_name), as_text(getattr(tender, name))] for name in names]  # type: ignore[union-attr]


def as_text(value: Any) -> str:
    """A field as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("Yes")) if value else str(_("No"))
    if hasattr(value, "hour"):
        return chinese(value)
    if hasattr(value, "year"):
        return chinese_day(value)
    if hasattr(value, "quantize"):
        return f"{value:,.2f}"
    return str(value)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _lots(tender: Tender) -> Iterator[list[str]]:
    for lot in tender.lots.all():
        amounts = f"{lot.budget_amount:,.2f} 元；最高限价 {lot.effective_ceiling:,.2f} 元"
        yield [f"{lot.position}. {lot.title}", _joined(amounts, lot.needs)]


def _criteria(tender: Tender) -> Iterator[list[str]]:
    for row in criteria_tree(tender):
        title = f"{row.group} / {row.title}" if row.group else row.title
        ranges = "\n".join(f"{plain(r.points)} 分：{r.text}" for r in row.ranges)
        yield [
            f"{title}（{plain(row.points)} 分）",
            "\n".join(part for part in (row.description, ranges) if part) or "—",
        ]


def _milestones(tender: Tender) -> Iterator[list[str]]:
    for row in tender.milestone_plans.all():
        yield [row.name, f"{row.deliverable} · {chinese_day(row.due_on)} · {plain(row.share)}%"]


def documents_of(tender: Tender) -> list[Document]:
    """The tender documents and the attachments, older versions first; what was taken out is no part of them."""
    kinds = ["tender_documents", "tender_attachment"]
    rows = Document.objects.filter(subject=f"procurement.tender:{tender.pk}", kind__in=kinds, removed_at=None)
    return list(rows.select_related("file").order_by("title", "version"))


def attachments_of(tender: Tender) -> list[Document]:
    """The newest version of each attachment."""
    return attachments_and_removed(tender)[0]


def attachments_and_removed(tender: Tender) -> tuple[list[Document], list[Document]]:
    """The newest version of each attachment, and of each title of which nothing is left in the draft."""
    rows = Document.objects.filter(subject=f"procurement.tender:{tender.pk}", kind="tender_attachment")
    newest: dict[str, Document] = {}
    removed: dict[str, Document] = {}
    for row in rows.select_related("file", "removed_by").order_by("title", "version"):
        (removed if row.removed_at else newest)[row.title] = row
    return list(newest.values()), [row for title, row in removed.items() if title not in newest]


def _attachments(tender: Tender) -> Iterator[list[str]]:
    for row in attachments_of(tender):
        yield [row.title, f"{row.file.name} · SHA-256 {row.file.sha256[:16]}"]


def _agency(tender: Tender) -> Iterator[list[str]]:
    if tender.agency:
        yield [str(_("Procuring agent")), tender.agency.name]


@dataclass(frozen=True)
class TreeRow:
    """A scored criterion with the title of its group."""

    pk: int
    group: str
    title: str
    kind: str
    kind_label: str
    points: Any
    description: str
    ranges: tuple[Any, ...]


def criteria_tree(tender: Tender) -> list[TreeRow]:
    """Leaves in order, groups together, the price last."""
    rows = criteria_rows(tender)
    parents = {row.parent_id for row in rows}
    leaves = [row for row in rows if row.pk not in parents]
    return [_tree_row(row) for row in sorted(leaves, key=_place)]


def _place(row: Criterion) -> tuple[int, int, int]:
    group = row.parent.position if row.parent else row.position
    return (int(row.kind == CriterionKind.PRICE), group, row.position)


def _tree_row(row: Criterion) -> TreeRow:
    return TreeRow(
        pk=row.pk,
        group=row.parent.title if row.parent else "",
        title=row.title,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        points=row.points,
        description=row.description,
        ranges=tuple(row.ranges.all()),
    )


@dataclass(frozen=True)
class Difference:
    """A passage that changed since the last submission."""

    page: str
    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two contents, page by page, in the order of the newer one."""
    found = []
    for page, rows in after.items():
        old, new = dict(map(tuple, before.get(page, []))), dict(map(tuple, rows))
        for label in dict.fromkeys([*new, *old]):
            if old.get(label, "") != new.get(label, ""):
                found.append(Difference(page, label, old.get(label, ""), new.get(label, "")))
    return found


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces of the new text with what was added and removed: ("same"|"add"|"del", text)."""
    pieces = []
    for operation, a1, a2, b1, b2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(("same", before[a1:a2]))
            continue
        if a2 > a1:
            pieces.append(("del", before[a1:a2]))
        if b2 > b1:
            pieces.append(("add", after[b1:b2]))
    return pieces
