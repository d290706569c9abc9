"""Questions, answers, seats, corrections, terminations, and the filters of the lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.web.forms import MomentField, long_text

from ..models import CallKind, CallLevel, CallStatus
from ..rules.briefings import MOST_PEOPLE
from ..selectors.papers import Passage


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=long_text(4),
        help_text=_("Your name is shown to nobody but the body that leads the call. Do not write it into the text."),
    )


class AnswerForm(forms.Form):
    public_text = forms.CharField(
        label=_("The question as everybody will read it"), max_length=2000, widget=long_text(3)
    )
    answer = forms.CharField(label=_("Your answer"), max_length=4000, widget=long_text(5))


class SeatForm(forms.Form):
    people = forms.IntegerField(label=_("How many people come?"), min_value=1, max_value=MOST_PEOPLE, initial=1)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why does it not take place?"), max_length=200, widget=long_text(2))


class CorrectionForm(forms.Form):
    """Each passage as it stands; what is left as it is does not count as a change."""

    subject = forms.CharField(label=_("What is corrected, in a few words"), max_length=120)
    new_deadline = MomentField(
        label=_("New deadline for applications"),
        required=False,
        help_text=_("Empty: the deadline stays. It can only move later."),
    )
    reason = forms.CharField(label=_("Why"), max_length=1000, required=False, widget=long_text(2))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, passages: Mapping[str, Passage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passages = passages
        for target, passage in passages.items():
            self.fields[target] = forms.CharField(
                label=passage.label, required=False, initial=passage.text, widget=long_text(3)
            )

    def plain_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in self.passages]

    def passage_fields(self) -> list[Any]:
        return [self[target] for target in self.passages]

    def changes(self) -> dict[str, str]:
        return {
            target: self.cleaned_data[target]
            for target, passage in self.passages.items()
            if target in self.data and _lines(self.cleaned_data[target]) != _lines(passage.text)
        }


def _lines(text: str) -> str:
    """Browsers send CRLF; the same text is no change."""
    return text.replace("\r\n", "\n").strip()


class TerminationForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the call end?"),
        max_length=2000,
        widget=long_text(5),
        help_text=_("Published word by word in the notice."),
    )


class CallFilter(forms.Form):
    """The list of the workspace."""

    q = forms.CharField(label=_("Words or number"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *CallStatus.choices])


class PublicFilter(forms.Form):
    """The public list."""

    q = forms.CharField(label=_("Words, theme or number"), required=False)
    phase = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Open for applications")),
            ("announced", _("Opens soon")),
            ("closed", _("Closed")),
            ("terminated", _("Terminated")),
        ],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *CallKind.choices])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All")), *CallLevel.choices])
    region = forms.ChoiceField(label=_("Region"), required=False)
