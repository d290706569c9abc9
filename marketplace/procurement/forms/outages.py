"""Forms after an outage: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ProposalForm(forms.Form):
    needs_extension = forms.TypedChoiceField(
        label=_("What follows from the outage"),
        choices=[("yes", _("Move the deadline")), ("no", _("The deadline stands: nobody was kept from bidding"))],
        widget=forms.RadioSelect,
    )
    new_deadline = forms.DateTimeField(
        label=_("New deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("needs_extension") == "yes" and not cleaned.get("new_deadline"):
            self.add_error("new_deadline", _("Enter the new deadline."))
        return cleaned


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("confirm", _("Confirm: a correction notice moves the deadline at once")),
            ("decline", _("Do not confirm")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, if not confirmed"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
