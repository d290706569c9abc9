"""The year's lists for everyone: all of them with filters, one body's year, and the same as a table file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from marketplace.web.tables import csv_response

from .. import directory
from ..forms import PlanFilter
from ..models import ListedItem, PurchaseList
from ..selectors import filter_choices, published_items, totals

PAGE_SIZE = 50
COLUMNS = ("编号", "年度", "采购人", "统一社会信用代码", "名称", "需求概况", "目录代码", "目录名称", "预算金额（元）", "资金来源", "用途", "计划月份", "备注")  # fmt: skip  # noqa: E501


def plan_filter(request: HttpRequest) -> PlanFilter:
    years, bodies = filter_choices()
    form = PlanFilter(request.GET or None, years=years, bodies=bodies)
    form.is_valid()
    return form


class PlanListView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = plan_filter(request)
        items = published_items(getattr(form, "cleaned_data", {}))
        count, amount = totals(items)
        paginator = Paginator(items, PAGE_SIZE)
        paginator.count = count
        page = paginator.get_page(request.GET.get("page"))
        context = {"form": form, "page": page, "count": count, "amount": amount, "directory": directory.entries()}
        return render(request, "planning/plan_list.html", context)


class PlanCsvView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        items = published_items(getattr(plan_filter(request), "cleaned_data", {}))
        return csv_response("plans.csv", COLUMNS, _rows(items.iterator(chunk_size=500)))  # type: ignore[return-value]


def _rows(items: Iterator[ListedItem]) -> Iterator[list[Any]]:
    for item in items:
        yield [
            item.number,
            item.purchase_list.year,
            item.purchase_list.body.name,
            item.purchase_list.body.code,
            item.name,
            item.outline,
            item.directory_code,
            directory.name_of(item.directory_code),
            f"{item.amount:.2f}",
            item.budget_line.fund.get_kind_display(),
            item.budget_line.get_purpose_display(),
            f"{item.planned_month:%Y-%m}",
            item.note,
        ]


class PlanDetailView(View):
    """One body's list of one year."""

    def get(self, request: HttpRequest, code: str, year: int) -> HttpResponse:
        purchase_list = get_object_or_404(
            PurchaseList.objects.select_related("body").exclude(number=None), body__code=code, year=year
        )
        items = published_items({"year": year, "body": code}).prefetch_related("tenders")
        count, amount = totals(items)
        context = {
            "list": purchase_list,
            "items": items,
            "count": count,
            "amount": amount,
            "directory": directory.entries(),
        }
        return render(request, "planning/plan_detail.html", context)
