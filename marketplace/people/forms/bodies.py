from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.accounts.services.bodies import BodyFacts

ADMITTED_KINDS = [choice for choice in BodyKind.choices if choice[0] != BodyKind.ORGANIZATION]


class AdmitBodyForm(forms.Form):
    """What the operator enters; the code's own checks stand in the service."""

    kind = forms.ChoiceField(label=_("Kind of body"), choices=ADMITTED_KINDS)
    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        help_text=_("18 characters, as on the certificate; blanks and hyphens do not matter."),
    )
    name = forms.CharField(label=_("Full name"), max_length=120)
    region = forms.RegexField(
        r"^\d{6}$",
        label=_("Region it works for"),
        required=False,
        help_text=_("Six digits of GB/T 2260; empty: the region in the code."),
        error_messages={"invalid": _("A region has six digits, e.g. 310106.")},
    )
    address = forms.CharField(label=_("Registered address"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    administrator_email = forms.EmailField(
        label=_("E-mail address of the first administrator"),
        help_text=_("Gets the invitation and invites the others. For bodies without administrators: the first person."),
    )
    reason = forms.CharField(
        label=_("Reason, where a warning asks for one"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def facts(self) -> BodyFacts:
        names = ("kind", "code", "name", "region", "address", "contact_name", "contact_phone")
        return BodyFacts(**{name: self.cleaned_data[name] for name in names})


class BodyFilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *BodyKind.choices])
    q = forms.CharField(label=_("Name or code"), required=False, max_length=60)

    def narrow(self) -> QuerySet[Body]:
        bodies = Body.objects.order_by("name", "pk")
        if not self.is_valid():
            return bodies
        if self.cleaned_data["kind"]:
            bodies = bodies.of_kind(self.cleaned_data["kind"])
        text = self.cleaned_data["q"].strip()
        if text:
            bodies = bodies.filter(name__icontains=text) | bodies.filter(code__startswith=text.upper())
        return bodies
