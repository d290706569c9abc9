"""Assigning an evaluation, its indicators, the scores, the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Evaluation
from ..rules.evaluation import FORMS
from ..services.evaluation import evaluators

FORM_LABELS = {
    "budget": _("Budget performance: execution 10, output 50, benefit 30, satisfaction 10 (R-PERF-02)"),
    "shanghai": _("Shanghai community projects: six first-level indicators (R-VENT-16)"),
}


class AssignForm(forms.Form):
    evaluator = forms.ModelChoiceField(
        label=_("Evaluating body"), queryset=evaluators().none(), empty_label=_("Choose")
    )
    form = forms.ChoiceField(
        label=_("Form of indicators"),
        choices=[(key, FORM_LABELS[key]) for key in FORMS],
        initial="budget",
        widget=forms.RadioSelect,
        help_text=_("Names and points can be changed until the evaluator has accepted."),
    )
    independence_note = forms.CharField(
        label=_("Word on persons of the same name"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if the check finds the same name on both sides: why it is another person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluator"].queryset = evaluators()  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """Which save of the object a page goes on from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class IndicatorForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(label=_("Indicator"), max_length=120, required=False)
    weight = forms.DecimalField(label=_("Points"), max_digits=5, decimal_places=2, min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("name")) != bool(cleaned.get("weight")):
            self.add_error("weight" if cleaned.get("name") else "name", _("Name and points belong together."))
        return cleaned


IndicatorFormSet = forms.formset_factory(IndicatorForm, extra=2, max_num=60)


class ScoreForm(forms.Form):
    """One indicator; its name and points are shown by the page."""

    use_required_attribute = False
    score = forms.DecimalField(label=_("Score"), max_digits=5, decimal_places=2, min_value=0, required=False)
    evidence = forms.CharField(
        label=_("What it rests on"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


ScoreFormSet = forms.formset_factory(ScoreForm, extra=0)


class FindingsForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    findings = forms.CharField(
        label=_("Findings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What was looked at, what was found, what should be done better. It is published."),
    )
    reason_sentence = forms.CharField(
        label=_("The reason in one sentence"),
        max_length=120,
        required=False,
        help_text=_("Stands beside the grade and the face: what was reached, what was not."),
    )
    is_misused = forms.BooleanField(label=_("Money was misused: the whole score is 0 (R-VENT-16)."), required=False)
    reply_to_answer = forms.CharField(
        label=_("Reply to the organization's answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was taken up, and why not the rest."),
    )

    def __init__(self, *args: Any, with_reply: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_reply:
            del self.fields["reply_to_answer"]

    @staticmethod
    def initial_of(evaluation: Evaluation) -> dict[str, Any]:
        return {name: getattr(evaluation, name) for name in FindingsForm.base_fields}


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Printed in the final report and published: facts that were missed, what you do about the findings."
        ),
    )
