"""/rules/: every rule in force with its article, for everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from marketplace.core import clock
from marketplace.core.catalogue import Rule, catalogue, sections
from marketplace.web.tables import csv_response

from .. import rulebook
from ..forms import RuleFilterForm


def filtered(request: HttpRequest) -> tuple[RuleFilterForm, list[Rule]]:
    form = RuleFilterForm(request.GET)
    form.is_valid()
    return form, rulebook.chosen(form.cleaned_data)


class RulesPage(TemplateView):
    template_name = "transparency/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, rules = filtered(self.request)
        chapters = rulebook.chapters(rules, clock.today())
        return super().get_context_data(
            form=form,
            chapters=chapters,
            noun=ngettext("%(n)d rule", "%(n)d rules", len(rules)) % {"n": len(rules)},
            total=len(catalogue()),
            to_verify=sum(rule.to_verify for rule in catalogue().values()),
            sections=list(sections().values()),
            today=clock.today(),
            **kwargs,
        )


def rules_csv(request: HttpRequest) -> HttpResponseBase:
    _form, rules = filtered(request)
    return csv_response("rules.csv", rulebook.COLUMNS, rulebook.table_rows(rules))


def rules_json(request: HttpRequest) -> HttpResponseBase:
    _form, rules = filtered(request)
    return JsonResponse({"rules": rulebook.as_json(rules)}, json_dumps_params={"ensure_ascii": False})
