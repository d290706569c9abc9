"""The buyer's decision and the letters that follow it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AwardStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the second officer")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned by the second officer")
    REFUSED = "refused", _("Refused by the winner")
    ANNULLED = "annulled", _("Annulled")


class Award(models.Model):
    lot = models.ForeignKey("procurement.Lot", on_delete=models.PROTECT, related_name="awards")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="awards")
    status = models.CharField(max_length=10, choices=AwardStatus.choices, default=AwardStatus.PROPOSED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why not the first candidate, if so.")
    report_received_at = models.DateTimeField(help_text="R-AWARD-02 counts from here.")
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Refused by the winner, or annulled.")
    end_reason = models.CharField(max_length=300, blank=True)
    objection_until = models.DateTimeField(null=True, blank=True, help_text="R-TIME-06")
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")
    public_data = models.JSONField(null=True, help_text="The published file that `verify_award` recomputes.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=models.Q(status__in=["proposed", "published"]), name="award_active_once"
            )
        ]


class LetterKind(models.TextChoices):
    WINNER = "winner", _("Award letter")
    LOSER = "loser", _("Letter on the result")


class Letter(models.Model):
    """The award letter, or a loser's own score, rank and reason (R-AWARD-05, -08)."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="letters")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=8, choices=LetterKind.choices)
    text = models.TextField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
