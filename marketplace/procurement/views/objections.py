"""Objections: list, letter, what the officer decides; and suspensions by the supervising department."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.workcalendar import calendar
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms.objections import ObjectionAnswerForm, ObjectionFilterForm, ObjectionForm
from ..models import ObjectionKind, ObjectionStatus, ProcedureStep, Suspension
from ..permissions.review import can_handle_objection, can_object, can_suspend
from ..rules.objection import may_object, window
from ..selectors.objections import lots_to_object, objections_for, starts_for, took_part
from ..selectors.review import lots_for, values_of
from ..services.objections import (
    accept_objection,
    answer_objection,
    lift_hold,
    refuse_objection,
    submit_objection,
    withdraw_objection,
)
from ..services.suspensions import lift_suspension, suspend_tender
from .awards import ReasonPage

PAGE_SIZE = 30


class ObjectionListView(ActorPage):
    template_name = "procurement/objection_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ObjectionFilterForm(self.request.GET or None)
        rows = objections_for(self.actor)
        if form.is_valid():
            rows = rows.filter(**{name: value for name, value in form.cleaned_data.items() if value})
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            filter_form=form,
            page=page,
            count=page.paginator.count,
            may_object=bool(can_object(self.actor)),
        )


class ObjectionLotsView(ActorPage):
    """Which purchase is it about? Only those the supplier took part in."""

    template_name = "procurement/objection_lots.html"

    def allowed(self) -> Decision:
        return can_object(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, lots=lots_to_object(self.actor)[:50])


class ObjectionCreateView(ServiceFormView):
    template_name = "procurement/objection_form.html"
    form_class = ObjectionForm
    success_message = _("Your objection has been handed in.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.lot = or_404(lambda: lots_to_object(self.actor).get(pk=pk))

    def allowed(self) -> Decision:
        return can_object(self.actor)

    def get_initial(self) -> dict[str, Any]:
        """The supplier's own address and contact, as they stand in its entry."""
        own = Body.objects.get(pk=self.actor.body_id)
        return {"address": own.address, "contact_name": own.contact_name, "contact_phone": own.contact_phone}

    def perform(self, form: Any) -> Any:
        return submit_objection(
            actor=self.actor, lot_id=self.lot.pk, letter=form.letter(), upload=form.cleaned_data["file"]
        )

    def get_success_url(self) -> str:
        return reverse("procurement:objection-detail", args=[self.result.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, lot=self.lot, tender=self.lot.tender, windows=self.windows())

    def windows(self) -> list[dict[str, Any]]:
        """Which kinds are open to this supplier today, and until when."""
        lot, body = self.lot, self.actor.body_id
        taken, has_bid = took_part(lot, body)
        days = values_of(lot.tender).objection_days
        steps = [(step.value, str(step.label)) for step in ProcedureStep]
        rows = []
        for kind in ObjectionKind:
            for step, step_label in steps if kind == ObjectionKind.PROCEDURE else [("", "")]:
                who = may_object(kind, took_documents=taken, has_bid=has_bid)
                when = window(kind, starts_for(lot, body, step), days, calendar(), clock.now())
                rows.append({"label": kind.label, "step": step_label, "decision": who if not who else when})
        return rows


class ObjectionMixin:
    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.objection = or_404(
            lambda: objections_for(self.actor).select_related("file", "answered_by").get(pk=pk)  # type: ignore[attr-defined]
        )

    def get_success_url(self) -> str:
        return reverse("procurement:objection-detail", args=[self.objection.pk])


class ObjectionDetailView(ObjectionMixin, ActorPage):
    template_name = "procurement/objection_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        objection = self.objection
        handles = bool(can_handle_objection(self.actor, objection))
        is_own = self.actor.body_id == objection.body_id
        waiting = objection.status in (ObjectionStatus.SUBMITTED, ObjectionStatus.ACCEPTED)
        return super().get_context_data(
            **kwargs,
            objection=objection,
            lot=objection.lot,
            may_decide=handles and objection.status == ObjectionStatus.SUBMITTED,
            may_answer=handles and objection.status == ObjectionStatus.ACCEPTED,
            may_withdraw=is_own and waiting and bool(can_object(self.actor)),
            is_waiting=waiting,
            answer_form=ObjectionAnswerForm(),
        )


class HandleMixin(ObjectionMixin):
    def allowed(self) -> Decision:
        return can_handle_objection(self.actor, self.objection)  # type: ignore[attr-defined]


class ObjectionAcceptView(HandleMixin, ActionView):
    success_message = _("Accepted. It is to be answered in writing.")

    def perform(self) -> Any:
        return accept_objection(actor=self.actor, objection_id=self.objection.pk)


class ObjectionRefuseView(HandleMixin, ReasonPage):
    heading = _("Do not accept the objection")
    lede = _("The supplier gets the reason, and may write again within the window.")
    success_message = _("The supplier has been told.")

    def perform(self, form: Any) -> Any:
        return refuse_objection(actor=self.actor, objection_id=self.objection.pk, reason=form.cleaned_data["reason"])


class HoldLiftView(HandleMixin, ReasonPage):
    heading = _("Lift the hold")
    lede = _("The contract may be signed before the objection is answered. The reason is recorded and can be read.")
    danger = _("If the objection holds in the end, a signed contract may have to be undone.")
    success_message = _("The hold is lifted.")

    def perform(self, form: Any) -> Any:
        return lift_hold(actor=self.actor, objection_id=self.objection.pk, reason=form.cleaned_data["reason"])


class ObjectionAnswerView(HandleMixin, ServiceFormView):
    template_name = "procurement/objection_answer.html"
    form_class = ObjectionAnswerForm
    success_message = _("Answered. The objector and the other suppliers concerned have the answer.")

    def perform(self, form: Any) -> Any:
        return answer_objection(actor=self.actor, objection_id=self.objection.pk, answer=form.answer())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, objection=self.objection, lot=self.objection.lot)


class ObjectionWithdrawView(ObjectionMixin, ActionView):
    success_message = _("Withdrawn.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        if self.actor.body_id != self.objection.body_id:
            raise Http404

    def perform(self) -> Any:
        return withdraw_objection(actor=self.actor, objection_id=self.objection.pk)


class SuspendView(ReasonPage):
    """The supervising department stops a purchase, from the page of one of its lots."""

    heading = _("Suspend this purchase")
    lede = _("No step of the purchase is possible until you lift the stop. Bids stay sealed; deadlines still pass.")
    success_message = _("Suspended. The buyer has been told.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.lot = or_404(lambda: lots_for(self.actor).get(pk=pk))

    def allowed(self) -> Decision:
        return can_suspend(self.actor)

    def perform(self, form: Any) -> Any:
        return suspend_tender(actor=self.actor, tender_id=self.lot.tender_id, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return reverse("procurement:lot-detail", args=[self.lot.pk])


class SuspensionLiftView(ReasonPage):
    heading = _("Lift the suspension")
    lede = _("The purchase goes on where it stood.")
    success_message = _("The suspension is lifted.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.stop = or_404(lambda: Suspension.objects.select_related("tender").get(pk=pk))

    def allowed(self) -> Decision:
        return can_suspend(self.actor)

    def perform(self, form: Any) -> Any:
        return lift_suspension(actor=self.actor, suspension_id=self.stop.pk, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        lot = self.stop.tender.lots.order_by("position").first()
        return reverse("procurement:lot-detail", args=[lot.pk]) if lot else reverse("procurement:lot-list")
