"""The working calendar: known years, and entering one with a preview."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.rules.year_table import check_table, read_table
from marketplace.accounts.services.settings import enter_year
from marketplace.core import clock
from marketplace.core.models import WorkCalendarDay, WorkCalendarYear
from marketplace.web.views import ActorPage, ServiceFormView

from ..forms.settings import YearForm
from .operator import OperatorOnly


class CalendarList(OperatorOnly, ActorPage):
    template_name = "people/calendar_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weekend = Q(date__week_day__in=(1, 7))
        rows = WorkCalendarDay.objects.values("date__year").annotate(
            holidays=Count("pk", filter=Q(is_workday=False) & ~weekend),
            shifted=Count("pk", filter=Q(is_workday=True) & weekend),
        )
        counts = {row["date__year"]: row for row in rows}
        known = list(WorkCalendarYear.objects.all())
        wanted = clock.today().year + 1
        return super().get_context_data(
            years=[{"year": year, "counts": counts.get(year.year, {})} for year in known],
            wanted=wanted,
            is_missing=wanted not in {year.year for year in known},
            **kwargs,
        )


class EnterYear(OperatorOnly, ServiceFormView):
    """«Check» shows what was read and what is wrong row by row; «enter» writes it."""

    template_name = "people/calendar_enter.html"
    form_class = YearForm
    success_message = _("The year is entered; dates that were provisional are settled by it.")

    def get_initial(self) -> dict[str, Any]:
        return {"year": clock.today().year + 1}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if self.request.POST.get("step") == "enter":
            return super().form_valid(form)
        return self.preview(form)

    def preview(self, form: BaseForm) -> HttpResponse:
        """Back to the form with the table as read; a file's rows now stand in the text."""
        data = form.cleaned_data
        table = read_table(data["table"], data["year"])
        again = YearForm(data={**{name: data[name] for name in ("year", "source")}, "table": data["table"]})
        context = self.get_context_data(form=again, table=table, decision=check_table(table))
        return self.render_to_response(context, status=200 if not table.errors else 422)

    def perform(self, form: BaseForm) -> WorkCalendarYear:
        data = form.cleaned_data
        return enter_year(actor=self.actor, year=data["year"], source=data["source"], table=data["table"])

    def get_success_url(self) -> str:
        return reverse("people:calendar")
