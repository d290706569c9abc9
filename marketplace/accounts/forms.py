"""Forms that allauth shows: what signing up asks besides address and password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import User


class SignupForm(forms.Form):
    """A name, because every deed in a procedure is done by a named person."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        help_text=_(
            "As colleagues know you. It stands on what you sign; the public sees it only where the law says so."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])
