"""What an agreement must hold before it is offered, and how much of it a decided call calls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

ZERO = Decimal("0.00")
OPEN_DAYS = 14
FIRST_REMINDER = timedelta(days=7)
LAST_REMINDER = timedelta(days=2)
RATIO = {"none": 0, "one": 1, "two": 2}


@dataclass(frozen=True)
class AgreementFacts:
    kind: str
    pot_kind: str
    amount: Decimal
    pot_room: Decimal
    """What the pot still takes by promises."""
    match_rule: str
    match_cap: Decimal | None
    draw_order: str
    orders_of_pot: Sequence[str]
    has_related: bool | None
    related_text: str
    sponsor_applies: bool
    payee_name: str
    bank_name: str
    bank_account: str
    has_purpose: bool


def check_list(facts: AgreementFacts) -> list[Decision]:
    """Everything that must hold; pages show it as a check list, the service refuses the first «no»."""
    return [
        pocket_fits(facts),
        within_pot(facts),
        purpose_named(facts),
        order_is_one(facts),
        match_is_whole(facts),
        related_declared(facts),
        is_no_applicant(facts),
        payee_complete(facts),
    ]


def pocket_fits(facts: AgreementFacts) -> Decision:
    """R-SCOPE-02: sponsors' money and gifts stand on lines of their own."""
    if facts.kind == facts.pot_kind:
        return allow("R-SCOPE-02", _("The money has a pot of its own kind."))
    words = _("This pot is of another pocket. Choose a pot of sponsors' money for a sponsorship, of gifts for a gift.")
    return refuse(words, "R-SCOPE-02", field="pot")


def within_pot(facts: AgreementFacts) -> Decision:
    if facts.amount <= facts.pot_room:
        return allow("R-PLAN-01", _("The pot has room for the amount."))
    words = _("The pot takes %(room)s yuan more, %(amount)s yuan are promised. Lower the amount or choose another pot.")
    return refuse(
        words % {"room": f"{facts.pot_room:,.2f}", "amount": f"{facts.amount:,.2f}"}, "R-PLAN-01", field="amount"
    )


def purpose_named(facts: AgreementFacts) -> Decision:
    """R-CHAR-02: directed money by contract, so the contract says for what."""
    if facts.has_purpose:
        return allow("R-CHAR-02", _("The agreement says what the money is for."))
    words = _("Say what the money is for: choose topics of the call, or write the restriction.")
    return refuse(words, "R-CHAR-02", field="restriction")


def order_is_one(facts: AgreementFacts) -> Decision:
    if all(order == facts.draw_order for order in facts.orders_of_pot):
        return allow("R-VENT-13", _("All agreements of the pot are used in one order."))
    words = _("Other agreements of this pot are used in another order; one pot has one order. Choose the same.")
    return refuse(words, "R-VENT-13", field="draw_order")


def match_is_whole(facts: AgreementFacts) -> Decision:
    if facts.match_rule == "none" and facts.match_cap is not None:
        return refuse(
            _("A cap belongs to matching: choose a ratio, or leave it empty."), "R-VENT-13", field="match_cap"
        )
    return allow("R-VENT-13", _("The matching is stated."))


def related_declared(facts: AgreementFacts) -> Decision:
    """R-CHAR-05: no related party as beneficiary; what is related is disclosed."""
    if facts.has_related is None:
        return refuse(_("The sponsor has to declare whether it is related to an organization that may apply."),
                      "R-CHAR-05", field="has_related")  # fmt: skip
    if facts.has_related and not facts.related_text.strip():
        words = _("Name the related organization and how it is related; it is disclosed and gets none of this money.")
        return refuse(words, "R-CHAR-05", field="related_text")
    return allow("R-CHAR-05", _("Relations are declared."))


def is_no_applicant(facts: AgreementFacts) -> Decision:
    if not facts.sponsor_applies:
        return allow("R-CHAR-05", _("The sponsor does not apply in this call."))
    words = _("This body applies in the call itself and cannot pay into it (a donor is not a beneficiary).")
    return refuse(words, "R-CHAR-05", field="sponsor")


def payee_complete(facts: AgreementFacts) -> Decision:
    if facts.payee_name.strip() and facts.bank_name.strip() and facts.bank_account.strip():
        return allow("R-CHAR-02", _("The account for a bank transfer is named."))
    return refuse(_("Name payee, bank and account: a transfer is always possible."), "R-CHAR-02", field="bank_account")


def called_amount(promised: Decimal, match_rule: str, cap: Decimal | None, public_grants: Decimal) -> Decimal:
    """How much a decided call calls in (R-VENT-13).

    Without matching all. With 1:2 a promise of 500,000 beside public grants of 600,000 gives 300,000: each yuan of the
    sponsor stands beside two of the public; a cap of 200,000 makes it 200,000. Rounded down to the fen.
    """
    ratio = RATIO[match_rule]
    if not ratio:
        return promised
    matched = min(promised, (public_grants * 100 // ratio) / 100)
    return max(min(matched, cap) if cap is not None else matched, ZERO).quantize(Decimal("0.01"))


def pay_due(called_at: datetime) -> datetime:
    """The payment page is open 14 days, the last one to its end."""
    return (called_at + timedelta(days=OPEN_DAYS)).replace(hour=23, minute=59, second=59, microsecond=0)
