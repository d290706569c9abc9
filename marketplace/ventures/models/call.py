"""A venture call: who funds it, from which pots, by which rules, when, and what applicants are told."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role


class CallStatus(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    SUBMITTED = "submitted", _("Waiting for the second officer")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed for applications")
    TERMINATED = "terminated", _("Terminated")


class CallKind(models.TextChoices):
    """R-VENT-05."""

    SEED = "seed", _("Seed: new ideas")
    GROWTH = "growth", _("Growth: proven projects become larger")
    INCLUSIVE = "inclusive", _("Inclusive: small sums for many")
    REGIONAL = "regional", _("Regional: for one district or street")
    TARGETED = "targeted", _("Targeted: for a named need")


class CallLevel(models.TextChoices):
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street or town")


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> CallQuerySet:
        return self.exclude(status__in=(CallStatus.DRAFT, CallStatus.SUBMITTED))

    def visible_to(self, actor: Actor) -> CallQuerySet:
        """In the workspace: people of the lead; of the joint funders once it is submitted; supervisors, auditors."""
        if actor.body_id is None:
            return self.none()
        if actor.has(Role.SUPERVISOR):
            return self.public()
        if actor.has(Role.AUDITOR):
            return self
        if actor.body_kind != BodyKind.GOVERNMENT or not actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE):
            return self.none()
        joint = models.Q(funders__body_id=actor.body_id) & ~models.Q(status=CallStatus.DRAFT)
        return self.filter(models.Q(lead_id=actor.body_id) | joint).distinct()


class Call(models.Model):
    """One call. `number` is given at publication; its rule values are its own (R-VENT: practice, per call)."""

    lead = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="calls")
    number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=CallKind.choices, default=CallKind.SEED)
    level = models.CharField(_("level"), max_length=10, choices=CallLevel.choices, default=CallLevel.DISTRICT)
    street = models.CharField(_("street or town"), max_length=60, blank=True)
    status = models.CharField(max_length=12, choices=CallStatus.choices, default=CallStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves of the draft; a form carries it.")
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    compared_at = models.DateTimeField(
        null=True, blank=True, help_text="When its applications were compared with other projects."
    )
    return_reason = models.CharField(max_length=400, blank=True)
    rules = models.JSONField(null=True, blank=True, help_text="Rule set frozen at publication.")
    # what it is for, and which track it is
    aims = models.TextField(_("what the call is for"), blank=True)
    place = models.CharField(_("where the projects work"), max_length=200, blank=True)
    pays_for_service = models.BooleanField(
        _("the agreement will pay for a defined service"), null=True, blank=True, help_text="R-SCOPE-03"
    )
    money_is_mixed = models.BooleanField(
        _("some of the money cannot be told apart by budget line"), null=True, blank=True, help_text="R-SCOPE-02"
    )
    track_statement = models.TextField(_("why this is a grant and not a purchase"), blank=True, help_text="R-SCOPE-02")
    # rule values of this call (R-VENT-06, -07, -09, -14)
    grant_cap = models.DecimalField(_("cap per project"), max_digits=14, decimal_places=2, null=True, blank=True)
    own_share = models.DecimalField(
        _("own or social money, at least (%)"), max_digits=5, decimal_places=2, default=40, help_text="R-VENT-07"
    )
    indirect_ceiling = models.DecimalField(
        _("indirect costs, at most (%)"), max_digits=5, decimal_places=2, default=10, help_text="R-VENT-14"
    )
    staff_ceiling = models.DecimalField(
        _("staff pay, at most (%)"), max_digits=5, decimal_places=2, null=True, blank=True, help_text="R-VENT-14"
    )
    applications_each = models.PositiveSmallIntegerField(
        _("applications of one organization"), default=1, help_text="R-VENT-08"
    )
    months_least = models.PositiveSmallIntegerField(_("project months, at least"), default=8)
    months_most = models.PositiveSmallIntegerField(_("project months, at most"), default=12)
    # timetable
    opens_at = models.DateTimeField(_("applications from"), null=True, blank=True)
    deadline = models.DateTimeField(_("applications until"), null=True, blank=True)
    correction_days = models.PositiveSmallIntegerField(_("working days for a correction"), default=5)
    review_until = models.DateField(_("reviews and defence until"), null=True, blank=True, help_text="R-VENT-02")
    display_days = models.PositiveSmallIntegerField(_("days of public display"), default=15, help_text="R-VENT-02")
    # what applicants are told
    guide = models.TextField(_("guide for applicants"), blank=True)
    donation_link = models.URLField(
        _("designated fund-raising platform"), blank=True, help_text="R-CHAR-02: a link out, nothing is raised here."
    )
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    snapshot = models.ForeignKey(
        "publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ventures:call-public", args=[self.number])


class CallStep(models.Model):
    """When a page of the draft was last saved, and by whom: a form older than that is stale."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=20)
    version = models.PositiveIntegerField(help_text="Of the call, after this save.")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="call_step_once")]


class CallRule(models.Model):
    """A rule of practice that this call switches off, with the reason; all others are on (R-VENT)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="switched_off")
    rule_id = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "rule_id"], name="call_rule_once")]


class CallFunder(models.Model):
    """A further funder of a joint call. Its own approver confirms before publication."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="funders")
    position = models.PositiveSmallIntegerField(default=1)
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="joint_calls")
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "body"], name="call_funder_once")]


class CallTheme(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="themes")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("theme"), max_length=80)
    description = models.CharField(_("what is wanted"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CallPot(models.Model):
    """A separate sum of one budget line for this call; money that cannot be told apart has no place (R-SCOPE-02)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="pots")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("pot"), max_length=80)
    budget_line = models.ForeignKey("funds.BudgetLine", on_delete=models.PROTECT, related_name="pots")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    theme = models.ForeignKey(
        CallTheme, on_delete=models.PROTECT, null=True, blank=True, related_name="pots", help_text="Empty: all themes."
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="call_pot_positive")]

    def __str__(self) -> str:
        return self.name


class TrancheStage(models.TextChoices):
    """What has to be passed before the tranche is paid (R-VENT-09)."""

    AGREEMENT = "agreement", _("Agreement signed")
    MIDTERM = "midterm", _("Mid-term evaluation passed")
    FINAL = "final", _("Final evaluation passed")


class CallTranche(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tranches")
    stage = models.CharField(max_length=10, choices=TrancheStage.choices)
    share = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "stage"], name="call_tranche_once")]


class CallFaq(models.Model):
    """A question that the officer answers before anybody asks."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="faq")
    position = models.PositiveSmallIntegerField(default=1)
    question = models.CharField(_("question"), max_length=300)
    answer = models.TextField(_("answer"))

    class Meta:
        ordering = ["position", "pk"]


class CallQuestion(models.Model):
    """A question of a signed-in person; its answer goes to everybody, without the asker's name."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(_("question"))
    public_text = models.TextField(_("question as published"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class Briefing(models.Model):
    """A session that explains the call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="briefings")
    position = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=90)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), default=50)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at"]


class BriefingSeat(models.Model):
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="taken")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "user"], condition=models.Q(released_at=None), name="briefing_seat_once"
            )
        ]
