"""Forms of the assessment: settings, seats, reviews, defence, decision, display, coaching."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from marketplace.web.forms import MomentField, day_input, long_text

from ..models import AssessmentCriterion, BonusScheme, CallPot, PanelMember, PanelRole
from ..services.assessment import Settings
from ..services.decision import share_field
from ..services.scoring import field_of

BONUS_LINE = gettext_lazy("One in a line: for what, a vertical bar, the points. Example: matched money | 5")


class SettingsForm(forms.Form):
    """What is stated before the scoring begins."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    weights = forms.CharField(required=False, widget=forms.HiddenInput, label=gettext_lazy("Points of the criteria"))
    reviewers_each = forms.IntegerField(label=gettext_lazy("Reviewers for each application"), min_value=1, max_value=9)
    scoring_until = MomentField(label=gettext_lazy("Scores until"), required=False)
    is_blind = forms.BooleanField(
        label=gettext_lazy("Hide the applicants' names until the own score is handed in"), required=False
    )
    is_normalised = forms.BooleanField(
        label=gettext_lazy("The ranking follows the normalised means"),
        required=False,
        help_text=gettext_lazy("Both means are shown side by side; only this one decides."),
    )
    defence_share = forms.IntegerField(
        label=gettext_lazy("Share of the defence in the total (%)"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("0: no defence."),
    )
    bonus_cap = forms.DecimalField(label=gettext_lazy("Bonus points together, at most"), max_digits=5, decimal_places=2)
    bonuses = forms.CharField(
        label=gettext_lazy("Bonus points"), required=False, widget=long_text(3), help_text=BONUS_LINE
    )
    coaching_from = MomentField(label=gettext_lazy("Coaching from"), required=False)
    coaching_until = MomentField(label=gettext_lazy("Coaching until"), required=False)

    def __init__(self, *args: Any, criteria: Iterable[AssessmentCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for row in self.criteria:
            self.fields[f"w_{row.key}"] = forms.IntegerField(
                label=row.title, min_value=0, max_value=100, initial=row.weight
            )
        self.order_fields(["version", "weights", *(f"w_{row.key}" for row in self.criteria)])
        self.fields["scoring_until"].is_needed_later = True  # type: ignore[attr-defined]

    def clean_bonuses(self) -> list[tuple[str, Decimal]]:
        rows = []
        for line in self.cleaned_data["bonuses"].splitlines():
            if not line.strip():
                continue
            title, _bar, points = line.replace("｜", "|").rpartition("|")
            try:
                value = Decimal(points.strip())
            except InvalidOperation:
                value = Decimal(0)
            if not title.strip() or not 0 < value <= 50:
                raise ValidationError(
                    _("«%(line)s» is not understood. Write: for what | points (up to 50).") % {"line": line.strip()}
                )
            rows.append((title.strip()[:120], value))
        return rows

    def settings(self) -> Settings:
        data = self.cleaned_data
        names = (
            "reviewers_each",
            "is_blind",
            "is_normalised",
            "defence_share",
            "bonus_cap",
            "scoring_until",
            "coaching_from",
            "coaching_until",
            "bonuses",
        )
        weights = {row.key: data[f"w_{row.key}"] for row in self.criteria}
        return Settings(weights=weights, **{name: data[name] for name in names})


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address with which the person has signed up here, as an expert or otherwise."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Seat"), choices=PanelRole.choices)
    employer = forms.CharField(label=gettext_lazy("Employer"), max_length=120, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=long_text(3))


class ReassignForm(forms.Form):
    member = forms.ChoiceField(label=gettext_lazy("New reviewer"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=long_text(2))

    def __init__(self, *args: Any, members: Iterable[PanelMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row} · {row.get_role_display()}") for row in members
        ]


class AnswerSeatForm(forms.Form):
    employer = forms.CharField(
        label=gettext_lazy("For whom do you work?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Its applications are kept from you. Without an employer write «none»."),
    )
    conflicts = forms.MultipleChoiceField(
        label=gettext_lazy("Applications with which a tie connects you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Work, kinship, money or anything else in the last three years."),
    )
    note = forms.CharField(label=gettext_lazy("What ties you to them"), max_length=300, required=False)
    keeps_secret = forms.BooleanField(
        label=gettext_lazy("I keep what I read and score to myself, and I score by the published form alone."),
        required=False,
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflicts"].choices = list(choices)  # type: ignore[attr-defined]
        self.fields["employer"].is_needed_later = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("conflicts") and not data.get("note", "").strip():
            self.add_error("note", _("Write what ties you to them."))
        return data


class ConflictForm(forms.Form):
    application = forms.ChoiceField(label=gettext_lazy("Application"))
    note = forms.CharField(label=gettext_lazy("What ties you to it"), max_length=300, widget=long_text(2))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = list(choices)  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """The points of each criterion and the reasons; half filled in it is saved too."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Reasons for the applicant"),
        required=False,
        max_length=2000,
        widget=long_text(4),
        help_text=gettext_lazy("The applicant reads them without your name."),
    )

    def __init__(self, *args: Any, criteria: Iterable[AssessmentCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for row in self.criteria:
            number = forms.NumberInput(attrs={"min": 0, "max": row.weight, "step": "0.5", "inputmode": "decimal"})
            self.fields[field_of(row)] = forms.DecimalField(
                label=row.title, required=False, max_digits=5, decimal_places=2, widget=number
            )

    def points(self) -> dict[int, Decimal | None]:
        return {row.pk: self.cleaned_data[field_of(row)] for row in self.criteria}


class ChangeScoreForm(forms.Form):
    points = forms.DecimalField(label=gettext_lazy("New points"), max_digits=5, decimal_places=2)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=long_text(2))


class BonusForm(forms.Form):
    scheme = forms.ChoiceField(label=gettext_lazy("For what"))
    application = forms.ChoiceField(label=gettext_lazy("Application"))
    reason = forms.CharField(label=gettext_lazy("What proves it"), max_length=300)

    def __init__(
        self, *args: Any, schemes: Iterable[BonusScheme], choices: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(row.pk, str(row)) for row in schemes]  # type: ignore[attr-defined]
        self.fields["application"].choices = list(choices)  # type: ignore[attr-defined]


class DefenceForm(forms.Form):
    best = forms.IntegerField(label=gettext_lazy("The best so many"), min_value=1, required=False)
    least = forms.DecimalField(
        label=gettext_lazy("Or all from so many points on"), required=False, max_digits=5, decimal_places=2
    )
    reason = forms.CharField(label=gettext_lazy("How the list comes about"), max_length=300)
    starts_at = MomentField(label=gettext_lazy("Begins"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes for each"), initial=15)
    pause = forms.IntegerField(label=gettext_lazy("Minutes between two"), initial=5, min_value=0, max_value=60)
    break_after = forms.IntegerField(
        label=gettext_lazy("A break after so many (0: none)"), initial=0, min_value=0, max_value=50
    )
    break_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of the break"), initial=0, min_value=0, max_value=180
    )
    place = forms.CharField(label=gettext_lazy("Room"), max_length=200, required=False)
    link = forms.URLField(label=gettext_lazy("Link"), required=False, assume_scheme="https")


class DefenceScoreForm(forms.Form):
    points = forms.DecimalField(
        label=gettext_lazy("Points, 0 to 100"),
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"min": 0, "max": 100, "step": "0.5", "inputmode": "decimal"}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


class MinutesForm(forms.Form):
    minutes = forms.CharField(label=gettext_lazy("Minutes of the deliberation"), widget=long_text(10))


class AmountForm(forms.Form):
    """The amount of one project, pot by pot."""

    def __init__(self, *args: Any, pots: Iterable[CallPot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pots = list(pots)
        for pot in self.pots:
            self.fields[share_field(pot.pk)] = forms.DecimalField(
                label=pot.name, required=False, max_digits=14, decimal_places=2
            )
        self.fields["reason"] = forms.CharField(
            label=gettext_lazy("Reason"),
            max_length=300,
            widget=long_text(2),
            help_text=gettext_lazy("The applicant reads it."),
        )
        self.fields["amount"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def shares(self) -> dict[int, Decimal]:
        return {pot.pk: self.cleaned_data[share_field(pot.pk)] or Decimal(0) for pot in self.pots}


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What do you object to, and why?"),
        max_length=4000,
        widget=long_text(6),
        help_text=gettext_lazy("The body that leads the call answers you within five working days."),
    )


class AnswerObjectionForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=4000, widget=long_text(6))
    is_upheld = forms.BooleanField(
        label=gettext_lazy("The objection is right: the decision goes back to the panel"), required=False
    )


class MentorForm(forms.Form):
    application = forms.ChoiceField(label=gettext_lazy("Application"))
    email = forms.EmailField(label=gettext_lazy("E-mail address of the mentor"))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = list(choices)  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=day_input())
    notes = forms.CharField(label=gettext_lazy("What was worked on"), max_length=4000, widget=long_text(5))
