"""Venture calls of the time before: the list, one call, its projects as a table file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from ..downloads import as_csv
from ..selectors import earlier
from ..selectors.earlier import EarlierCall

HEADS = ("项目编号", "项目名称", "承接方", "年份", "资助金额（元）")


class EarlierCalls(TemplateView):
    template_name = "transparency/earlier_calls.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=earlier.earlier_calls(), **kwargs)


class EarlierCallPage(TemplateView):
    template_name = "transparency/earlier_call.html"

    def get_context_data(self, number: str, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        return super().get_context_data(found=found_or_404(number), **kwargs)


@require_safe
def earlier_csv(request: HttpRequest, number: str) -> HttpResponseBase:
    found = found_or_404(number)
    rows = (
        (
            row.project.number,
            row.project.title,
            row.project.organization_name,
            row.project.year,
            row.project.amount,
            *(amount for _pot, amount in row.paid_by),
            row.project.score,
            row.grade,
        )
        for row in found.projects
    )
    return as_csv(number, (*HEADS, *(f"{pot.name}（元）" for pot in found.pots), "评估得分", "评估等级"), rows)


def found_or_404(number: str) -> EarlierCall:
    found = earlier.earlier_call(number)
    if found is None:
        raise Http404
    return found
