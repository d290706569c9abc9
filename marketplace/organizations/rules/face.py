"""The face on the door: a public formula, versioned, that anyone can follow with a pencil.

A face is never typed by hand. Version 1: of 100 points, 85 come from the newest third-party evaluations (up to five
of the last three years, the newest counts five times, the next four times …), 15 from the share of milestone reports
that came in time; each serious finding of an audit that is still open takes 10 away. 80 and more: smiling; 60 and
more: level; less: sad. While the latest grade is 差 the face is at best level. No evaluation: no face yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

YEARS = 3
NEWEST = 5
GRADE_PART = Fraction(85, 100)
TIME_PART = Fraction(15, 100)
FINDING_POINTS = 10
POOR_BELOW = 60


@dataclass(frozen=True)
class Graded:
    """A final evaluation: its total, the day it became final, and the evaluator's sentence."""

    total: Decimal
    final_on: date
    sentence: str = ""


@dataclass(frozen=True)
class Record:
    """What is known of an organization: evaluations (any order), reports of three years, open serious findings."""

    evaluations: Sequence[Graded] = ()
    reports: int = 0
    reports_on_time: int = 0
    open_findings: int = 0


@dataclass(frozen=True)
class FaceResult:
    face: str
    points: Decimal | None
    sample_size: int
    version: int
    grade_mean: Decimal | None = None


def counted(record: Record, today: date) -> list[Graded]:
    """The evaluations that count: of the last three years, newest first, at most five."""
    since = window_start(today)
    recent = [graded for graded in record.evaluations if graded.final_on >= since]
    return sorted(recent, key=lambda graded: graded.final_on, reverse=True)[:NEWEST]


def window_start(today: date) -> date:
    """Three years ago: what lies before does not count any more."""
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - YEARS, day=28)


def weighted_mean(totals: Sequence[Decimal]) -> Fraction:
    """Newest first: weights 5, 4, 3, 2, 1. (90, 80) → (5·90 + 4·80) / 9 = 85.56."""
    weights = [NEWEST - index for index in range(len(totals))]
    return sum((Fraction(total) * weight for total, weight in zip(totals, weights, strict=True)), Fraction(0)) / sum(
        weights
    )


def rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def formula_1(record: Record, today: date) -> FaceResult:
    """Example: one evaluation of 92.4, 7 of 8 reports in time, no finding → 0.85·92.4 + 0.15·87.5 = 91.67, smiling."""
    graded = counted(record, today)
    if not graded:
        return FaceResult("none", None, 0, 1)
    mean = weighted_mean([item.total for item in graded])
    points = mean
    if record.reports:
        points = mean * GRADE_PART + Fraction(100 * record.reports_on_time, record.reports) * TIME_PART
    points = max(points - FINDING_POINTS * record.open_findings, Fraction(0))
    return FaceResult(_face(points, graded[0].total), rounded(points), len(graded), 1, rounded(mean))


def _face(points: Fraction, latest: Decimal) -> str:
    if points < POOR_BELOW:
        return "poor"
    return "good" if points >= 80 and latest >= POOR_BELOW else "fair"


FORMULAS: dict[int, Callable[[Record, date], FaceResult]] = {1: formula_1}
CURRENT = max(FORMULAS)


def compute(record: Record, today: date, version: int = CURRENT) -> FaceResult:
    return FORMULAS[version](record, today)


def sentence(record: Record, result: FaceResult, today: date) -> str:
    """The face's reason in one sentence, with its numbers."""
    graded = counted(record, today)
    if not graded:
        return _("No third-party evaluation in the last three years, so there is no face yet.")
    parts = [
        _("%(count)d third-party evaluations, weighted mean %(mean)s points")
        % {"count": len(graded), "mean": result.grade_mean}
        if len(graded) > 1
        else _("One third-party evaluation, %(mean)s points") % {"mean": result.grade_mean}
    ]
    if record.reports:
        parts.append(
            _("%(on_time)d of %(reports)d reports in time")
            % {"on_time": record.reports_on_time, "reports": record.reports}
        )
    if record.open_findings:
        parts.append(_("%(count)d serious audit findings still open") % {"count": record.open_findings})
    text = _("%(facts)s: %(points)s points.") % {"facts": _("; ").join(parts), "points": result.points}
    between = _(". ")
    return text if not graded[0].sentence else graded[0].sentence.rstrip("。.") + between + text


def formula_text(version: int = CURRENT) -> str:
    """The formula as the public page explains it."""
    texts = {
        1: _(
            "Of 100 points, 85 come from the newest third-party evaluations (at most five of the last three years, "
            "weighted 5, 4, 3, 2, 1 from the newest on), 15 from the share of reports handed in on time; "
            "each serious audit finding still open takes 10 away. 80 and more is a smiling face, 60 and more a level "
            "one, less a sad one; while the latest evaluation is below 60 the face is at best level. "
            "Without an evaluation there is no face yet."
        )
    }
    return texts[version]
