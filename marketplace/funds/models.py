"""Funds, budget lines, commitments and the ledger of what was paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class FundKind(models.TextChoices):
    LOTTERY = "lottery", _("Welfare-lottery fund")
    FISCAL = "fiscal", _("Fiscal money")


class Purpose(models.TextChoices):
    """R-LOT-02."""

    ELDERLY = "elderly", _("Elderly people")
    DISABLED = "disabled", _("Disabled people")
    ORPHANS = "orphans", _("Orphans and children in need")
    POOR = "poor", _("People in hardship")
    OTHER = "other", _("Other public good")


class Fund(models.Model):
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="funds")
    kind = models.CharField(max_length=20, choices=FundKind.choices)
    name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-year", "body__name", "name"]
        constraints = [models.UniqueConstraint(fields=["body", "name", "year"], name="fund_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def is_lottery(self) -> bool:
        return self.kind == FundKind.LOTTERY


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def with_sums(self) -> BudgetLineQuerySet:
        """Each line with `committed`, `released` and `paid`; what was paid back is not paid and is released."""

        def total(kind: str) -> Coalesce:
            return Coalesce(Sum("entries__amount", filter=Q(entries__kind=kind)), Decimal("0.00"))

        return self.annotate(
            committed=total("commit"),
            released=total("release") + total("return"),
            paid=total("pay") - total("return"),
        )


class BudgetLine(models.Model):
    """An approved amount of a fund for a purpose (R-PLAN-01)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2, help_text="Yuan.")
    approved_on = models.DateField()

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "code"], name="budget_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LedgerKind(models.TextChoices):
    COMMIT = "commit", _("Committed")
    RELEASE = "release", _("Released")
    PAY = "pay", _("Paid")
    RETURN = "return", _("Paid back")


class LedgerEntry(models.Model):
    """Append-only. Commitments by contract; releases, payments and what is paid back name their commitment."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=LedgerKind.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    commitment = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="drawn", help_text="Empty: is one itself."
    )
    subject = models.CharField(max_length=80, help_text="Kind and key, e.g. contracts.disbursement:7")
    project = models.CharField(max_length=40, db_index=True, help_text="Project number.")
    memo = models.CharField(max_length=160, help_text="What for: the project's title.")
    counterparty = models.CharField(max_length=120, help_text="Who is owed or paid.")
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "line"], name="ledger_entry_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="ledger_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(kind="commit", commitment=None)
                | models.Q(kind__in=["release", "pay", "return"], commitment__isnull=False),
                name="ledger_commitment_named",
            ),
        ]


class LedgerCheck(models.Model):
    """One night's check of all sums."""

    day = models.DateField(unique=True)
    checked_at = models.DateTimeField()
    faults = models.TextField(blank=True, help_text="Empty: all sums are sound.")

    class Meta:
        ordering = ["-day"]
