"""The text of a contract with its milestones, signing, scan, filing number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Contract
from ..services.contract import ContractInput, MilestoneInput
from .common import CodeField, DayField


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ContractForm(forms.Form):
    """What R-GPS-08 wants a contract to state. Parties and price come from the award."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=160)
    service = forms.CharField(label=_("Service and requirements"), widget=_text(8))
    quantity = forms.CharField(label=_("Quantity"), max_length=200)
    quality = forms.CharField(label=_("Quality and acceptance standard"), widget=_text(5))
    place = forms.CharField(label=_("Place of service"), max_length=200)
    term_from = DayField(label=_("Term from"))
    term_to = DayField(label=_("Term to"), help_text=_("Three years at most (R-CON-13)."))
    settlement = forms.CharField(label=_("Price and settlement"), widget=_text(6))
    rights = forms.CharField(label=_("Rights and duties"), widget=_text(8))
    breach = forms.CharField(label=_("Breach and disputes"), widget=_text(6))
    bank_name = forms.CharField(label=_("Payee's bank"), max_length=120)
    bank_account = forms.CharField(
        label=_("Payee's account"),
        max_length=40,
        help_text=_("From the organization's file. Payments are compared with it; the published text masks it."),
    )

    def as_input(self, milestones: list[dict[str, Any]]) -> ContractInput:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return ContractInput(**values, milestones=tuple(MilestoneInput(**row) for row in milestones))

    @staticmethod
    def initial_of(contract: Contract) -> dict[str, Any]:
        return {name: getattr(contract, name) for name in ContractForm.base_fields}


class MilestoneForm(forms.Form):
    """Words and day of a milestone; share and amount stay as tendered."""

    name = forms.CharField(label=_("Milestone"), max_length=120)
    deliverable = forms.CharField(label=_("Deliverable"), max_length=300, widget=_text(2))
    due_on = DayField(label=_("Due on"))


MilestoneFormSet = forms.formset_factory(MilestoneForm, extra=0)


class SignForm(forms.Form):
    """«系统签署确认»: the statement is read, the code is typed; a reason where the day wants one."""

    has_read = forms.BooleanField(
        label=_("I have read the contract above in full and conclude it for the body I act for.")
    )
    reason = forms.CharField(
        label=_("Why it is signed now"),
        max_length=400,
        required=False,
        widget=_text(3),
        help_text=_("Recorded with your signature, because a rule advises against signing today (see above)."),
    )
    code = CodeField()

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class ScanForm(forms.Form):
    file = forms.FileField(
        label=_("Signed and sealed scan"),
        help_text=_("A PDF, 50 MB at most. It stands beside the confirmation in the system and replaces nothing."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class FilingForm(forms.Form):
    filing_number = forms.CharField(
        label=_("Filing number"),
        max_length=60,
        help_text=_("From the finance department's receipt for the copy of the contract (R-CON-03)."),
    )
