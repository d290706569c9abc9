"""A bidder explains a low price on an own page."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.web.views import ActorPage, ServiceFormView, or_404

from ..forms.review import PriceAnswerForm
from ..models import PriceQuery
from ..permissions.review import can_answer_price_query
from ..services.low_price import answer_price_query


class PriceQueryListView(ActorPage):
    template_name = "procurement/price_query_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = PriceQuery.objects.filter(bid__body_id=self.actor.body_id).select_related("bid__lot__tender__buyer")
        return super().get_context_data(**kwargs, queries=rows.order_by("-asked_at"))


class PriceQueryView(ServiceFormView):
    template_name = "procurement/price_query.html"
    form_class = PriceAnswerForm
    success_message = _("Your explanation is with the committee.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        self.query = or_404(lambda: PriceQuery.objects.select_related("bid__lot__tender__buyer", "file").get(pk=pk))
        if not can_answer_price_query(self.actor, self.query):
            raise Http404

    def perform(self, form: Any) -> Any:
        return answer_price_query(
            actor=self.actor,
            query_id=self.query.pk,
            answer=form.cleaned_data["answer"],
            upload=form.cleaned_data["file"],
        )

    def get_success_url(self) -> str:
        return reverse("procurement:price-query", args=[self.query.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.query
        is_open = query.answered_at is None and query.is_justified is None and clock.now() <= query.due_at
        return super().get_context_data(**kwargs, query=query, lot=query.bid.lot, is_open=is_open)
