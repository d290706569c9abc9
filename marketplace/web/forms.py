"""Forms that are written page by page: moments and days as people type them, pages with a version, rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT = "%Y-%m-%dT%H:%M"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def long_text(rows: int = 6) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MomentField(forms.DateTimeField):
    """A moment to the minute, in Shanghai time."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)


class StepForm(forms.Form):
    """A page of a draft. `version` is that of the whole draft when the page was opened.

    `needed`: may be empty in a draft, but not at publication, so the page does not call them optional.
    """

    needed: Sequence[str] = ()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].is_needed_later = True  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "confirmed")}


class BaseRows(forms.BaseFormSet):
    """Rows of a page. Empty ones are left out; a ticked «remove» takes one away."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this row")

    def rows(self) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def rows_of(form: type[forms.Form], extra: int, most: int) -> type[BaseRows]:
    return forms.formset_factory(  # type: ignore[return-value]
        form, formset=BaseRows, extra=extra, can_delete=True, max_num=most, absolute_max=most, validate_max=True
    )
