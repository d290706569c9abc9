"""What only a grant agreement has: its budget by line and pot, what changed in it, how a stage was looked into."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.ventures.models import CostKind


class AgreementLine(models.Model):
    """A cost line of the application, as it was granted. What each pot pays of it stands in `parts`."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="budget")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=CostKind.choices)
    name = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True)
    own = models.DecimalField(max_digits=14, decimal_places=2, default=0, help_text="Own or social money (R-VENT-07).")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="agreement_line_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def granted(self) -> Decimal:
        """Of all pots; the parts are read along."""
        return sum((part.amount for part in self.parts.all()), Decimal("0.00"))


class AgreementPart(models.Model):
    """What one pot pays of a cost line."""

    line = models.ForeignKey(AgreementLine, on_delete=models.PROTECT, related_name="parts")
    share = models.ForeignKey("contracts.ContractShare", on_delete=models.PROTECT, related_name="parts")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["share__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "share"], name="agreement_part_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="agreement_part_not_negative"),
        ]


class ChangeKind(models.TextChoices):
    BUDGET = "budget", _("Budget: shift between two lines")
    PERIOD = "period", _("Period")
    TEAM = "team", _("Team")
    ACTIVITIES = "activities", _("Activities")


class ChangeStatus(models.TextChoices):
    ASKED = "asked", _("Waiting for the officer")
    CONFIRMING = "confirming", _("Waiting for the second officer")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class ChangeRequest(models.Model):
    """What the organization wants to change during performance, from what to what, and the answer (R-VENT-16)."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("what changes"), max_length=10, choices=ChangeKind.choices)
    status = models.CharField(max_length=10, choices=ChangeStatus.choices, default=ChangeStatus.ASKED)
    reason = models.CharField(_("why"), max_length=400)
    before = models.TextField(_("as agreed"))
    after = models.TextField(_("as wanted"))
    from_line = models.ForeignKey(AgreementLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_line = models.ForeignKey(AgreementLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    share = models.ForeignKey(
        "contracts.ContractShare", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    term_to = models.DateField(_("new end"), null=True, blank=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(_("opinion"), max_length=400, blank=True)
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="change_request_once"),
            models.UniqueConstraint(
                fields=["contract", "kind"],
                condition=models.Q(status__in=("asked", "confirming")),
                name="change_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number}-{self.position}"


class LookKind(models.TextChoices):
    """R-VENT-10."""

    DESK = "desk", _("Desk review")
    CALL = "call", _("Phone call")
    VISIT = "visit", _("Visit")


class StageLook(models.Model):
    """How a report on a stage was looked into: at the desk always, by a call or a visit where there is a doubt."""

    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, related_name="looks")
    kind = models.CharField(_("how"), max_length=6, choices=LookKind.choices)
    made_on = models.DateField(_("day"))
    note = models.CharField(_("what was found"), max_length=400)
    has_doubt = models.BooleanField(_("a doubt remains"), default=False)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class AuditOpinion(models.TextChoices):
    CLEAN = "clean", _("Unqualified")
    QUALIFIED = "qualified", _("Qualified")
    ADVERSE = "adverse", _("Adverse")


class ClosingAudit(models.Model):
    """The audit at the end, by an outside auditor: opinion, paper, and what was spent by its finding (R-VENT-11)."""

    contract = models.OneToOneField("contracts.Contract", on_delete=models.PROTECT, related_name="audit")
    auditor = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    opinion = models.CharField(_("opinion"), max_length=10, choices=AuditOpinion.choices)
    summary = models.TextField(_("findings"))
    spent = models.DecimalField(_("properly spent, in yuan"), max_digits=14, decimal_places=2)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class PaybackCause(models.TextChoices):
    UNUSED = "unused", _("Money not used")
    BREACH = "breach", _("Severe breach")


class PaybackStatus(models.TextChoices):
    PROPOSED = "proposed", _("With the organization for its answer")
    HEARD = "heard", _("Waiting for the second officer")
    DEMANDED = "demanded", _("To be paid back")
    SETTLED = "settled", _("Paid back")
    DROPPED = "dropped", _("Dropped")


class Payback(models.Model):
    """Money that has to come back: proposed by an officer, the organization heard, confirmed by another (R-VENT-10)."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="paybacks")
    number = models.CharField(max_length=40, unique=True)
    cause = models.CharField(_("cause"), max_length=10, choices=PaybackCause.choices)
    status = models.CharField(max_length=10, choices=PaybackStatus.choices, default=PaybackStatus.PROPOSED)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=400)
    due_on = models.DateField(_("to be paid back by"))
    asks_ban = models.BooleanField(_("ban from venture calls for three years"), default=False, help_text="R-VENT-10")
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answer_due = models.DateTimeField(help_text="Five working days, as with evaluations.")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    drop_reason = models.CharField(max_length=400, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True, help_text="The day passed and the money is not there.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payback_positive"),
            models.UniqueConstraint(
                fields=["contract", "cause"], condition=~models.Q(status="dropped"), name="payback_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaybackReceipt(models.Model):
    """A sum that came back; the ledger gives it to the pockets that had paid."""

    payback = models.ForeignKey(Payback, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("date of the bank"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, unique=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payback_receipt_positive")]
