"""Payments: request, list, the page with the comparison, approvals, record."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import latest_document
from marketplace.web.views import ActionView, ActorPage

from ..comparison import Asked, comparison_of
from ..forms.common import ListFilter
from ..forms.disbursement import NoteForm, PaymentForm, RequestForm
from ..models import Disbursement, DisbursementStatus
from ..permissions import (
    can_approve_first,
    can_approve_second,
    can_explain_disbursement,
    can_record_payment,
    can_request_disbursement,
    can_return_disbursement,
)
from ..presentation import disbursement_steps
from ..rules.disbursement import check_pay_due, next_run
from ..selectors import parts_of, runs_of
from ..services import disbursement as services
from ..tasks import disbursement_task
from .common import AskView, DisbursementMixin, MilestoneMixin, page_of


class DisbursementListView(ActorPage):
    template_name = "contracts/disbursement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = ListFilter(self.request.GET or None, states=DisbursementStatus.choices)
        chosen = filters.chosen
        rows = Disbursement.objects.visible_to(self.actor).select_related(
            "milestone__contract__supplier", "milestone__contract__buyer"
        )
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["q"]:
            rows = rows.filter(
                Q(number__icontains=chosen["q"])
                | Q(milestone__contract__title__icontains=chosen["q"])
                | Q(milestone__contract__supplier__name__icontains=chosen["q"])
            )
        total = rows.aggregate(total=Sum("amount"))["total"]
        page = page_of(self.request, rows.order_by("-run_on", "-requested_at", "-pk"))
        return super().get_context_data(
            form=filters,
            page=page,
            runs=runs_of(rows, list(page)),
            total=total,
            next_run=next_run(clock.today(), calendar()),
            **kwargs,
        )


class DisbursementRequestView(MilestoneMixin, AskView):
    template_name = "contracts/disbursement_request.html"
    form_class = RequestForm
    title = gettext_lazy("Ask for the money of this milestone")
    submit = gettext_lazy("Compare and send")
    rule_id = "R-VENT-15"
    success_message = gettext_lazy("The request is with the buyer. The comparison is done.")

    def allowed(self) -> Any:
        return can_request_disbursement(self.actor, self.contract)

    def get_initial(self) -> dict[str, Any]:
        return RequestForm.initial_of(self.milestone)

    def perform(self, form: Any) -> Disbursement:
        return services.request_disbursement(actor=self.actor, milestone_id=self.milestone.pk, data=form.as_input())

    def get_success_url(self) -> str:
        made: Disbursement | None = getattr(self, "result", None)
        if made:
            return reverse("contracts:disbursement-detail", args=[made.pk])
        return reverse("contracts:milestone-detail", args=[self.contract.pk, self.milestone.position])


class DisbursementView(DisbursementMixin, ActorPage):
    template_name = "contracts/disbursement_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        disbursement, actor = self.disbursement, self.actor
        approvals = list(disbursement.approvals.select_related("user"))
        rows = self._rows()
        return super().get_context_data(
            steps=disbursement_steps(disbursement, approvals),
            rows=rows,
            passed=sum(row["passed"] for row in rows),
            approvals=approvals,
            parts=parts_of(disbursement),
            task=disbursement_task(
                actor,
                disbursement,
                compared=len(rows),
                doubts=sum(not row["passed"] and not row["explanation"] for row in rows),
            ),
            voucher=latest_document("disbursement_voucher", disbursement),
            may=self._may(approvals),
            note_form=NoteForm(),
            **kwargs,
        )

    def _rows(self) -> list[dict[str, Any]]:
        """Kept lines, and while the request is open what the comparison says now."""
        kept = {check.code: check for check in self.disbursement.checks.select_related("explained_by")}
        if self.disbursement.status in (DisbursementStatus.PAID, DisbursementStatus.RETURNED):
            return [self._row(check, check) for check in kept.values()]
        lines = comparison_of(self.disbursement.milestone, Asked.by(self.disbursement), but=self.disbursement.pk)
        return [self._row(line, kept.get(line.code)) for line in lines]

    def _row(self, line: Any, kept: Any) -> dict[str, Any]:
        return {
            "code": line.code,
            "label": services.check_label(line.code),
            "passed": line.passed,
            "may_explain": line.may_explain,
            "fact": line.fact,
            "explanation": kept.explanation if kept else "",
            "explained_by": kept.explained_by if kept else None,
        }

    def _may(self, approvals: list[Any]) -> dict[str, bool]:
        disbursement, actor, status = self.disbursement, self.actor, self.disbursement.status
        is_first, is_second = status == DisbursementStatus.REQUESTED, status == DisbursementStatus.FIRST_APPROVED
        is_new = actor.user_id not in {approval.user_id for approval in approvals}
        may_approve = (is_first and can_approve_first(actor, disbursement)) or (
            is_second and can_approve_second(actor, disbursement)
        )
        return {
            "explain": is_first and bool(can_explain_disbursement(actor, disbursement)),
            "approve": bool(may_approve) and is_new,
            "pay": status == DisbursementStatus.APPROVED and bool(can_record_payment(actor, disbursement)),
            "return": status not in (DisbursementStatus.PAID, DisbursementStatus.RETURNED)
            and bool(can_return_disbursement(actor, disbursement)),
        }


class DisbursementApproveView(DisbursementMixin, ActionView):
    success_message = gettext_lazy("Your approval is recorded.")

    def perform(self) -> Disbursement:
        return services.approve_disbursement(
            actor=self.actor, disbursement_id=self.disbursement.pk, note=self.request.POST.get("note", "")[:400]
        )

    def get_success_url(self) -> str:
        return reverse("contracts:disbursement-detail", args=[self.disbursement.pk])


class DisbursementAskView(DisbursementMixin, AskView):
    def get_success_url(self) -> str:
        return reverse("contracts:disbursement-detail", args=[self.disbursement.pk])


class DisbursementExplainView(DisbursementAskView):
    submit = gettext_lazy("Record the explanation")
    label = gettext_lazy("What was found out, and how")
    rule_id = "R-VENT-15"
    success_message = gettext_lazy("The explanation is recorded.")

    def prepare(self, *, pk: int, code: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk=pk, **kwargs)
        self.check = self.disbursement.checks.filter(code=code).first()

    def allowed(self) -> Any:
        return can_explain_disbursement(self.actor, self.disbursement)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.title = _("Explain a doubt: %(check)s") % {"check": services.check_label(self.kwargs["code"])}
        self.text = self.check.fact if self.check else ""
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> Any:
        return services.explain_check(
            actor=self.actor,
            disbursement_id=self.disbursement.pk,
            code=self.kwargs["code"],
            explanation=form.cleaned_data["reason"],
        )


class DisbursementReturnView(DisbursementAskView):
    title = gettext_lazy("Return the payment request")
    text = gettext_lazy("The organization reads your reason and may ask anew, with the same invoice.")
    submit = gettext_lazy("Return")
    label = gettext_lazy("What is wrong with the request")
    success_message = gettext_lazy("Returned with your reason.")

    def allowed(self) -> Any:
        return can_return_disbursement(self.actor, self.disbursement)

    def perform(self, form: Any) -> Disbursement:
        return services.return_disbursement(
            actor=self.actor, disbursement_id=self.disbursement.pk, reason=form.cleaned_data["reason"]
        )


class DisbursementPayView(DisbursementAskView):
    template_name = "contracts/disbursement_pay.html"
    form_class = PaymentForm
    title = gettext_lazy("Record the payment")
    text = gettext_lazy("After the bank has carried out the transfer. The ledger books it; it cannot be undone here.")
    submit = gettext_lazy("Record as paid")
    rule_id = "R-CON-09"
    success_message = gettext_lazy("The payment is recorded and booked.")

    def allowed(self) -> Any:
        return can_record_payment(self.actor, self.disbursement)

    def get_initial(self) -> dict[str, Any]:
        return {"paid_on": clock.today()}

    def get_form_kwargs(self) -> dict[str, Any]:
        is_late = not check_pay_due(self.disbursement.pay_due, clock.today()).allowed
        return {**super().get_form_kwargs(), "is_late": is_late}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision = check_pay_due(self.disbursement.pay_due, clock.today())
        interest = services.interest_of(self.disbursement, clock.today())
        return super().get_context_data(decision=decision, interest=interest, **kwargs)

    def perform(self, form: Any) -> Disbursement:
        return services.record_payment(
            actor=self.actor,
            disbursement_id=self.disbursement.pk,
            bank_reference=form.cleaned_data["bank_reference"],
            paid_on=form.cleaned_data["paid_on"],
            late_reason=form.cleaned_data.get("late_reason", ""),
        )
