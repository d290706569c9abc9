"""What the pages of the room share: look-ups that answer 404, forms made of several parts, lists with filters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, StaleVersion
from marketplace.web.views import ActorPage, ServiceFormView, add_error, or_404, refusal_text

from ..forms.common import ReasonForm
from ..models import Contract, Disbursement, Evaluation, Milestone

PAGE_LENGTH = 25


class ContractMixin:
    """Finds the contract among those the actor may see."""

    contract: Contract

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        contracts = Contract.objects.visible_to(self.actor).with_parties()  # type: ignore[attr-defined]
        self.contract = or_404(lambda: contracts.get(pk=pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(contract=self.contract, **kwargs)  # type: ignore[misc]


class MilestoneMixin(ContractMixin):
    milestone: Milestone

    def prepare(self, *, pk: int, number: int, **_kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(pk=pk)
        self.milestone = or_404(lambda: self.contract.milestones.get(position=number))
        self.milestone.contract = self.contract

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(milestone=self.milestone, **kwargs)


class DisbursementMixin:
    disbursement: Disbursement

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        found = Disbursement.objects.visible_to(self.actor).select_related(  # type: ignore[attr-defined]
            "milestone__contract__award__lot__tender",
            "milestone__contract__buyer",
            "milestone__contract__supplier__organization",
            "invoice",
            "requested_by",
            "paid_by",
            "returned_by",
        )
        self.disbursement = or_404(lambda: found.get(pk=pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contract = self.disbursement.milestone.contract
        return super().get_context_data(  # type: ignore[misc]
            disbursement=self.disbursement, milestone=self.disbursement.milestone, contract=contract, **kwargs
        )


class EvaluationMixin:
    evaluation: Evaluation

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        found = Evaluation.objects.visible_to(self.actor).select_related(  # type: ignore[attr-defined]
            "contract__buyer", "contract__supplier", "evaluator", "snapshot"
        )
        self.evaluation = or_404(lambda: found.get(pk=pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            evaluation=self.evaluation, contract=self.evaluation.contract, **kwargs
        )


class AskView(ServiceFormView):
    """A page that asks one thing before something final: title, what happens, the form."""

    template_name = "contracts/ask.html"
    form_class: Any = ReasonForm
    title: Any = ""
    text: Any = ""
    submit: Any = ""
    rule_id = ""
    label: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.form_class is ReasonForm and self.label:
            kwargs["label"] = self.label
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title,
            text=self.text,
            submit=self.submit,
            rule_id=self.rule_id,
            cancel_url=self.get_success_url(),
            **kwargs,
        )


class PartsView(ActorPage):
    """A page whose form has parts (a form and tables of rows): all checked together, one service called."""

    def parts(self, data: Any = None, files: Any = None) -> dict[str, Any]:
        """Override: the named parts, bound when data are given."""
        raise NotImplementedError

    def perform(self, parts: dict[str, Any]) -> HttpResponse:
        """Override: call the service and answer where to go."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.parts(), **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parts = self.parts(request.POST, request.FILES)
        valid = [part.is_valid() for part in parts.values()]  # each one, so that all errors show
        if not all(valid):
            return self.again(parts)
        try:
            return self.perform(parts)
        except StaleVersion as error:
            return self.stale(parts, error)
        except (NotAllowed, NotFound):
            raise
        except MarketplaceError as error:
            add_error(parts["form"], error)
            return self.again(parts)

    def again(self, parts: dict[str, Any], status: int = 422, **context: Any) -> HttpResponse:
        """The page as it was filled."""
        return render(self.request, self.template_name, self.get_context_data(**parts, **context), status=status)  # type: ignore[arg-type]

    def stale(self, parts: dict[str, Any], error: StaleVersion) -> HttpResponse:
        """Both texts: what is stored stands above, what was typed stays in the form and can be saved over it."""
        form: BaseForm = parts["form"]
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[form.add_prefix("version")] = str(error.current.version)  # type: ignore[attr-defined, index]
        messages.warning(
            self.request,
            _("Somebody else saved meanwhile. Their text stands above yours; saving again keeps yours."),
        )
        return self.again(parts, 409, stored=error.current)

    def done(self, text: str, url: str) -> HttpResponse:
        messages.success(self.request, text)
        return HttpResponseRedirect(url)


def page_of(request: HttpRequest, rows: Any) -> Page:
    return Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))


def say_refusal(request: HttpRequest, error: MarketplaceError) -> None:
    messages.error(request, refusal_text(error))
