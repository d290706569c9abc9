"""Forms of objections: the letter with its six fields, the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from marketplace.documents.kinds import accept

from ..models import Consequence, ObjectionKind, ObjectionStatus, ProcedureStep
from ..services.objections import Answer, LetterOfObjection
from .review import area, as_bool


class ObjectionForm(forms.Form):
    """R-OBJ-05."""

    kind = forms.ChoiceField(label=_("What is objected to"), choices=ObjectionKind.choices, widget=forms.RadioSelect)
    step = forms.ChoiceField(
        label=_("Step of the procedure"),
        choices=[("", _("Not to a step")), *ProcedureStep.choices],
        required=False,
        help_text=_("Only for an objection to the procedure."),
    )
    matters = forms.CharField(
        label=_("Specific matters and requests"),
        help_text=_("What exactly is wrong, and what you ask for. All objections to one step come at once."),
        widget=area(5),
    )
    facts = forms.CharField(label=_("Facts of the matter"), widget=area(5))
    legal_basis = forms.CharField(label=_("Legal basis"), widget=area(3))
    address = forms.CharField(label=_("Your address"), max_length=200)
    postcode = forms.CharField(
        label=_("Postcode"), max_length=6, validators=[RegexValidator(r"^\d{6}$", _("A postcode has six digits."))]
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=60)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30)
    file = forms.FileField(
        label=_("Signed and sealed letter (PDF)"),
        required=False,
        help_text=_("A scan with signature and seal, if you have it; sending here is signed by your account."),
        widget=forms.ClearableFileInput(attrs={"accept": accept(("pdf",))}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == ObjectionKind.PROCEDURE and not data.get("step"):
            self.add_error("step", _("Choose the step of the procedure."))
        if data.get("kind") != ObjectionKind.PROCEDURE:
            data["step"] = ""
        return data

    def letter(self) -> LetterOfObjection:
        return LetterOfObjection(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


class ObjectionAnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer given"),
        help_text=_("To each matter. It goes to the objector and to other concerned suppliers: no trade secrets."),
        widget=area(8),
    )
    is_upheld = forms.TypedChoiceField(
        label=_("Does the objection hold?"),
        choices=((False, _("It does not hold")), (True, _("It holds"))),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    consequence = forms.ChoiceField(
        label=_("What follows"), choices=Consequence.choices, initial=Consequence.NONE, widget=forms.RadioSelect
    )

    def answer(self) -> Answer:
        return Answer(**self.cleaned_data)


class ObjectionFilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *ObjectionKind.choices], required=False)
    status = forms.ChoiceField(
        label=_("State"), choices=[("", _("All states")), *ObjectionStatus.choices], required=False
    )
