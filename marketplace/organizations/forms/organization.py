from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import EvidenceKind, Relation
from ..services.evidence import FILE_KINDS, EvidenceFacts
from ..services.links import LinkFacts
from ..services.organizations import Registration

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegisterForm(forms.Form):
    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        help_text=_("18 characters, on the registration certificate; blanks and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Full name, as on the certificate"), max_length=120)
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=60)
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    warnings_confirmed = forms.BooleanField(
        label=_("I have compared the code with the certificate, and the warnings, if any, do not apply to us."),
        required=False,
    )

    def registration(self) -> Registration:
        return Registration(**self.cleaned_data)


class FactsForm(forms.Form):
    name = forms.CharField(label=_("Full name, as on the certificate"), max_length=120)
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    registered_on = forms.DateField(label=_("Registered on"), required=False, widget=DATE)
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    service_areas = forms.CharField(
        label=_("Fields of service"), max_length=200, required=False, help_text=_("E.g. 为老服务、社区助餐、康复训练")
    )
    summary = forms.CharField(
        label=_("In a few sentences"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you do, where, for whom, with how many people. It stands on your public page."),
    )


class AccountForm(forms.Form):
    bank_name = forms.CharField(label=_("Bank and branch"), max_length=120)
    bank_account = forms.CharField(
        label=_("Account number"), max_length=50, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=EvidenceKind.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    number = forms.CharField(label=_("Number of the document"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=DATE, help_text=_("Empty if it does not expire.")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPG or PNG, at most 50 MB. The content is checked, not the name."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in FILE_KINDS)}),
    )

    def facts(self) -> EvidenceFacts:
        names = ("kind", "title", "number", "issuer", "valid_until")
        return EvidenceFacts(**{name: self.cleaned_data[name] for name in names})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LinkForm(forms.Form):
    relation = forms.ChoiceField(label=_("Relation"), choices=Relation.choices)
    name = forms.CharField(label=_("Name of the person or body"), max_length=120)
    code = forms.CharField(
        label=_("Credit code of a holder"), max_length=30, required=False, help_text=_("For bodies; persons have none.")
    )
    share = forms.DecimalField(
        label=_("Share (%)"),
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Of a holder, if it holds one."),
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DATE)

    def facts(self) -> LinkFacts:
        return LinkFacts(**self.cleaned_data)


class VerifyForm(forms.Form):
    evidence = forms.CharField(
        label=_("What was compared"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E.g. the registrar's public record of the day, the certificate's number. It is public."),
    )
