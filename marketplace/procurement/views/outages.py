"""Outages and what follows from them: the officer proposes, the supervisor decides."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from marketplace.accounts.roles import Role
from marketplace.web.views import ActorPage, ServiceFormView

from ..forms.outages import DecisionForm, ProposalForm
from ..models import Extension, ExtensionStatus, Outage, Tender
from ..permissions.bids import can_decide_extension, can_propose_extension, can_see_outages
from ..permissions.tender import is_procuring_party
from ..selectors.outages import still_open, touched_for
from ..services import outages


class OutageListView(ActorPage):
    template_name = "procurement/outage_list.html"

    def allowed(self) -> Any:
        return can_see_outages(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, touched = touched_for(self.actor)
        rows = [{"outage": outage, "touched": [row for row in touched if row.outage == outage]} for outage in found]
        return super().get_context_data(
            rows=rows,
            proposes=self.actor.has(Role.OFFICER),
            decides=bool(can_decide_extension(self.actor)),
            **kwargs,
        )


class ProposeView(ServiceFormView):
    template_name = "procurement/outage_propose.html"
    form_class = ProposalForm
    success_url = reverse_lazy("procurement:outage-list")
    success_message = gettext_lazy("Recorded. A new deadline holds once the supervisor has confirmed it.")

    def prepare(self, **kwargs: Any) -> None:
        self.outage = Outage.objects.filter(pk=kwargs["pk"]).first()
        self.tender = Tender.objects.filter(pk=kwargs["tender_id"]).first()
        if self.outage is None or self.tender is None or not is_procuring_party(self.actor, self.tender):
            raise Http404

    def allowed(self) -> Any:
        return can_propose_extension(self.actor, self.tender)  # type: ignore[arg-type]

    def perform(self, form: BaseForm) -> Any:
        moves = form.cleaned_data["needs_extension"] == "yes"
        return outages.propose_extension(
            actor=self.actor,
            tender_id=self.tender.pk,  # type: ignore[union-attr]
            outage_id=self.outage.pk,  # type: ignore[union-attr]
            new_deadline=form.cleaned_data["new_deadline"] if moves else None,
            reason=form.cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            outage=self.outage,
            tender=self.tender,
            is_open=still_open(self.tender),  # type: ignore[arg-type]
            **kwargs,
        )


class DecideView(ServiceFormView):
    template_name = "procurement/outage_decide.html"
    form_class = DecisionForm
    success_url = reverse_lazy("procurement:outage-list")
    success_message = gettext_lazy("Decided.")

    def prepare(self, **kwargs: Any) -> None:
        self.extension = (
            Extension.objects.select_related("tender__buyer", "outage", "proposed_by").filter(pk=kwargs["pk"]).first()
        )
        if self.extension is None:
            raise Http404

    def allowed(self) -> Any:
        return can_decide_extension(self.actor)

    def perform(self, form: BaseForm) -> Any:
        return outages.decide_extension(
            actor=self.actor,
            extension_id=self.kwargs["pk"],
            confirms=form.cleaned_data["decision"] == "confirm",
            reason=form.cleaned_data["reason"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waits = self.extension.status == ExtensionStatus.PROPOSED  # type: ignore[union-attr]
        return super().get_context_data(extension=self.extension, waits=waits, **kwargs)
