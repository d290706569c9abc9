"""The contract: list, page, drafting, signing, publishing, filing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.accounts.roles import Role
from marketplace.core.exceptions import MarketplaceError
from marketplace.documents.generation import latest_document
from marketplace.documents.models import Signature
from marketplace.funds.selectors import outstanding_of
from marketplace.web.views import ActionView, ActorPage

from ..forms.common import ListFilter
from ..forms.contract import ContractForm, FilingForm, MilestoneFormSet, ScanForm, SignForm
from ..models import Contract, ContractStatus, Disbursement, Evaluation, Milestone, MilestoneStatus
from ..permissions import (
    can_ask_change,
    can_assign_evaluation,
    can_attach_scan,
    can_decide_change,
    can_edit_contract,
    can_file_contract,
    can_propose_payback,
    can_publish_contract,
    can_record_audit,
    can_report_milestone,
    can_sign_contract,
)
from ..presentation import contract_events, contract_steps
from ..selectors import (
    agreement_page,
    awards_to_contract,
    contract_papers,
    grants_to_contract,
    has_audit,
    milestones_with_news,
    signed_sides,
)
from ..services import agreement as agreements, contract as services
from ..tasks import contract_task
from .common import AskView, ContractMixin, PartsView, page_of


class ContractListView(ActorPage):
    template_name = "contracts/contract_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = ListFilter(self.request.GET or None, states=ContractStatus.choices)
        chosen = filters.chosen
        rows = Contract.objects.visible_to(self.actor).with_parties()
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["q"]:
            rows = rows.filter(
                Q(title__icontains=chosen["q"])
                | Q(number__icontains=chosen["q"])
                | Q(project_number__icontains=chosen["q"])
                | Q(supplier__name__icontains=chosen["q"])
            )
        is_officer = self.actor.has(Role.OFFICER)
        return super().get_context_data(
            form=filters,
            page=page_of(self.request, rows),
            waiting=awards_to_contract(self.actor.body_id) if is_officer else [],
            grants=list(grants_to_contract(self.actor.body_id)) if is_officer else [],
            **kwargs,
        )


class ContractStartView(ActionView):
    success_message = gettext_lazy("The draft is ready. Read it, complete it, then hand it over for signing.")

    def perform(self) -> Contract:
        return services.draft_contract(actor=self.actor, award_id=self.kwargs["award"])

    def get_success_url(self) -> str:
        made: Contract | None = getattr(self, "result", None)
        return reverse("contracts:contract-detail", args=[made.pk]) if made else reverse("contracts:contract-list")


class AgreementStartView(ContractStartView):
    def perform(self) -> Contract:
        return agreements.draft_agreement(actor=self.actor, grant_id=self.kwargs["grant"])


class ContractView(ContractMixin, ActorPage):
    template_name = "contracts/contract_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contract, actor = self.contract, self.actor
        document = latest_document("contract", contract) if contract.proposed_at else None
        sides = signed_sides(contract, document)
        milestones = milestones_with_news(contract)
        evaluations = list(contract.evaluations.select_related("evaluator"))
        is_signed = actor.body_id in sides
        is_draft = contract.status == ContractStatus.DRAFT
        return super().get_context_data(
            steps=contract_steps(contract, milestones),
            task=contract_task(actor, contract, is_signed=is_signed),
            milestones=milestones,
            outstanding=outstanding_of(contract),
            paid=sum(m.paid_amount for m in milestones),  # type: ignore[attr-defined]
            documents=contract_papers(contract),
            document=document,
            signatures=self._signatures(document),
            sides=sides,
            checks=services.check_contract(contract) if is_draft else [],
            completion=services.check_completion(contract) if contract.status == ContractStatus.ACTIVE else None,
            events=contract_events(contract, milestones),
            evaluations=evaluations,
            lottery=contract.is_lottery,
            shares=list(contract.shares.select_related("budget_line__fund")),
            may=self._may(is_signed)
            | {"evaluate": self._may_evaluate(milestones, evaluations)}
            | (self._may_grant(milestones) if contract.is_grant else {}),
            grant=agreement_page(contract) if contract.is_grant else None,
            **kwargs,
        )

    def _signatures(self, document: Any) -> list[Signature]:
        if document is None:
            return []
        return list(Signature.objects.filter(document=document).select_related("user", "body"))

    def _may(self, is_signed: bool) -> dict[str, bool]:
        contract, actor, status = self.contract, self.actor, self.contract.status
        concluded = contract.signed_at is not None
        may_edit, may_sign = bool(can_edit_contract(actor, contract)), bool(can_sign_contract(actor, contract))
        payments = Disbursement.objects.visible_to(actor).filter(milestone__contract=contract)
        return {
            "see_payments": payments.exists(),
            "edit": may_edit and status == ContractStatus.DRAFT,
            "sign": may_sign and status == ContractStatus.SIGNING and not is_signed,
            "take_back": (may_edit or may_sign) and status == ContractStatus.SIGNING,
            "publish": bool(can_publish_contract(actor, contract)) and status == ContractStatus.SIGNED,
            "file": bool(can_file_contract(actor, contract)) and concluded and contract.filed_at is None,
            "scan": bool(can_attach_scan(actor, contract)) and concluded,
            "report": bool(can_report_milestone(actor, contract)) and status == ContractStatus.ACTIVE,
        }

    def _may_grant(self, milestones: list[Milestone]) -> dict[str, bool]:
        contract, actor = self.contract, self.actor
        is_active = contract.status == ContractStatus.ACTIVE
        runs = is_active or contract.status == ContractStatus.ENDED
        is_over = contract.status == ContractStatus.ENDED or all(m.status == "accepted" for m in milestones)
        return {
            "ask_change": is_active and bool(can_ask_change(actor, contract)),
            "decide_change": bool(can_decide_change(actor, contract)),
            "confirm_change": contract.buyer_id == actor.body_id and actor.has(Role.APPROVER),
            "propose_payback": runs and bool(can_propose_payback(actor, contract)),
            "answer_payback": contract.supplier_id == actor.body_id and actor.has(Role.ORG_ADMIN),
            "confirm_payback": contract.buyer_id == actor.body_id and actor.has(Role.APPROVER),
            "record_receipt": contract.buyer_id == actor.body_id and actor.has(Role.FINANCE),
            "record_audit": runs and is_over and bool(can_record_audit(actor, contract)) and not has_audit(contract),
        }

    def _may_evaluate(self, milestones: list[Milestone], evaluations: list[Evaluation]) -> bool:
        """There is accepted work, and no evaluation of it is under way."""
        has_work = any(milestone.status == MilestoneStatus.ACCEPTED for milestone in milestones)
        is_under_way = any(evaluation.is_open for evaluation in evaluations)
        return has_work and not is_under_way and bool(can_assign_evaluation(self.actor, self.contract))


class ContractEditView(ContractMixin, PartsView):
    template_name = "contracts/contract_edit.html"

    def allowed(self) -> Any:
        return can_edit_contract(self.actor, self.contract)

    def _milestones(self) -> list[Milestone]:
        return list(self.contract.milestones.all())

    def parts(self, data: Any = None, files: Any = None) -> dict[str, Any]:
        rows = [{"name": m.name, "deliverable": m.deliverable, "due_on": m.due_on} for m in self._milestones()]
        return {
            "form": ContractForm(data, initial=ContractForm.initial_of(self.contract)),
            "rows": MilestoneFormSet(data, initial=rows, prefix="m"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            pairs=list(zip(kwargs["rows"].forms, self._milestones(), strict=False)), **kwargs
        )

    def perform(self, parts: dict[str, Any]) -> HttpResponse:
        form, rows = parts["form"], [row.cleaned_data for row in parts["rows"].forms]
        services.save_contract(
            actor=self.actor,
            contract_id=self.contract.pk,
            version=form.cleaned_data["version"],
            data=form.as_input(rows),
        )
        return self.done(_("Saved."), reverse("contracts:contract-detail", args=[self.contract.pk]))


class ContractActionView(ContractMixin, ActionView):
    """A button on the contract's page."""

    def get_success_url(self) -> str:
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class ContractProposeView(ContractActionView):
    success_message = gettext_lazy("The text is fixed as a PDF and with both sides for signing.")

    def perform(self) -> Contract:
        return services.propose_contract(actor=self.actor, contract_id=self.contract.pk)


class ContractPublishView(ContractActionView):
    success_message = gettext_lazy("The contract is public. Performance begins.")

    def perform(self) -> Contract:
        return services.publish_contract(actor=self.actor, contract_id=self.contract.pk)


class ContractAskView(ContractMixin, AskView):
    def get_success_url(self) -> str:
        return reverse("contracts:contract-detail", args=[self.contract.pk])


class ContractTakeBackView(ContractAskView):
    title = gettext_lazy("Take the contract back for correction")
    text = gettext_lazy("The text becomes a draft again; signatures on the present PDF count for that PDF only.")
    submit = gettext_lazy("Take back")
    label = gettext_lazy("What must be corrected")
    success_message = gettext_lazy("The contract is a draft again.")

    def allowed(self) -> Any:
        return can_edit_contract(self.actor, self.contract) or can_sign_contract(self.actor, self.contract)

    def perform(self, form: Any) -> Contract:
        return services.take_back_contract(
            actor=self.actor, contract_id=self.contract.pk, reason=form.cleaned_data["reason"]
        )


class ContractSignView(ContractAskView):
    template_name = "contracts/contract_sign.html"
    form_class = SignForm
    submit = gettext_lazy("Confirm and sign")
    success_message = gettext_lazy("Your side has signed.")

    def allowed(self) -> Any:
        return can_sign_contract(self.actor, self.contract)

    def _decisions(self) -> list[Any]:
        if not hasattr(self, "_asked"):
            self._asked = services.check_signing(self.contract, self.actor)
        return self._asked

    def get_form_kwargs(self) -> dict[str, Any]:
        needs = any(not decision.allowed and not decision.blocks for decision in self._decisions())
        return {**super().get_form_kwargs(), "needs_reason": needs and not self.contract.early_reason}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            document, not_ready = services.contract_document(self.contract), ""
        except MarketplaceError as error:
            document, not_ready = None, str(error)
        return super().get_context_data(
            document=document,
            not_ready=not_ready,
            decisions=[decision for decision in self._decisions() if not decision.allowed],
            signed=document is not None and self.actor.body_id in signed_sides(self.contract, document),
            **kwargs,
        )

    def perform(self, form: Any) -> Contract:
        return services.sign_contract(
            actor=self.actor,
            contract_id=self.contract.pk,
            code=form.cleaned_data["code"],
            reason=form.cleaned_data.get("reason", ""),
        )


class ContractScanView(ContractAskView):
    form_class = ScanForm
    title = gettext_lazy("Attach the signed scan")
    text = gettext_lazy("If both sides also signed and sealed on paper, keep the scan here.")
    submit = gettext_lazy("Attach")
    success_message = gettext_lazy("The scan is attached.")

    def allowed(self) -> Any:
        return can_attach_scan(self.actor, self.contract)

    def perform(self, form: Any) -> Any:
        return services.attach_scan(actor=self.actor, contract_id=self.contract.pk, upload=form.cleaned_data["file"])


class ContractFileView(ContractAskView):
    form_class = FilingForm
    title = gettext_lazy("Contract filed with the finance department")
    text = gettext_lazy("A copy goes to the finance department within seven working days of signing.")
    submit = gettext_lazy("Record")
    rule_id = "R-CON-03"
    success_message = gettext_lazy("The filing is recorded.")

    def allowed(self) -> Any:
        return can_file_contract(self.actor, self.contract)

    def perform(self, form: Any) -> Contract:
        return services.file_contract(
            actor=self.actor, contract_id=self.contract.pk, filing_number=form.cleaned_data["filing_number"]
        )
