"""A contract and its milestones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.ventures.models import TrancheStage

from ..sources import AwardSource, GrantSource, Source

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor


class ContractStatus(models.TextChoices):
    DRAFT = "draft", _("Being drafted")
    SIGNING = "signing", _("Being signed")
    SIGNED = "signed", _("Signed, to be published")
    ACTIVE = "active", _("In performance")
    COMPLETED = "completed", _("Completed")
    ENDED = "ended", _("Ended early")


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> ContractQuerySet:
        """Contracts that this person may read: both parties, the agent, the evaluator; supervisors and auditors all."""
        from .evaluation import Evaluation

        if actor.has("supervisor", "auditor"):
            return self
        if actor.body_id is None or actor.has("operator"):
            return self.none()
        mine = models.Q(buyer_id=actor.body_id) | models.Q(award__lot__tender__agency_id=actor.body_id)
        theirs = models.Q(supplier_id=actor.body_id) & ~models.Q(status=ContractStatus.DRAFT)
        evaluating = models.Q(pk__in=Evaluation.objects.of_evaluator(actor.body_id).values("contract_id"))
        return self.filter(mine | theirs | evaluating)

    def with_parties(self) -> ContractQuerySet:
        return self.select_related("buyer", "supplier", "award__lot__tender", "award__bid", "snapshot")


class Contract(models.Model):
    """Drafted from the tender and the winning bid, or from a call and the grant (资助协议).

    Its text is R-GPS-08's list of fields. Where it comes from is asked of `source`; the money stands in `shares`.
    """

    award = models.OneToOneField(
        "procurement.Award", on_delete=models.PROTECT, null=True, blank=True, related_name="contract"
    )
    grant = models.OneToOneField(
        "ventures.Grant", on_delete=models.PROTECT, null=True, blank=True, related_name="contract"
    )
    project_number = models.CharField(max_length=40, db_index=True, help_text="Of the tender or the grant.")
    is_lottery = models.BooleanField(default=False, help_text="Whether lottery money is among its shares (R-LOT-06).")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=160)
    buyer = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="contracts_as_buyer")
    supplier = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="contracts_as_supplier")
    amount = models.DecimalField(
        max_digits=14, decimal_places=2, help_text="The price of the award or the sum granted; never typed."
    )
    service = models.TextField(_("service and requirements"))
    quantity = models.CharField(_("quantity"), max_length=200)
    quality = models.TextField(_("quality and acceptance standard"))
    place = models.CharField(_("place of service"), max_length=200)
    term_from = models.DateField(_("term from"))
    term_to = models.DateField(_("term to"))
    settlement = models.TextField(_("price and settlement"))
    rights = models.TextField(_("rights and duties"))
    breach = models.TextField(_("breach and disputes"))
    bank_name = models.CharField(_("payee's bank"), max_length=120)
    bank_account = models.CharField(_("payee's account"), max_length=40)
    status = models.CharField(max_length=10, choices=ContractStatus.choices, default=ContractStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves of the draft; a form carries it.")
    early_reason = models.CharField(max_length=400, blank=True, help_text="Why inside the objection window (WARN).")
    return_reason = models.CharField(max_length=400, blank=True, help_text="Why taken back from signing.")
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    sign_due = models.DateTimeField(help_text="R-CON-01")
    proposed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    publish_due = models.DateTimeField(null=True, blank=True, help_text="R-CON-02")
    published_at = models.DateTimeField(null=True, blank=True)
    file_due = models.DateTimeField(null=True, blank=True, help_text="R-CON-03")
    filed_at = models.DateTimeField(null=True, blank=True)
    filing_number = models.CharField(_("filing number"), max_length=60, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=400, blank=True, help_text="Why it ended early (R-VENT-10).")
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        indexes = [models.Index(fields=["supplier", "status"]), models.Index(fields=["buyer", "status"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(award__isnull=False, grant__isnull=True)
                | models.Q(award__isnull=True, grant__isnull=False),
                name="contract_of_award_or_grant",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="contract_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(term_to__gte=models.F("term_from")), name="contract_term_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_grant(self) -> bool:
        return self.grant_id is not None

    @cached_property
    def source(self) -> Source:
        """Where it comes from: the award of a tender, or the grant of a call."""
        return GrantSource(self.grant) if self.grant_id is not None else AwardSource(self.award)  # type: ignore[arg-type]


class ContractShare(models.Model):
    """What one budget line pays of a contract: one for an award, one for each pot of a grant."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField(default=1)
    budget_line = models.ForeignKey("funds.BudgetLine", on_delete=models.PROTECT, related_name="contract_shares")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "budget_line"], name="contract_share_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="contract_share_positive"),
        ]

    def __str__(self) -> str:
        return str(self.budget_line)


class MilestoneStatus(models.TextChoices):
    PENDING = "pending", _("Not yet reported")
    REPORTED = "reported", _("Reported, waiting for the buyer")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted by the buyer")
    FAILED = "failed", _("Not passed")


class Milestone(models.Model):
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    stage = models.CharField(
        max_length=10, choices=TrancheStage.choices, blank=True, help_text="Of a grant: what its tranche waits for."
    )
    name = models.CharField(max_length=120)
    deliverable = models.CharField(max_length=300)
    due_on = models.DateField()
    is_provisional = models.BooleanField(default=False, help_text="«暂定，待当年放假通知» (R-TIME-08).")
    share = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    status = models.CharField(max_length=10, choices=MilestoneStatus.choices, default=MilestoneStatus.PENDING)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="First report handed in.")
    late_flagged_at = models.DateTimeField(null=True, blank=True, help_text="Due date passed without a report.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    fail_reason = models.CharField(max_length=400, blank=True, help_text="R-VENT-10: published when confirmed.")
    fail_proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fail_proposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="milestone_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"

    @property
    def was_on_time(self) -> bool | None:
        """Whether the first report came by the due day; None while there is none."""
        from marketplace.core.clock import ZONE

        return None if self.reported_at is None else self.reported_at.astimezone(ZONE).date() <= self.due_on
