"""After the closing: the list of a call's applications, one application, two versions side by side, the decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import View

from marketplace.core.decisions import Decision
from marketplace.core.exceptions import NotFound
from marketplace.web.tables import csv_response
from marketplace.web.views import ActorMixin, ActorPage, ServiceFormView, or_404

from ..forms.application import ApplicationFilter, CompareForm, PreReviewForm
from ..models import Application, ApplicationStatus, Call
from ..permissions.application import can_prereview, can_view_applications
from ..selectors.application import with_answers
from ..selectors.likeness import likenesses_of
from ..selectors.prereview import applications_of, counts_of, decisions_of, findings_of, row_of
from ..selectors.versions import differences, passages_of
from ..services import prereview

PAGE_SIZE = 50
COLUMNS = (
    "项目名称", "申报单位", "统一社会信用代码", "主题", "实施地点", "开始", "结束", "申请资助（元）", "自筹（元）",
    "总预算（元）", "状态", "版本", "回执号", "收到时间", "最高相似度（%）",
)  # fmt: skip


class CallApplicationsMixin:
    """A call whose applications the actor may see; before the closing nobody."""

    call: Call

    def prepare(self, pk: int, **kwargs: Any) -> None:
        rows = Call.objects.visible_to(self.actor).select_related("lead").prefetch_related("funders", "themes")  # type: ignore[attr-defined]
        self.call = or_404(lambda: rows.get(pk=pk))

    def allowed(self) -> Decision:
        return can_view_applications(self.actor, self.call)  # type: ignore[attr-defined]

    def filter_form(self, request: HttpRequest) -> ApplicationFilter:
        form = ApplicationFilter(request.GET or None, themes=list(self.call.themes.all()))
        form.is_valid()
        return form


class ApplicationListView(CallApplicationsMixin, ActorPage):
    template_name = "ventures/call_applications.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.filter_form(self.request)
        found = applications_of(self.call, getattr(form, "cleaned_data", {}))
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        counts = counts_of(self.call)
        labels = [(ApplicationStatus(status).label, n) for status, n in counts.items()]
        return super().get_context_data(
            **kwargs,
            call=self.call,
            form=form,
            page=page,
            count=page.paginator.count,
            rows=[row_of(application) for application in page.object_list],
            counts=labels,
        )


class ApplicationCsvView(CallApplicationsMixin, ActorMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = applications_of(self.call, getattr(self.filter_form(request), "cleaned_data", {}))
        return csv_response(f"{self.call.number}.csv", COLUMNS, _lines(found))  # type: ignore[return-value]


def _lines(applications: Any) -> Iterator[list[Any]]:
    for application in applications.iterator(chunk_size=500):
        row = row_of(application)
        content, version = row["version"].content, row["version"]
        basics, budget = content["basics"], content["budget"]
        yield [
            basics["title"],
            content["applicant"]["name"],
            content["applicant"]["code"],
            basics["theme"]["title"] if basics["theme"] else "",
            basics["place"],
            basics["starts_on"],
            basics["ends_on"],
            budget["granted"],
            budget["own"],
            budget["total"],
            application.get_status_display(),
            version.number,
            version.receipt_number,
            version.received_at.isoformat(),
            row["likest"] or "",
        ]


class ReadMixin:
    """An application that was handed in, for those who read it after the closing."""

    application: Application

    def prepare(self, pk: Any, **kwargs: Any) -> None:
        visible = Application.objects.visible_to(self.actor).exclude(call__closed_at=None).handed_in()  # type: ignore[attr-defined]
        self.application = or_404(lambda: with_answers(visible).get(pk=pk))
        if not can_view_applications(self.actor, self.application.call):  # type: ignore[attr-defined]
            raise NotFound("")  # the applicant has pages of its own

    def common(self) -> dict[str, Any]:
        versions = list(self.application.versions.select_related("submitted_by"))
        return {
            "application": self.application,
            "call": self.application.call,
            "versions": versions,
            "version": versions[-1],
        }


class ApplicationReviewView(ReadMixin, ServiceFormView):
    """The application as handed in last, what was found, and the officer's decision."""

    template_name = "ventures/application_review.html"
    form_class = PreReviewForm
    success_message = gettext_lazy("Decided; the applicant is told.")

    def get_initial(self) -> dict[str, Any]:
        return {"version_id": self.common()["version"].pk}

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        opinion = prereview.Opinion(data["result"], data["reason"], form.points(), form.notes())
        return prereview.decide_prereview(
            actor=self.actor,
            application_id=self.application.pk,
            version_id=data["version_id"],
            opinion=opinion,
        )

    def get_success_url(self) -> str:
        return reverse("ventures:call-applications", args=[self.application.call_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        common = self.common()
        may_decide = can_prereview(self.actor, self.application)
        return super().get_context_data(
            **kwargs,
            **common,
            passages=passages_of(common["version"].content),
            files=common["version"].content["files"],
            findings=findings_of(self.application, common["version"]),
            likenesses=likenesses_of(self.application),
            earlier=decisions_of(self.application),
            may_decide=may_decide,
            is_waiting=self.application.status == ApplicationStatus.SUBMITTED,
            compare=CompareForm(versions=common["versions"], initial={"a": 1, "b": common["version"].number}),
        )


class CompareView(ReadMixin, ActorPage):
    """What two versions say differently."""

    template_name = "ventures/application_compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        common = self.common()
        versions = {str(row.number): row for row in common["versions"]}
        last = str(len(versions))
        picked = {"a": self.request.GET.get("a", "1"), "b": self.request.GET.get("b", last)}
        form = CompareForm(picked, versions=common["versions"])
        before, after = (versions.get(picked[name]) for name in ("a", "b"))
        found = differences(before.content, after.content) if form.is_valid() and before and after else []
        return super().get_context_data(**kwargs, **common, form=form, differences=found, before=before, after=after)
