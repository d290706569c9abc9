"""The rule values of a call: cap, own money, ceilings, months, tranches (R-VENT-06 to -09, -14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rulesets import RuleSet

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Values:
    grant_cap: Decimal | None
    own_share: Decimal
    indirect_ceiling: Decimal
    staff_ceiling: Decimal | None
    applications_each: int
    months_least: int
    months_most: int
    tranches: Mapping[str, Decimal]
    total: Decimal


def plain(value: Decimal) -> str:
    """40.00 → 40; 12.50 → 12.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_decisions(values: Values, ruleset: RuleSet) -> list[Decision]:
    return [
        *_cap(values, ruleset),
        *_own_money(values, ruleset),
        *_ceilings(values, ruleset),
        _applications(values),
        *_months(values, ruleset),
        *tranche_decisions(values.tranches),
    ]


def _cap(values: Values, ruleset: RuleSet) -> Iterator[Decision]:
    if values.grant_cap is None:
        yield refuse(_("Say how much one project can get at most."), "R-VENT-06", field="grant_cap")
        return
    most = Decimal(str(ruleset.value("R-VENT-06", "cap")))
    shown = {"cap": f"{values.grant_cap:,.2f}", "most": f"{most:,.2f}", "total": f"{values.total:,.2f}"}
    if values.grant_cap <= most:
        yield allow("R-VENT-06", _("One project gets %(cap)s yuan at most, within %(most)s.") % shown)
    else:
        words = _("A cap of %(cap)s yuan lies above %(most)s yuan. Lower it, or switch the rule off with a reason.")
        yield refuse(words % shown, "R-VENT-06", field="grant_cap")
    if values.total and values.grant_cap > values.total:
        words = _("One project cannot get more (%(cap)s yuan) than all pots hold (%(total)s yuan).")
        yield refuse(words % shown, "R-PLAN-01", field="grant_cap")


def _own_money(values: Values, ruleset: RuleSet) -> Iterator[Decision]:
    """R-VENT-07: at most 60 % of the budget is granted, 40 % is own or social money."""
    least = Decimal(str(ruleset.value("R-VENT-07", "own")))
    shown = {"share": plain(values.own_share), "least": plain(least)}
    if values.own_share >= HUNDRED:
        words = _("With %(share)s %% own money nothing is left to grant.")
        yield refuse(words % shown, "R-VENT-07", field="own_share")
    elif values.own_share >= least:
        words = _("Own or social money pays %(share)s %% at least; %(least)s %% are asked for.")
        yield allow("R-VENT-07", words % shown)
    else:
        words = _("Own or social money pays %(share)s %%, not %(least)s %%. Raise it, or switch the rule off.")
        yield refuse(words % shown, "R-VENT-07", field="own_share")


def _ceilings(values: Values, ruleset: RuleSet) -> Iterator[Decision]:
    most = Decimal(str(ruleset.value("R-VENT-14", "management")))
    shown = {"indirect": plain(values.indirect_ceiling), "most": plain(most)}
    if values.indirect_ceiling <= most:
        words = _("Indirect costs %(indirect)s %% at most, within %(most)s %%.")
        yield allow("R-VENT-14", words % shown)
    else:
        words = _("A ceiling of %(indirect)s %% for indirect costs lies above %(most)s %%. Lower it, or switch it off.")
        yield refuse(words % shown, "R-VENT-14", field="indirect_ceiling")
    if values.staff_ceiling is None:
        words = _("State a ceiling for staff pay; applicants have to know it before they compute.")
        yield refuse(words, "R-VENT-14", field="staff_ceiling")
    else:
        words = _("Staff pay %(staff)s %% at most.")
        yield allow("R-VENT-14", words % {"staff": plain(values.staff_ceiling)})


def _applications(values: Values) -> Decision:
    if values.applications_each < 1:
        words = _("An organization may hand in at least one application.")
        return refuse(words, "R-VENT-08", field="applications_each")
    if values.applications_each == 1:
        return allow("R-VENT-08", _("One application for each organization."))
    words = _("This call says otherwise than usual: %(n)s applications for each organization.")
    return allow("R-VENT-08", words % {"n": values.applications_each})


def _months(values: Values, ruleset: RuleSet) -> Iterator[Decision]:
    shortest, longest = int(ruleset.value("R-VENT-06", "shortest")), int(ruleset.value("R-VENT-06", "longest"))
    shown = {"least": values.months_least, "most": values.months_most, "shortest": shortest, "longest": longest}
    if values.months_least < 1 or values.months_least > values.months_most:
        words = _("The shortest project (%(least)s months) is longer than the longest (%(most)s months).")
        yield refuse(words % shown, "R-TIME-01", field="months_least")
    elif shortest <= values.months_least and values.months_most <= longest:
        yield allow("R-VENT-06", _("Projects run %(least)s to %(most)s months.") % shown)
    else:
        words = _(
            "Projects run %(shortest)s to %(longest)s months as a rule, here %(least)s to %(most)s. "
            "Change it, or switch the rule off with a reason."
        )
        yield refuse(words % shown, "R-VENT-06", field="months_most")


def tranche_decisions(tranches: Mapping[str, Decimal]) -> Iterator[Decision]:
    """R-VENT-09: payments follow progress and sum to the whole; something is left for the end."""
    total = sum(tranches.values(), Decimal(0))
    if total == HUNDRED:
        yield allow("R-VENT-09", _("The tranches sum to 100 %."))
    else:
        words = _("The tranches sum to %(total)s %%, not 100 %%.") % {"total": plain(total)}
        yield refuse(words, "R-VENT-09", field="tranche_agreement")
    if not tranches.get("final"):
        words = _("Keep a share for the passed final evaluation: what is paid before is hard to get back.")
        yield refuse(words, "R-VENT-09", field="tranche_final")
