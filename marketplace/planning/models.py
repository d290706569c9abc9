"""The year's purchase list, its items, and the intention notice that precedes a tender."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import Role


class ListStatus(models.TextChoices):
    DRAFT = "draft", _("Being drawn up")
    SUBMITTED = "submitted", _("Waiting for the second officer")
    PUBLISHED = "published", _("Published")


class ListQuerySet(models.QuerySet["PurchaseList"]):
    def visible_to(self, actor: Actor) -> ListQuerySet:
        """A body sees its own lists; supervisors and auditors all; others the published ones on public pages only."""
        if actor.has(Role.SUPERVISOR, Role.AUDITOR):
            return self
        return self.filter(body_id=actor.body_id)


class PurchaseList(models.Model):
    """A body's list of one year. Items added after its publication wait for the next one (a supplement)."""

    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="purchase_lists")
    year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, unique=True, null=True, blank=True)
    status = models.CharField(max_length=12, choices=ListStatus.choices, default=ListStatus.DRAFT)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="First publication.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="purchase_list_once")]

    objects = ListQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.body.name} {self.year}"

    def waiting_items(self) -> ItemQuerySet:
        """Items that the next publication takes along."""
        return self.items.filter(published_at=None, withdrawn_at=None).order_by("pk")


class ItemQuerySet(models.QuerySet["ListedItem"]):
    def published(self) -> ItemQuerySet:
        return self.exclude(published_at=None)

    def visible_to(self, actor: Actor) -> ItemQuerySet:
        return self.filter(purchase_list__in=PurchaseList.objects.visible_to(actor))


class ListedItem(models.Model):
    """One service to be bought this year."""

    purchase_list = models.ForeignKey(PurchaseList, on_delete=models.PROTECT, related_name="items")
    number = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    outline = models.TextField(_("outline of needs"))
    directory_code = models.CharField(_("directory code"), max_length=20, help_text="R-GPS-06")
    is_public_service = models.BooleanField(_("public service"), default=True, help_text="R-GPS-04")
    budget_line = models.ForeignKey("funds.BudgetLine", on_delete=models.PROTECT, related_name="items")
    amount = models.DecimalField(_("budget"), max_digits=14, decimal_places=2)
    planned_month = models.DateField(_("planned month"), help_text="First day of the month.")
    plan_filing_number = models.CharField(_("plan filing number"), max_length=60, blank=True, help_text="R-PLAN-02")
    negative_list_confirmed = models.BooleanField(default=False, help_text="R-GPS-05: none of the six cases applies.")
    note = models.CharField(_("note"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Taken off the list before it was published.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ItemQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class IntentionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    PUBLISHED = "published", _("Published")


class IntentionQuerySet(models.QuerySet["Intention"]):
    def visible_to(self, actor: Actor) -> IntentionQuerySet:
        return self.filter(item__in=ListedItem.objects.visible_to(actor))


class Intention(models.Model):
    """The intention notice of a listed item (R-PLAN-03)."""

    item = models.OneToOneField(ListedItem, on_delete=models.PROTECT, related_name="intention")
    status = models.CharField(max_length=12, choices=IntentionStatus.choices, default=IntentionStatus.DRAFT)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    return_reason = models.CharField(max_length=400, blank=True)
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = IntentionQuerySet.as_manager()
