"""Sponsors' payments of a lead: statements of the bank, held payments, repayments, disputes, what is left over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View

from marketplace.core.decisions import Decision
from marketplace.ventures.models import CallPot, CallStatus
from marketplace.web.tables import csv_response
from marketplace.web.views import ActionView, ActorMixin, ActorPage, ServiceFormView, or_404

from ..forms import LineForm, ReasonForm, ReferenceForm, RefundForm, StatementForm
from ..models import (
    Agreement,
    BankLine,
    BankLineState,
    BankStatement,
    Dispute,
    HoldReason,
    Payment,
    Refund,
    RefundStatus,
)
from ..permissions import (
    can_decide_line,
    can_decide_refund,
    can_keep_money,
    can_keep_payment,
    can_propose_line,
    can_view_money,
)
from ..rules.payments import way_of
from ..rules.statement import TEMPLATE
from ..selectors import gone_of
from ..services import payments, refunds, returns, statements, webhooks

RECENT = 50


class MoneyView(ActorPage):
    template_name = "sponsorship/money.html"

    def allowed(self) -> Decision:
        return can_view_money(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body = self.actor.body_id
        paid = Payment.objects.filter(agreement__call__lead_id=body).select_related("agreement__sponsor")
        lines = BankLine.objects.filter(statement__body_id=body).select_related("proposal", "proposed_by")
        back = Refund.objects.filter(payment__agreement__call__lead_id=body).select_related(
            "payment__agreement", "asked_by"
        )
        open_states = (RefundStatus.ASKED, RefundStatus.APPROVED, RefundStatus.SENT, RefundStatus.FAILED)
        return super().get_context_data(
            **kwargs,
            keeps=bool(can_keep_money(self.actor)),
            held=list(paid.held()),
            payments=list(paid[:RECENT]),
            lines=list(lines.filter(state__in=(BankLineState.OPEN, BankLineState.PROPOSED))),
            refunds=list(back.filter(status__in=open_states)),
            disputes=list(
                Dispute.objects.filter(payment__agreement__call__lead_id=body).select_related("payment__agreement")[
                    :RECENT
                ]
            ),
            statements=list(BankStatement.objects.filter(body_id=body).prefetch_related("lines")[:10]),
            pots=list(self._pots()),
            may_accept=(HoldReason.LATE, HoldReason.AMOUNT),
        )

    def _pots(self) -> Any:
        """Pots of closed calls that sponsors have paid into."""
        rows = CallPot.objects.filter(call__lead_id=self.actor.body_id, call__status=CallStatus.CLOSED)
        return rows.filter(agreements__status="paid").select_related("call").distinct()


class TemplateView(ActorMixin, View):
    """The columns that a statement must have."""

    def allowed(self) -> Decision:
        return can_keep_money(self.actor)

    def get(self, request: HttpRequest) -> HttpResponse:
        return csv_response("statement.csv", TEMPLATE, [])  # type: ignore[return-value]


class AskMoneyView(ServiceFormView):
    """One thing asked on a page of its own."""

    template_name = "sponsorship/ask.html"
    title: Any = ""
    text: Any = ""

    def get_success_url(self) -> str:
        return reverse("sponsorship:money")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, title=self.title, text=self.text, cancel_url=self.get_success_url())


class StatementImportView(AskMoneyView):
    form_class = StatementForm
    title = gettext_lazy("Import a statement of the bank")
    text = gettext_lazy(
        "Credits with a reference code and the agreed amount are booked; the others wait for two people."
    )
    success_message = gettext_lazy("The statement is imported.")

    def allowed(self) -> Decision:
        return can_keep_money(self.actor)

    def perform(self, form: Any) -> BankStatement:
        upload = form.cleaned_data["file"]
        content = upload.read(statements.LARGEST + 1)
        return statements.import_statement(actor=self.actor, name=upload.name, content=content)


class LineMixin:
    line: BankLine

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = BankLine.objects.filter(statement__body_id=self.actor.body_id)  # type: ignore[attr-defined]
        self.line = or_404(lambda: rows.select_related("statement", "proposal__sponsor").get(pk=pk))


class LineProposeView(LineMixin, AskMoneyView):
    form_class: Any = LineForm
    title = gettext_lazy("Whose payment is this line?")
    success_message = gettext_lazy("Proposed. A second person decides.")

    def allowed(self) -> Decision:
        return can_propose_line(self.actor, self.line)

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = (
            Agreement.objects.filter(call__lead_id=self.actor.body_id).exclude(called_at=None).select_related("sponsor")
        )
        return {**super().get_form_kwargs(), "agreements": list(rows)}

    def perform(self, form: Any) -> BankLine:
        return statements.propose_line(
            actor=self.actor,
            line_id=self.line.pk,
            agreement_id=form.cleaned_data["agreement"],
            reason=form.cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = f"{self.line.booked_on:%Y-%m-%d} · {self.line.amount:,.2f} · {self.line.payer} · {self.line.text}"
        return {**super().get_context_data(**kwargs), "text": facts}


class LineDecideView(LineMixin, ActionView):
    """`way` is «right» or «wrong»."""

    def prepare(self, pk: int, way: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk)
        self.is_right = way == "right"

    def allowed(self) -> Decision:
        return can_decide_line(self.actor, self.line)

    def perform(self) -> BankLine:
        return statements.decide_line(actor=self.actor, line_id=self.line.pk, is_right=self.is_right)

    def get_success_url(self) -> str:
        return reverse("sponsorship:money")


class PaymentMixin:
    payment: Payment

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Payment.objects.filter(agreement__call__lead_id=self.actor.body_id)  # type: ignore[attr-defined]
        self.payment = or_404(lambda: rows.select_related("agreement__call").get(pk=pk))

    def allowed(self) -> Decision:
        return can_keep_payment(self.actor, self.payment)  # type: ignore[attr-defined]


class PaymentAcceptView(PaymentMixin, AskMoneyView):
    form_class = ReasonForm
    title = gettext_lazy("Book this payment after all")
    success_message = gettext_lazy("Booked.")

    def perform(self, form: Any) -> Payment:
        reason = form.cleaned_data["reason"]
        return payments.accept_payment(actor=self.actor, payment_id=self.payment.pk, reason=reason)


class RefundAskView(PaymentMixin, AskMoneyView):
    form_class = RefundForm
    title = gettext_lazy("Give money back")
    text = gettext_lazy("A second person approves. What contracts hold does not go back.")
    success_message = gettext_lazy("Asked. An approver decides.")

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.payment.amount - gone_of(self.payment)}

    def perform(self, form: Any) -> Refund:
        return refunds.ask_refund(actor=self.actor, payment_id=self.payment.pk, **form.cleaned_data)


class RefundMixin:
    refund: Refund

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Refund.objects.filter(payment__agreement__call__lead_id=self.actor.body_id)  # type: ignore[attr-defined]
        self.refund = or_404(lambda: rows.select_related("payment__agreement__call").get(pk=pk))


class RefundApproveView(RefundMixin, ActionView):
    success_message = gettext_lazy("Approved. The money goes back the way it came.")

    def allowed(self) -> Decision:
        return can_decide_refund(self.actor, self.refund)

    def perform(self) -> Refund:
        return refunds.approve_refund(actor=self.actor, refund_id=self.refund.pk)

    def get_success_url(self) -> str:
        return reverse("sponsorship:money")


class RefundRefuseView(RefundMixin, AskMoneyView):
    form_class = ReasonForm
    title = gettext_lazy("Do not give this money back")

    def allowed(self) -> Decision:
        return can_decide_refund(self.actor, self.refund)

    def perform(self, form: Any) -> Refund:
        return refunds.refuse_refund(actor=self.actor, refund_id=self.refund.pk, reason=form.cleaned_data["reason"])


class RefundConfirmView(RefundMixin, AskMoneyView):
    form_class = ReferenceForm
    title = gettext_lazy("Record the transfer back")
    success_message = gettext_lazy("Recorded.")

    def allowed(self) -> Decision:
        return can_keep_payment(self.actor, self.refund.payment)

    def perform(self, form: Any) -> Refund:
        reference = form.cleaned_data["reference"]
        return refunds.confirm_bank_refund(actor=self.actor, refund_id=self.refund.pk, reference=reference)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_hand = not way_of(self.refund.payment.method).by_gateway
        text = _("Transfer %(amount)s yuan to the sponsor, then enter the bank's reference.") if by_hand else ""
        return {
            **super().get_context_data(**kwargs),
            "text": text % {"amount": f"{self.refund.amount:,.2f}"} if text else "",
        }


class DisputeSeenView(ActionView):
    success_message = gettext_lazy("Noted.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Dispute.objects.filter(payment__agreement__call__lead_id=self.actor.body_id)
        self.dispute = or_404(lambda: rows.select_related("payment__agreement__call").get(pk=pk))

    def allowed(self) -> Decision:
        return can_keep_payment(self.actor, self.dispute.payment)

    def perform(self) -> Dispute:
        return webhooks.mark_dispute_seen(actor=self.actor, dispute_id=self.dispute.pk)

    def get_success_url(self) -> str:
        return reverse("sponsorship:money")


class ReturnUnusedView(ActionView):
    success_message = gettext_lazy("One repayment for each sponsor is asked for. An approver decides on each.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.pot = or_404(lambda: CallPot.objects.get(pk=pk, call__lead_id=self.actor.body_id))

    def allowed(self) -> Decision:
        return can_keep_money(self.actor)

    def perform(self) -> list[Refund]:
        return returns.return_unused(actor=self.actor, pot_id=self.pot.pk)

    def get_success_url(self) -> str:
        return reverse("sponsorship:money")
