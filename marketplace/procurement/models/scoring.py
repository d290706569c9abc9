"""Scores of each member, conformity, questions about prices, and the consolidated result."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """The sitting of a lot's committee, from its start to the signed report and the buyer's turn."""

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="review")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    briefing = models.TextField(_("written briefing"), blank=True, help_text="R-COMM-13: what the committee was told.")
    no_briefing_reason = models.CharField(max_length=300, blank=True)
    conformity_settled_at = models.DateTimeField(null=True, blank=True)
    consolidated_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="All signed: the report is with the buyer.")
    deemed_at = models.DateTimeField(
        null=True, blank=True, help_text="R-AWARD-03: the first candidate counts as chosen."
    )
    tie_head = models.CharField(
        max_length=64, blank=True, help_text="Head of the log behind a draw by lot (R-AWARD-04)."
    )
    tie_order = models.JSONField(default=list, help_text="Labels of tied bids in drawn order: a frozen snapshot.")


class ScoreSheet(models.Model):
    """A member's scores of a lot; fixed at submission."""

    member = models.OneToOneField("procurement.CommitteeMember", on_delete=models.PROTECT, related_name="sheet")
    submitted_at = models.DateTimeField(null=True, blank=True)
    reopened_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was opened again after its submission (R-COMM-14)."
    )


class ScoreQuerySet(models.QuerySet["Score"]):
    def given(self) -> ScoreQuerySet:
        """Rows with a range; the others hold a note only."""
        return self.filter(range__isnull=False)


class Score(models.Model):
    """One member's choice of a range for one bid and criterion; before the choice there may be a note alone."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="scores")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey("procurement.Criterion", on_delete=models.PROTECT, related_name="+")
    range = models.ForeignKey("procurement.CriterionRange", on_delete=models.PROTECT, null=True, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    note = models.CharField(max_length=500, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "bid", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=models.Q(range__isnull=True, points__isnull=True)
                | models.Q(range__isnull=False, points__isnull=False),
                name="score_range_with_points",
            ),
        ]


class CorrectionReason(models.TextChoices):
    """What may still change a submitted score (R-EVAL-12); sums and ranges are right by construction."""

    UNEQUAL = "unequal", _("Objective scores differ")
    OUTLIER = "outlier", _("Found absurdly high or low")


class ScoreCorrection(models.Model):
    """A change of a submitted score before consolidation: the old value stays readable."""

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="corrections")
    before = models.DecimalField(max_digits=5, decimal_places=2)
    after = models.DecimalField(max_digits=5, decimal_places=2)
    kind = models.CharField(max_length=10, choices=CorrectionReason.choices)
    reason = models.CharField(max_length=300)
    corrected_at = models.DateTimeField()


class ConformityVote(models.Model):
    member = models.ForeignKey("procurement.CommitteeMember", on_delete=models.PROTECT, related_name="conformity_votes")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="conformity_votes")
    conforms = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "bid"], name="conformity_vote_once")]


class PriceQuery(models.Model):
    """An abnormally low price: question, explanation, decision (R-EVAL-15 to -17)."""

    bid = models.OneToOneField("procurement.Bid", on_delete=models.PROTECT, related_name="price_query")
    triggers = models.JSONField(help_text="Which of the triggers of R-EVAL-16 hold: a frozen snapshot.")
    question = models.TextField(_("question"), default="")
    asked_by = models.ForeignKey("procurement.CommitteeMember", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    is_justified = models.BooleanField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)


class PriceVote(models.Model):
    """A member's opinion whether a low price is justified; the majority decides (R-EVAL-15)."""

    query = models.ForeignKey(PriceQuery, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey("procurement.CommitteeMember", on_delete=models.PROTECT, related_name="price_votes")
    is_justified = models.BooleanField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "member"], name="price_vote_once")]


class BidResult(models.Model):
    """The consolidated result of one bid; `total` is rounded half up to the tender's places (R-EVAL-24)."""

    bid = models.OneToOneField("procurement.Bid", on_delete=models.PROTECT, related_name="result")
    evaluated_price = models.DecimalField(max_digits=14, decimal_places=2)
    price_points = models.DecimalField(max_digits=7, decimal_places=4)
    total = models.DecimalField(max_digits=7, decimal_places=4)
    rank = models.PositiveSmallIntegerField()
    is_tied = models.BooleanField(default=False)


class CriterionMean(models.Model):
    """Mean of the members' points for one criterion, as shown; the exact fraction is kept beside it."""

    result = models.ForeignKey(BidResult, on_delete=models.PROTECT, related_name="means")
    criterion = models.ForeignKey("procurement.Criterion", on_delete=models.PROTECT, related_name="+")
    mean = models.DecimalField(max_digits=7, decimal_places=4)
    exact = models.CharField(max_length=60, help_text="Numerator/denominator.")
