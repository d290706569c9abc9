"""Filters and order of the list of projects: one form for the page and both downloads, over all projects."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from marketplace.contracts.models import Grade
from marketplace.core.regions import region_name
from marketplace.funds.models import FundKind, Purpose
from marketplace.web.filters import choose

BANDS: dict[str, tuple[Decimal | None, Decimal | None]] = {
    "small": (None, Decimal(200_000)),
    "medium": (Decimal(200_000), Decimal(1_000_000)),
    "large": (Decimal(1_000_000), Decimal(4_000_000)),
    "huge": (Decimal(4_000_000), None),
}
BAND_LABELS = (
    ("small", _("below 200,000 yuan")),
    ("medium", _("200,000 to below 1,000,000 yuan")),
    ("large", _("1,000,000 to below 4,000,000 yuan")),
    ("huge", _("4,000,000 yuan and more")),
)
SORTS = (
    ("", _("Newest first")),
    ("amount_down", _("Largest amount first")),
    ("amount_up", _("Smallest amount first")),
    ("organization", _("By organization")),
)
ORDERS = {
    "": ("-year", "-decided", "-number"),
    "amount_down": ("-amount", "-year", "number"),
    "amount_up": ("amount", "-year", "number"),
    "organization": ("organization", "-year", "number"),
}


@dataclass(frozen=True)
class Chosen:
    """What is asked for, ready for a query: conditions by the names of the list's columns."""

    where: Q = field(default_factory=Q)
    order: tuple[str, ...] = ORDERS[""]


class ProjectFilter(forms.Form):
    q = forms.CharField(label=_("Words in the title, or a number"), required=False, max_length=100)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    region = forms.ChoiceField(label=_("Region"), required=False)
    buyer = forms.CharField(label=_("Buyer's name"), required=False, max_length=60)
    organization = forms.CharField(label=_("Organization's name"), required=False, max_length=60)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    fund = forms.ChoiceField(label=_("Fund"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    band = forms.ChoiceField(label=_("Amount"), required=False)
    track = forms.ChoiceField(
        label=pgettext_lazy("filter", "Origin"),
        required=False,
        choices=[("", _("All")), ("award", _("This marketplace")), ("history", _("History"))],
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args: Any, years: list[int], regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        choose(self, "year", [everything, *((year, str(year)) for year in years)])
        choose(self, "region", [everything, *((code, region_name(code)) for code in regions)])
        choose(self, "purpose", [everything, *Purpose.choices])
        choose(self, "fund", [everything, *FundKind.choices])
        choose(self, "grade", [everything, *Grade.choices])
        choose(self, "band", [everything, *BAND_LABELS])

    def chosen(self) -> Chosen:
        """A value that cannot be read is named beside its field and filters nothing."""
        if not self.is_bound:
            return Chosen()
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        where = Q()
        for name, value in data.items():
            where &= condition(name, value)
        return Chosen(where, ORDERS[data.get("sort", "")])


def condition(name: str, value: Any) -> Q:
    """The condition of one filter over the list's columns."""
    if name == "q":
        return Q(title__icontains=value) | Q(number__iexact=value)
    if name == "band":
        low, high = BANDS[value]
        return (Q(amount__gte=low) if low is not None else Q()) & (Q(amount__lt=high) if high is not None else Q())
    if name == "region":
        return Q(place__startswith=value.rstrip("0") or value)
    if name in ("buyer", "organization"):
        return Q(**{f"{name}__icontains": value})
    return Q(**{{"track": "origin", "fund": "fund"}.get(name, name): value}) if name != "sort" else Q()
