"""A milestone: its report as drafted, handed in, accepted or returned."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.web.views import ActorPage

from ..forms.report import (
    AcceptanceForm,
    FigureFormSet,
    PhotoForm,
    ReportForm,
    SpendingFormSet,
    filled,
)
from ..models import DisbursementStatus, PerformanceReport, ReportStatus
from ..notices import plain
from ..permissions import can_accept_milestone, can_confirm_failure, can_look_into_stage, can_report_milestone
from ..rules.report import attainment
from ..services import report as services
from ..tasks import milestone_task
from .common import AskView, MilestoneMixin, PartsView, say_refusal


class MilestoneView(MilestoneMixin, ActorPage):
    template_name = "contracts/milestone_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = list(
            self.milestone.reports.exclude(status=ReportStatus.DRAFT)
            .select_related("submitted_by", "decided_by", "snapshot")
            .prefetch_related("figures", "spending__line", "photos__document__file")
        )
        requests = list(self.milestone.disbursements.visible_to(self.actor))
        return super().get_context_data(
            report=reports[0] if reports else None,
            earlier=reports[1:],
            figures=[(row, attainment(row.planned, row.actual)) for row in reports[0].figures.all()] if reports else [],
            photos=[photo for photo in reports[0].photos.all() if photo.removed_at is None] if reports else [],
            requests=requests,
            task=milestone_task(self.actor, self.milestone, is_asked_for=not self._is_free(requests)),
            looks=list(self.milestone.looks.all()) if self.milestone.stage else [],
            may_look=bool(can_look_into_stage(self.actor, self.contract)) and self.milestone.status == "reported",
            may_decide_failure=bool(can_confirm_failure(self.actor, self.milestone)),
            may_accept=bool(can_accept_milestone(self.actor, self.contract)) and self.milestone.status == "reported",
            may_request=self._may_request(requests),
            lottery=self.contract.is_lottery,
            **kwargs,
        )

    def _may_request(self, requests: list[Any]) -> bool:
        may = can_report_milestone(self.actor, self.contract)
        return (
            bool(may) and self.milestone.status == "accepted" and self.milestone.amount > 0 and self._is_free(requests)
        )

    def _is_free(self, requests: list[Any]) -> bool:
        """Nothing asked for, or all of it sent back."""
        return all(request.status == DisbursementStatus.RETURNED for request in requests)


class ReportView(MilestoneMixin, PartsView):
    """Typed on a phone: saved at any time, photos one by one, handed in when the check list is empty."""

    template_name = "contracts/report_edit.html"

    def allowed(self) -> Any:
        return can_report_milestone(self.actor, self.contract)

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        found = self.milestone.reports.filter(status=ReportStatus.DRAFT).first()
        self.report: PerformanceReport | None = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.report is None:
            return self._start()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.report is None:
            return self._start()
        return super().post(request, *args, **kwargs)

    def _start(self) -> HttpResponse:
        try:
            self.report = services.start_report(actor=self.actor, milestone_id=self.milestone.pk)
        except MarketplaceError as error:
            say_refusal(self.request, error)
            return HttpResponseRedirect(self._milestone_url())
        return HttpResponseRedirect(self._url())

    def _url(self) -> str:
        return reverse("contracts:milestone-report", args=[self.contract.pk, self.milestone.position])

    def _milestone_url(self) -> str:
        return reverse("contracts:milestone-detail", args=[self.contract.pk, self.milestone.position])

    def _draft(self) -> PerformanceReport:
        if self.report is None:
            raise Http404
        return self.report

    def parts(self, data: Any = None, files: Any = None) -> dict[str, Any]:
        report = self._draft()
        figures = [
            {"name": row.name, "unit": row.unit, "planned": plain(row.planned), "actual": plain(row.actual)}
            for row in report.figures.all()
        ]
        spending = list(report.spending.values("name", "amount", "line_id"))
        lines = [(line.pk, line.name) for line in self.contract.budget.all()]
        return {
            "form": ReportForm(data, initial=ReportForm.initial_of(report)),
            "figures": FigureFormSet(data, initial=figures, prefix="f"),
            "spending": SpendingFormSet(data, initial=spending, prefix="s", form_kwargs={"lines": lines}),
            "photo": PhotoForm(data, files, prefix="p"),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self._draft()
        returned = self.milestone.reports.filter(status=ReportStatus.RETURNED).first()
        return super().get_context_data(
            report=report,
            photos=list(report.photos.filter(removed_at=None).select_related("document__file")),
            checks=services.check_report(report),
            returned=returned,
            lottery=self.contract.is_lottery,
            **kwargs,
        )

    def perform(self, parts: dict[str, Any]) -> HttpResponse:
        form, draft = parts["form"], self._draft()
        self.report = services.save_report(
            actor=self.actor,
            report_id=draft.pk,
            version=form.cleaned_data["version"],
            data=form.as_input(filled(parts["figures"]), filled(parts["spending"])),
        )
        action = self.request.POST.get("action", "save")
        if action == "autosave":
            return JsonResponse({"version": self.report.version, "text": _("Saved.")})
        if action.startswith("remove-"):
            services.remove_photo(actor=self.actor, report_id=draft.pk, photo_id=int(action.removeprefix("remove-")))
            return self.done(_("The photo is taken out."), self._url())
        self._take_photo(parts["photo"])
        if action == "submit":
            return self._submit(parts)
        return self.done(_("Saved. You can go on later, on any device."), self._url())

    def _take_photo(self, form: PhotoForm) -> None:
        data = form.cleaned_data
        for upload in data["photo"]:
            services.add_photo(
                actor=self.actor,
                report_id=self._draft().pk,
                upload=upload,
                caption=data["caption"],
                shows_sign=data["shows_sign"],
            )

    def _submit(self, parts: dict[str, Any]) -> HttpResponse:
        services.submit_report(actor=self.actor, report_id=self._draft().pk)
        return self.done(_("The report is with the buyer."), self._milestone_url())

    def again(self, parts: dict[str, Any], status: int = 422, **context: Any) -> HttpResponse:
        if self.request.POST.get("action") == "autosave":
            return JsonResponse({"text": _("Not saved: look at the marked fields.")}, status=status)
        self._show_saved_version(parts)
        return super().again(parts, status, **context)

    def _show_saved_version(self, parts: dict[str, Any]) -> None:
        """A refusal after the save (photo, handing in): the form goes on from what was saved."""
        form = parts["form"]
        if form.is_bound:
            form.data = form.data.copy()
            if form.data.get("version", "").isdigit() and int(form.data["version"]) < self._draft().version:
                form.data["version"] = str(self._draft().version)

    def stale(self, parts: dict[str, Any], error: StaleVersion) -> HttpResponse:
        if self.request.POST.get("action") == "autosave":
            return JsonResponse({"text": _("Saved elsewhere meanwhile: save by hand to see both.")}, status=409)
        return super().stale(parts, error)


class DecisionView(MilestoneMixin, AskView):
    """Accept or return what was handed in."""

    def allowed(self) -> Any:
        return can_accept_milestone(self.actor, self.contract)

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        handed_in = self.milestone.reports.exclude(status=ReportStatus.DRAFT).first()
        if handed_in is None:
            raise Http404
        self.report = handed_in

    def get_success_url(self) -> str:
        return reverse("contracts:milestone-detail", args=[self.contract.pk, self.milestone.position])


class MilestoneAcceptView(DecisionView):
    form_class = AcceptanceForm
    title = gettext_lazy("Accept the milestone")
    text = gettext_lazy(
        "The acceptance notice is published with the figures of the report; then the money may be asked for."
    )
    submit = gettext_lazy("Accept and publish")
    rule_id = "R-CON-14"
    success_message = gettext_lazy("Accepted. The acceptance notice is public.")

    def get_initial(self) -> dict[str, Any]:
        return {"accepted_on": clock.today()}

    def perform(self, form: Any) -> PerformanceReport:
        return services.accept_report(actor=self.actor, report_id=self.report.pk, data=form.as_input())


class MilestoneReturnView(DecisionView):
    title = gettext_lazy("Return the report")
    text = gettext_lazy("The organization gets a copy to go on from; the returned report stays as it is.")
    submit = gettext_lazy("Return")
    label = gettext_lazy("What must be added or corrected")
    success_message = gettext_lazy("Returned with your reason.")

    def perform(self, form: Any) -> PerformanceReport:
        return services.return_report(actor=self.actor, report_id=self.report.pk, reason=form.cleaned_data["reason"])
