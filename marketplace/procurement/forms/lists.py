"""Filters of the list of tenders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import LotStatus, TenderStatus

STATES = [
    ("", _("All")),
    *[choice for choice in TenderStatus.choices if choice[0] != TenderStatus.PUBLISHED],
    *[choice for choice in LotStatus.choices if choice[0] not in (LotStatus.DRAFT, LotStatus.TERMINATED)],
]


class TenderFilter(forms.Form):
    q = forms.CharField(label=_("Words or number"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("All")), ("mine", _("Begun by me")), ("waiting", _("Waiting for me"))],
    )
