"""The component page: everything of the look on one page, for those who build pages. In debug and demo mode only.

The samples are words of this page, not data of the marketplace.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import TemplateView

from marketplace.core import clock
from marketplace.core.decisions import Level, allow, refuse

from .pictures import Link, Node, flow_picture
from .tasks import Task

COLOURS = ("ink", "ink-2", "ink-3", "cinnabar", "cinnabar-dark", "jade", "amber", "blue", "line-2", "tint", "paper")


class SampleForm(forms.Form):
    """One field of each kind; handed over filled wrongly, so that errors are seen."""

    title = forms.CharField(label="项目名称", help_text="写服务内容，不写单位名称。", max_length=60)
    price = forms.DecimalField(label="报价", help_text="单位：元。186 万元请写 1860000。")
    deadline = forms.DateTimeField(label="截止时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    purpose = forms.ChoiceField(label="用途", choices=[("elderly", "扶老"), ("disabled", "助残")])
    joint = forms.ChoiceField(
        label="是否接受联合体投标", choices=[("no", "不接受"), ("yes", "接受")], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label="服务主题",
        choices=[("meal", "助餐"), ("visit", "探访")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    needs = forms.CharField(label="采购需求", widget=forms.Textarea, required=False)
    file = forms.FileField(label="附件", help_text="PDF，不超过 50 MB。", required=False)
    agree = forms.BooleanField(label="负面清单所列情形均不适用", help_text="由编制人确认。")


class FilterForm(forms.Form):
    q = forms.CharField(label="标题中的词或编号", required=False)
    year = forms.ChoiceField(label="年份", choices=[("", "全部"), ("2026", "2026")], required=False)


class Styleguide(TemplateView):
    template_name = "styleguide/index.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (settings.DEBUG or settings.MARKETPLACE_DEMO):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**samples(), **kwargs)


def samples() -> dict[str, Any]:
    now = clock.now()
    return {
        "colours": COLOURS,
        "steps": [
            {"label": "计划", "state": "done", "note": "4 月 20 日"},
            {"label": "公告", "state": "done", "note": "5 月 25 日"},
            {"label": "投标", "state": "now", "note": "至 6 月 16 日"},
            {"label": "开标"},
            {"label": "废标", "state": "stopped"},
        ],
        "deadline": now + timedelta(hours=23, minutes=48),
        "past": now - timedelta(minutes=1),
        "good": allow("R-TENDER-01", "文件发出之日起至截止不少于 20 日：实为 22 日"),
        "bad": refuse("截止日期早于最早的合法日期。", "R-TENDER-01"),
        "warning": refuse("质疑期内签订合同，须写明理由。", "R-TIME-06", level=Level.WARN),
        "wrong": SampleForm({"price": "一百八十六万", "purpose": "elderly"}),
        "fresh": SampleForm(prefix="fresh"),
        "filters": FilterForm(),
        "files": [
            SimpleNamespace(title="招标文件（第 2 版）", url="#files", kind="PDF", size=1887436),
            SimpleNamespace(title="报价明细表样式", url="#files", kind="XLSX", size=21504),
        ],
        "facts": [
            {"label": "预算金额", "value": "1,860,000.00 元", "note": "最高限价同预算"},
            {"label": "谁可以投", "value": "符合政府采购法第二十二条；\n不限注册地、规模和成立年限。"},
        ],
        "events": [
            {"at": now, "title": "开标", "text": "三位保管人到场"},
            {"at": now - timedelta(days=21), "title": "招标公告", "url": "#timeline"},
        ],
        "due_tasks": [
            Task("答复质疑", "已受理，七个工作日内书面答复", now - timedelta(hours=20), "R-OBJ-06", "#tasks"),
            Task("确认中标人", "收到评审报告之日起五个工作日内", now, "R-AWARD-02", "#tasks"),
            Task("开标", "三位保管人已收到提醒", now + timedelta(days=1), "", "#tasks"),
            Task("等机构申述", urgency="wait"),
        ],
        "columns": [{"label": "项目"}, {"label": "阶段"}, {"label": "预算（万元）", "css": "num"}],
        "rows": [
            {"url": "#table", "cells": ["社区老年食堂运营服务", "投标中", "186.00"]},
            {"url": "#table", "cells": ["失独家庭关爱服务", "定标", "64.80"]},
        ],
        "picture": flow_picture(
            [
                [
                    Node("lottery", "福利彩票公益金 2026", Decimal(1300), "1,300 万元", "cinnabar"),
                    Node("fiscal", "财政预算资金 2026", Decimal(800), "800 万元", "blue"),
                ],
                [
                    Node("elderly", "扶老", Decimal(1400), "1,400 万元"),
                    Node("disabled", "助残", Decimal(700), "700 万元"),
                ],
            ],
            [
                Link("lottery", "elderly", Decimal(900)),
                Link("fiscal", "elderly", Decimal(500)),
                Link("lottery", "disabled", Decimal(400)),
                Link("fiscal", "disabled", Decimal(300)),
            ],
            "资金流向示例",
        ),
        "page": Paginator(range(100), 20).get_page(2),
    }
