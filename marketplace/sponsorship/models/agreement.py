"""A sponsorship or gift agreement between a sponsor and the body that leads a call."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role


class AgreementKind(models.TextChoices):
    SPONSORSHIP = "sponsor", _("Sponsorship agreement")
    GIFT = "gift", _("Gift agreement")


class AgreementStatus(models.TextChoices):
    DRAFT = "draft", _("Being drafted")
    SUBMITTED = "submitted", _("Waiting for the second officer")
    OFFERED = "offered", _("Offered for signature")
    SIGNED = "signed", _("Signed: a pledge")
    CALLED = "called", _("Called in, payment is open")
    PAID = "paid", _("Paid in")
    LAPSED = "lapsed", _("Lapsed unpaid")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Given back in full")


class MatchRule(models.TextChoices):
    """R-VENT-13: for each yuan of the sponsor, the public pots of the call give so many."""

    NONE = "none", _("No matching")
    ONE = "one", _("1:1 with public money")
    TWO = "two", _("1:2 with public money")


class DrawOrder(models.TextChoices):
    """In which order the agreements of a pot pay its grants."""

    FIFO = "fifo", _("First signed, first used")
    PRO_RATA = "pro_rata", _("All in proportion")


OPEN_STATES = (AgreementStatus.SIGNED, AgreementStatus.CALLED, AgreementStatus.PAID)
HIDDEN_FROM_SPONSOR = (AgreementStatus.DRAFT, AgreementStatus.SUBMITTED)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """People of the lead; the sponsor's own once offered; auditors and supervisors what is signed."""
        if actor.body_id is None:
            return self.none()
        if actor.has(Role.AUDITOR, Role.SUPERVISOR):
            return self.exclude(signed_at=None)
        if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.OFFICER, Role.APPROVER, Role.FINANCE):
            return self.filter(call__lead_id=actor.body_id)
        if actor.has(Role.ORG_ADMIN):
            return self.filter(sponsor_id=actor.body_id).exclude(status__in=HIDDEN_FROM_SPONSOR)
        return self.none()

    def public(self) -> AgreementQuerySet:
        """What the public is told of: signed agreements of published calls, whatever became of them."""
        return self.exclude(signed_at=None).exclude(call__number=None)

    def with_parties(self) -> AgreementQuerySet:
        return self.select_related("call__lead", "sponsor", "pot__budget_line__fund")


class Agreement(models.Model):
    """One agreement. `number` is also the reference code of a bank transfer."""

    call = models.ForeignKey("ventures.Call", on_delete=models.PROTECT, related_name="agreements")
    pot = models.ForeignKey("ventures.CallPot", on_delete=models.PROTECT, related_name="agreements")
    sponsor = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="sponsorships")
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(_("kind of agreement"), max_length=10, choices=AgreementKind.choices)
    status = models.CharField(max_length=10, choices=AgreementStatus.choices, default=AgreementStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    amount = models.DecimalField(_("promised amount (yuan)"), max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    restriction = models.TextField(_("what the money is for, and only for that"), blank=True)
    naming = models.CharField(
        _("name a project may carry"), max_length=60, blank=True, help_text="R-VENT-13: when it pays half or more."
    )
    match_rule = models.CharField(_("matching"), max_length=6, choices=MatchRule.choices, default=MatchRule.NONE)
    match_cap = models.DecimalField(
        _("at most by matching (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    draw_order = models.CharField(_("order of use"), max_length=10, choices=DrawOrder.choices, default=DrawOrder.FIFO)
    is_anonymous = models.BooleanField(_("not named to the public"), default=False)
    has_related = models.BooleanField(
        _("the sponsor is related to an organization that may apply"), null=True, help_text="R-CHAR-05"
    )
    related_text = models.TextField(_("which one, and how"), blank=True, help_text="R-CHAR-05: disclosed.")
    payee_name = models.CharField(_("payee"), max_length=120, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("account"), max_length=40, blank=True)
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(null=True)
    offered_version = models.PositiveSmallIntegerField(default=0, help_text="Of the PDF that is signed.")
    signed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    due_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Called in.")
    pay_due = models.DateTimeField(null=True, help_text="The payment page is open until then.")
    reminded_week_at = models.DateTimeField(null=True)
    reminded_last_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True, help_text="Of the last return or cancellation.")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="agreement_positive")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("sponsorship:agreement-detail", args=[self.pk])

    @property
    def to_pay(self) -> Decimal:
        """What was called in, before that what was promised."""
        return self.amount if self.due_amount is None else self.due_amount


class AgreementTheme(models.Model):
    """A topic of the call that the money is for; none: the whole call."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey("ventures.CallTheme", on_delete=models.PROTECT, related_name="agreements")

    class Meta:
        ordering = ["theme__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "theme"], name="agreement_theme_once")]


class SponsorProfile(models.Model):
    """A sponsor's public code, which says nothing about who it is; made with its first agreement."""

    body = models.OneToOneField("accounts.Body", on_delete=models.PROTECT, related_name="sponsor_profile")
    code = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code
