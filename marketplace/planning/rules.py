"""What must hold for an item of the list and for an intention. Pure: values in, decisions out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.money import check_unit

from . import directory

SMALLEST_LIKELY_AMOUNT = Decimal(1000)


@dataclass(frozen=True)
class ItemFacts:
    amount: Decimal
    line_left: Decimal
    directory_code: str
    is_public_service: bool
    negative_list_confirmed: bool
    planned_month: date
    year: int


def item_decisions(item: ItemFacts, today: date) -> list[Decision]:
    """Every rule of one item, in the order of the form."""
    return [
        in_directory(item.directory_code),
        kind_fits_directory(item.directory_code, item.is_public_service),
        none_of_negative_list(item.negative_list_confirmed),
        within_line(item.amount, item.line_left),
        month_lies_ahead(item.planned_month, item.year, today),
    ]


def in_directory(code: str) -> Decision:
    """R-GPS-06: only what stands in the guidance directory may be bought."""
    if directory.is_listed(code):
        return allow("R-GPS-06", _("%(code)s %(name)s is in the guidance directory.") % _entry(code))
    return refuse(
        _("«%(code)s» is not in the guidance directory. Choose an entry, or have the directory extended first.")
        % {"code": code},
        "R-GPS-06",
        field="directory_code",
    )


def kind_fits_directory(code: str, is_public_service: bool) -> Decision:
    """R-GPS-04: two kinds of content, told by the first letter of the code."""
    if is_public_service == directory.is_public_service(code):
        return allow("R-GPS-04", _("The kind of service fits the directory code."))
    return refuse(
        _("Codes beginning with A are public services, codes with B auxiliary services; change one of the two."),
        "R-GPS-04",
        field="is_public_service",
    )


def none_of_negative_list(confirmed: bool) -> Decision:
    """R-GPS-05: six cases that may not be bought as a service."""
    if confirmed:
        return allow("R-GPS-05", _("None of the six cases of the negative list applies."))
    return refuse(
        _("Read the six cases of the negative list and confirm each: what falls under one may not be bought so."),
        "R-GPS-05",
        field="negative_list",
    )


def within_line(amount: Decimal, left: Decimal) -> Decision:
    """R-PLAN-01: the items of a budget line together stay within it. Example: 50,000 left, 60,000 wanted: no."""
    if amount <= left:
        return allow("R-PLAN-01", _("%(left)s yuan of the budget line are free.") % {"left": f"{left:,.2f}"})
    return refuse(
        _("The budget line has %(left)s yuan left. Lower the amount or choose another line.")
        % {"left": f"{left:,.2f}"},
        "R-PLAN-01",
        field="amount",
    )


def likely_amount(amount: Decimal, line: Decimal) -> Decision:
    """Guard against 万元 typed for 元: 186 on a line of 1,860,000 yuan, or less than 1,000, has to be confirmed."""
    answer = check_unit(amount, line, field="amount")
    if not answer.allowed or amount >= SMALLEST_LIKELY_AMOUNT:
        return answer
    return refuse(
        _("%(amount)s yuan is very little. Amounts are in 元, not 万元; confirm if it is right.")
        % {"amount": f"{amount:,.2f}"},
        field="amount",
    )


def month_lies_ahead(month: date, year: int, today: date) -> Decision:
    """R-NOTICE-01 names the month; one that is over, or of another year, misleads."""
    if month.year != year:
        return refuse(
            _("The list is of %(year)s: choose a month of that year.") % {"year": year},
            "R-NOTICE-01",
            field="planned_month",
        )
    if month < today.replace(day=1):
        return refuse(
            _("%(month)s is over. Choose this month or a later one.") % {"month": f"{month:%Y-%m}"},
            "R-NOTICE-01",
            field="planned_month",
        )
    return allow("R-NOTICE-01", _("The planned month lies ahead."))


def has_items(count: int) -> Decision:
    if count:
        return allow("R-PLAN-02", _("The list has items that wait for publication."))
    return refuse(_("There is nothing to publish: add an item first."), "R-PLAN-02")


def _entry(code: str) -> dict[str, str]:
    return {"code": code, "name": directory.name_of(code)}
