"""Pots: separate amounts of budget lines, promised once (R-PLAN-01), for what the money is for (R-LOT-02, R-SCOPE-02).

Example: a line of 3,000,000 with 500,000 bound by contracts and 1,000,000 promised by another published call has
1,500,000 for the pots of this call, all of them on this line together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.funds.rules.purposes import check_purpose

ZERO = Decimal(0)


@dataclass(frozen=True)
class LineFacts:
    """A budget line: whose, what is left of it by the ledger, what other published calls have promised."""

    key: int
    name: str
    body_id: int
    is_lottery: bool
    purpose: str
    available: Decimal
    promised: Decimal = ZERO

    @property
    def room(self) -> Decimal:
        return max(self.available - self.promised, ZERO)


@dataclass(frozen=True)
class PotFacts:
    name: str
    amount: Decimal
    line: LineFacts


def sums_by_line(pots: Iterable[PotFacts]) -> Mapping[LineFacts, Decimal]:
    sums: dict[LineFacts, Decimal] = defaultdict(lambda: ZERO)
    for pot in pots:
        sums[pot.line] += pot.amount
    return sums


def pot_decisions(pots: Sequence[PotFacts], funders: Mapping[int, str]) -> list[Decision]:
    """`funders`: bodies of the call with their names, the lead among them."""
    if not pots:
        words = _("Add at least one pot: a separate amount of one budget line.")
        return [refuse(words, "R-PLAN-01", field="amount")]
    return [
        *(within_line(line, total) for line, total in sums_by_line(pots).items()),
        *(purpose_fits(pot) for pot in pots),
        lines_are_of_funders(pots, funders),
        every_funder_pays(pots, funders),
        names_differ(pots),
    ]


def within_line(line: LineFacts, total: Decimal) -> Decision:
    """R-PLAN-01: one line cannot be promised twice."""
    values = {"line": line.name, "room": f"{line.room:,.2f}", "total": f"{total:,.2f}"}
    if total <= line.room:
        words = _("%(line)s: %(total)s yuan promised of the %(room)s yuan that it has.")
        return allow("R-PLAN-01", words % values)
    words = _(
        "%(line)s has %(room)s yuan left for this call (contracts and other published calls hold the rest); "
        "the pots take %(total)s yuan. Lower them, or have the line raised."
    )
    return refuse(words % values, "R-PLAN-01", field="amount")


def purpose_fits(pot: PotFacts) -> Decision:
    """R-LOT-02: lottery money has its purposes."""
    answer = check_purpose(pot.line.purpose, is_lottery=pot.line.is_lottery)
    if not answer.allowed:
        return answer
    if pot.line.is_lottery:
        return allow(answer.rule_id, _("Pot «%(name)s»: lottery money for its own purpose.") % {"name": pot.name})
    return allow(answer.rule_id, _("Pot «%(name)s»: budget money.") % {"name": pot.name})


def lines_are_of_funders(pots: Sequence[PotFacts], funders: Mapping[int, str]) -> Decision:
    strangers = [pot.name for pot in pots if pot.line.body_id not in funders]
    if not strangers:
        return allow("R-PLAN-01", _("Every line belongs to a funder of this call."))
    words = _("The line of «%(pots)s» belongs to no funder of this call: name that body as a joint funder first.")
    return refuse(words % {"pots": "、".join(strangers)}, "R-PLAN-01", field="budget_line_id")


def every_funder_pays(pots: Sequence[PotFacts], funders: Mapping[int, str]) -> Decision:
    paying = {pot.line.body_id for pot in pots}
    idle = [name for key, name in funders.items() if key not in paying]
    if not idle:
        return allow("R-PLAN-01", _("Every funder has a pot."))
    words = _("%(names)s has no pot: add one, or take the body off the list of funders.")
    return refuse(words % {"names": "、".join(idle)}, "R-PLAN-01", field="budget_line_id")


def names_differ(pots: Sequence[PotFacts]) -> Decision:
    """R-SCOPE-02: applicants name the pot for every cost line, so a name is one pot."""
    names = [pot.name.strip() for pot in pots]
    if len(set(names)) == len(names):
        return allow("R-SCOPE-02", _("The pots can be told apart."))
    words = _("Two pots have the same name; every cost line has to name its pot without doubt.")
    return refuse(words, "R-SCOPE-02", field="name")
