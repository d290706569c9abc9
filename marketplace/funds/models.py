"""Funds, budget lines, commitments and the ledger of what was paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class FundKind(models.TextChoices):
    LOTTERY = "lottery", _("Welfare-lottery fund")
    FISCAL = "fiscal", _("Fiscal money")
    SPONSOR = "sponsor", _("Social capital under agreement")
    GIFT = "gift", _("Gift under agreement")


EXTERNAL = (FundKind.SPONSOR, FundKind.GIFT)
"""Money that somebody promised by agreement: it is there as far as it was promised and came in (R-CHAR-02)."""


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

    @property
    def is_external(self) -> bool:
        """Promised by sponsors or donors, not approved by a budget alone."""
        return self.kind in EXTERNAL


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def with_sums(self) -> BudgetLineQuerySet:
        """Each line with its fund, `committed`, `released`, `paid`, and what came in: `promised`, `received`.

        What was paid back is not paid, and is released.
        """

        def total(kind: str) -> Coalesce:
            return Coalesce(Sum("entries__amount", filter=Q(entries__kind=kind)), Decimal("0.00"))

        def came(*kinds: tuple[str, int]) -> Coalesce:
            rows = IncomeEntry.objects.filter(line=OuterRef("pk")).order_by().values("line")
            signed = Case(*(When(kind=kind, then=sign * F("amount")) for kind, sign in kinds), default=Decimal("0.00"))
            return Coalesce(Subquery(rows.annotate(sum=Sum(signed)).values("sum")), Decimal("0.00"))

        return self.select_related("fund").annotate(
            committed=total("commit"),
            released=total("release") + total("return"),
            paid=total("pay") - total("return"),
            promised=came(("promise", 1), ("withdraw", -1), ("refund", -1), ("chargeback", -1)),
            received=came(("receive", 1), ("refund", -1), ("chargeback", -1)),
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


class IncomeKind(models.TextChoices):
    PROMISE = "promise", _("Promised")
    WITHDRAW = "withdraw", _("Promise ended")
    RECEIVE = "receive", _("Received")
    REFUND = "refund", _("Given back")
    CHARGEBACK = "chargeback", _("Taken back by the bank")


class IncomeEntry(models.Model):
    """Append-only: what was promised for a line by an agreement, what came in, what went back."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="income")
    kind = models.CharField(max_length=10, choices=IncomeKind.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    agreement = models.CharField(max_length=80, db_index=True, help_text="Kind and key of the agreement.")
    subject = models.CharField(max_length=80, help_text="Kind and key of what moved it: agreement, payment, refund.")
    memo = models.CharField(max_length=160, help_text="What the public ledger says: number of the agreement.")
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "line"], name="income_entry_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="income_amount_positive"),
        ]


class LedgerCheck(models.Model):
    """One night's check of all sums."""

    day = models.DateField(unique=True)
    checked_at = models.DateTimeField()
    faults = models.TextField(blank=True, help_text="Empty: all sums are sound.")

    class Meta:
        ordering = ["-day"]
