"""The review committee: size, share of experts, leader, recusal (R-COMM-01 … -09)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, Level, refuse

RECUSAL_YEARS = 3


@dataclass(frozen=True)
class Composition:
    """How many seats, and how many of them for experts."""

    size: int
    experts: int

    @property
    def representatives(self) -> int:
        return self.size - self.experts


@dataclass(frozen=True)
class Limits:
    """Values of R-COMM-01 and -02 in the project's frozen rule set."""

    small: int = 5
    large: int = 7
    large_from: Decimal = Decimal("10000000")


def experts_needed(size: int) -> int:
    """At least two thirds, rounded up: 5 → 4, 7 → 5, 9 → 6 (R-COMM-03)."""
    return -(-2 * size // 3)


def composition(budget: Decimal, *, is_complex: bool, limits: Limits = Limits()) -> Composition:
    """The smallest lawful committee: 5, or 7 from 10,000,000 yuan or for complex purchases (R-COMM-01, -02)."""
    size = limits.large if is_complex or budget >= limits.large_from else limits.small
    return Composition(size, experts_needed(size))


def is_lawful(size: int, experts: int, needed: Composition) -> Decision:
    """Whether a committee may sit: odd, large enough, two thirds experts."""
    if size < needed.size or size % 2 == 0:
        return refuse(
            _("The committee needs at least %(needed)s members and an odd number; it has %(size)s.")
            % {"needed": needed.size, "size": size},
            "R-COMM-01" if needed.size == 5 else "R-COMM-02",
        )
    if 3 * experts < 2 * size:
        return refuse(
            _("At least two thirds of the committee are experts: %(needed)s of %(size)s; there are %(experts)s.")
            % {"needed": experts_needed(size), "size": size, "experts": experts},
            "R-COMM-03",
        )
    return ALLOWED


def leader(votes: Iterable[int], candidates: Sequence[int]) -> int:
    """Most votes lead; among equals the one drawn first. `candidates`: experts in drawn order (R-COMM-04)."""
    counts = Counter(votes)
    return max(candidates, key=lambda member: (counts[member], -candidates.index(member)))


def draw_in_time(drawn_on: date, earliest: date) -> Decision:
    """The draw starts two working days before the review at the earliest; earlier wants a reason (R-COMM-06)."""
    if drawn_on >= earliest:
        return ALLOWED
    return refuse(
        _("Experts are drawn two working days before the review at the earliest: from %(day)s. Earlier needs a reason.")
        % {"day": earliest.isoformat()},
        "R-COMM-06",
        due=earliest,
        level=Level.WARN,
        field="reason",
    )


@dataclass(frozen=True)
class Tie:
    """A recorded tie of a person with a body, from the register or from memberships here."""

    body: str
    relation: str
    until: date | None = None


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def binding_tie(ties: Iterable[Tie], today: date) -> Tie | None:
    """The first tie that demands recusal: it holds, or ended less than three years ago (R-COMM-09)."""
    since = years_before(today, RECUSAL_YEARS)
    return next((tie for tie in ties if tie.until is None or tie.until > since), None)


def recusal(ties: Iterable[Tie], today: date) -> Decision:
    tie = binding_tie(ties, today)
    if tie is None:
        return ALLOWED
    return refuse(
        _("The register shows a tie with %(body)s (%(relation)s): this member has to withdraw.")
        % {"body": tie.body, "relation": tie.relation},
        "R-COMM-09",
    )
