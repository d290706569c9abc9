"""Filters of the public pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.catalogue import Enforcement, sections


class RuleFilterForm(forms.Form):
    """Which rules to show. Wrong values count as none: an address is not a form to be refused."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    section = forms.ChoiceField(label=_("Section"), required=False)
    enforcement = forms.ChoiceField(label=_("What happens"), required=False)
    mark = forms.ChoiceField(label=_("Mark"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["section"].choices = everything + [(each.code, each.title) for each in sections().values()]  # type: ignore[attr-defined]
        self.fields["enforcement"].choices = everything + [(each.value, each.words) for each in Enforcement]  # type: ignore[attr-defined]
        self.fields["mark"].choices = [*everything, ("verify", _("To be verified")), ("ours", _("Our own rules"))]  # type: ignore[attr-defined]


class LogFilterForm(forms.Form):
    """Entries of one project."""

    project = forms.CharField(label=_("Project number"), required=False, max_length=40)
