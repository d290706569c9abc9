"""Forms of a year's calendar and of rule values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.rules.rule_values import can_be_lowered
from marketplace.accounts.services.settings import RuleValueFacts
from marketplace.core import clock
from marketplace.core.catalogue import Rule, catalogue
from marketplace.core.regions import BudgetLevel

MOST_BYTES = 512 * 1024


class YearForm(forms.Form):
    """The table is pasted, or taken from a CSV or XLSX file with the columns date, 休/班, reason."""

    year = forms.IntegerField(label=_("Year"), min_value=2004, max_value=2100)
    source = forms.CharField(
        label=_("Notice"),
        max_length=120,
        help_text=_("Title and number of the State Council's notice that fixes the days."),
    )
    table = forms.CharField(
        label=_("Days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_(
            "One day a line: date, 休 or 班, reason. E.g. «2027-01-01 休 元旦». "
            "Plain working days and weekends are left out."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV or XLSX; it takes the place of what stands above.")
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload is None:
            return None
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A year's table is small; this file is larger than 512 KB."))
        try:
            return lines_of(upload.name, upload.read())
        except (UnicodeDecodeError, BadZipFile, KeyError, ValueError, csv.Error) as error:
            raise forms.ValidationError(_("This is no CSV or XLSX table. Save it anew, or paste the rows.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            data["table"] = data["file"]
        if not data.get("table") and "file" not in self.errors:
            self.add_error("table", _("Paste the days, or choose a file."))
        return data


def lines_of(name: str, content: bytes) -> str:
    """The rows of a table file as text lines."""
    if name.lower().endswith(".xlsx"):
        return "\n".join(_row_text(row) for row in _xlsx_rows(content))
    text = content.decode("utf-8-sig")
    return "\n".join(_row_text(row) for row in csv.reader(io.StringIO(text)))


def _xlsx_rows(content: bytes) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    return list(sheet.iter_rows(max_col=3, max_row=400, values_only=True))


def _row_text(row: Any) -> str:
    cells = [cell.date().isoformat() if hasattr(cell, "date") else str(cell or "") for cell in row[:3]]
    return " ".join(cell.strip() for cell in cells).strip()


class RuleValueForm(forms.Form):
    rule = forms.ChoiceField(label=_("Rule and value"))
    value = forms.CharField(label=_("New value"), max_length=80, required=False)
    is_lowered = forms.BooleanField(
        label=_("Lower the rule to a warning (passes with a written reason)"), required=False
    )
    budget_level = forms.ChoiceField(
        label=_("Budget level"),
        choices=[("", _("every level")), *BudgetLevel.choices],
        required=False,
        help_text=_("Of the buyer that a region covers: e.g. only the city's own bodies, not its districts'."),
    )
    region = forms.CharField(
        label=_("Region"), max_length=6, required=False, help_text=_("Six digits; empty means everywhere.")
    )
    valid_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The document that sets the value, with its number. Everybody can read it on the page of rules."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("Choose")), *value_choices()]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today()

    def facts(self) -> RuleValueFacts:
        data = self.cleaned_data
        rule_id, _colon, key = data["rule"].partition(":")
        names = ("value", "is_lowered", "region", "budget_level", "valid_from", "reason")
        return RuleValueFacts(rule_id=rule_id, key=key, **{name: data[name] for name in names})


def value_choices() -> list[tuple[str, str]]:
    """Every value of the catalogue, and the rules without one whose refusal can be lowered."""
    return [choice for rule in catalogue().values() for choice in choices_of(rule)]


def choices_of(rule: Rule) -> Iterator[tuple[str, str]]:
    for key, figure in rule.values.items():
        words = (figure.label, f"{figure.relation}{figure.number}", figure.unit_words)
        yield f"{rule.id}:{key}", f"{rule.id} {rule.title} · {' '.join(str(word) for word in words if word)}"
    if not rule.values and can_be_lowered(rule):
        yield f"{rule.id}:value", f"{rule.id} {rule.title}"
