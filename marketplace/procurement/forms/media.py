"""Where else a notice stands: what the officer types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.publication.models import NoticeSnapshot

from .tender import MomentField


class MediumForm(forms.Form):
    notice = forms.ChoiceField(label=_("Which notice"))
    medium = forms.ChoiceField(label=_("Designated medium"))
    url = forms.URLField(label=_("Address of the notice there"), max_length=300, assume_scheme="https")
    published_at = MomentField(label=_("Published there at"))

    def __init__(self, *args: Any, notices: Iterable[NoticeSnapshot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].choices = [(row.number, f"{row.number} {row.title}") for row in notices]  # type: ignore[attr-defined]
        self.fields["medium"].choices = [(name, name) for name in settings.MARKETPLACE_MEDIA]  # type: ignore[attr-defined]
