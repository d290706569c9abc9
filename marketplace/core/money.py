"""Money: Decimal yuan with two places. One rounding, splits that sum to the whole, amounts as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from .decisions import ALLOWED, Decision, refuse
from .exceptions import MarketplaceError

Number = Decimal | Fraction | int
FEN = Decimal("0.01")
MOST = Decimal("99999999999999.99")
WAN = 10_000
UNITS = {"": 1, "元": 1, "万": WAN, "万元": WAN, "亿": WAN * WAN, "亿元": WAN * WAN}
TYPED = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>万元|亿元|万|亿|元)?")


def round_half_up(x: Number, places: int) -> Decimal:
    """x rounded half away from zero, exactly: 0.125 → 0.13, 2/3 → 0.67 (R-EVAL-24). Refuses floats."""
    if isinstance(x, float):
        raise TypeError("money and scores are never floats")
    scaled = Fraction(x) * 10**places
    units = (abs(scaled) * 2 + 1).__floor__() // 2
    return Decimal(-units if scaled < 0 else units).scaleb(-places)


def yuan(x: Number) -> Decimal:
    """x in yuan with exactly two places."""
    return round_half_up(x, 2)


def split(total: Decimal, shares: Sequence[Number]) -> list[Decimal]:
    """`total` shared in proportion, to the fen, summing to the whole: the largest remainders get the odd fen.

    Equal remainders are served in the given order. 100.00 by 1:1:1 → 33.34, 33.33, 33.33.
    """
    if total != total.quantize(FEN):
        raise ValueError("a total has at most two places")
    weights = [Fraction(share) for share in shares]
    if any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("shares are not negative and not all zero")
    fen, whole = int(abs(total) * 100), sum(weights)
    exact = [fen * weight / whole for weight in weights]
    units = [part.__floor__() for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for i in by_remainder[: fen - sum(units)]:
        units[i] += 1
    sign = -1 if total < 0 else 1
    return [(Decimal(sign * unit) / 100).quantize(FEN) for unit in units]


def parse_amount(text: str, *, field: str | None = None) -> Decimal:
    """The amount in yuan that a person typed: 1860000, 1,860,000.00, １８６万元, ¥ 186 万. Refuses what is unclear."""
    plain = unicodedata.normalize("NFKC", text or "")
    plain = re.sub(r"[\s¥￥]", "", plain).replace("，", ",").removesuffix("整")
    match = TYPED.fullmatch(plain)
    if match is None:
        raise MarketplaceError(
            _("This is not an amount: %(text)s. Write it like 1860000.00.") % {"text": text}, field=field
        )
    amount = Decimal(match["number"].replace(",", "")) * UNITS[match["unit"] or ""]
    if amount != amount.quantize(FEN, rounding=ROUND_HALF_UP):
        raise MarketplaceError(_("An amount has at most two decimal places (fen)."), field=field)
    if amount > MOST:
        raise MarketplaceError(_("This amount is too large."), field=field)
    return amount.quantize(FEN)


def check_unit(amount: Decimal, expected: Decimal, *, field: str = "") -> Decision:
    """Refuses an amount that looks like 万元 typed for 元, or the reverse, beside a known one (budget, ceiling).

    186 beside a ceiling of 1,860,000 is refused with «1,860,000.00?»; 900,000 is not. An amount typed with its
    unit («186 元») has been read already: the caller asks only where the form takes plain numbers.
    """
    if amount <= 0 or expected <= 0:
        return ALLOWED
    ratio = expected / amount
    if 2000 <= ratio <= 50000:
        meant = amount * WAN
    elif 2000 <= 1 / ratio <= 50000:
        meant = (amount / WAN).quantize(FEN, rounding=ROUND_HALF_UP)
    else:
        return ALLOWED
    return refuse(
        _("%(amount)s yuan is far from %(expected)s yuan. Did you mean %(meant)s yuan? The unit is yuan.")
        % {"amount": f"{amount:,.2f}", "expected": f"{expected:,.2f}", "meant": f"{meant:,.2f}"},
        field=field,
    )
