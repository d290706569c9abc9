"""Reports of the organization on a milestone: figures, people, spending, photos."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted by the buyer")


class PerformanceReport(models.Model):
    """A returned report stays as it was; the next one starts as its copy."""

    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves; a form carries it.")
    summary = models.TextField(_("what was done"), blank=True)
    people_planned = models.PositiveIntegerField(_("people to be served"), default=0)
    people_served = models.PositiveIntegerField(_("people served"), default=0)
    spent = models.DecimalField(
        _("money spent"), max_digits=14, decimal_places=2, default=0, help_text="Sum of the spending lines."
    )
    difficulties = models.TextField(_("difficulties"), blank=True)
    has_consent = models.BooleanField(
        _("people in the photos agree or cannot be recognized"), default=False, help_text="R-CHAR-10"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=400, blank=True)
    accepted_on = models.DateField(_("acceptance date"), null=True, blank=True)
    acceptance_opinion = models.CharField(_("acceptance opinion"), max_length=400, blank=True)
    acceptance_members = models.CharField(
        _("acceptance members"), max_length=300, blank=True, help_text="Service users included (R-CON-14)."
    )
    acceptance_users = models.CharField(
        _("service users who took part"), max_length=300, blank=True, help_text="R-CON-14"
    )
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"], condition=~models.Q(status="returned"), name="report_active_once"
            )
        ]


class ReportFigure(models.Model):
    """One measured result, planned and actual."""

    report = models.ForeignKey(PerformanceReport, on_delete=models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("indicator"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20)
    planned = models.DecimalField(_("planned"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("actual"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["position", "pk"]


class ReportSpending(models.Model):
    """One cost line, checked against what lottery money must not buy (R-LOT-03)."""

    report = models.ForeignKey(PerformanceReport, on_delete=models.CASCADE, related_name="spending")
    position = models.PositiveSmallIntegerField(default=1)
    line = models.ForeignKey(
        "contracts.AgreementLine",
        verbose_name=_("line of the budget"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spending",
        help_text="Of a grant: the cost line of its budget.",
    )
    name = models.CharField(_("cost"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position", "pk"]


class ReportPhoto(models.Model):
    """A photo without its place and device data. Taken out of a draft it is only marked as removed."""

    report = models.ForeignKey(PerformanceReport, on_delete=models.PROTECT, related_name="photos")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=120)
    shows_sign = models.BooleanField(
        _("shows the lottery fund's sign"), default=False, help_text="Proof that the sign is carried (R-LOT-06)."
    )
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
