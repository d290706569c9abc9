"""What of a published tender a correction may rewrite: target, label, text as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.documents.models import Document, StoredFile

from ..models import Correction, Criterion, CriterionRange, Tender, Termination, TerminationReason
from ..notices import NO_SPECIFIC, date_changes
from .content import LANGUAGE, criteria_tree

FIELDS = (
    "clarification",
    "service_place",
    "quality",
    "payment_terms",
    "contract_terms",
    "contact_name",
    "contact_phone",
)


@dataclass(frozen=True)
class Passage:
    target: str
    label: str
    text: str


def passages(tender: Tender) -> dict[str, Passage]:
    """Everything but what is bought, the lots, the money, the points and who may bid (R-TENDER-05)."""
    with translation.override(LANGUAGE):
        found = [Passage(f"field:{name}", str(_field(name).verbose_name), getattr(tender, name)) for name in FIELDS]
        for row in criteria_tree(tender):
            if row.kind == "price":
                continue
            found.append(Passage(f"criterion:{row.pk}", f"评分项“{row.title}”的说明", row.description))
            found.extend(
                Passage(f"range:{r.pk}", f"评分项“{row.title}”的分档（{r.points:f} 分）", r.text) for r in row.ranges
            )
    return {passage.target: passage for passage in found}


def correction_texts(correction: Correction) -> list[tuple[str, str]]:
    """Label and text of a drafted correction, to stand beside somebody else's."""
    with translation.override(LANGUAGE):
        rows = [(str(_("What is corrected, in a few words")), correction.subject)]
    rows += [(change.label, change.after) for change in correction.changes.all()]
    return rows + [(row["item"], row["after"]) for row in date_changes(correction)]


def termination_texts(termination: Termination) -> list[tuple[str, str]]:
    """Ground and facts of a drafted termination, to stand beside somebody else's."""
    with translation.override(LANGUAGE):
        return [
            (str(_("Ground")), str(TerminationReason(termination.kind).label)),
            (str(_("Facts")), termination.reason),
        ]


def replaced_attachment(correction: Correction) -> Document | None:
    """The newest attachment that the correction's file follows: by its file name or its title."""
    file = correction.file
    if file is None:
        return None
    subject = f"procurement.tender:{correction.tender_id}"
    rows = Document.objects.filter(subject=subject, kind="tender_attachment", removed_at=None).exclude(file=file)
    rows = rows.filter(Q(title=file.name) | Q(file__name=file.name))
    return rows.select_related("file").order_by("-version", "-pk").first()


def file_changes(correction: Correction) -> list[dict[str, str]]:
    """The new attachment as a row of the notice's table, beside the one that it replaces."""
    if correction.file is None:
        return []
    earlier = replaced_attachment(correction)
    return [
        {
            "item": f"附件“{earlier.title}”" if earlier else "附件",
            "before": _named(earlier.file) if earlier else NO_SPECIFIC,
            "after": _named(correction.file),
        }
    ]


def _named(file: StoredFile) -> str:
    return f"{file.name}（SHA-256 {file.sha256}）"


def _field(name: str) -> Any:
    return Tender._meta.get_field(name)


def write_passage(tender: Tender, target: str, text: str) -> None:
    """Puts the corrected text in its place. Called by the correction's publication only."""
    kind, _colon, key = target.partition(":")
    if kind == "field":
        setattr(tender, key, text)
        tender.save(update_fields=[key])
    elif kind == "criterion":
        Criterion.objects.filter(pk=key, tender=tender).update(description=text)
    else:
        CriterionRange.objects.filter(pk=key, criterion__tender=tender).update(text=text)
