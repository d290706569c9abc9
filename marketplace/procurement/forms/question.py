"""Questions, answers, corrections, terminations: what people type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.web.forms import MomentField, long_text

from ..models import TerminationReason
from ..selectors.correction import Passage


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=2000,
        widget=long_text(4),
        help_text=_("Your name is not shown to anyone but the buyer. Do not write it into the question."),
    )


class AnswerForm(forms.Form):
    public_text = forms.CharField(
        label=_("The question as all takers will read it"),
        max_length=2000,
        widget=long_text(3),
        help_text=_("Leave out what tells who asked; the organization's name is taken out by itself."),
    )
    answer = forms.CharField(label=_("Your answer"), max_length=4000, widget=long_text(5))
    changes_documents = forms.BooleanField(
        label=_("The answer changes the documents (then a correction has to be published first, R-TENDER-05)"),
        required=False,
    )


class CorrectionForm(forms.Form):
    """Any number of passages, each shown as it stands; what is left as it is does not count as a change."""

    subject = forms.CharField(label=_("What is corrected, in a few words"), max_length=120)
    affects_bids = forms.TypedChoiceField(
        label=_("May the change affect how bids are made?"),
        choices=(("1", _("Yes: fifteen days have to remain, else the deadline moves")), ("", _("No"))),
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )
    new_deadline = MomentField(
        label=_("New deadline and opening"),
        required=False,
        help_text=_("Empty: the deadline stays. It can only move later."),
    )
    new_documents_until = MomentField(
        label=_("Documents can be obtained until"),
        required=False,
        help_text=_("Empty: as before, or with the deadline if it was the same moment."),
    )
    short_notice_reason = forms.CharField(
        label=_("Reason, if the page warns"),
        max_length=400,
        required=False,
        widget=long_text(2),
        help_text=_(
            "Only when the page asks for it: fewer than fifteen whole days (R-TIME-09), an opening on a rest day "
            "(R-TIME-02), doubtful words (R-PLAN-07)."
        ),
    )
    file = forms.FileField(
        label=_("New attachment"),
        required=False,
        help_text=_("A file with the name of an attachment is its next version and takes its place."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, passages: Mapping[str, Passage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passages = passages
        for target, passage in passages.items():
            self.fields[target] = forms.CharField(
                label=passage.label,
                required=False,
                initial=passage.text,
                widget=long_text(min(12, 2 + len(passage.text) // 60)),
                strip=True,
            )

    def plain_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in self.passages]

    def text_fields(self) -> list[Any]:
        return [self[target] for target in self.passages if target.startswith("field:")]

    def criteria_fields(self) -> list[Any]:
        """Descriptions and ranges of the criteria: many, seldom corrected."""
        return [self[target] for target in self.passages if not target.startswith("field:")]

    def has_criteria_changed(self) -> bool:
        return any(
            field.errors or _lines(str(field.value() or "")) != _lines(self.passages[field.name].text)
            for field in self.criteria_fields()
        )

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
    kind = forms.ChoiceField(label=_("Ground"), choices=TerminationReason.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Facts"), max_length=2000, widget=long_text(5), help_text=_("Published word by word in the notice.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
