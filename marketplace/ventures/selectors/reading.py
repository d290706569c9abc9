"""A handed-in application as a reviewer reads it: by criterion, and without names while the scoring is blind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.accounts.actors import Actor

from ..models import Application, ApplicationReview, ApplicationVersion, Assessment, AssessmentStatus

HIDDEN = "▇▇"
IDENTIFYING = ("team",)


@dataclass(frozen=True)
class Section:
    """One block: a text, or rows under columns."""

    title: str
    criterion: str = ""
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: list[list[str]] = field(default_factory=list)


def is_covered(review: ApplicationReview, assessment: Assessment) -> bool:
    """Whether names and files stay away: the scoring is blind, and the own score is not handed in."""
    return assessment.is_blind and review.submitted_at is None


def reads_attachments(actor: Actor, application: Application) -> bool:
    """A reviewer of the application, once scoring has begun and nothing is covered any more."""
    mine = ApplicationReview.objects.of_actor(actor).filter(application=application)
    rows = mine.exclude(member__assessment__status=AssessmentStatus.PREPARING).select_related("member__assessment")
    return any(not is_covered(row, row.member.assessment) for row in rows)


def masked(text: str, names: Iterable[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return text


def sections_of(version: ApplicationVersion | None, application: Application, *, blind: bool) -> list[Section]:
    """The blocks in their order; the budget last. Blind: names are covered, the team and the files stay away."""
    content: Mapping[str, Any] = version.content if version else {}
    names = [application.body.name, application.body.code] if blind else []
    blocks = [block for block in content.get("blocks", ()) if not (blind and block.get("kind") in IDENTIFYING)]
    found = [Section(title=str(application.title), text=_text(content, names, application))]
    found += [_section(block, names) for block in blocks if block.get("text") or block.get("rows")]
    budget = content.get("budget")
    return [*found, _budget(budget, names)] if budget else found


def _text(content: Mapping[str, Any], names: list[str], application: Application) -> str:
    basics = content.get("basics") or {}
    theme = basics.get("theme") or {}
    period = " – ".join(part for part in (basics.get("starts_on"), basics.get("ends_on")) if part)
    parts = (basics.get("summary") or application.summary, theme.get("title"), basics.get("place"), period)
    return masked("\n".join(str(part) for part in parts if part), names)


def _section(block: Mapping[str, Any], names: list[str]) -> Section:
    return Section(
        title=str(block.get("title", "")),
        criterion=str(block.get("criterion") or ""),
        text=masked(str(block.get("text") or ""), names),
        columns=tuple(str(column) for column in block.get("columns", ())),
        rows=[[masked(str(cell), names) for cell in _cells(row)] for row in block.get("rows", ())],
    )


def _cells(row: Any) -> list[Any]:
    return list(row.values()) if isinstance(row, Mapping) else list(row)


def _budget(budget: Mapping[str, Any], names: list[str]) -> Section:
    rows = [
        [
            masked(str(line.get("name", "")), names),
            masked(str(line.get("basis", "")), names),
            "；".join(f"{share.get('name')} {share.get('amount')}" for share in line.get("shares", ())),
            str(line.get("amount", "")),
        ]
        for line in budget.get("lines", ())
    ]
    return Section("预算", "budget", columns=("费用", "测算依据", "资金来源", "金额（元）"), rows=rows)
