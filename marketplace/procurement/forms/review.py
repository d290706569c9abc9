"""Forms of eligibility, committee and scoring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.documents.kinds import accept

from ..models import Bid, CommitteeMember, Criterion, LotStatus, Score
from ..rules.eligibility import LINKS
from ..selectors.eligibility import Row
from ..services.eligibility import Finding
from ..services.scoring import Choice


def as_bool(value: Any) -> bool | None:
    return {"True": True, "False": False, True: True, False: False}.get(value)


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class ReasonForm(forms.Form):
    """A written reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=area())


class FindingsForm(forms.Form):
    """All points of one bid: met or not, and why not."""

    def __init__(self, *args: Any, rows: Sequence[Row] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [row for row in rows if not row.point.is_computed]
        for row in self.rows:
            key = row.point.key
            found = row.finding
            self.fields[key] = forms.TypedChoiceField(
                label=row.point.label,
                choices=((True, _("Met")), (False, _("Not met"))),
                coerce=as_bool,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=found.passed if found else None,
            )
            self.fields[f"{key}-reason"] = forms.CharField(
                label=_("Reason, if you note it otherwise than computed")
                if key == LINKS
                else _("If not met: what is missing"),
                required=False,
                max_length=300,
                initial=found.reason if found else "",
            )

    def pairs(self) -> list[tuple[Row, Any, Any]]:
        """For the page: each point with its two fields."""
        return [(row, self[row.point.key], self[f"{row.point.key}-reason"]) for row in self.rows]

    def findings(self) -> list[Finding]:
        """What has been decided; open points stay open."""
        data = self.cleaned_data
        keys = [row.point.key for row in self.rows]
        return [Finding(key, data[key], data[f"{key}-reason"]) for key in keys if data[key] is not None]


class CreditForm(forms.Form):
    """One look-up in one list, with its picture."""

    is_listed = forms.TypedChoiceField(
        label=_("Is the bidder listed?"),
        choices=((False, _("Not listed")), (True, _("Listed"))),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("Picture of the result"),
        help_text=_("PDF, PNG or JPG, with the time of the query on it."),
        widget=forms.ClearableFileInput(attrs={"accept": accept(("pdf", "png", "jpg"))}),
    )


class DrawForm(forms.Form):
    review_on = forms.DateField(
        label=_("Day of the review"), widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today
    )
    reason = forms.CharField(
        label=_("Reason for an early draw"),
        help_text=_("Only if the draw is earlier than two working days before the review."),
        max_length=300,
        required=False,
        widget=area(2),
    )


class RepresentativeForm(forms.Form):
    user = forms.ChoiceField(label=_("Person of the buyer"))

    def __init__(self, *args: Any, people: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [(person.pk, str(person)) for person in people]  # type: ignore[attr-defined]


class BriefingForm(forms.Form):
    briefing = forms.CharField(
        label=_("What the committee is told"),
        help_text=_("Background and needs of the purchase; nothing that leads towards a bidder. It is archived."),
        required=False,
        widget=area(6),
    )
    no_briefing_reason = forms.CharField(
        label=_("Without a briefing: why"), required=False, max_length=300, widget=area(2)
    )


class AnswerForm(forms.Form):
    """The answer to an invitation."""

    accepts = forms.TypedChoiceField(
        label=_("Do you take the seat?"),
        choices=((True, _("I accept")), (False, _("I decline"))),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for declining"), help_text=_("Only if you decline."), required=False, max_length=300
    )


class DeclarationForm(forms.Form):
    """The declaration of R-COMM-09 towards the bidders on the page."""

    is_free = forms.TypedChoiceField(
        label=_("Your declaration"),
        choices=(
            (True, _("None of the five cases holds for me and any of the bidders.")),
            (False, _("One of the cases holds, or something else may affect my fairness: I withdraw.")),
        ),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    conflict = forms.CharField(
        label=_("Which bidder, which case"), help_text=_("Only if you withdraw."), required=False, max_length=300
    )


class LeaderForm(forms.Form):
    candidate = forms.TypedChoiceField(label=_("Who leads the committee?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, experts: Sequence[CommitteeMember] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["candidate"].choices = [  # type: ignore[attr-defined]
            (member.pk, f"{member.user}，{member.expert.employer}" if member.expert else str(member.user))
            for member in experts
        ]


class ConformityForm(forms.Form):
    conforms = forms.TypedChoiceField(
        label=_("Does the bid meet the terms of the documents?"),
        choices=((True, _("It conforms")), (False, _("It does not conform"))),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("If not: which term, and where in the bid"), required=False, max_length=300, widget=area(2)
    )


class ScoreForm(forms.Form):
    """All criteria of one bid: one published range each, and a note. Gaps are allowed until submission."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion] = (), scores: Sequence[Score] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        given = {score.criterion_id: score for score in scores}
        for criterion in criteria:
            score = given.get(criterion.pk)
            self.fields[f"c{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.title,
                choices=[(row.pk, row) for row in criterion.ranges.all()],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=score.range_id if score else None,
            )
            self.fields[f"n{criterion.pk}"] = forms.CharField(
                label=_("Note"), required=False, max_length=500, initial=score.note if score else ""
            )

    def pairs(self) -> list[tuple[Criterion, Any, Any]]:
        return [(row, self[f"c{row.pk}"], self[f"n{row.pk}"]) for row in self.criteria]

    def choices(self) -> dict[int, Choice]:
        """What was sent; a criterion that was not sent stays as it is, so that a page saves only what it changed."""
        return {
            row.pk: Choice(self.cleaned_data[f"c{row.pk}"], self.sent_note(f"n{row.pk}"))
            for row in self.criteria
            if f"c{row.pk}" in self.data or f"n{row.pk}" in self.data
        }

    def sent_note(self, name: str) -> str | None:
        return self.cleaned_data[name] if name in self.data else None


class CorrectionForm(forms.Form):
    """Another range for one submitted score, with the reason."""

    range = forms.TypedChoiceField(label=_("Range"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=area(2))

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["range"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row.text}（{row.points:g}）") for row in criterion.ranges.all()
        ]


class PriceQuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Question to the bidder"),
        help_text=_("Ask how the price covers costs, quality and performance, and which proof is wanted."),
        widget=area(4),
    )
    minutes = forms.IntegerField(label=_("Minutes for the answer"), min_value=1, max_value=1440, initial=60)


class PriceAnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your explanation"),
        help_text=_("Cost of staff, of the service, of materials; why you can deliver at this price."),
        widget=area(8),
    )
    file = forms.FileField(
        label=_("Proof (PDF)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": accept(("pdf",))}),
    )


class PriceVoteForm(forms.Form):
    is_justified = forms.TypedChoiceField(
        label=_("Is the price justified?"),
        choices=((True, _("Justified: the bid stays")), (False, _("Not justified: the bid is invalid"))),
        coerce=as_bool,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=area(3))


class SignForm(forms.Form):
    """The signature of the report, with or without dissent."""

    dissent = forms.CharField(
        label=_("Dissent, with its reasons"),
        help_text=_("Leave it empty if you agree. What you write becomes part of the record."),
        required=False,
        widget=area(4),
    )
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Six digits from your authenticator app."),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AwardForm(forms.Form):
    bid = forms.TypedChoiceField(label=_("Candidate"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lawful reason for another than the first candidate"),
        help_text=_("Leave it empty when you propose the first candidate."),
        required=False,
        max_length=300,
        widget=area(3),
    )

    def __init__(self, *args: Any, bids: Sequence[Bid] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bid"].choices = [(bid.pk, bid.body.name) for bid in bids]  # type: ignore[attr-defined]


class LotFilterForm(forms.Form):
    """Filters of the list of lots."""

    q = forms.CharField(label=_("Number or title"), required=False)
    status = forms.ChoiceField(label=_("Stage"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [choice for choice in LotStatus.choices if choice[0] != LotStatus.DRAFT]
        self.fields["status"].choices = [("", _("All stages")), *shown]  # type: ignore[attr-defined]
