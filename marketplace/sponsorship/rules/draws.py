"""How the agreements of a pot pay its grants, whose name a project may carry, and who gets what is left over.

First signed, first used: agreements of 300 and 200 pay grants of 250 and 150 as 250 + (50, 100). In proportion each
grant is split 3:2. Unused money goes back by largest remainder, so that the parts sum to the whole exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from marketplace.core.money import split

ZERO = Decimal("0.00")


def draw(grants: Sequence[Decimal], promises: Sequence[Decimal], *, in_proportion: bool) -> list[list[Decimal]]:
    """For each grant, what each agreement pays. Grants together never exceed the promises."""
    if sum(grants, ZERO) > sum(promises, ZERO):
        raise ValueError("more is granted than was promised")
    left, rows = list(promises), []
    for amount in grants:
        row = _in_proportion(amount, promises, left) if in_proportion else _first_in_first_out(amount, left)
        left = [rest - part for rest, part in zip(left, row, strict=True)]
        rows.append(row)
    return rows


def _first_in_first_out(amount: Decimal, left: Sequence[Decimal]) -> list[Decimal]:
    row = []
    for rest in left:
        part = min(amount, rest)
        row.append(part)
        amount -= part
    return row


def _in_proportion(amount: Decimal, promises: Sequence[Decimal], left: Sequence[Decimal]) -> list[Decimal]:
    """Split by the promises; what rounding asks of an agreement beyond its rest, the others pay."""
    if not amount:
        return [ZERO for _rest in left]
    row = [min(part, rest) for part, rest in zip(split(amount, promises), left, strict=True)]
    missing = amount - sum(row, ZERO)
    for place, rest in enumerate(left):
        more = min(missing, rest - row[place])
        row[place] += more
        missing -= more
    return row


def may_name(paid: Decimal, cost: Decimal) -> bool:
    """R-VENT-13: a sponsor that pays half of a project or more may name it."""
    return cost > 0 and paid * 2 >= cost


def return_shares(unused: Decimal, contributions: Sequence[Decimal]) -> list[Decimal]:
    """What of `unused` goes back to each pocket, in proportion to what each gave; sums exactly, never above a gift.

    100.00 left of 200.00, 100.00 and 100.00 goes back as 50.00, 25.00, 25.00.
    """
    total = sum(contributions, ZERO)
    if unused < ZERO or unused > total:
        raise ValueError("more is left over than was given")
    if not unused:
        return [ZERO for _gift in contributions]
    return split(unused, contributions)
