"""The money's pages: public (fund, purpose, project, picture, download) and the finance officer's budget."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from marketplace.web.tables import csv_response
from marketplace.web.views import ActorPage, ServiceFormView

from .forms import ChangeForm, FundForm, LineForm, YearForm
from .models import BudgetLine, Fund
from .permissions import can_keep_budget, can_keep_fund
from .picture import fund_picture, overview_picture
from .selectors import FundFlow, fund_flow, fund_flows
from .services import budget
from .services.check import latest_check

COLUMNS = (
    "fund", "year", "source", "line", "purpose", "project", "title", "organization", "committed", "released", "paid",
)  # fmt: skip


class FundListView(TemplateView):
    template_name = "funds/fund_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        funds = list(Fund.objects.select_related("body"))
        form = YearForm(self.request.GET or None, years=sorted({fund.year for fund in funds}, reverse=True))
        chosen = form.chosen
        wanted = [
            fund for fund in funds if chosen["year"] in ("", str(fund.year)) and chosen["kind"] in ("", fund.kind)
        ]
        flows = [flow for flow in fund_flows(wanted) if flow.purposes]
        return super().get_context_data(
            form=form,
            flows=flows,
            picture=overview_picture(flows) if flows else "",
            lottery=any(flow.fund.is_lottery for flow in flows),
            check=latest_check(),
            **kwargs,
        )


def public_fund(pk: int) -> Fund:
    fund = Fund.objects.select_related("body").filter(pk=pk).first()
    if fund is None:
        raise Http404
    return fund


class FundView(TemplateView):
    template_name = "funds/fund_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fund = public_fund(self.kwargs["pk"])
        flow = fund_flow(fund)
        return super().get_context_data(
            fund=fund,
            flow=flow,
            picture=fund_picture(flow) if flow.purposes else "",
            lottery=fund.is_lottery,
            check=latest_check(),
            **kwargs,
        )


class FundDownloadView(View):
    """The rows of one fund, or of all, as CSV or JSON: amounts as text with two places."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, form: str, pk: int | None = None) -> HttpResponseBase:
        funds = [public_fund(pk)] if pk is not None else list(Fund.objects.select_related("body"))
        rows = [row for flow in fund_flows(funds) for row in rows_of(flow)]
        if form == "json":
            return JsonResponse([dict(zip(COLUMNS, row, strict=True)) for row in rows], safe=False)
        return csv_response(f"funds-{pk or 'all'}.csv", COLUMNS, rows)


def rows_of(flow: FundFlow) -> list[tuple[str, ...]]:
    fund = flow.fund
    return [
        (
            fund.name,
            str(fund.year),
            fund.kind,
            line.line.code,
            purpose.purpose,
            project.number,
            project.title,
            project.counterparty,
            f"{project.committed:.2f}",
            f"{project.released:.2f}",
            f"{project.paid:.2f}",
        )
        for purpose in flow.purposes
        for line in purpose.lines
        for project in line.projects
    ]


class BudgetView(ActorPage):
    """Funds of the own body with their lines."""

    template_name = "funds/budget.html"

    def allowed(self) -> Any:
        return can_keep_budget(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        funds = Fund.objects.filter(body_id=self.actor.body_id).select_related("body")
        return super().get_context_data(flows=fund_flows(funds), check=latest_check(), **kwargs)


class BudgetFormView(ServiceFormView):
    template_name = "funds/budget_form.html"
    title: Any = ""
    submit: Any = ""

    def allowed(self) -> Any:
        return can_keep_budget(self.actor)

    def get_success_url(self) -> str:
        return reverse("funds:budget")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title, submit=self.submit, cancel_url=self.get_success_url(), **kwargs
        )


class FundOpenView(BudgetFormView):
    form_class = FundForm
    title = _("Open a fund")
    submit = _("Open the fund")
    success_message = _("The fund is open. Add its approved lines.")

    def perform(self, form: Any) -> Fund:
        return budget.open_fund(actor=self.actor, **form.cleaned_data)


class LineAddView(BudgetFormView):
    form_class = LineForm
    title = _("Add an approved budget line")
    submit = _("Add the line")
    success_message = _("The line is added; items of the year's list can use it.")

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        fund = Fund.objects.filter(pk=pk, body_id=self.actor.body_id).first()
        if fund is None:
            raise Http404
        self.fund = fund

    def allowed(self) -> Any:
        return can_keep_fund(self.actor, self.fund)

    def perform(self, form: Any) -> BudgetLine:
        return budget.add_line(actor=self.actor, fund_id=self.fund.pk, data=form.as_input())


class LineChangeView(BudgetFormView):
    form_class = ChangeForm
    title = _("Change the amount of a line")
    submit = _("Record the change")
    success_message = _("The new amount is recorded.")

    def prepare(self, *, pk: int, **_kwargs: Any) -> None:
        line = BudgetLine.objects.filter(pk=pk, fund__body_id=self.actor.body_id).select_related("fund").first()
        if line is None:
            raise Http404
        self.line = line

    def allowed(self) -> Any:
        return can_keep_fund(self.actor, self.line.fund)

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.line.amount}

    def perform(self, form: Any) -> BudgetLine:
        return budget.change_line(
            actor=self.actor,
            line_id=self.line.pk,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
        )
