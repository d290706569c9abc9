"""The registrar's mark: who waits for it, giving it, ending it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from marketplace.core.decisions import Decision
from marketplace.web.views import ActorMixin, ActorPage, ServiceFormView, or_404

from ..forms.organization import ReasonForm, VerifyForm
from ..models import Organization, Verification
from ..permissions import can_verify_organization
from ..services.verification import end_verification, verify_organization

PAGE_SIZE = 30


class Verifiers(ActorMixin):
    def allowed(self) -> Decision:
        return can_verify_organization(self.actor)


class VerificationList(Verifiers, ActorPage):
    template_name = "organizations/verification_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Organization.objects.filter(verified_at=None).select_related("body").order_by("-pk")
        page = Paginator(waiting, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class OneOrganization(Verifiers):
    def prepare(self, **kwargs: Any) -> None:
        self.organization = or_404(lambda: Organization.objects.select_related("body").get(body__code=kwargs["code"]))

    def get_success_url(self) -> str:
        return self.organization.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            organization=self.organization, cancel_url=self.organization.get_absolute_url(), **kwargs
        )


class Verify(OneOrganization, ServiceFormView):
    template_name = "organizations/verification_give.html"
    form_class = VerifyForm
    success_message = _("The organization has the mark now.")

    def perform(self, form: BaseForm) -> Verification:
        return verify_organization(
            actor=self.actor, organization_id=self.organization.pk, evidence=form.cleaned_data["evidence"]
        )


class EndVerification(OneOrganization, ServiceFormView):
    template_name = "organizations/verification_end.html"
    form_class = ReasonForm
    success_message = _("The mark has ended.")

    def perform(self, form: BaseForm) -> Verification:
        return end_verification(
            actor=self.actor, organization_id=self.organization.pk, reason=form.cleaned_data["reason"]
        )
