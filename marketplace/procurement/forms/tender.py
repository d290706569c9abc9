"""Pages of the tender wizard: one question a page. Forms check shape; the rules answer in the check list.

Most fields may stay empty in a draft: a page saves what there is, and the list beside it says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Body
from marketplace.core.fields import YuanField
from marketplace.web.forms import MomentField, StepForm, day_input, long_text, rows_of

from ..models import CriterionKind

DAY = day_input()


class NeedsForm(StepForm):
    needed = ("title", "needs")
    title = forms.CharField(label=_("Title of the tender"), max_length=120, required=False)
    needs = forms.CharField(
        label=_("What is bought, for whom, how much?"),
        required=False,
        widget=long_text(9),
        help_text=_(
            "Describe the service, the people it is for, places and quantities. Begin the line of a must-have with ★: "
            "it stands out in the documents, who does not meet it is out, and it is not scored "
            "(R-TENDER-09, R-PLAN-09)."
        ),
    )


class ServiceForm(StepForm):
    needed = ("service_place", "service_from", "service_to", "quality")
    service_place = forms.CharField(label=_("Place of service"), max_length=200, required=False)
    service_from = forms.DateField(label=_("First day of the service"), required=False, widget=DAY)
    service_to = forms.DateField(
        label=_("Last day of the service"),
        required=False,
        widget=DAY,
        help_text=_("One year as a rule, three at most (R-CON-13)."),
    )
    quality = forms.CharField(
        label=_("What is good quality, and how is it accepted?"), required=False, widget=long_text()
    )


class BasisForm(StepForm):
    negative_list_confirmed = forms.BooleanField(
        label=_("None of the six cases of the negative list applies to what the needs now say (R-GPS-05)"),
        required=False,
    )
    public_consultation = forms.CharField(
        label=_("How was the public consulted about the needs?"),
        required=False,
        widget=long_text(4),
        help_text=_("When, whom, what they said, what was taken up. Needed for public services (R-PLAN-05)."),
    )
    is_complex = forms.BooleanField(
        label=_("The project is technically complex or of great social impact (seven reviewers, R-COMM-02)"),
        required=False,
    )
    survey_parties = forms.CharField(
        label=_("Market parties asked in the needs survey"),
        required=False,
        widget=long_text(4),
        help_text=_("One a line; at least three for complex projects and from ten million yuan on (R-PLAN-06)."),
    )


class LotsForm(StepForm):
    needed = ("budget_amount",)
    budget_amount = YuanField(
        label=_("Budget of the tender (yuan)"),
        required=False,
        help_text=_("In 元, not 万元; it is disclosed in the documents (R-PLAN-04)."),
    )
    confirmed = forms.BooleanField(
        label=_("The amounts are right as they stand, in yuan"), required=False, widget=forms.HiddenInput
    )

    def ask_to_confirm(self) -> None:
        """Show the tick that says «yes, this amount»."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class LotRow(forms.Form):
    title = forms.CharField(label=_("Lot"), max_length=120)
    needs = forms.CharField(label=_("What belongs to it"), required=False, widget=long_text(3))
    budget_amount = YuanField(label=_("Budget (yuan)"))
    price_ceiling = YuanField(
        label=_("Ceiling price (yuan)"), required=False, help_text=_("Empty: the budget is the ceiling.")
    )


class EligibilityForm(StepForm):
    """Only the rows."""


class ConditionRow(forms.Form):
    text = forms.CharField(label=_("Condition"), max_length=300, widget=long_text(2))
    evidence = forms.CharField(
        label=_("Evidence asked for"), max_length=200, required=False, help_text=_("For example «食品经营许可证».")
    )


class PriceForm(StepForm):
    price_weight = forms.IntegerField(
        label=_("Points for the price"),
        min_value=0,
        max_value=100,
        help_text=_("At least 10 for services (R-EVAL-05)."),
    )
    rounding_places = forms.IntegerField(
        label=_("Decimal places of the published total"),
        min_value=0,
        max_value=9,
        help_text=_("Rounded half up (R-EVAL-24)."),
    )
    abnormal_raise = forms.DecimalField(
        label=_("Raised trigger for abnormally low prices"),
        required=False,
        max_digits=3,
        decimal_places=2,
        help_text=_("A share between 0.50 and 0.65; empty: the ministry's own triggers (R-EVAL-16)."),
    )


class MilestonesForm(StepForm):
    needed = ("payment_terms",)
    payment_terms = forms.CharField(label=_("Payment terms"), required=False, widget=long_text(4))


class MilestoneRow(forms.Form):
    name = forms.CharField(label=_("Milestone"), max_length=120)
    deliverable = forms.CharField(label=_("What is delivered"), max_length=300, widget=long_text(2))
    due_on = forms.DateField(label=_("Due on"), widget=DAY)
    share = forms.DecimalField(
        label=_("Share of the price (%)"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100
    )


class TimetableForm(StepForm):
    planned_on = forms.DateField(
        label=_("Day of publication"),
        widget=DAY,
        help_text=_("All days are counted from it; it is not counted itself."),
    )
    deadline = MomentField(
        label=_("Deadline for bids, and opening"), help_text=_("One and the same moment (R-OPEN-01).")
    )
    documents_until = MomentField(
        label=_("Documents can be obtained until"), required=False, help_text=_("Empty: until the deadline.")
    )
    validity_days = forms.IntegerField(label=_("Bids bind for (days)"), min_value=1, max_value=365)

    def values(self) -> dict[str, Any]:
        values = super().values()
        return {**values, "documents_until": values["documents_until"] or values["deadline"]}


class DocumentsForm(StepForm):
    needed = ("contract_terms",)
    contract_terms = forms.CharField(label=_("Draft contract"), required=False, widget=long_text(14))


class ContactsForm(StepForm):
    needed = ("contact_name", "contact_phone")
    contact_name = forms.CharField(label=_("Contact"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    agency_id = forms.TypedChoiceField(
        label=_("Procuring agent"), required=False, coerce=int, empty_value=None,
        help_text=_("The agent runs the procedure within its mandate; it decides nothing about money (R-SCOPE-10)."),
    )  # fmt: skip
    agency_scope = forms.CharField(
        label=_("Scope, powers and term of the mandate"), required=False, widget=long_text(3)
    )

    def __init__(self, *args: Any, agencies: Sequence[Body] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency_id"].choices = [("", _("No agent")), *((body.pk, body.name) for body in agencies)]  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """An attachment of the documents: a table form, a plan, a list of places."""

    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(label=_("File (PDF, DOCX, XLSX, JPG, PNG; 50 MB at most)"))


class MandateForm(forms.Form):
    file = forms.FileField(label=_("Signed mandate (PDF)"))


class CustodiansForm(StepForm):
    keys = forms.TypedMultipleChoiceField(
        label=_("Who guards the bids?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Three to seven people of at least two bodies, none of them of this procedure. More than half of them "
            "open the bids together after the deadline; nobody can before."
        ),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = choices  # type: ignore[attr-defined]
        self.fields["keys"].is_needed_later = True  # type: ignore[attr-defined]


class CriterionForm(StepForm):
    """One scored criterion; its ranges are rows beside it."""

    group = forms.CharField(
        label=_("Group"),
        max_length=120,
        required=False,
        help_text=_("Criteria of one group stand together, for example «服务方案»."),
    )
    title = forms.CharField(label=_("Criterion"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (CriterionKind.JUDGEMENT, _("Judgement: reviewers choose the range that fits")),
            (CriterionKind.OBJECTIVE, _("Objective: a number decides, all reviewers must agree (R-EVAL-11)")),
        ],
        widget=forms.RadioSelect,
        initial=CriterionKind.JUDGEMENT,
    )
    points = forms.DecimalField(
        label=_("Points"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100
    )
    description = forms.CharField(label=_("What is looked at"), required=False, widget=long_text(4))


class RangeRow(forms.Form):
    text = forms.CharField(label=_("Range"), max_length=200, widget=long_text(2))
    points = forms.DecimalField(label=_("Score"), max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=100)


LotRows = rows_of(LotRow, 1, 20)
ConditionRows = rows_of(ConditionRow, 2, 30)
MilestoneRows = rows_of(MilestoneRow, 1, 12)
RangeRows = rows_of(RangeRow, 2, 10)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("What has to be changed"), max_length=400, widget=long_text(3))


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label=_("Why nobody wants it any more"),
        max_length=400,
        widget=long_text(3),
        help_text=_("Kept with the draft; it is not published."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class WarningForm(forms.Form):
    """Why a warning may pass."""

    rule_id = forms.CharField(max_length=20, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=long_text(2))
