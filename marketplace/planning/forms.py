"""Shape of what people type in planning: items, filters, reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField
from marketplace.funds.models import BudgetLine, FundKind, Purpose

from . import directory
from .models import ListedItem
from .negative_list import CASES
from .services.lists import ItemInput


class MonthField(forms.DateField):
    """A month; kept as its first day. Browsers without a month picker take 2026-07 as text."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **kwargs)


class OpenListForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), widget=forms.NumberInput(attrs={"class": "short"}))


class ItemForm(forms.Form):
    """One item of the list. The six cases of the negative list are denied one by one."""

    name = forms.CharField(
        label=_("What is bought"),
        max_length=120,
        help_text=_("As it will be called in the tender, for example «社区老年食堂运营服务»."),
    )
    outline = forms.CharField(
        label=_("Outline of the needs"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What, how much, how good: three or four sentences for those who might bid."),
    )
    directory_code = forms.ChoiceField(label=_("Entry of the guidance directory"))
    is_public_service = forms.TypedChoiceField(
        label=_("Kind of service"),
        choices=(("1", _("Public service, for the public")), ("", _("Auxiliary service, for the body's own duties"))),
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        widget=forms.RadioSelect,
        initial="1",
    )
    budget_line = forms.ModelChoiceField(label=_("Budget line"), queryset=BudgetLine.objects.none())
    amount = YuanField(label=_("Budget (yuan)"), help_text=_("In 元, not 万元. 186 万元 may be written so."))
    planned_month = MonthField(label=_("Planned month of the tender"))
    plan_filing_number = forms.CharField(
        label=_("Plan filing number"),
        max_length=60,
        required=False,
        help_text=_("Given by the finance department; it may follow later, but before the tender starts."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    negative_list = forms.MultipleChoiceField(
        label=_("Negative list: confirm that none of these cases applies"),
        choices=CASES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick each case to say that it does not apply."),
    )
    confirmed = forms.BooleanField(
        label=_("The amount is right as it stands, in yuan"), required=False, widget=forms.HiddenInput
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, body_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("is_public_service", "negative_list"):  # an empty answer is an answer, but nothing optional
            self.fields[name].is_needed_later = True  # type: ignore[attr-defined]
        self.fields["directory_code"].choices = [("", "—"), *directory.grouped_choices()]  # type: ignore[attr-defined]
        self.fields["budget_line"].queryset = (  # type: ignore[attr-defined]
            BudgetLine.objects.filter(fund__body_id=body_id).select_related("fund").order_by("fund__year", "code")
        )

    def ask_to_confirm(self) -> None:
        """Show the tick that says «yes, this amount»."""
        self.fields["confirmed"].widget = forms.CheckboxInput()

    def item(self) -> ItemInput:
        data = self.cleaned_data
        return ItemInput(
            name=data["name"],
            outline=data["outline"],
            directory_code=data["directory_code"],
            is_public_service=data["is_public_service"],
            negative_list_confirmed=len(data["negative_list"]) == len(CASES),
            budget_line_id=data["budget_line"].pk,
            amount=data["amount"],
            planned_month=data["planned_month"].replace(day=1),
            plan_filing_number=data["plan_filing_number"],
            note=data["note"],
        )

    @staticmethod
    def initial_of(item: ListedItem) -> dict[str, Any]:
        names = (
            "name",
            "outline",
            "directory_code",
            "amount",
            "planned_month",
            "plan_filing_number",
            "note",
            "version",
        )
        return {
            **{name: getattr(item, name) for name in names},
            "is_public_service": "1" if item.is_public_service else "",
            "budget_line": item.budget_line_id,
            "negative_list": [key for key, _text in CASES] if item.negative_list_confirmed else [],
        }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What has to be changed"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class FilingForm(forms.Form):
    plan_filing_number = forms.CharField(label=_("Plan filing number"), max_length=60)


class PlanFilter(forms.Form):
    """Filters of the public list; every field may stay empty."""

    q = forms.CharField(label=_("Words"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    body = forms.ChoiceField(label=_("Buyer"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", _("All")), *Purpose.choices])
    fund = forms.ChoiceField(label=_("Money"), required=False, choices=[("", _("All")), *FundKind.choices])

    def __init__(self, *args: Any, years: list[int], bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
        self.fields["body"].choices = [("", _("All")), *bodies]  # type: ignore[attr-defined]
