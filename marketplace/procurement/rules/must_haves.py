"""Must-have terms: a line that begins with ★ is one (R-TENDER-09). It stands out in the documents, unscored.

Example: «★ 供餐前留样 48 小时» is a must-have; a criterion that gives points for «供餐前留样 48 小时» is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, Level, allow, refuse

from .criteria import LeafFacts

MARK = "★"
SHORTEST_TERM = 6


@dataclass(frozen=True)
class Block:
    """A must-have of its own, or the lines between two of them."""

    text: str
    is_must: bool


def blocks(text: str) -> list[Block]:
    """The text in its order; each must-have alone and without its mark, other lines together."""
    found: list[Block] = []
    for is_must, lines in groupby(text.strip().splitlines(), key=is_marked):
        rows = [line.strip() for line in lines]
        if is_must:
            found.extend(Block(term, True) for line in rows if (term := unmarked(line)))
        elif joined := "\n".join(rows).strip():
            found.append(Block(joined, False))
    return found


def is_marked(line: str) -> bool:
    return line.strip().startswith(MARK)


def unmarked(line: str) -> str:
    return line.strip().lstrip(MARK).strip()


def must_haves(*texts: str) -> list[str]:
    return [block.text for text in texts for block in blocks(text) if block.is_must]


def stand_out(terms: Sequence[str]) -> Decision:
    """R-TENDER-09: how many terms the documents will frame; a draft without any is lawful, too."""
    if terms:
        return allow("R-TENDER-09", _("Must-haves that stand out with ★: %(count)s.") % {"count": len(terms)})
    return allow("R-TENDER-09", _("No line is marked ★ as a must-have; what bidders must keep to stands out then."))


def not_scored(terms: Iterable[str], leaves: Iterable[LeafFacts]) -> Decision:
    """R-PLAN-09: what every bid has to meet tells no bid from another, so it is no criterion. May need eyes: warns."""
    wanted = [term for each in terms if len(term := plain(each)) >= SHORTEST_TERM]
    scored = [leaf for leaf in leaves if leaf.kind != "price"]
    for leaf in scored:
        text = plain(leaf.text)
        if MARK in leaf.text or any(term in text for term in wanted):
            words = _("«%(title)s» scores a must-have marked ★: take it out of the criteria, or write why it differs.")
            return refuse(words % {"title": leaf.title}, "R-PLAN-09", level=Level.WARN, field="title")
    return allow("R-PLAN-09", _("No must-have is scored."))


def plain(text: str) -> str:
    """Without spaces and closing marks, so that «…48 小时。» is found again."""
    return "".join(text.split()).rstrip("。；;.，,")
