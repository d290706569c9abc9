"""The record of where else the notices of a tender stand."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from marketplace.core.decisions import Decision
from marketplace.web.views import ServiceFormView

from ..forms.media import MediumForm
from ..permissions.tender import can_record_medium
from ..selectors.media import notices_on_media
from ..services import media
from .tender import TenderMixin


class MediumView(TenderMixin, ServiceFormView):
    template_name = "procurement/tender_medium.html"
    form_class = MediumForm
    success_message = gettext_lazy("Recorded. The public page of the notice says so.")

    def prepare(self, pk: int, **kwargs: Any) -> None:
        super().prepare(pk)
        self.notices = notices_on_media(self.tender)
        if not self.notices:
            raise Http404

    def allowed(self) -> Decision:
        return can_record_medium(self.actor, self.tender)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "notices": [row.snapshot for row in self.notices]}

    def get_initial(self) -> dict[str, Any]:
        missing = [row.snapshot.number for row in self.notices if not row.records]
        return {"notice": self.request.GET.get("notice") or next(iter(missing), "")}

    def perform(self, form: Any) -> Any:
        appearance = media.Appearance(**form.cleaned_data)
        return media.record_medium(actor=self.actor, tender_id=self.tender.pk, appearance=appearance)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, tender=self.tender)

    def get_success_url(self) -> str:
        return reverse("procurement:tender-detail", args=[self.tender.pk]) + "#media"
