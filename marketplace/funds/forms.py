"""Shape of what a finance officer types: funds, lines, changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField

from .models import FundKind, Purpose
from .services.budget import LineInput


class FundForm(forms.Form):
    kind = forms.ChoiceField(label=_("Where the money comes from"), choices=FundKind.choices)
    name = forms.CharField(label=_("Name of the fund"), max_length=120)
    year = forms.IntegerField(label=_("Budget year"), min_value=2000, max_value=2100)


class LineForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the line"), max_length=40, help_text=_("As in the approved budget (R-PLAN-01).")
    )
    name = forms.CharField(label=_("Name of the line"), max_length=120)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    amount = YuanField(label=_("Approved amount (yuan)"))
    approved_on = forms.DateField(
        label=_("Approved on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def as_input(self) -> LineInput:
        return LineInput(**self.cleaned_data)


class ChangeForm(forms.Form):
    amount = YuanField(label=_("New amount (yuan)"))
    reason = forms.CharField(
        label=_("Who approved the change and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class YearForm(forms.Form):
    """Filter of the public page."""

    year = forms.ChoiceField(label=_("Budget year"), required=False)
    kind = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All sources")), *FundKind.choices])

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All years")), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return {name: cleaned.get(name) or "" for name in self.fields}
