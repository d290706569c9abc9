"""What an amount must keep to, and when a displayed result may be confirmed (R-VENT-02, -06)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse


def amount_holds(amount: Decimal, asked: Decimal, cap: Decimal | None) -> Decision:
    if amount > asked:
        return refuse(
            _("%(asked)s yuan were asked for; %(amount)s are more. Enter the amount asked or less.")
            % {"asked": f"{asked:,.2f}", "amount": f"{amount:,.2f}"},
            "R-VENT-06",
            field="amount",
        )
    if cap is not None and amount > cap:
        return refuse(
            _("The cap per project is %(cap)s yuan. Enter the cap or less.") % {"cap": f"{cap:,.2f}"},
            "R-VENT-06",
            field="amount",
        )
    return ALLOWED


def pot_holds(name: str, whole: Decimal, used: Decimal, wanted: Decimal, field: str) -> Decision:
    """All shares of a pot together stay within it."""
    if wanted < 0:
        return refuse(_("A share is not negative."), "R-SCOPE-02", field=field)
    if used + wanted <= whole:
        return ALLOWED
    return refuse(
        _("Pot «%(name)s» has %(left)s yuan left; %(wanted)s are too much. Take less, or free money elsewhere.")
        % {"name": name, "left": f"{whole - used:,.2f}", "wanted": f"{wanted:,.2f}"},
        "R-SCOPE-02",
        field=field,
    )


def pot_is_open(name: str, pot_theme: Any, theme: Any, wanted: Decimal, field: str) -> Decision:
    """A pot that is bound to a theme pays for that theme only."""
    if not wanted or pot_theme is None or pot_theme == theme:
        return ALLOWED
    return refuse(
        _("Pot «%(name)s» is bound to another theme. Take the money from a pot that is open to this project.")
        % {"name": name},
        "R-SCOPE-02",
        field=field,
    )


def display_is_over(today: date, until: date) -> Decision:
    """The last day of the display belongs to it."""
    if today > until:
        return ALLOWED
    return refuse(
        _("The result is on display until %(day)s, that day included. Confirm it on the next day.")
        % {"day": until.isoformat()},
        "R-VENT-02",
        due=until,
    )


def objections_settled(open_count: int, upheld: int) -> Decision:
    if open_count:
        return refuse(
            _("%(count)s objections wait for an answer. Answer them, then confirm.") % {"count": open_count},
            "R-VENT-02",
        )
    if upheld:
        return refuse(
            _("An objection was right: take the decision back, change it, and display it again."), "R-VENT-02"
        )
    return ALLOWED


def by_pot(shares: Mapping[str, Decimal]) -> str:
    """«福彩资金池 60,000.00；财政资金池 20,000.00»."""
    return "；".join(f"{name} {amount:,.2f}" for name, amount in shares.items())
