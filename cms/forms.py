"""Filters of the list of notices; the form in which editors write a story."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms.selectors import publishable_photos
from marketplace.contracts.models import Contract, ReportPhoto
from marketplace.core.regions import region_name
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.web.filters import choose


class NoticeFilter(forms.Form):
    q = forms.CharField(label=_("Words in the title, or a number"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    buyer = forms.CharField(label=_("Buyer's name"), required=False, max_length=60)
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "kind", [("", _("All")), *NoticeKind.choices])
        choose(self, "region", [("", _("All")), *region_choices()])
        choose(self, "year", [("", _("All")), *year_choices()])

    def apply(self, notices: QuerySet[NoticeSnapshot]) -> QuerySet[NoticeSnapshot]:
        """The notices that fit; a value that cannot be read filters nothing and is named beside its field."""
        if not self.is_bound:
            return notices
        self.is_valid()
        data = self.cleaned_data
        if data.get("q"):
            words = data["q"].strip()
            notices = notices.filter(
                Q(title__icontains=words) | Q(number__iexact=words) | Q(project_number__iexact=words)
            )
        if data.get("kind"):
            notices = notices.filter(kind=data["kind"])
        if data.get("region"):
            notices = notices.filter(region__startswith=data["region"].rstrip("0") or data["region"])
        if data.get("buyer"):
            notices = notices.filter(body__name__icontains=data["buyer"].strip())
        if data.get("year"):
            notices = notices.filter(published_at__year=int(data["year"]))
        return notices


def region_choices() -> list[tuple[str, str]]:
    """Regions that have notices, each below its province."""
    codes = set(NoticeSnapshot.objects.order_by().values_list("region", flat=True).distinct())
    codes |= {code[:2] + "0000" for code in codes}
    return [(code, region_name(code)) for code in sorted(codes)]


def year_choices() -> list[tuple[str, str]]:
    years = NoticeSnapshot.objects.order_by().dates("published_at", "year", order="DESC")
    return [(str(year.year), str(year.year)) for year in years]


class StoryForm(WagtailAdminPageForm):
    """Offers the photos of the project that the form names, and no others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.data.get("project_number", "") if self.is_bound else self.instance.project_number
        photos: Any = self.fields["photos"]
        photos.queryset = publishable_photos(number.strip())
        photos.label_from_instance = label_of_photo

    def clean_project_number(self) -> str:
        number = str(self.cleaned_data["project_number"])
        if not Contract.objects.filter(project_number=number, published_at__isnull=False).exists():
            raise forms.ValidationError(
                gettext("No contract or agreement of this number has been published. Copy it from the project's page.")
            )
        return number


def label_of_photo(photo: ReportPhoto) -> str:
    return f"{photo.report.milestone.name} · {photo.caption}"
