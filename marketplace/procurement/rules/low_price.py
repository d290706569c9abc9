"""Abnormally low prices: numeric triggers since 2026-02-01, strict «<» (R-EVAL-15 … -17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

from .exact import exact, mean

MEAN, SECOND, CEILING, JUDGEMENT = "mean", "second_lowest", "ceiling", "judgement"


@dataclass(frozen=True)
class Thresholds:
    """Shares of R-EVAL-16; the documents may raise each of them to at most 0.65."""

    of_mean: Decimal = Decimal("0.50")
    of_second: Decimal = Decimal("0.50")
    of_ceiling: Decimal = Decimal("0.45")

    def raised(self, to: Decimal | None) -> Thresholds:
        if to is None:
            return self
        return Thresholds(max(self.of_mean, to), max(self.of_second, to), max(self.of_ceiling, to))


@dataclass(frozen=True)
class Trigger:
    """Which line a price fell below, and where that line lies."""

    kind: str
    line: Fraction


def lines(prices: Iterable[Decimal], ceiling: Decimal, thresholds: Thresholds) -> list[Trigger]:
    """The three lines as amounts; of one price alone there is no second-lowest."""
    values = sorted(exact(price) for price in prices)
    if not values:
        return []
    found = [Trigger(MEAN, exact(thresholds.of_mean) * mean(values))]
    if len(values) > 1:
        found.append(Trigger(SECOND, exact(thresholds.of_second) * values[1]))
    return [*found, Trigger(CEILING, exact(thresholds.of_ceiling) * exact(ceiling))]


def triggers(prices: Mapping[int, Decimal], ceiling: Decimal, thresholds: Thresholds) -> dict[int, list[Trigger]]:
    """The bids whose price is below one of the lines; prices as read out, of conforming bids only."""
    drawn = lines(prices.values(), ceiling, thresholds)
    found = {bid: [line for line in drawn if exact(price) < line.line] for bid, price in prices.items()}
    return {bid: hit for bid, hit in found.items() if hit}


def answer_time(minutes: int, minimum: int) -> Decision:
    """The bidder gets at least thirty minutes (R-EVAL-17)."""
    if minutes >= minimum:
        return ALLOWED
    return refuse(
        _("The bidder gets at least %(minimum)s minutes for the written explanation.") % {"minimum": minimum},
        "R-EVAL-17",
        field="minutes",
    )


def answer_due(asked_at: datetime, minutes: int) -> datetime:
    return asked_at + timedelta(minutes=minutes)


def majority(votes: list[bool]) -> bool:
    """More yes than no; committees are odd, so there is no draw."""
    return 2 * sum(votes) > len(votes)
