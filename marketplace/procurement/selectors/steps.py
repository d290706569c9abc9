"""The steps of a bid as pages show them: what stands where, which files it takes, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision
from marketplace.documents.kinds import LARGEST, accept, labels
from marketplace.documents.uploads import Slot
from marketplace.organizations.models import EvidenceKind

from ..models import BidDraft, BidPart, Criterion, CriterionKind, CriterionRange, PartStatus
from ..rules.bid_contents import EVIDENCE, Payload, parts_for, stored
from .bids import answered_criteria

PHOTO_OR_PDF = ("pdf", "jpg", "png")
ANNEX = ("pdf", "docx", "xlsx", "jpg", "png")


@dataclass(frozen=True)
class Place:
    """A place for files in a step: a field of the form, and where its files belong in the bid."""

    purpose: str
    key: str
    label: str
    kinds: tuple[str, ...]
    help: str = ""

    @property
    def field(self) -> str:
        return f"file-{self.purpose}-{self.key}" if self.key else f"file-{self.purpose}"

    @property
    def slot(self) -> Slot:
        return Slot(self.kinds, LARGEST)

    @property
    def accept(self) -> str:
        return accept(self.kinds)

    @property
    def takes(self) -> str:
        return labels(self.kinds)


@dataclass
class Step:
    """One page of the bid."""

    key: str
    section: str
    title: str
    places: list[Place] = field(default_factory=list)
    problems: list[Decision] = field(default_factory=list)
    criterion: Criterion | None = None

    @property
    def ranges(self) -> list[CriterionRange]:
        """Ranges of an objective criterion, of which the bidder names one; nothing for the others."""
        if self.criterion is None or self.criterion.kind != CriterionKind.OBJECTIVE:
            return []
        return list(self.criterion.ranges.all())

    @property
    def is_done(self) -> bool:
        return not self.problems


def steps_of(draft: BidDraft, problems: Iterable[Decision] = ()) -> list[Step]:
    """The steps in their order, each with what is missing from it."""
    conditions = list(draft.lot.tender.conditions.exclude(evidence=""))
    steps = [
        Step("evidence", "evidence", _("Evidence of eligibility"), evidence_places(conditions)),
        Step("declaration", "declaration", _("Declaration on the last three years")),
        Step("price", "price", _("Price of the lot")),
        *(answer_step(criterion) for criterion in answered_criteria(draft.lot)),
        Step("related", "related", _("Related parties and subcontracting")),
        Step(
            "annexes",
            "annexes",
            _("Annexes"),
            [Place("annex", "", _("Annexes, if any"), ANNEX, _("Up to 50 MB each."))],
        ),
        Step("contact", "contact", _("Contact")),
    ]
    for problem in problems:
        matching = [step for step in steps if problem.field in (step.section, step.key)]
        (matching or steps)[0].problems.append(problem)
    return steps


def evidence_places(conditions: Iterable[Any]) -> list[Place]:
    texts = dict(EvidenceKind.choices)
    kinds = [Place("evidence", kind, str(texts[kind]), PHOTO_OR_PDF) for kind in EVIDENCE]
    return kinds + [
        Place(
            "evidence",
            f"condition-{c.pk}",
            c.evidence,
            PHOTO_OR_PDF,
            _("For the condition: %(text)s") % {"text": c.text},
        )
        for c in conditions
    ]


def answer_step(criterion: Criterion) -> Step:
    key = str(criterion.pk)
    place = Place(
        "technical",
        key,
        _("Files for this criterion"),
        ("pdf",),
        _("What is scored is PDF: it looks the same everywhere."),
    )
    return Step(f"answer-{key}", f"technical:{key}", criterion.title, [place], criterion=criterion)


def files_at(payload: Payload, place: Place, parts: dict[str, BidPart]) -> list[dict[str, Any]]:
    """The files in a place, with the state of their sealing."""
    return [
        {**meta, "id": part_id, "status": parts[part_id].status if part_id in parts else PartStatus.UPLOADED}
        for part_id, meta in parts_for(payload, place.purpose, place.key)
    ]


def sealing_progress(draft: BidDraft, payload: Payload) -> dict[str, Any]:
    """How many of the files that the bid holds now are sealed, in numbers only."""
    states = list(draft.parts.filter(pk__in=payload["parts"]).values_list("status", flat=True))
    sealed = sum(state == PartStatus.SEALED for state in states)
    return {"total": len(states), "sealed": sealed, "status": draft.status}


def stored_values(payload: Payload, step: Step) -> Any:
    return stored(payload, step.section) if step.section != "annexes" else {}
