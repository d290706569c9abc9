"""Calls for everybody: the list with filters and its table file, one call's page, its dates, asking, signing up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views import View

from marketplace.core.decisions import Decision
from marketplace.core.regions import region_name
from marketplace.web.filters import choose
from marketplace.web.tables import csv_response
from marketplace.web.views import ActionView, ServiceFormView, or_404

from ..forms.blocks import asked
from ..forms.papers import PublicFilter, QuestionForm, SeatForm
from ..ics import call_calendar
from ..models import Briefing, Call
from ..permissions.call import can_speak_up
from ..sections import sections_for
from ..selectors.assessment import has_result
from ..selectors.call import form_of, off_of
from ..selectors.pages import (
    TONES,
    answered_questions,
    briefings_of,
    notices_of,
    phase_of,
    phase_words,
    progress_of,
    public_calls,
    public_row,
    regions_to_choose,
)
from ..services import briefings, questions

PAGE_SIZE = 30
COLUMNS = (
    "编号", "名称", "牵头单位", "统一社会信用代码", "地区", "类型", "层级", "状态", "主题", "资金池合计（元）",
    "单个项目上限（元）", "自筹比例（%）", "开始申报", "截止申报", "发布时间",
)  # fmt: skip


def public_filter(request: HttpRequest) -> PublicFilter:
    form = PublicFilter(request.GET or None)
    choose(form, "region", [("", form.fields["phase"].choices[0][1]), *regions_to_choose()])  # type: ignore[attr-defined]
    form.is_valid()
    return form


class PublicListView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = public_filter(request)
        page = Paginator(public_calls(getattr(form, "cleaned_data", {})), PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "page": page,
            "count": page.paginator.count,
            "rows": [public_row(call) for call in page.object_list],
        }
        return render(request, "ventures/public_list.html", context)


class PublicCsvView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        found = public_calls(getattr(public_filter(request), "cleaned_data", {}))
        return csv_response("ventures.csv", COLUMNS, _lines(found))  # type: ignore[return-value]


def _lines(calls: Any) -> Iterator[list[Any]]:
    for call in calls.iterator(chunk_size=500):
        row = public_row(call)
        yield [
            call.number,
            call.title,
            call.lead.name,
            call.lead.code,
            region_name(call.lead.region),
            call.get_kind_display(),
            call.get_level_display(),
            row["words"],
            "；".join(row["themes"]),
            f"{row['total']:.2f}",
            f"{call.grant_cap:.2f}",
            f"{call.own_share:.2f}",
            call.opens_at.isoformat(),
            call.deadline.isoformat(),
            call.published_at.isoformat(),
        ]


def public_call(number: str) -> Call:
    return get_object_or_404(Call.objects.public().select_related("lead", "snapshot"), number=number)


class PublicCallView(View):
    """What, for whom, which money, which rules, when, what is asked, questions and answers, briefings, notices."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        call = public_call(number)
        actor = request.actor  # type: ignore[attr-defined]
        pots = list(call.pots.select_related("budget_line__fund__body", "theme"))
        name = phase_of(call)
        context = {
            "call": call,
            "phase": name,
            "phase_words": phase_words(name),
            "phase_tone": TONES[name],
            "is_open": name == "open",
            "is_answering": name in ("open", "announced"),
            "steps": progress_of(call),
            "pots": pots,
            "total": sum((pot.amount for pot in pots), 0),
            "is_lottery": any(pot.budget_line.fund.is_lottery for pot in pots),
            "funders": [row.body for row in call.funders.select_related("body")],
            "themes": list(call.themes.all()),
            "tranches": [row for row in call.tranches.all() if row.share],
            "switched_off": off_of(call),
            "asked": [asked(block, pots) for block in form_of(call)],
            "faq": list(call.faq.all()),
            "answered": answered_questions(call),
            "briefings": briefings_of(call, actor),
            "notices": notices_of(call),
            "has_result": call.closed_at is not None and has_result(call),
            "seat_form": SeatForm(),
            "sections": sections_for(call),
        }
        return render(request, "ventures/call_public.html", context)


class CalendarView(View):
    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        call = public_call(number)
        address = request.build_absolute_uri(call.get_absolute_url())
        response = HttpResponse(call_calendar(call, address), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{call.number}.ics"'
        return response


class PublicCallMixin:
    """A published call by its number, for those who are signed in."""

    call: Call

    def prepare(self, number: str, **kwargs: Any) -> None:
        self.call = or_404(lambda: Call.objects.public().get(number=number))

    def allowed(self) -> Decision:
        return can_speak_up(self.actor)  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return self.call.get_absolute_url()


class AskView(PublicCallMixin, ServiceFormView):
    template_name = "ventures/question_form.html"
    form_class = QuestionForm
    success_message = gettext_lazy("Your question is with the body that leads the call. The answer goes to everybody.")

    def perform(self, form: Any) -> Any:
        return questions.ask_question(actor=self.actor, call_id=self.call.pk, text=form.cleaned_data["text"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.call.questions.filter(asked_by_id=self.actor.user_id).order_by("-pk")
        return super().get_context_data(**kwargs, call=self.call, own=list(own))

    def get_success_url(self) -> str:
        return reverse("ventures:question-ask", args=[self.call.number])


class SeatMixin(PublicCallMixin):
    def prepare(self, number: str, briefing: int, **kwargs: Any) -> None:  # type: ignore[override]
        super().prepare(number)
        self.briefing = or_404(lambda: Briefing.objects.get(pk=briefing, call=self.call))

    def get_success_url(self) -> str:
        return super().get_success_url() + "#briefings"


class TakeSeatView(SeatMixin, ActionView):
    success_message = gettext_lazy("You are signed up; a message tells place and time.")

    def perform(self) -> Any:
        form = SeatForm(self.request.POST)
        people = form.cleaned_data["people"] if form.is_valid() else 0
        return briefings.take_seat(actor=self.actor, briefing_id=self.briefing.pk, people=people)


class ReleaseSeatView(SeatMixin, ActionView):
    success_message = gettext_lazy("Your seat is free for somebody else.")

    def perform(self) -> Any:
        return briefings.release_seat(actor=self.actor, briefing_id=self.briefing.pk)
