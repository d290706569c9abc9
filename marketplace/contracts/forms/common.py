"""Fields and filters that several forms of the room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day, with the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """One written reason; labels come from the page that asks."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class CodeField(forms.CharField):
    """The one-time code of a second factor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("One-time code"),
            max_length=32,
            help_text=_("The six digits that your authenticator app shows now; a recovery code works, too."),
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short", "spellcheck": "false"}
            ),
            **kwargs,
        )


class ListFilter(forms.Form):
    """Status and words of a list."""

    status = forms.ChoiceField(label=_("State"), required=False)
    q = forms.CharField(label=_("Name or number"), max_length=60, required=False)

    def __init__(self, *args: Any, states: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("All states")), *states]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, nothing for what is not valid."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return {name: cleaned.get(name) or "" for name in self.fields}
