"""An application to a venture call: answers while it is written, versions once it was handed in."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role

from .call import Call, CallPot, CallTheme
from .form import CostKind, FormVersion


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Handed in")
    CORRECTION = "correction", _("To be corrected")
    ACCEPTED = "accepted", _("Passed the pre-review")
    REJECTED = "rejected", _("Not passed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    GRANTED = "granted", _("Funded")
    UNFUNDED = "unfunded", _("Not funded")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of_body(self, actor: Actor) -> ApplicationQuerySet:
        """The applicant's own."""
        return self.filter(body_id=actor.body_id) if actor.body_id is not None else self.none()

    def handed_in(self) -> ApplicationQuerySet:
        """What counts: handed in, and not taken back."""
        taken_back = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)
        return self.exclude(submitted_at=None).exclude(status__in=taken_back)

    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """The applicant always; funders once the call is closed; supervisors and auditors likewise."""
        if actor.body_id is None:
            return self.none()
        after_closing = self.handed_in().exclude(call__closed_at=None)
        if actor.has(Role.SUPERVISOR, Role.AUDITOR):
            return after_closing
        if actor.body_kind == BodyKind.GOVERNMENT:
            return after_closing.filter(
                models.Q(call__lead_id=actor.body_id) | models.Q(call__funders__body_id=actor.body_id)
            ).distinct()
        return self.of_body(actor)


class Application(models.Model):
    """Its address is random: a running number would tell how many there are before the closing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="applications")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="applications")
    status = models.CharField(max_length=12, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves; a form carries it.")
    title = models.CharField(_("name of the project"), max_length=80, blank=True)
    summary = models.TextField(_("in three sentences"), blank=True)
    theme = models.ForeignKey(CallTheme, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    place = models.CharField(_("where"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies", help_text="Continuation."
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="First time.")
    correct_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["call", "status"]), models.Index(fields=["body", "status"])]

    def __str__(self) -> str:
        return self.title or str(_("Application without a name yet"))


class ApplicationStep(models.Model):
    """When a page was last saved, and by whom: a form older than that is stale."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=20)
    version = models.PositiveIntegerField(help_text="Of the application, after this save.")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="application_step_once")]


class ApplicationReminder(models.Model):
    """That the deadline is near was said: once for each number of days and each deadline."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    deadline = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "days", "deadline"], name="application_reminder_once")
        ]


class ApplicationText(models.Model):
    """The answer of a text block."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="texts")
    block = models.CharField(max_length=12)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "block"], name="application_text_once")]


class ApplicationCell(models.Model):
    """One cell of a table block: row by row, column by column, as typed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="cells")
    block = models.CharField(max_length=12)
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["block", "row", "column"]
        constraints = [
            models.UniqueConstraint(fields=["application", "block", "row", "column"], name="application_cell_once")
        ]


class BudgetLineOfApplication(models.Model):
    """One cost line; its shares name the pots that pay for it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=CostKind.choices, default=CostKind.DIRECT)
    name = models.CharField(_("cost"), max_length=120)
    basis = models.CharField(_("how computed"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="application_budget_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="application_budget_positive"),
        ]


class BudgetShare(models.Model):
    """Who pays how much of a cost line: a pot of the call, or (no pot) the organization's own or social money."""

    line = models.ForeignKey(BudgetLineOfApplication, on_delete=models.CASCADE, related_name="shares")
    pot = models.ForeignKey(CallPot, on_delete=models.PROTECT, null=True, blank=True, related_name="shares")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "pot"], condition=models.Q(pot__isnull=False), name="budget_share_of_pot_once"
            ),
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(pot__isnull=True), name="budget_share_of_own_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_share_positive"),
        ]


class ApplicationFile(models.Model):
    """An attachment. Taken out of the draft it is marked, not deleted; versions keep what was handed in."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    block = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=200)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class ApplicationVersion(models.Model):
    """What was handed in: content, hash, time, receipt. Never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(help_text="Everything, readable without the form: a frozen snapshot.")
    sha256 = models.CharField(max_length=64, help_text="Of the canonical JSON of `content`.")
    receipt_number = models.CharField(max_length=40, unique=True, help_text="Random: a running number would count.")
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="application_version_once")]

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def log_key(self) -> str:
        """The log and the names of documents tell no running number: it would count."""
        return self.receipt_number
