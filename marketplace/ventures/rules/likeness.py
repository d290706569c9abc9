"""How alike two projects are: the texts by their pieces of three characters, and place, time, beneficiaries.

Chinese has no blanks between words, so texts are compared by overlapping pieces of three characters: how much of the
shorter text stands in the longer one, so that a copied part is found in a long text. Thousands of projects are compared
through the rarer pieces: what many write («社区居民») brings no two together.

Example: of the 4 pieces of «独居老人结对» 独居老 and 居老人 stand in «独居老人探访»; texts shorter than forty pieces
are taken for forty, so that two short titles are not called alike: 2 of 40 = 5 %.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

PIECE = 3
NOTHING = re.compile(r"[\W_]+")
PLACE, TIME, BENEFICIARIES, BODY = "place", "time", "beneficiaries", "body"
ALIKE, ALIKE_WITH_MORE, MORE = 30, 12, 2
SHORTEST = 40
COMMON_SHARE, COMMON_LEAST = 20, 25
SHARED_LEAST = 3
MOST_FOUND = 8


@dataclass(frozen=True)
class Project:
    """What is compared, whatever its kind: an application, a listed service, a contract."""

    subject: str
    title: str
    text: str
    url: str = ""
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    beneficiaries: frozenset[str] = field(default_factory=frozenset)
    body: str = ""


@dataclass(frozen=True)
class Alike:
    """One finding: how alike the texts are, 0 to 100, and what else is the same."""

    other: Project
    percent: int
    same: tuple[str, ...]


def pieces(text: str) -> frozenset[str]:
    """Overlapping pieces of three characters, without signs and blanks, wide and narrow forms alike."""
    plain = NOTHING.sub("", unicodedata.normalize("NFKC", text).lower())
    return frozenset(plain[place : place + PIECE] for place in range(len(plain) - PIECE + 1))


def percent(a: frozenset[str], b: frozenset[str]) -> int:
    """How much of the shorter text stands in the other, rounded down."""
    return len(a & b) * 100 // max(min(len(a), len(b)), SHORTEST)


def same_of(a: Project, b: Project) -> tuple[str, ...]:
    """What else is the same. A place inside the other one counts; so does a period that overlaps."""
    found = []
    if a.place and b.place and (a.place in b.place or b.place in a.place):
        found.append(PLACE)
    if (
        a.starts_on
        and a.ends_on
        and b.starts_on
        and b.ends_on
        and a.starts_on <= b.ends_on
        and b.starts_on <= a.ends_on
    ):
        found.append(TIME)
    if a.beneficiaries & b.beneficiaries:
        found.append(BENEFICIARIES)
    if a.body and a.body == b.body:
        found.append(BODY)
    return tuple(found)


def _overlap(a: Project, b: Project) -> bool:
    if a.starts_on is None or a.ends_on is None or b.starts_on is None or b.ends_on is None:
        return False
    return a.starts_on <= b.ends_on and b.starts_on <= a.ends_on


def worth_showing(likeness: int, same: Sequence[str]) -> bool:
    """Alike texts; or texts somewhat alike, and two more things the same."""
    return likeness >= ALIKE or (likeness >= ALIKE_WITH_MORE and len(set(same) - {BODY}) >= MORE)


def compare(projects: Sequence[Project], others: Iterable[Project]) -> Mapping[str, list[Alike]]:
    """For each project what it is like among `others` and the projects themselves, the likest first."""
    everything = {project.subject: project for project in (*others, *projects)}
    cut = {subject: pieces(project.text) for subject, project in everything.items()}
    index = _index(cut)
    return {
        project.subject: sorted(
            _alike(project, everything, cut, index), key=lambda found: (-found.percent, found.other.subject)
        )[:MOST_FOUND]
        for project in projects
    }


def _index(cut: Mapping[str, frozenset[str]]) -> Mapping[str, list[str]]:
    """Who has a piece, for the pieces that are not everywhere."""
    most = max(len(cut) // COMMON_SHARE, COMMON_LEAST)
    index: dict[str, list[str]] = defaultdict(list)
    for subject, found in cut.items():
        for piece in found:
            index[piece].append(subject)
    return {piece: holders for piece, holders in index.items() if 1 < len(holders) <= most}


def _alike(
    project: Project,
    everything: Mapping[str, Project],
    cut: Mapping[str, frozenset[str]],
    index: Mapping[str, list[str]],
) -> Iterator[Alike]:
    shared = Counter(other for piece in cut[project.subject] for other in index.get(piece, ()))
    for subject, count in shared.items():
        if subject == project.subject or count < SHARED_LEAST:
            continue
        other = everything[subject]
        likeness, same = percent(cut[project.subject], cut[subject]), same_of(project, other)
        if worth_showing(likeness, same):
            yield Alike(other, likeness, same)
