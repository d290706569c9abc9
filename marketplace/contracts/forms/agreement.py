"""Stages, changes, audit and pay-back of a grant, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField

from ..models import AuditOpinion, ChangeKind, Contract, LookKind, PaybackCause
from ..services.change import ChangeInput
from ..services.closing import AuditInput, PaybackInput, ReceiptInput
from ..services.stage import LookInput
from .common import DayField


def _words(label: Any, *, limit: int = 400, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": 4}), **more)


class LookForm(forms.Form):
    kind = forms.ChoiceField(label=_("How it was looked into"), choices=LookKind.choices)
    made_on = DayField(label=_("Day"))
    note = _words(_("What was found"))
    has_doubt = forms.BooleanField(label=_("A doubt remains: a call or a visit has to clear it."), required=False)

    def as_input(self) -> LookInput:
        return LookInput(**self.cleaned_data)


class DecisionForm(forms.Form):
    """Yes or no, with a word."""

    decision = forms.ChoiceField(
        label=_("Your decision"), choices=(("yes", _("Approve")), ("no", _("Refuse"))), widget=forms.RadioSelect
    )
    opinion = _words(_("Opinion"), required=False)

    @property
    def approves(self) -> bool:
        return bool(self.cleaned_data["decision"] == "yes")


class WordsChangeForm(forms.Form):
    """Team or activities: in words."""

    before = _words(_("As agreed"), limit=2000)
    after = _words(_("As wanted"), limit=2000)
    reason = _words(_("Reason"))

    def __init__(self, *args: Any, contract: Contract, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def as_input(self) -> ChangeInput:
        return ChangeInput(kind=self.kind, **self.cleaned_data)


class PeriodChangeForm(forms.Form):
    term_to = DayField(label=_("New last day of the project"))
    reason = _words(_("Reason"))

    def __init__(self, *args: Any, contract: Contract, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term_to"].initial = contract.term_to

    def as_input(self) -> ChangeInput:
        return ChangeInput(kind=ChangeKind.PERIOD, **self.cleaned_data)


class ShiftForm(forms.Form):
    """One amount of one pot, from one line to another."""

    from_line = forms.TypedChoiceField(label=_("From this line"), coerce=int)
    to_line = forms.TypedChoiceField(label=_("To this line"), coerce=int)
    share = forms.TypedChoiceField(label=_("Pot"), coerce=int)
    amount = YuanField(label=_("Amount (yuan)"))
    reason = _words(_("Reason"))

    def __init__(self, *args: Any, contract: Contract, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(line.pk, f"{line.name} ({line.granted:,.2f})") for line in contract.budget.prefetch_related("parts")]
        shares = [
            (share.pk, f"{share.budget_line.fund.name} {share.budget_line}")
            for share in contract.shares.select_related("budget_line__fund")
        ]
        for name, choices in (("from_line", lines), ("to_line", lines), ("share", shares)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def as_input(self) -> ChangeInput:
        data = self.cleaned_data
        return ChangeInput(
            kind=ChangeKind.BUDGET,
            reason=data["reason"],
            from_line_id=data["from_line"],
            to_line_id=data["to_line"],
            share_id=data["share"],
            amount=data["amount"],
        )


CHANGE_FORMS: dict[str, type[forms.Form]] = {
    ChangeKind.BUDGET: ShiftForm,
    ChangeKind.PERIOD: PeriodChangeForm,
    ChangeKind.TEAM: WordsChangeForm,
    ChangeKind.ACTIVITIES: WordsChangeForm,
}


class AuditForm(forms.Form):
    opinion = forms.ChoiceField(label=_("Audit opinion"), choices=AuditOpinion.choices)
    spent = YuanField(
        label=_("Properly spent of the grant (yuan)"),
        allow_zero=True,
        help_text=_("What was paid beyond this comes back to the pots."),
    )
    summary = _words(_("What the audit found"), limit=4000)
    paper = forms.FileField(
        label=_("Audit report"), help_text=_("A PDF."), widget=forms.ClearableFileInput(attrs={"accept": ".pdf"})
    )

    def as_input(self) -> AuditInput:
        return AuditInput(**self.cleaned_data)


class PaybackForm(forms.Form):
    cause = forms.ChoiceField(label=_("Cause"), choices=PaybackCause.choices)
    amount = YuanField(label=_("Amount (yuan)"))
    reason = _words(_("Reason"))
    due_on = DayField(label=_("To be paid back by"))
    asks_ban = forms.BooleanField(
        label=_("Severe breach: ban from venture calls for three years (R-VENT-10)."), required=False
    )

    def as_input(self) -> PaybackInput:
        return PaybackInput(**self.cleaned_data)


class AnswerForm(forms.Form):
    answer = _words(_("Your answer"), limit=4000)


class ReceiptForm(forms.Form):
    amount = YuanField(label=_("Amount (yuan)"))
    received_on = DayField(label=_("Date of the bank"))
    bank_reference = forms.CharField(label=_("Bank reference"), max_length=60)

    def as_input(self) -> ReceiptInput:
        return ReceiptInput(**self.cleaned_data)
