"""Exact numbers: scores and shares are fractions until the published total (R-EVAL-24)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def exact(value: Decimal | int | str | Fraction) -> Fraction:
    """A decimal amount as the fraction it is. Floats are refused: they are not exact."""
    if isinstance(value, float):
        raise TypeError("a float is not an exact number")
    return Fraction(value)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean; the highest and the lowest value count as well (R-EVAL-09)."""
    return sum(values, Fraction(0)) / len(values)
