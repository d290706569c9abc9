"""Pages of the call wizard: one question a page. Forms check shape; the rules answer in the check list."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from marketplace.core.catalogue import rule
from marketplace.core.fields import YuanField
from marketplace.web.forms import MomentField, StepForm, day_input, long_text, rows_of

from ..models import CallKind, CallLevel
from ..rules.switches import SWITCHABLE, field_of

Choices = Sequence[tuple[Any, Any]]


def yes_or_no(**kwargs: Any) -> forms.TypedChoiceField:
    """A question that nobody answers by not looking: neither is chosen at first."""
    return forms.TypedChoiceField(
        choices=((False, _("No")), (True, _("Yes"))),
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        **kwargs,
    )


def share(label: Any, help_text: Any = "", **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=100, **kwargs
    )


class AimsForm(StepForm):
    title = forms.CharField(label=_("Title of the call"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices, widget=forms.RadioSelect)
    level = forms.ChoiceField(label=_("Level"), choices=CallLevel.choices, widget=forms.RadioSelect)
    street = forms.CharField(
        label=_("Street or town"), max_length=60, required=False, help_text=_("Only for a call of one street or town.")
    )
    aims = forms.CharField(
        label=_("What is the call for?"),
        required=False,
        widget=long_text(7),
        help_text=_("Whose life is to become better, and how? What did residents and organizations say they need?"),
    )
    place = forms.CharField(label=_("Where do the projects work?"), max_length=200, required=False)


class TrackForm(StepForm):
    pays_for_service = yes_or_no(
        label=_("Will the agreement pay for a defined service?"),
        help_text=_("Fixed quantity, quality and price, as in a purchase. Then it is procurement (R-SCOPE-03)."),
    )
    money_is_mixed = yes_or_no(
        label=_("Is there money that cannot be told apart by its budget line?"),
        help_text=_("Such money pulls everything under procurement law (R-SCOPE-02)."),
    )
    track_statement = forms.CharField(
        label=_("Why is this a grant and not a purchase?"),
        required=False,
        widget=long_text(5),
        help_text=_("Published with the call: who thought the project up, who bears its result, what is not bought."),
    )


class FundersForm(StepForm):
    """Only the rows."""


class FunderRow(forms.Form):
    body_id = forms.TypedChoiceField(label=_("Joint funder"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, bodies: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body_id"].choices = [("", "–"), *bodies]  # type: ignore[attr-defined]


class KeyedRow(forms.Form):
    """A row that others refer to: it keeps its key."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ThemesForm(StepForm):
    """Only the rows."""


class ThemeRow(KeyedRow):
    title = forms.CharField(label=_("Theme"), max_length=80)
    description = forms.CharField(label=_("What is wanted"), max_length=300, required=False, widget=long_text(2))


class PotsForm(StepForm):
    """Only the rows."""


class PotRow(KeyedRow):
    name = forms.CharField(
        label=_("Name of the pot"), max_length=80, help_text=_("Applicants name it at every cost line.")
    )
    budget_line_id = forms.TypedChoiceField(label=_("Budget line"), coerce=int, empty_value=None)
    amount = YuanField(label=_("Amount (yuan)"))
    theme_id = forms.TypedChoiceField(
        label=_("Only for the theme"), coerce=int, empty_value=None, required=False, help_text=_("Empty: all themes.")
    )

    def __init__(self, *args: Any, lines: Choices = (), themes: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["budget_line_id"].choices = [("", "–"), *lines]  # type: ignore[attr-defined]
        self.fields["theme_id"].choices = [("", _("All themes")), *themes]  # type: ignore[attr-defined]


class RulesForm(StepForm):
    grant_cap = YuanField(
        label=_("One project gets at most (yuan)"), required=False, help_text=_("In 元, not 万元 (R-VENT-06).")
    )
    own_share = share(_("Own or social money, at least (% of the budget)"), _("40 as a rule (R-VENT-07)."))
    indirect_ceiling = share(_("Indirect costs, at most (%)"), _("Management, taxes, office: 5 to 10 (R-VENT-14)."))
    staff_ceiling = share(_("Staff pay, at most (%)"), _("Applicants have to know it (R-VENT-14)."), required=False)
    applications_each = forms.IntegerField(
        label=_("Applications of one organization"),
        min_value=1,
        max_value=20,
        help_text=_("One as a rule (R-VENT-08)."),
    )
    months_least = forms.IntegerField(label=_("A project runs at least (months)"), min_value=1, max_value=36)
    months_most = forms.IntegerField(label=_("A project runs at most (months)"), min_value=1, max_value=36)
    tranche_agreement = share(_("Paid after the agreement (%)"), _("The three sum to 100 (R-VENT-09)."))
    tranche_midterm = share(_("Paid after the passed mid-term evaluation (%)"))
    tranche_final = share(_("Paid after the passed final evaluation (%)"))


class SwitchesForm(StepForm):
    """A reason switches a rule of practice off; empty, it holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule_id in SWITCHABLE:
            self.fields[field_of(rule_id)] = forms.CharField(
                label=_("Why «%(title)s» does not apply") % {"title": rule(rule_id).title},
                max_length=400,
                required=False,
                widget=long_text(2),
                help_text=_("%(rule_id)s, %(article)s. Empty: it applies.")
                % {"rule_id": rule_id, "article": rule(rule_id).article},
            )


class TimetableForm(StepForm):
    opens_at = MomentField(label=_("Applications from"), required=False)
    deadline = MomentField(
        label=_("Applications until"), required=False, help_text=_("To the second, the moment included (R-TIME-07).")
    )
    correction_days = forms.IntegerField(
        label=_("Working days to correct what is missing"), min_value=1, max_value=30, help_text=_("One round only.")
    )
    review_until = forms.DateField(
        label=_("Reviews and defence done by"),
        required=False,
        widget=day_input(),
        help_text=_("Sixty days after the closing at the latest (R-VENT-02)."),
    )
    display_days = forms.IntegerField(
        label=_("Days of public display"), min_value=1, max_value=90, help_text=_("Fifteen at least (R-VENT-02).")
    )


class GuideForm(StepForm):
    guide = forms.CharField(
        label=_("Guide for applicants"),
        required=False,
        widget=long_text(10),
        help_text=_("What to prepare, how projects are chosen, what happens after the decision."),
    )
    donation_link = forms.URLField(
        label=_("Link to a designated fund-raising platform"),
        required=False,
        assume_scheme="https",
        help_text=_("Only a link out: this site raises no donations (R-CHAR-02)."),
    )


class FaqRow(forms.Form):
    question = forms.CharField(label=pgettext_lazy("faq", "Question"), max_length=300)
    answer = forms.CharField(label=pgettext_lazy("faq", "Answer"), widget=long_text(3))


class BriefingsForm(StepForm):
    """Only the rows."""


class BriefingForm(forms.Form):
    starts_at = MomentField(label=_("Begins"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=480, initial=90)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https")
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000, initial=50)


class BriefingRow(BriefingForm, KeyedRow):
    pass


class ContactsForm(StepForm):
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("What has to be changed"), max_length=400, widget=long_text(3))


FunderRows = rows_of(FunderRow, 1, 10)
ThemeRows = rows_of(ThemeRow, 2, 20)
PotRows = rows_of(PotRow, 1, 20)
FaqRows = rows_of(FaqRow, 1, 40)
BriefingRows = rows_of(BriefingRow, 1, 10)
