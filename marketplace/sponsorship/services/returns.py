"""At the closing of a call: what no contract needs goes back to each sponsor of a pot, by largest remainder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import subject_of
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked
from marketplace.funds.models import BudgetLine
from marketplace.funds.selectors import AgreementMoney, agreements_money
from marketplace.ventures.models import CallPot, CallStatus

from ..models import Agreement, AgreementStatus, PaymentState, Refund
from ..permissions import can_keep_money, is_lead
from ..rules.draws import return_shares
from ..selectors import gone_of, line_balance
from .refunds import ask_shares, learn_method

ZERO = Decimal("0.00")


def shares_to_return(pot: CallPot) -> list[tuple[Agreement, Decimal]]:
    """What would go back to whom: unused money of the line, shared among the paid agreements of this pot."""
    paid = list(
        Agreement.objects.filter(pot=pot, status=AgreementStatus.PAID)
        .select_related("sponsor", "call__lead")
        .order_by("pk")
    )
    money = agreements_money(paid)
    kept = [money.get(subject_of(row), AgreementMoney()).kept - _asked(row) for row in paid]
    unused = min(
        max(line_balance(pot.budget_line_id).returnable - sum((_asked(row) for row in paid), ZERO), ZERO),
        sum(kept, ZERO),
    )
    return list(zip(paid, return_shares(unused, kept), strict=True)) if unused else []


def _asked(agreement: Agreement) -> Decimal:
    """Repayments asked for and not gone yet."""
    payments = agreement.payments.filter(state=PaymentState.BOOKED)
    done = Refund.objects.filter(payment__in=payments, status="done").values_list("amount", flat=True)
    return sum((gone_of(payment) for payment in payments), ZERO) - sum(done, ZERO)


def return_unused(*, actor: Actor, pot_id: int) -> list[Refund]:
    """Asks for one repayment for each sponsor; a second person approves each as always."""
    pot = CallPot.objects.select_related("call__lead", "budget_line").get(pk=pot_id)
    require_permission(can_keep_money(actor))
    payments = [
        payment for row, _share in shares_to_return(pot) for payment in row.payments.filter(state=PaymentState.BOOKED)
    ]
    methods = {payment.pk: learn_method(payment) for payment in payments}
    with audit.transaction() as log:
        locked(BudgetLine, pot.budget_line_id)
        if not is_lead(actor, pot.call) or pot.call.status != CallStatus.CLOSED:
            raise MarketplaceError(_("The lead gives money back when the call is closed."), code="wrong_state")
        refunds: list[Refund] = []
        for agreement, share in shares_to_return(pot):
            refunds += _ask_of(log, actor, agreement, share, methods)
        if not refunds:
            raise MarketplaceError(_("Nothing is left over in this pot."), rule_id="R-CHAR-08")
    return refunds


def _ask_of(log: Any, actor: Actor, agreement: Agreement, share: Decimal, methods: dict[int, str]) -> list[Refund]:
    refunds = []
    for payment in agreement.payments.filter(state=PaymentState.BOOKED).order_by("pk"):
        part = min(share, payment.amount - gone_of(payment))
        if part <= ZERO:
            continue
        payment.method = methods.get(payment.pk, payment.method)
        payment.save(update_fields=["method"])
        payment.agreement = agreement
        words = _("Unused money of the pot goes back in proportion")
        refunds.append(ask_shares(log=log, actor=actor, payment=payment, amount=part, reason=words))
        share -= part
    return refunds
