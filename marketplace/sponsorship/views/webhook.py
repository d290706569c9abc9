"""Where Stripe delivers, and the operator's page of what came."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from marketplace.core.decisions import Decision
from marketplace.core.exceptions import MarketplaceError
from marketplace.web.views import ActionView, ActorPage, ServiceFormView, or_404

from ..forms import NoteForm
from ..gateways import stripe_gateway
from ..models import EventState, StripeComparison, WebhookEvent
from ..permissions import can_operate_webhooks
from ..services.webhooks import DeliveryRefused, replay, settle_event, take_delivery, work_off

LARGEST = 512 * 1024
PAGE_SIZE = 50


@method_decorator(csrf_exempt, name="dispatch")
class StripeWebhookView(View):
    """Verified by its signature, not by a session. 200 as soon as the event is stored: from there it is ours to do."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return HttpResponse(status=413)
        try:
            event = take_delivery(payload=request.body, signature=request.headers.get("Stripe-Signature", ""))
        except DeliveryRefused:
            return HttpResponse(status=400)
        try:
            work_off(event_pk=event.pk)
        except MarketplaceError:
            return HttpResponse("stored", content_type="text/plain")  # kept on the event, tried again by the schedule
        return HttpResponse("ok", content_type="text/plain")


class EventListView(ActorPage):
    template_name = "sponsorship/event_list.html"

    def allowed(self) -> Decision:
        return can_operate_webhooks(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = WebhookEvent.objects.defer("payload")
        state = self.request.GET.get("state", "")
        if state in EventState.values:
            rows = rows.filter(state=state)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            page=page,
            rows=page.object_list,
            count=page.paginator.count,
            states=EventState.choices,
            state=state,
            comparison=StripeComparison.objects.first(),
            is_ready=stripe_gateway.is_ready(),
            again=(EventState.NEW, EventState.FAILED, EventState.WAITING),
            settle=(EventState.REFUSED, EventState.HELD),
        )


class EventReplayView(ActionView):
    success_message = gettext_lazy("Worked off again.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.event_pk = or_404(lambda: WebhookEvent.objects.only("pk").get(pk=pk)).pk

    def allowed(self) -> Decision:
        return can_operate_webhooks(self.actor)

    def perform(self) -> WebhookEvent:
        return replay(actor=self.actor, event_pk=self.event_pk)

    def get_success_url(self) -> str:
        return reverse("sponsorship:event-list")


class EventSettleView(ServiceFormView):
    template_name = "sponsorship/ask.html"
    form_class = NoteForm
    success_message = gettext_lazy("Noted.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.event = or_404(lambda: WebhookEvent.objects.defer("payload").get(pk=pk))

    def allowed(self) -> Decision:
        return can_operate_webhooks(self.actor)

    def perform(self, form: Any) -> WebhookEvent:
        return settle_event(actor=self.actor, event_pk=self.event.pk, note=form.cleaned_data["note"])

    def get_success_url(self) -> str:
        return reverse("sponsorship:event-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, title=gettext_lazy("Settle a delivery"), text=self.event.note, cancel_url=self.get_success_url()
        )
