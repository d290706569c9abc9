"""The assessment of a call: who reviews what, by which form, the scores, the defence day, the coaching before it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role

from .application import Application, ApplicationVersion
from .call import Call


class AssessmentStatus(models.TextChoices):
    PREPARING = "preparing", _("Panel and form are prepared")
    SCORING = "scoring", _("Reviewers score")
    DEFENCE = "defence", _("Defence")
    DELIBERATION = "deliberation", _("Deliberation")
    PROPOSED = "proposed", _("Decision waits for approval")
    DISPLAYED = "displayed", _("On public display")
    CONFIRMED = "confirmed", _("Grants confirmed")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, actor: Actor) -> AssessmentQuerySet:
        """Lead and joint funders; supervisors and auditors read."""
        if actor.body_id is None:
            return self.none()
        if actor.has(Role.SUPERVISOR, Role.AUDITOR):
            return self
        if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE):
            return self.none()
        joint = models.Q(call__funders__body_id=actor.body_id)
        return self.filter(models.Q(call__lead_id=actor.body_id) | joint).distinct()


class Assessment(models.Model):
    """One for each closed call. What is stated before scoring is fixed when scoring begins."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="assessment")
    status = models.CharField(max_length=14, choices=AssessmentStatus.choices, default=AssessmentStatus.PREPARING)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves of the settings; a form carries it.")
    reviewers_each = models.PositiveSmallIntegerField(_("reviewers for each application"), default=3)
    is_blind = models.BooleanField(_("names are hidden until the own score is handed in"), default=True)
    is_normalised = models.BooleanField(
        _("the ranking follows the normalised means"), default=False, help_text="Stated before scoring begins."
    )
    defence_share = models.PositiveSmallIntegerField(
        _("share of the defence in the total (%)"), default=0, help_text="0: no defence."
    )
    bonus_cap = models.DecimalField(
        _("bonus points, at most"), max_digits=5, decimal_places=2, default=Decimal("0.00"), help_text="R-VENT-13"
    )
    scoring_until = models.DateTimeField(_("scores until"), null=True, blank=True)
    coaching_from = models.DateTimeField(_("coaching from"), null=True, blank=True)
    coaching_until = models.DateTimeField(_("coaching until"), null=True, blank=True)
    seed = models.CharField(max_length=64, blank=True, help_text="Of assignment and ties; logged, so repeatable.")
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    scoring_began_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(_("minutes of the deliberation"), blank=True)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=400, blank=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    snapshot = models.ForeignKey(
        "publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    displayed_at = models.DateTimeField(null=True, blank=True)
    display_until = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.call.title


class AssessmentCriterion(models.Model):
    """A line of the scoring form: 100 points over all lines (R-VENT-12)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=12)
    title = models.CharField(_("criterion"), max_length=60)
    weight = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["assessment", "key"], name="assessment_criterion_once")]

    def __str__(self) -> str:
        return self.title


class BonusScheme(models.Model):
    """Optional points, announced before scoring (R-VENT-13)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="bonuses")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("for what"), max_length=120)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=models.Q(points__gt=0), name="bonus_positive")]

    def __str__(self) -> str:
        return self.title


class BonusPoint(models.Model):
    """An application that earns a bonus, with the proof."""

    scheme = models.ForeignKey(BonusScheme, on_delete=models.PROTECT, related_name="given")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="bonus_points")
    reason = models.CharField(_("proof"), max_length=300)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "application"], condition=models.Q(withdrawn_at=None), name="bonus_point_once"
            )
        ]


class PanelRole(models.TextChoices):
    """R-VENT-04."""

    RESIDENT = "resident", _("Residents")
    DEMAND = "demand", _("Demand side")
    SCHOLAR = "scholar", _("Scholars")
    PRACTITIONER = "practitioner", _("Practitioners")


class PanelStatus(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Left the panel")


class PanelMember(models.Model):
    """A seat in the panel of a call. Names stay secret until the result; single scores stay so for ever."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="panel_seats")
    role = models.CharField(_("seat"), max_length=12, choices=PanelRole.choices)
    status = models.CharField(max_length=10, choices=PanelStatus.choices, default=PanelStatus.INVITED)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    invited_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    confidential_at = models.DateTimeField(null=True, blank=True, help_text="Confidentiality statement.")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="panel_seat_once")]

    def __str__(self) -> str:
        return str(self.user)


class ConflictKind(models.TextChoices):
    EMPLOYER = "employer", _("Own employer's application")
    DECLARED = "declared", _("Declared by the reviewer")


class MemberConflict(models.Model):
    """An application that a member must not review (R-COMM-09)."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="conflicts")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=10, choices=ConflictKind.choices)
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["member", "application"], name="member_conflict_once")]


class ApplicationReviewQuerySet(models.QuerySet["ApplicationReview"]):
    def standing(self) -> ApplicationReviewQuerySet:
        """Without those taken away from a member."""
        return self.filter(released_at=None)

    def handed_in(self) -> ApplicationReviewQuerySet:
        return self.standing().exclude(submitted_at=None)

    def of_actor(self, actor: Actor) -> ApplicationReviewQuerySet:
        """The reviewer's own; a stranger's is «not found»."""
        seats = self.filter(member__user_id=actor.user_id, member__status=PanelStatus.ACCEPTED)
        return seats.standing() if actor.is_signed_in else self.none()


class ApplicationReview(models.Model):
    """One member's review of one application, saved as one goes, fixed when it is handed in."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="reviews")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves; a form carries it.")
    comment = models.TextField(_("reasons for the applicant"), blank=True)
    hundredths = models.PositiveIntegerField(null=True, help_text="Total in hundredths of a point, once handed in.")
    assigned_at = models.DateTimeField()
    assign_reason = models.CharField(max_length=300, blank=True, help_text="Why by hand.")
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=300, blank=True)

    objects = ApplicationReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["application", "member"])]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "application"], condition=models.Q(released_at=None), name="application_review_once"
            )
        ]


class ReviewScore(models.Model):
    review = models.ForeignKey(ApplicationReview, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(AssessmentCriterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="review_score_once")]


class ReviewScoreChange(models.Model):
    """A score changed in the deliberation: the old value stays readable."""

    score = models.ForeignKey(ReviewScore, on_delete=models.PROTECT, related_name="changes")
    before = models.DecimalField(max_digits=5, decimal_places=2)
    after = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class DefenceDay(models.Model):
    """When and where the shortlisted applications are defended; the order is drawn by lot."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="defence")
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes for each"), default=15)
    pause = models.PositiveSmallIntegerField(_("minutes between two"), default=5)
    break_after = models.PositiveSmallIntegerField(_("a break after so many"), default=0, help_text="0: none.")
    break_minutes = models.PositiveSmallIntegerField(_("minutes of the break"), default=0)
    place = models.CharField(_("room"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    shortlist_reason = models.CharField(_("how the shortlist came about"), max_length=300)
    head_root = models.CharField(max_length=64, help_text="Head of the log before the draw.")
    seed = models.CharField(max_length=64)
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()


class DefenceSlot(models.Model):
    day = models.ForeignKey(DefenceDay, on_delete=models.PROTECT, related_name="slots")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="slot")
    position = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_absent = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["day", "position"], name="defence_slot_once")]


class DefenceScore(models.Model):
    """A member's points for one defence, 0 to 100; the last one counts until the defence day is closed."""

    slot = models.ForeignKey(DefenceSlot, on_delete=models.PROTECT, related_name="scores")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="defence_scores")
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "member"], name="defence_score_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0, points__lte=100), name="defence_score_range"),
        ]


class Mentorship(models.Model):
    """A mentor, mostly of an incubator, helps an applicant before the scoring. A mentor never reviews the same one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="mentorships")
    first_version = models.ForeignKey(ApplicationVersion, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(ended_at=None), name="mentorship_one_at_a_time"
            )
        ]


class CoachingSession(models.Model):
    mentorship = models.ForeignKey(Mentorship, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("held on"))
    notes = models.TextField(_("what was worked on"))
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "pk"]
