"""Pages that only a grant agreement has: stages, changes, audit, pay-back. Each asks one thing."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.web.views import or_404

from ..forms.agreement import (
    CHANGE_FORMS,
    AnswerForm,
    AuditForm,
    DecisionForm,
    LookForm,
    PaybackForm,
    ReceiptForm,
)
from ..models import ChangeKind, ChangeRequest, Contract, Payback
from ..permissions import (
    can_answer_payback,
    can_ask_change,
    can_confirm_change,
    can_confirm_failure,
    can_confirm_payback,
    can_decide_change,
    can_look_into_stage,
    can_propose_failure,
    can_propose_payback,
    can_record_audit,
    can_record_receipt,
)
from ..services import change as changes, closing, stage as stages
from .common import AskView, ContractMixin, MilestoneMixin


class StageView(MilestoneMixin, AskView):
    """On a stage of a grant; other contracts have none."""

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not self.milestone.stage:
            raise Http404

    def get_success_url(self) -> str:
        return reverse("contracts:milestone-detail", args=[self.contract.pk, self.milestone.position])


class StageLookView(StageView):
    form_class = LookForm
    title = gettext_lazy("Record how the report was looked into")
    text = gettext_lazy("Every report is reviewed at the desk; where there is a doubt, call or visit the project.")
    submit = gettext_lazy("Record")
    rule_id = "R-VENT-10"
    success_message = gettext_lazy("Recorded.")

    def allowed(self) -> Any:
        return can_look_into_stage(self.actor, self.contract)

    def get_initial(self) -> dict[str, Any]:
        return {"made_on": clock.today()}

    def perform(self, form: Any) -> Any:
        return stages.record_look(actor=self.actor, milestone_id=self.milestone.pk, data=form.as_input())


class StageFailView(StageView):
    title = gettext_lazy("Propose: not passed")
    text = gettext_lazy(
        "A second officer confirms. Then the project is named publicly with your reason, payments stop and it ends."
    )
    submit = gettext_lazy("Propose")
    label = gettext_lazy("Why it is not passed")
    rule_id = "R-VENT-10"
    success_message = gettext_lazy("Proposed. A second officer decides.")

    def allowed(self) -> Any:
        return can_propose_failure(self.actor, self.contract)

    def perform(self, form: Any) -> Any:
        return stages.propose_failure(
            actor=self.actor, milestone_id=self.milestone.pk, reason=form.cleaned_data["reason"]
        )


class StageDecideView(StageView):
    form_class = DecisionForm
    title = gettext_lazy("Decide: not passed")
    submit = gettext_lazy("Decide")
    rule_id = "R-VENT-10"
    success_message = gettext_lazy("Decided.")

    def allowed(self) -> Any:
        return can_confirm_failure(self.actor, self.milestone)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [(_("Proposed reason"), self.milestone.fail_reason)]
        return super().get_context_data(facts=facts, **kwargs)

    def perform(self, form: Any) -> Any:
        key = self.milestone.pk
        if form.approves:
            return stages.confirm_failure(actor=self.actor, milestone_id=key)
        return stages.drop_failure(actor=self.actor, milestone_id=key, reason=form.cleaned_data["opinion"])


# changes


class AgreementAskView(ContractMixin, AskView):
    """One question about a grant agreement; other contracts have none of these."""

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not self.contract.is_grant:
            raise Http404

    def get_success_url(self) -> str:
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class ChangeAskView(AgreementAskView):
    text = gettext_lazy("Ask before you act: what was not approved is not recognized.")
    submit = gettext_lazy("Ask for the change")
    rule_id = "R-VENT-16"
    success_message = gettext_lazy("Your request is with the funder.")

    def prepare(self, *, kind: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(**kwargs)
        if kind not in CHANGE_FORMS:
            raise Http404
        self.kind = ChangeKind(kind)

    def allowed(self) -> Any:
        return can_ask_change(self.actor, self.contract)

    @property
    def title(self) -> str:
        return _("Ask for a change: %(what)s") % {"what": self.kind.label}

    def get_form_class(self) -> Any:
        return CHANGE_FORMS[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "contract": self.contract, "kind": self.kind}

    def perform(self, form: Any) -> Any:
        return changes.ask_change(actor=self.actor, contract_id=self.contract.pk, data=form.as_input())


class ChangeMixin:
    """Finds the request among those of contracts that the actor may see."""

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        seen = Contract.objects.visible_to(self.actor)  # type: ignore[attr-defined]
        rows = ChangeRequest.objects.filter(contract__in=seen.values("pk")).select_related("contract")
        self.change = or_404(lambda: rows.get(pk=pk))
        self.contract = self.change.contract

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = self.change
        facts = [
            (_("What changes"), change.get_kind_display()),
            (_("As agreed"), change.before),
            (_("As wanted"), change.after),
            (_("Reason"), change.reason),
            (_("Opinion"), change.opinion),
        ]
        return super().get_context_data(contract=self.contract, facts=facts, **kwargs)  # type: ignore[misc]

    def get_success_url(self) -> str:
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class ChangeDecideView(ChangeMixin, AskView):
    form_class = DecisionForm
    title = gettext_lazy("Decide on the change")
    submit = gettext_lazy("Decide")
    rule_id = "R-VENT-16"
    success_message = gettext_lazy("Decided. The organization has your opinion.")

    def allowed(self) -> Any:
        return can_decide_change(self.actor, self.contract)

    def perform(self, form: Any) -> Any:
        opinion = form.cleaned_data["opinion"]
        return changes.decide_change(actor=self.actor, change_id=self.change.pk, approve=form.approves, opinion=opinion)


class ChangeConfirmView(ChangeMixin, AskView):
    form_class = DecisionForm
    title = gettext_lazy("Confirm a large change")
    text = gettext_lazy("With earlier shifts it is more than a tenth of the grant, so a second officer decides.")
    submit = gettext_lazy("Decide")
    rule_id = "R-VENT-16"
    success_message = gettext_lazy("Decided.")

    def allowed(self) -> Any:
        return can_confirm_change(self.actor, self.change)

    def perform(self, form: Any) -> Any:
        reason = form.cleaned_data["opinion"]
        return changes.confirm_change(actor=self.actor, change_id=self.change.pk, approve=form.approves, reason=reason)


# the end


class AuditView(AgreementAskView):
    form_class = AuditForm
    title = gettext_lazy("Record the audit")
    text = gettext_lazy("The opinion of the outside auditor, with its report. It is not changed afterwards.")
    submit = gettext_lazy("Record")
    rule_id = "R-VENT-11"
    success_message = gettext_lazy("The audit is recorded.")

    def allowed(self) -> Any:
        return can_record_audit(self.actor, self.contract)

    def perform(self, form: Any) -> Any:
        return closing.record_audit(actor=self.actor, contract_id=self.contract.pk, data=form.as_input())


class PaybackProposeView(AgreementAskView):
    form_class = PaybackForm
    title = gettext_lazy("Propose that money is paid back")
    text = gettext_lazy("The organization is heard first; then a second officer decides.")
    submit = gettext_lazy("Propose")
    rule_id = "R-VENT-10"
    success_message = gettext_lazy("Proposed. The organization may answer within five working days.")

    def allowed(self) -> Any:
        return can_propose_payback(self.actor, self.contract)

    def perform(self, form: Any) -> Any:
        return closing.propose_payback(actor=self.actor, contract_id=self.contract.pk, data=form.as_input())


class PaybackView(AskView):
    """One question about a proposal or demand."""

    rule_id = "R-VENT-10"

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        seen = Contract.objects.visible_to(self.actor)
        rows = Payback.objects.filter(contract__in=seen.values("pk")).select_related("contract")
        self.payback = or_404(lambda: rows.get(pk=pk))
        self.contract = self.payback.contract

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.payback
        facts = [
            (_("Number"), row.number),
            (_("Cause"), row.get_cause_display()),
            (_("Amount (yuan)"), f"{row.amount:,.2f}"),
            (_("Still open (yuan)"), f"{closing.open_amount(row):,.2f}"),
            (_("Reason"), row.reason),
            (_("Ban for three years"), _("Yes") if row.asks_ban else _("No")),
            (_("The organization's answer"), row.answer or "–"),
        ]
        return super().get_context_data(contract=self.contract, facts=facts, **kwargs)

    def get_success_url(self) -> str:
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class PaybackAnswerView(PaybackView):
    form_class = AnswerForm
    title = gettext_lazy("Answer the proposal")
    text = gettext_lazy("Your answer is read before anything is decided, and stands beside the decision.")
    submit = gettext_lazy("Send the answer")
    success_message = gettext_lazy("Your answer is recorded.")

    def allowed(self) -> Any:
        return can_answer_payback(self.actor, self.payback)

    def perform(self, form: Any) -> Any:
        return closing.answer_payback(actor=self.actor, payback_id=self.payback.pk, answer=form.cleaned_data["answer"])


class PaybackDecideView(PaybackView):
    form_class = DecisionForm
    title = gettext_lazy("Decide on the pay-back")
    text = gettext_lazy("A severe breach ends the project. The decision is published.")
    submit = gettext_lazy("Decide")
    success_message = gettext_lazy("Decided.")

    def allowed(self) -> Any:
        return can_confirm_payback(self.actor, self.payback)

    def perform(self, form: Any) -> Any:
        if form.approves:
            return closing.confirm_payback(actor=self.actor, payback_id=self.payback.pk)
        reason = form.cleaned_data["opinion"]
        return closing.drop_payback(actor=self.actor, payback_id=self.payback.pk, reason=reason)


class PaybackReceiptView(PaybackView):
    form_class = ReceiptForm
    title = gettext_lazy("Record money that came back")
    text = gettext_lazy("Each pot gets back its part of what it had paid.")
    submit = gettext_lazy("Record")
    success_message = gettext_lazy("Recorded.")

    def allowed(self) -> Any:
        return can_record_receipt(self.actor, self.payback)

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": clock.today(), "amount": f"{closing.open_amount(self.payback):.2f}"}

    def perform(self, form: Any) -> Any:
        return closing.record_receipt(actor=self.actor, payback_id=self.payback.pk, data=form.as_input())
