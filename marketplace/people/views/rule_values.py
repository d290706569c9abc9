"""Values of rules that differ from the catalogue's."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.services.settings import add_rule_value
from marketplace.core import clock
from marketplace.core.catalogue import catalogue
from marketplace.core.models import RuleValue
from marketplace.core.regions import BudgetLevel
from marketplace.web.views import ActorPage, ServiceFormView

from ..forms.settings import RuleValueForm
from .operator import OperatorOnly


class RuleValueList(OperatorOnly, ActorPage):
    template_name = "people/rule_value_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules, today = catalogue(), clock.today()
        rows = [
            {
                "row": row,
                "rule": rules.get(row.rule_id),
                "level": BudgetLevel(row.budget_level).label if row.budget_level else "",
                "is_coming": row.valid_from > today,
            }
            for row in RuleValue.objects.all()
        ]
        return super().get_context_data(rows=rows, **kwargs)


class AddRuleValue(OperatorOnly, ServiceFormView):
    template_name = "people/rule_value_add.html"
    form_class = RuleValueForm
    success_message = _("The value is entered. Tenders that are published already keep theirs.")

    def perform(self, form: BaseForm) -> RuleValue:
        return add_rule_value(actor=self.actor, facts=form.facts())  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("people:rule-values")
