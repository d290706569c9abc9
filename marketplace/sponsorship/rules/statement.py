"""Reading a bank's statement: the columns it must have, each row checked, errors told by row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.exceptions import MarketplaceError
from marketplace.core.money import parse_amount

# What a column means → the headings that banks give it.
HEADINGS = {
    "booked_on": ("交易日期", "记账日期", "入账日期", "日期"),
    "reference": ("交易流水号", "流水号", "交易编号", "凭证号"),
    "amount": ("贷方发生额", "收入金额", "贷方金额", "收入"),
    "payer": ("对方户名", "付款人名称", "付款人", "对方名称"),
    "text": ("附言", "摘要", "用途", "备注"),
}
TEMPLATE = ("交易日期", "交易流水号", "贷方发生额", "对方户名", "附言")
MOST_ROWS = 20_000
MOST_ERRORS = 20
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
CODE = re.compile(r"[A-Z0-9]{2,6}-XY-\d{4}-\d{4,}")


@dataclass(frozen=True)
class Credit:
    """One credit of the statement."""

    row: int
    booked_on: date
    reference: str
    amount: Decimal
    payer: str
    text: str


def read_rows(rows: Iterable[Sequence[Any]]) -> list[Credit]:
    """All credits, or one refusal that names missing columns or wrong rows. Debits and empty rows are skipped."""
    lines = iter(enumerate(rows, start=1))
    places, head = _columns(lines)
    credits: list[Credit] = []
    errors: list[str] = []
    for number, row in lines:
        if number - head > MOST_ROWS:
            raise MarketplaceError(
                _("The statement has more than %(n)d rows. Split it.") % {"n": MOST_ROWS}, field="file"
            )
        try:
            credit = _credit(number, {name: _cell(row, place) for name, place in places.items()})
        except MarketplaceError as error:
            errors.append(_("Row %(row)d: %(error)s") % {"row": number, "error": error})
        else:
            credits += [credit] if credit is not None else []
    _refuse(errors, credits)
    return credits


def _refuse(errors: list[str], credits: list[Credit]) -> None:
    if errors:
        more = len(errors) - MOST_ERRORS
        shown = errors[:MOST_ERRORS] + ([_("and %(n)d more") % {"n": more}] if more > 0 else [])
        raise MarketplaceError("; ".join(shown), field="file", code="rows")
    if not credits:
        raise MarketplaceError(
            _("The statement holds no credit. Export it with the credits of the account."), field="file"
        )


def _columns(lines: Iterable[tuple[int, Sequence[Any]]]) -> tuple[dict[str, int], int]:
    """Banks put their own lines above the table: the heading is looked for in the first ten rows."""
    best: list[str] = list(HEADINGS)
    for number, row in lines:
        cells = [_plain(cell) for cell in row]
        places = {
            name: cells.index(heading)
            for name, headings in HEADINGS.items()
            for heading in [next((each for each in headings if each in cells), None)]
            if heading is not None
        }
        missing = [name for name in HEADINGS if name not in places]
        if not missing:
            return places, number
        best = min(best, missing, key=len)
        if number >= 10:
            break
    words = "、".join(HEADINGS[name][0] for name in best)
    raise MarketplaceError(
        _("These columns are missing: %(columns)s. Take the template, or name the columns like that.")
        % {"columns": words},
        field="file",
        code="columns",
    )


def _credit(number: int, cells: dict[str, Any]) -> Credit | None:
    amount_text = _plain(cells["amount"])
    if not any(_plain(value) for value in cells.values()) or amount_text in ("", "0", "0.00", "-"):
        return None
    reference, payer = _plain(cells["reference"]), _plain(cells["payer"])
    if not reference:
        raise MarketplaceError(_("the transaction number is missing"))
    amount = parse_amount(amount_text)
    return Credit(number, _day(cells["booked_on"]), reference[:60], amount, payer[:120], _plain(cells["text"])[:300])


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _plain(value).split(" ")[0]
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day of the bank, not a moment
        except ValueError:
            continue
    raise MarketplaceError(_("«%(text)s» is no date like 2026-06-15") % {"text": text})


def _cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else ""


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", "" if value is None else str(value)).strip().lstrip("'")


def codes_in(text: str) -> list[str]:
    """Reference codes that a payer wrote, however spaced: «款 jm-xy-2026-0003» → ["JM-XY-2026-0003"]."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"[‐‑‒–—―−_]", "-", plain)
    return list(dict.fromkeys(CODE.findall(plain)))
