"""Reads for the eligibility check: points with their words, what a bid handed in, what failed."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from marketplace.organizations.models import EvidenceKind

from ..models import Bid, BidFile, CreditList, CreditQuery, EligibilityFinding, Lot, Tender
from ..rules.eligibility import CONDITION, CREDIT, EVIDENCE, LINKS, point_keys
from .review import opened_bids


@dataclass(frozen=True)
class CheckPoint:
    key: str
    label: str
    rule_id: str
    detail: str = ""

    @property
    def is_computed(self) -> bool:
        """The credit record follows from its look-ups; ties are computed too, but the officer may answer to them."""
        return self.key == CREDIT


def check_points(tender: Tender) -> list[CheckPoint]:
    conditions = {row.pk: row for row in tender.conditions.all()}
    points = []
    for key in point_keys(conditions):
        if key.startswith(EVIDENCE):
            points.append(CheckPoint(key, str(EvidenceKind(key.removeprefix(EVIDENCE)).label), "R-ELIG-02"))
        elif key.startswith(CONDITION):
            row = conditions[int(key.removeprefix(CONDITION))]
            points.append(CheckPoint(key, row.text, "R-ELIG-01", row.evidence))
    points.append(CheckPoint(CREDIT, _("Credit record in three lists"), "R-ELIG-04"))
    points.append(CheckPoint(LINKS, _("No tie with another bidder: same head, holding or control"), "R-ELIG-05"))
    return points


@dataclass(frozen=True)
class Row:
    point: CheckPoint
    finding: EligibilityFinding | None
    files: list[BidFile] = field(default_factory=list)
    words: str = ""


@dataclass(frozen=True)
class Sheet:
    """The check of one bid as a page shows it."""

    bid: Bid
    rows: list[Row]
    queries: dict[str, CreditQuery]

    @property
    def done(self) -> int:
        return sum(row.finding is not None for row in self.rows)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.rows)

    @property
    def passes(self) -> bool:
        return self.is_complete and all(row.finding and row.finding.passed for row in self.rows)


def sheets(lot: Lot) -> list[Sheet]:
    """Every opened bid with its points, files and look-ups; the number of queries does not grow with the bids."""
    points = check_points(lot.tender)
    bids = opened_bids(lot).prefetch_related("findings", "files__file", "credit_queries__file")
    return [sheet_of(bid, points) for bid in bids]


def sheet_of(bid: Bid, points: list[CheckPoint]) -> Sheet:
    findings = {finding.point: finding for finding in bid.findings.all()}
    files = [file for file in bid.files.all() if file.purpose == "evidence"]
    rows = [Row(point, findings.get(point.key), _files(point, files), _words(point, bid)) for point in points]
    return Sheet(bid, rows, {query.list: query for query in bid.credit_queries.all()})


def _files(point: CheckPoint, files: list[BidFile]) -> list[BidFile]:
    """What the bid handed in for a point: by the kind of evidence, or for the condition."""
    wanted = point.key.removeprefix(EVIDENCE) if point.key.startswith(EVIDENCE) else point.key.replace(":", "-")
    return [file for file in files if file.evidence_kind == wanted]


def _words(point: CheckPoint, bid: Bid) -> str:
    """What the bid states in words for a point: the declaration, the related parties."""
    contents = bid.contents or {}
    if point.key == EVIDENCE + EvidenceKind.DECLARATION:
        declaration = contents.get("declaration", {})
        return _("Declared by %(name)s") % {"name": declaration["name"]} if declaration.get("agreed") else ""
    if point.key == LINKS:
        related = contents.get("related", {})
        return _("States that there are none") if related.get("none") else related.get("rows", "")
    return contents.get("evidence", {}).get("note", "") if point.key == EVIDENCE + "capability" else ""


def failures(bid: Bid) -> list[str]:
    """What a bid failed, in words for the bidder."""
    labels = {point.key: point.label for point in check_points(bid.lot.tender)}
    rows = bid.findings.filter(passed=False).order_by("pk")
    return [f"{labels.get(row.point, row.point)}：{row.reason}" for row in rows]


def credit_lists() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in CreditList.choices]
