from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body, FindingStatus


class RecordFindingForm(forms.Form):
    """What it is about: an object that a page has named, else a project by its number, else a body."""

    project_number = forms.CharField(
        label=_("Project number"), required=False, max_length=40, help_text=_("E.g. SH-2026-0137. Empty: a body below.")
    )
    body = forms.ModelChoiceField(
        Body.objects.admitted().order_by("name"), label=_("Body"), required=False, empty_label=_("Choose")
    )
    text = forms.CharField(
        label=_("Finding"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was found, where, and what it rests on. It goes into the log word by word."),
    )
    is_serious = forms.BooleanField(
        label=_("Serious"), required=False, help_text=_("Counts against an organization's face while it is open.")
    )


class AnswerFindingForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is right, what was or will be done about it, and by when."),
    )


class CloseFindingForm(forms.Form):
    conclusion = forms.CharField(
        label=_("Conclusion"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Settled, or why not."),
    )


class FindingFilterForm(forms.Form):
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *FindingStatus.choices])
    q = forms.CharField(label=_("Object or project number"), required=False, max_length=60)
