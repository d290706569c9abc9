"""Asking for money, explaining a doubt, the note of an approval, the bank's record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import YuanField

from ..models import Milestone
from ..services.disbursement import RequestInput
from .common import DayField


class RequestForm(forms.Form):
    amount = YuanField(label=_("Amount (yuan)"), help_text=_("At most the amount of the milestone."))
    payee_name = forms.CharField(label=_("Payee"), max_length=120)
    bank_name = forms.CharField(label=_("Bank"), max_length=120)
    bank_account = forms.CharField(label=_("Account number"), max_length=40)
    invoice_number = forms.CharField(label=_("Invoice number"), max_length=40)
    invoice = forms.FileField(
        label=_("Invoice"),
        help_text=_("PDF, JPG or PNG. An invoice can be used once."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def as_input(self) -> RequestInput:
        return RequestInput(**self.cleaned_data)

    @staticmethod
    def initial_of(milestone: Milestone) -> dict[str, Any]:
        """The account of the organization's own file, so that a forgotten change shows at once."""
        contract = milestone.contract
        organization = getattr(contract.supplier, "organization", None)
        return {
            "amount": milestone.amount,
            "payee_name": contract.supplier.name,
            "bank_name": (organization and organization.bank_name) or contract.bank_name,
            "bank_account": (organization and organization.bank_account) or contract.bank_account,
        }


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PaymentForm(forms.Form):
    bank_reference = forms.CharField(
        label=_("Bank reference"), max_length=60, help_text=_("As the bank's receipt of the transfer shows it.")
    )
    paid_on = DayField(label=_("Date of the transfer"))
    late_reason = forms.CharField(
        label=_("Why it is paid late"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where the transfer came after the day on which it was due (R-CON-09)."),
    )

    def __init__(self, *args: Any, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["late_reason"]
