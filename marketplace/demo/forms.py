"""The control that moves the demo's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock

STEPS = {
    "minutes": timedelta(minutes=31),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}


class MoveClockForm(forms.Form):
    """A step, or an instant to go to."""

    step = forms.ChoiceField(choices=[(key, key) for key in STEPS], required=False)
    instant = forms.DateTimeField(
        label=_("Go to"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not data.get("step") and not data.get("instant") and not self.errors:
            raise forms.ValidationError(_("Choose a step or a moment to go to."))
        return data

    def target(self) -> datetime:
        if self.cleaned_data.get("instant"):
            return self.cleaned_data["instant"].astimezone(clock.ZONE)
        return clock.now() + STEPS[self.cleaned_data["step"]]
