"""Help for forms that filter lists: choices that are only known when the page is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a choice field of the form its choices."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
