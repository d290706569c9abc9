"""Projects: the list with its downloads, and the page of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from marketplace.web.templatetags.web import region

from ..downloads import as_csv, as_json
from ..project_filter import Chosen, ProjectFilter
from ..projects import tender_url
from ..selectors import grants, project, projects
from ..selectors.projects import ProjectRow

PAGE_SIZE = 30
LICENCE = "CC BY 4.0"


class CountedPaginator(Paginator):
    """Knows the count already: the totals above the list are one question, not two."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def filter_of(request: HttpRequest) -> ProjectFilter:
    years, regions = projects.choices()
    return ProjectFilter(request.GET or None, years=years, regions=regions)


class ProjectList(TemplateView):
    template_name = "transparency/project_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = filter_of(self.request)
        chosen = form.chosen()
        totals = projects.totals(chosen)
        page = CountedPaginator(projects.found(chosen), PAGE_SIZE, totals.count).get_page(self.request.GET.get("page"))
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            form=form,
            totals=totals,
            page_obj=page,
            rows=list(projects.rows(page.object_list)),
            keep=f"?{query.urlencode()}" if query else "",
            **kwargs,
        )


def chosen_rows(request: HttpRequest) -> Iterator[ProjectRow]:
    """Exactly the filtered rows, in their order, read as they are sent."""
    chosen: Chosen = filter_of(request).chosen()
    return projects.rows(projects.found(chosen).iterator(chunk_size=1000))


FIELDS = (
    ("number", "项目编号"), ("title", "项目名称"), ("year", "年份"), ("region", "地区代码"), ("region_name", "地区"),
    ("buyer", "采购人"), ("organization", "承接方"), ("organization_code", "统一社会信用代码"),
    ("amount", "金额（元）"), ("fund", "资金"), ("purpose", "用途"), ("grade", "评估等级"), ("origin", "来源"),
)  # fmt: skip


def record(row: ProjectRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "year": row.year,
        "region": row.place,
        "region_name": region(row.place),
        "buyer": row.buyer,
        "organization": row.organization,
        "organization_code": row.code,
        "amount": f"{row.amount:.2f}",
        "fund": row.fund_label,
        "purpose": row.purpose_label,
        "grade": row.grade_label,
        "origin": row.origin + ("-demo" if row.demo else ""),
    }


@require_safe
def projects_csv(request: HttpRequest) -> HttpResponseBase:
    rows = (tuple(record(row).values()) for row in chosen_rows(request))
    return as_csv("projects", (name for _key, name in FIELDS), rows)


@require_safe
def projects_json(request: HttpRequest) -> HttpResponseBase:
    return as_json("projects", (record(row) for row in chosen_rows(request)), licence=LICENCE)


class ProjectPage(TemplateView):
    """A project with an award or a grant; before that, its tender's page; a project of the time before."""

    def get(self, request: HttpRequest, *args: Any, number: str, **kwargs: Any) -> HttpResponse:
        granted = grants.grant_project(number)
        if granted is not None:
            self.template_name = "transparency/grant_detail.html"
            return self.render_to_response(self.get_context_data(project=granted, lottery=granted.is_lottery))
        found = project.project(number)
        if found is not None:
            self.template_name = "transparency/project_detail.html"
            context = {"project": found, "lottery": found.is_lottery, "tender_url": tender_url(number)}
            return self.render_to_response(self.get_context_data(**context))
        past = project.historical(number)
        if past is not None:
            self.template_name = "transparency/project_history.html"
            context = {"project": past, "lottery": past.fund == "lottery", "of_call": project.call_of(number)}
            return self.render_to_response(self.get_context_data(**context))
        if project.is_published(number):
            return HttpResponseRedirect(tender_url(number))
        raise Http404


@require_safe
def award_json(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The file from which anyone computes the award again."""
    data = project.award_file(number, position)
    if data is None:
        raise Http404
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
