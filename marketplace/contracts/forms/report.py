"""The report of a milestone as it is typed on a phone; and the acceptance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField

from ..models import PerformanceReport
from ..services.report import AcceptanceInput, FigureInput, ReportInput, SpendingInput
from .common import DayField


class ReportForm(forms.Form):
    """Nothing is required while drafting: a draft is saved as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=_("What was done"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("In plain words, for residents: what, for whom, how often, with which effect."),
    )
    people_planned = forms.IntegerField(label=_("People to be served"), required=False, min_value=0)
    people_served = forms.IntegerField(label=_("People served"), required=False, min_value=0)
    difficulties = forms.CharField(
        label=_("Difficulties, and what is done about them"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    has_consent = forms.BooleanField(
        label=_("The people in the photos agree to the publication, or cannot be recognized (R-CHAR-10)."),
        required=False,
    )

    def as_input(self, figures: list[dict[str, Any]], spending: list[dict[str, Any]]) -> ReportInput:
        data = self.cleaned_data
        return ReportInput(
            summary=data["summary"],
            people_planned=data["people_planned"] or 0,
            people_served=data["people_served"] or 0,
            difficulties=data["difficulties"],
            has_consent=data["has_consent"],
            figures=tuple(FigureInput(**row) for row in figures),
            spending=tuple(SpendingInput(**row) for row in spending),
        )

    @staticmethod
    def initial_of(report: PerformanceReport) -> dict[str, Any]:
        return {name: getattr(report, name) for name in ReportForm.base_fields}


class RowForm(forms.Form):
    """A row of a table that may be left empty; half a row names what misses."""

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(value not in (None, "") for value in cleaned.values()):
            for name in self.fields:
                if cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("This belongs to the line and is missing."))
        return cleaned

    @property
    def is_filled(self) -> bool:
        return any(value not in (None, "") for value in self.cleaned_data.values())


class FigureForm(RowForm):
    name = forms.CharField(label=_("Indicator"), max_length=120, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    planned = forms.DecimalField(label=_("Planned"), max_digits=12, decimal_places=2, min_value=0, required=False)
    actual = forms.DecimalField(label=_("Actual"), max_digits=12, decimal_places=2, min_value=0, required=False)


class SpendingForm(RowForm):
    """`lines`: the budget of a grant, of which each cost names one."""

    line_id = forms.TypedChoiceField(label=_("Line of the budget"), coerce=int, empty_value=None, required=False)
    name = forms.CharField(label=_("Cost"), max_length=120, required=False)
    amount = YuanField(label=_("Amount (yuan)"), required=False)

    def __init__(self, *args: Any, lines: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lines:
            self.fields["line_id"].choices = [("", _("Choose")), *lines]  # type: ignore[attr-defined]
        else:
            del self.fields["line_id"]


FigureFormSet = forms.formset_factory(FigureForm, extra=1, max_num=20)
SpendingFormSet = forms.formset_factory(SpendingForm, extra=1, max_num=30)


def filled(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if form.is_filled]


class PhotosInput(forms.ClearableFileInput):
    """From a phone: taken now, or several chosen at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        kept = [super(PhotosField, self).clean(file, initial) for file in files]
        return [file for file in kept if file]


class PhotoForm(forms.Form):
    photo = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "JPEG or PNG, 20 MB each at most, several at once. Place, device and time are taken out of the file; "
            "faces are not."
        ),
        widget=PhotosInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    caption = forms.CharField(label=_("What it shows"), max_length=120, required=False)
    shows_sign = forms.BooleanField(
        label=_("It shows the sign «彩票公益金资助-中国福利彩票» (R-LOT-06)."), required=False
    )


class AcceptanceForm(forms.Form):
    """R-CON-14: organized by the buyer, members named, service users present, the result published."""

    accepted_on = DayField(label=_("Date of acceptance"))
    opinion = forms.CharField(
        label=_("Opinion"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Item by item: scope, quantity, quality, time. It is published."),
    )
    members = forms.CharField(label=_("Who accepted for the buyer"), max_length=300)
    users = forms.CharField(
        label=_("Service users who took part"),
        max_length=300,
        help_text=_("By role, without names: «two residents of the quarter»."),
    )

    def as_input(self) -> AcceptanceInput:
        return AcceptanceInput(**self.cleaned_data)
