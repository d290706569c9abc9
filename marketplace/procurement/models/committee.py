"""Experts, the committed pool, the draw, and the members of a lot's committee."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Expert(models.Model):
    """An expert of the register."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="expert")
    register = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="experts")
    number = models.CharField(max_length=30, unique=True)
    employer = models.CharField(_("employer"), max_length=120)
    title = models.CharField(_("professional title"), max_length=60)
    fields = models.CharField(
        _("professional fields"), max_length=200, help_text="Service categories, separated by spaces."
    )
    region = models.CharField(max_length=6)
    is_available = models.BooleanField(default=True)


class ExpertAbsence(models.Model):
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="absences")
    from_date = models.DateField()
    to_date = models.DateField()


class PoolCommitment(models.Model):
    """The pool of a lot's draw, fixed by hash before the lot closes (R-COMM-05)."""

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="pool")
    expert_numbers = models.JSONField(help_text="Sorted expert numbers: a frozen snapshot.")
    salt = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size_wanted = models.PositiveSmallIntegerField(help_text="Experts to seat.")
    is_widened = models.BooleanField(default=False, help_text="Too few experts of the field: all fields were taken.")
    committed_at = models.DateTimeField()


class ExpertDraw(models.Model):
    """The one draw: seed = head after the closing ‖ the lot's number; substitutes follow in drawn order."""

    lot = models.OneToOneField("procurement.Lot", on_delete=models.PROTECT, related_name="draw")
    seed = models.CharField(max_length=64)
    head_root = models.CharField(max_length=64)
    order = models.JSONField(help_text="Expert numbers in drawn order: a frozen snapshot.")
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(help_text="Planned day of the review (R-COMM-06).")
    early_reason = models.CharField(max_length=300, blank=True, help_text="Why earlier than two working days before.")
    skipped = models.JSONField(default=dict, help_text="Number → why not seated: conflict, absent, inactive. Frozen.")


class MemberKind(models.TextChoices):
    EXPERT = "expert", _("Expert")
    BUYER = "buyer", _("Buyer's representative")


class MemberStatus(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    RECUSED = "recused", _("Recused")
    REPLACED = "replaced", _("Replaced")


class CommitteeMember(models.Model):
    """A seat in a lot's committee. Names are secret until the result notice (R-COMM-11)."""

    lot = models.ForeignKey("procurement.Lot", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="committee_seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, null=True, related_name="seats")
    kind = models.CharField(max_length=10, choices=MemberKind.choices)
    status = models.CharField(max_length=10, choices=MemberStatus.choices, default=MemberStatus.INVITED)
    drawn_position = models.PositiveSmallIntegerField(null=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True, help_text="Recusal declaration (R-COMM-09).")
    conflict = models.CharField(max_length=300, blank=True)
    leader_vote = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="votes")
    is_leader = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True, blank=True, help_text="Signature of the report (R-COMM-12).")
    dissent = models.TextField(_("dissent"), blank=True, help_text="With reasons; silence counts as agreement.")
    public_label = models.PositiveSmallIntegerField(null=True, help_text="成员 n: order drawn anew per lot.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "user"], name="committee_seat_once")]
