"""The face: the public formula, and that nothing but events sets it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from marketplace.organizations.rules.face import Graded, Record, compute, sentence, window_start

TODAY = date(2026, 6, 15)


def graded(*totals: str) -> tuple[Graded, ...]:
    """Evaluations of May 2026, newest first."""
    return tuple(Graded(Decimal(total), date(2026, 5, 28 - index)) for index, total in enumerate(totals))


@pytest.mark.parametrize(
    ("record", "face", "points"),
    [
        (Record(), "none", None),
        (Record(reports=3, reports_on_time=3), "none", None),
        (Record(graded("92.4")), "good", "92.40"),
        (Record(graded("92.4"), 8, 7), "good", "91.67"),
        (Record(graded("80"), 1, 1), "good", "83.00"),
        (Record(graded("80")), "good", "80.00"),
        (Record(graded("79.99")), "fair", "79.99"),
        (Record(graded("60")), "fair", "60.00"),
        (Record(graded("59.99")), "poor", "59.99"),
        (Record(graded("92.4"), 0, 0, 1), "good", "82.40"),
        (Record(graded("92.4"), 0, 0, 2), "fair", "72.40"),
        (Record(graded("92.4"), 0, 0, 12), "poor", "0.00"),
        (Record(graded("90", "80")), "good", "85.56"),
        (Record(graded("59", "100", "100", "100", "100")), "fair", "86.33"),
    ],
)
def test_formula_one(record: Record, face: str, points: str | None) -> None:
    result = compute(record, TODAY)
    assert (result.face, result.points) == (face, None if points is None else Decimal(points))


def test_only_the_newest_five_of_three_years_count() -> None:
    old = Graded(Decimal(0), date(2023, 6, 14))
    edge = Graded(Decimal(100), date(2023, 6, 15))
    assert compute(Record((old,)), TODAY).face == "none"
    assert compute(Record((edge,)), TODAY).sample_size == 1
    six = (*graded("100", "100", "100", "100", "100"), Graded(Decimal(0), date(2025, 1, 1)))
    assert (compute(Record(six), TODAY).sample_size, compute(Record(six), TODAY).points) == (5, Decimal("100.00"))


def test_order_of_the_evaluations_does_not_matter() -> None:
    record = graded("90", "80")
    assert compute(Record(record), TODAY) == compute(Record(tuple(reversed(record))), TODAY)


def test_window_of_a_leap_day() -> None:
    assert window_start(date(2028, 2, 29)) == date(2025, 2, 28)


def test_the_sentence_carries_its_numbers() -> None:
    record = Record((Graded(Decimal("92.4"), date(2026, 5, 1), "目标人数完成 104%"),), 8, 7, 1)
    text = sentence(record, compute(record, TODAY), TODAY)
    for part in ("目标人数完成 104%", "92.40", "7", "8", "1", "81.67"):
        assert part in text
