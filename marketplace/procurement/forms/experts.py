"""Forms of the expert register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind


class ImportForm(forms.Form):
    register = forms.ModelChoiceField(label=_("Register of experts"), queryset=Body.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Table of experts"),
        help_text=_("XLSX or CSV with the columns of the template. One error, and nothing is imported."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, own_register: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registers = Body.objects.filter(kind=BodyKind.EXPERT_REGISTER)
        if own_register is not None:
            registers = registers.filter(pk=own_register)
        self.fields["register"].queryset = registers  # type: ignore[attr-defined]


class ExpertFilterForm(forms.Form):
    q = forms.CharField(label=_("Number, name or employer"), required=False)
    field = forms.CharField(label=_("Field"), required=False)
    available = forms.ChoiceField(
        label=_("Availability"),
        choices=[("", _("All")), ("1", _("Available")), ("0", _("Not available"))],
        required=False,
    )


class AbsenceForm(forms.Form):
    from_date = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    to_date = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
