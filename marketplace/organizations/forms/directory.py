from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.regions import region_name

from ..models import Face, Organization, OrganizationKind


class DirectoryForm(forms.Form):
    """Filters of the public directory."""

    q = forms.CharField(label=_("Name, code or field"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *OrganizationKind.choices])
    region = forms.ChoiceField(label=_("Region"), required=False)
    face = forms.ChoiceField(label=_("Face"), required=False, choices=[("", _("All")), *Face.choices])

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All")), *((code, region_name(code)) for code in regions)]
        self.fields["region"].choices = choices  # type: ignore[attr-defined]

    def narrow(self, found: QuerySet[Organization]) -> QuerySet[Organization]:
        if not self.is_valid():
            return found
        chosen = {"kind": self.cleaned_data["kind"], "face": self.cleaned_data["face"]}
        found = found.filter(**{name: value for name, value in chosen.items() if value})
        if self.cleaned_data["region"]:
            found = found.filter(body__region=self.cleaned_data["region"])
        text = self.cleaned_data["q"].strip()
        if text:
            found = found.filter(
                Q(body__name__icontains=text)
                | Q(body__code__startswith=text.upper())
                | Q(service_areas__icontains=text)
            )
        return found
