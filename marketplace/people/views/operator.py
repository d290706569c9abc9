"""The operator's room: bodies, calendar, rule values, jobs. No bid, score or payment decision is shown here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from marketplace.accounts.models import Body
from marketplace.accounts.permissions import can_operate
from marketplace.accounts.services.bodies import admit_body
from marketplace.core.decisions import Decision
from marketplace.web.views import ActionView, ActorMixin, ActorPage, ServiceFormView

from .. import operations, room
from ..forms.bodies import AdmitBodyForm, BodyFilterForm

PAGE_SIZE = 30


class OperatorOnly(ActorMixin):
    def allowed(self) -> Decision:
        return can_operate(self.actor)


class OperatorHome(OperatorOnly, ActorPage):
    template_name = "people/operator_home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(doors=room.doors(self.actor), **kwargs)


class BodyList(OperatorOnly, ActorPage):
    template_name = "people/body_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = BodyFilterForm(self.request.GET)
        page = Paginator(form.narrow(), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(form=form, page=page, **kwargs)


class AdmitBody(OperatorOnly, ServiceFormView):
    template_name = "people/body_admit.html"
    form_class = AdmitBodyForm
    success_message = gettext_lazy("The body is admitted, and its first administrator is invited.")

    def perform(self, form: BaseForm) -> Body:
        data = form.cleaned_data
        return admit_body(
            actor=self.actor,
            facts=form.facts(),  # type: ignore[attr-defined]
            administrator_email=data["administrator_email"],
            reason=data["reason"],
        )

    def get_success_url(self) -> str:
        return f"{reverse('people:list')}?body={self.result.pk}"


class JobList(OperatorOnly, ActorPage):
    template_name = "people/job_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [{"source": source, "failures": list(source.failures())} for source in operations.sources()]
        return super().get_context_data(
            jobs=operations.failed_jobs(), due=operations.failed_due_work(), others=others, **kwargs
        )


class Retry(ActionView):
    """One job, all jobs, or all failures of another room's kind."""

    def allowed(self) -> Decision:
        return can_operate(self.actor)

    def perform(self) -> int:
        job_id, key = self.request.POST.get("job", ""), self.request.POST.get("source", "")
        if job_id:
            operations.retry_job(actor=self.actor, job_id=job_id)
            count = 1
        elif key:
            count = operations.retry_source(actor=self.actor, key=key)
        else:
            count = operations.retry_all_jobs(actor=self.actor)
        text = ngettext("%(count)d is queued again.", "%(count)d are queued again.", count)
        messages.success(self.request, text % {"count": count})
        return count

    def get_success_url(self) -> str:
        return reverse("people:jobs")
