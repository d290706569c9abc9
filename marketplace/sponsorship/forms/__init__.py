"""Shape of what people type about agreements and sponsors' money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField
from marketplace.ventures.models import Call
from marketplace.web.forms import long_text

from ..models import Agreement, AgreementKind, AgreementStatus, DrawOrder, MatchRule
from ..selectors import pots_to_choose, sponsors_to_choose
from ..services.agreement import FIELDS, AgreementInput


class AgreementForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sponsor = forms.TypedChoiceField(label=_("Sponsor"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of agreement"), choices=AgreementKind.choices)
    pot = forms.TypedChoiceField(label=_("Pot"), coerce=int)
    amount = YuanField(label=_("Promised amount (yuan)"))
    themes = forms.TypedMultipleChoiceField(
        label=_("Topics"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the whole call."),
    )  # fmt: skip
    restriction = forms.CharField(
        label=_("What the money is for, and only for that"), required=False, widget=long_text(3), max_length=2000
    )
    naming = forms.CharField(
        label=_("Name a project may carry"), required=False, max_length=60,
        help_text=_("Only a project that this sponsor pays half of, or more, carries it (R-VENT-13)."),
    )  # fmt: skip
    match_rule = forms.ChoiceField(
        label=_("Matching"), choices=MatchRule.choices, required=False,
        help_text=_("1:2: each yuan of the sponsor stands beside two yuan of public money; the rest is not called in."),
    )  # fmt: skip
    match_cap = YuanField(label=_("At most by matching (yuan)"), required=False)
    draw_order = forms.ChoiceField(label=_("Order of use"), choices=DrawOrder.choices)
    is_anonymous = forms.BooleanField(label=_("Not named to the public"), required=False)
    has_related = forms.NullBooleanField(
        label=_("Is the sponsor related to an organization that may apply?"), required=False,
        widget=forms.Select(choices=[("", _("not declared yet")), ("true", _("yes")), ("false", _("no"))]),
        help_text=_("Relations are disclosed; a related organization gets none of this money (R-CHAR-05)."),
    )  # fmt: skip
    related_text = forms.CharField(label=_("Which one, and how"), required=False, widget=long_text(2), max_length=1000)
    payee_name = forms.CharField(label=_("Payee"), required=False, max_length=120)
    bank_name = forms.CharField(label=_("Bank"), required=False, max_length=120)
    bank_account = forms.CharField(label=_("Account"), required=False, max_length=40)

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("sponsor", [(body.pk, body.name) for body in sponsors_to_choose()])
        pots = [(pot.pk, f"{pot.name} ({pot.budget_line.fund.get_kind_display()})") for pot in pots_to_choose(call)]
        self._choose("pot", pots)
        self._choose("themes", [(theme.pk, theme.title) for theme in call.themes.all()])

    def _choose(self, name: str, choices: list[tuple[int, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def as_input(self) -> AgreementInput:
        data = dict(self.cleaned_data)
        data.pop("version")
        data["match_rule"] = data["match_rule"] or MatchRule.NONE
        return AgreementInput(
            sponsor_id=data.pop("sponsor"), pot_id=data.pop("pot"), theme_ids=tuple(data.pop("themes")), **data
        )


def initial_of(agreement: Agreement) -> dict[str, Any]:
    related = {True: "true", False: "false", None: ""}[agreement.has_related]
    return {
        **{name: getattr(agreement, name) for name in FIELDS},
        "has_related": related,
        "sponsor": agreement.sponsor_id,
        "pot": agreement.pot_id,
        "version": agreement.version,
        "themes": [row.theme_id for row in agreement.themes.all()],
    }


class AgreementFilter(forms.Form):
    q = forms.CharField(label=_("Number, sponsor or call"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *AgreementStatus.choices])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=long_text(3), max_length=400)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("What was found and done"), widget=long_text(3), max_length=400)


class SignForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class StatementForm(forms.Form):
    file = forms.FileField(label=_("Statement of the bank (CSV or Excel)"))


class LineForm(forms.Form):
    agreement = forms.TypedChoiceField(label=_("Payment of"), coerce=int, required=False, empty_value=None)
    reason = forms.CharField(label=_("Reason"), widget=long_text(2), max_length=400)

    def __init__(self, *args: Any, agreements: list[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, f"{row.number} · {row.sponsor.name} · {row.to_pay:,.2f}") for row in agreements]
        self.fields["agreement"].choices = [("", _("Nothing of ours")), *choices]  # type: ignore[attr-defined]


class RefundForm(forms.Form):
    amount = YuanField(label=_("Amount (yuan)"))
    reason = forms.CharField(label=_("Reason"), widget=long_text(2), max_length=400)


class ReferenceForm(forms.Form):
    reference = forms.CharField(label=_("Reference of the bank"), max_length=100)
