"""How an amount is taken from several pockets, to the fen (R-LOT-01, R-VENT-09): largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from marketplace.core.money import split

ZERO = Decimal("0.00")


def draw(amount: Decimal, held: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """`amount` from what each pocket still holds, in that proportion; pockets that give nothing are left out.

    No pocket gives more than it holds, the parts sum to the amount, and the last draw empties every pocket exactly.
    100.00 out of 200.00 and 100.00: 66.67 and 33.33; then 200.00 out of the rest: 133.33 and 66.67.
    """
    pockets = sorted((key, rest) for key, rest in held.items() if rest > 0)
    if not pockets or not ZERO <= amount <= sum((rest for _key, rest in pockets), ZERO):
        raise ValueError("an amount between zero and what the pockets hold together")
    parts = split(amount, [rest for _key, rest in pockets])
    return {key: part for (key, _rest), part in zip(pockets, parts, strict=True) if part > 0}
