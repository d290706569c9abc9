"""The pages of an application: the basics, a text, rows; files, the declaration, the pre-review, filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.documents.kinds import accept
from marketplace.web.forms import StepForm, day_input, long_text

from ..models import ApplicationStatus, ApplicationVersion, CallTheme, PreReviewResult
from ..rules.eligibility import POINTS
from ..rules.form import Block
from ..services.application import FILE_KINDS
from .blocks import answer_field


class BasicsForm(StepForm):
    needed = ("title", "summary", "theme_id", "place", "starts_on", "ends_on")
    title = forms.CharField(label=_("What is the project called?"), max_length=80, required=False)
    summary = forms.CharField(
        label=_("The project in three sentences"),
        max_length=600,
        required=False,
        widget=long_text(4),
        help_text=_("For whom, what is done, what will be different afterwards?"),
    )
    theme_id = forms.TypedChoiceField(label=_("Theme"), coerce=int, empty_value=None, required=False)
    place = forms.CharField(
        label=_("Where does it work?"),
        max_length=200,
        required=False,
        help_text=_("District, streets, neighbourhoods."),
    )
    starts_on = forms.DateField(label=_("First day of the project"), required=False, widget=day_input())
    ends_on = forms.DateField(label=_("Last day of the project"), required=False, widget=day_input())

    def __init__(self, *args: Any, themes: Sequence[CallTheme] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((theme.pk, theme.title) for theme in themes)]
        self.fields["theme_id"].choices = choices  # type: ignore[attr-defined]
        self.is_without_themes = not themes
        if self.is_without_themes:
            del self.fields["theme_id"]

    def values(self) -> dict[str, Any]:
        return {"theme_id": None, **super().values()}


class RowsPage(StepForm):
    """Only the rows."""


def text_page(block: Block) -> type[StepForm]:
    return type("TextPage", (StepForm,), {"text": answer_field(block)})


class FileForm(forms.Form):
    title = forms.CharField(label=_("What is it?"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": accept(FILE_KINDS)}),
        help_text=_("PDF, DOCX, XLSX, JPG or PNG, 50 MB at most."),
    )


class HandInForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    declares = forms.BooleanField(label=_("We declare that all of this is true and answer for it."), required=False)


class ApplicationFilter(forms.Form):
    """The officer's list."""

    q = forms.CharField(label=_("Words or organization"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args: Any, themes: Sequence[CallTheme] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        not_listed = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)
        statuses = [(value, label) for value, label in ApplicationStatus.choices if value not in not_listed]
        self.fields["status"].choices = [("", _("All")), *statuses]  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", _("All")), *((row.pk, row.title) for row in themes)]  # type: ignore[attr-defined]


class PreReviewForm(forms.Form):
    """The points that a person looks up, and the decision."""

    version_id = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("What do you decide?"), choices=PreReviewResult.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        required=False,
        widget=long_text(5),
        help_text=_("Sent to the applicant word by word. Say what is missing and where, so that it can be corrected."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in POINTS.items():
            self.fields[f"point_{key}"] = forms.BooleanField(label=label, required=False)
            note = forms.CharField(label=_("Where you looked it up, what you found"), max_length=200, required=False)
            self.fields[f"note_{key}"] = note

    def point_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"point_{key}"], self[f"note_{key}"]) for key in POINTS]

    def points(self) -> dict[str, bool]:
        return {key: self.cleaned_data[f"point_{key}"] for key in POINTS}

    def notes(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"note_{key}"] for key in POINTS}


class CompareForm(forms.Form):
    """Two versions side by side."""

    a = forms.ChoiceField(label=_("Earlier version"))
    b = forms.ChoiceField(label=_("Later version"))

    def __init__(self, *args: Any, versions: Sequence[ApplicationVersion] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.number), _("Version %(n)s") % {"n": row.number}) for row in versions]
        for name in ("a", "b"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
