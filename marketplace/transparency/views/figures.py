"""Figures with their sources, and what can be taken away as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from marketplace.publication.models import NoticeKind
from marketplace.web.templatetags.web import region

from ..downloads import as_csv, as_json
from ..models import Statistic
from ..selectors import figures
from .projects import LICENCE


class Figures(TemplateView):
    template_name = "transparency/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(places=figures.places(), own=figures.own_totals(), **kwargs)


class OpenData(TemplateView):
    template_name = "transparency/open_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=NoticeKind.choices, licence=LICENCE, **kwargs)


FIELDS = (
    ("region", "地区代码"), ("region_name", "地区"), ("label", "指标"), ("qualifier", "约数"), ("value", "数值"),
    ("unit", "单位"), ("period", "时间"), ("source", "来源"),
)  # fmt: skip


def record(figure: Statistic) -> dict[str, Any]:
    return {
        "region": figure.region,
        "region_name": region(figure.region),
        "label": figure.label,
        "qualifier": figure.qualifier,
        "value": f"{figure.value:.2f}",
        "unit": figure.unit,
        "period": figure.period,
        "source": figure.source,
    }


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    rows = (tuple(record(figure).values()) for figure in Statistic.objects.order_by("region", "series", "pk"))
    return as_csv("figures", (name for _key, name in FIELDS), rows)


@require_safe
def figures_json(request: HttpRequest) -> HttpResponseBase:
    return as_json("figures", map(record, Statistic.objects.order_by("region", "series", "pk")), licence=LICENCE)
