"""A tender, its lots, criteria, conditions and milestone plan."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role


class TenderStatus(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    SUBMITTED = "submitted", _("Waiting for the second officer")
    PUBLISHED = "published", _("Published")
    TERMINATED = "terminated", _("Terminated")
    DISCARDED = "discarded", _("Discarded before publication")


UNPUBLISHED = (TenderStatus.DRAFT, TenderStatus.SUBMITTED, TenderStatus.DISCARDED)


class LotStatus(models.TextChoices):
    """Where one lot stands; after publication the lots go their own ways."""

    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open for bids")
    CLOSED = "closed", _("Closed, waiting for the opening")
    OPENED = "opened", _("Opened, bidders confirm")
    ELIGIBILITY = "eligibility", _("Eligibility check")
    REVIEW = "review", _("Under review")
    CONSOLIDATED = "consolidated", _("Report being signed")
    REVIEWED = "reviewed", _("Reviewed, waiting for the buyer")
    AWARDED = "awarded", _("Awarded")
    CONTRACTED = "contracted", _("Under contract")
    VOID = "void", _("Void")
    TERMINATED = "terminated", _("Terminated")


class TenderQuerySet(models.QuerySet["Tender"]):
    def public(self) -> TenderQuerySet:
        """What everyone may see: published, or ended after publication."""
        return self.exclude(status__in=UNPUBLISHED)

    def kept(self) -> TenderQuerySet:
        """Without the drafts that were discarded: they stay in the record and are in nobody's way."""
        return self.exclude(status=TenderStatus.DISCARDED)

    def visible_to(self, actor: Actor) -> TenderQuerySet:
        """In the workspace: the buyer's and the agent's people; supervisors and auditors read all that is published."""
        if actor.body_id is None:
            return self.none()
        if actor.has(Role.SUPERVISOR):
            return self.public()
        if actor.has(Role.AUDITOR):
            return self
        if actor.body_kind not in (BodyKind.GOVERNMENT, BodyKind.AGENCY):
            return self.none()
        return self.filter(models.Q(buyer_id=actor.body_id) | models.Q(agency_id=actor.body_id))


class Tender(models.Model):
    """A procurement project. `number` is given at publication."""

    item = models.ForeignKey("planning.ListedItem", on_delete=models.PROTECT, related_name="tenders")
    buyer = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="tenders")
    agency = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency_scope = models.TextField(_("scope, powers and term of the mandate"), blank=True, help_text="R-SCOPE-10")
    agency_mandate = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retender_of = models.ForeignKey(
        "procurement.Lot", on_delete=models.PROTECT, null=True, blank=True, related_name="retenders"
    )
    number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    title = models.CharField(_("title"), max_length=120)
    method = models.CharField(max_length=20, default="open_tender")
    status = models.CharField(max_length=12, choices=TenderStatus.choices, default=TenderStatus.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves of the draft; a form carries it.")
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=400, blank=True)
    discard_reason = models.CharField(max_length=400, blank=True)
    # needs
    needs = models.TextField(_("what is bought"), blank=True)
    clarification = models.TextField(
        _("clarification of the needs"), blank=True, help_text="Added by corrections; the needs themselves stay."
    )
    service_place = models.CharField(_("place of service"), max_length=200, blank=True)
    service_from = models.DateField(_("service from"), null=True, blank=True)
    service_to = models.DateField(_("service to"), null=True, blank=True)
    quality = models.TextField(_("quality and acceptance standard"), blank=True)
    survey_parties = models.TextField(
        _("market parties asked in the needs survey"), blank=True, help_text="R-PLAN-06, one a line"
    )
    public_consultation = models.TextField(_("consultation of the public"), blank=True, help_text="R-PLAN-05")
    is_complex = models.BooleanField(
        _("technically complex or of great social impact"), default=False, help_text="R-COMM-02"
    )
    negative_list_confirmed = models.BooleanField(
        _("no case of the negative list applies"), default=False, help_text="R-GPS-05"
    )
    # money
    budget_amount = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    price_weight = models.PositiveSmallIntegerField(_("points for the price"), default=15)
    rounding_places = models.PositiveSmallIntegerField(
        _("decimal places of the total"), default=2, help_text="R-EVAL-24"
    )
    abnormal_raise = models.DecimalField(
        _("raised trigger for low prices"),
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="R-EVAL-16, at most 0.65",
    )
    payment_terms = models.TextField(_("payment terms"), blank=True)
    contract_terms = models.TextField(_("draft contract"), blank=True)
    # timetable
    planned_on = models.DateField(
        _("day of publication"), null=True, blank=True, help_text="Planned; the rules count from it."
    )
    documents_until = models.DateTimeField(_("documents obtainable until"), null=True, blank=True)
    deadline = models.DateTimeField(_("deadline and opening"), null=True, blank=True)
    validity_days = models.PositiveSmallIntegerField(_("bid validity (days)"), default=90)
    opening_place = models.CharField(max_length=200, default="益招网上开标大厅")
    # contacts
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    # frozen at publication
    rules = models.JSONField(default=dict, blank=True, help_text="Frozen rule set: {rule_id: {key: value, enf}}.")
    snapshot = models.ForeignKey(
        "publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TenderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("procurement:tender-public", args=[self.number])


class TenderStep(models.Model):
    """When a page of the draft was last saved, and by whom: a form older than that is stale."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=20)
    version = models.PositiveIntegerField(help_text="Of the tender, after this save.")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "key"], name="tender_step_once")]


class TenderSubmission(models.Model):
    """What the second officer was given: later submissions are compared with it."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="submissions")
    content = models.JSONField(help_text="Text by page of the wizard: a frozen snapshot.")
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class WarningReason(models.Model):
    """Why a warning was passed: written by the officer, seen by the approver, kept with the project."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="reasons")
    rule_id = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=400)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Counts rewritings; a form carries it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "rule_id"], name="warning_reason_once")]


class Lot(models.Model):
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="lots")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("title"), max_length=120)
    needs = models.TextField(_("needs of the lot"), blank=True)
    budget_amount = models.DecimalField(_("budget"), max_digits=14, decimal_places=2)
    price_ceiling = models.DecimalField(_("ceiling price"), max_digits=14, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=12, choices=LotStatus.choices, default=LotStatus.DRAFT)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["tender", "position"], name="lot_position_once")]

    def __str__(self) -> str:
        return f"{self.tender.number or ''}-{self.position} {self.title}"

    @property
    def number(self) -> str:
        return f"{self.tender.number}-{self.position}"

    @property
    def effective_ceiling(self):  # type: ignore[no-untyped-def]
        """The ceiling price, or the budget if none is set (R-EVAL-16, R-EVAL-21)."""
        return self.price_ceiling if self.price_ceiling is not None else self.budget_amount


class EligibilityCondition(models.Model):
    """A specific condition beyond R-ELIG-01, e.g. a food licence."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("condition"), max_length=300)
    evidence = models.CharField(_("evidence asked for"), max_length=200, blank=True)

    class Meta:
        ordering = ["position"]


class CriterionKind(models.TextChoices):
    PRICE = "price", pgettext_lazy("criterion", "Price")
    OBJECTIVE = "objective", _("Objective")
    JUDGEMENT = "judgement", _("Judgement")


class Criterion(models.Model):
    """A node of the tree; leaves carry ranges, the price leaf is computed. All leaves sum to 100 (R-EVAL-03)."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=CriterionKind.choices, default=CriterionKind.JUDGEMENT)
    title = models.CharField(_("criterion"), max_length=120)
    description = models.TextField(_("what is looked at"), blank=True)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CriterionRange(models.Model):
    """One quantified range of a criterion with its one score (R-EVAL-03)."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="ranges")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("range"), max_length=200)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-points"]


class MilestonePlan(models.Model):
    """A planned milestone with its share of the price; becomes the contract's milestone."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="milestone_plans")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("milestone"), max_length=120)
    deliverable = models.CharField(_("deliverable"), max_length=300)
    due_on = models.DateField(_("due on"))
    share = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["position"]
