"""Published history and figures that precede this system, each with its source."""

from django.db import models
from django.urls import reverse


class HistoricalCall(models.Model):
    """A venture call of the time before: its published totals, its rules as they were, who paid."""

    series = models.CharField(max_length=10, help_text="Source figure, e.g. F9.")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    region = models.CharField(max_length=6)
    lead_name = models.CharField(max_length=120)
    years = models.CharField(max_length=20)
    aims = models.TextField()
    rules = models.TextField(help_text="One a line: what this call asked for, and what it did not.")
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["-years", "number"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("transparency:earlier-call", args=[self.number])


class HistoricalPot(models.Model):
    """One source of the money of an earlier call."""

    call = models.ForeignKey(HistoricalCall, on_delete=models.PROTECT, related_name="pots")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    is_demo = models.BooleanField(default=True, help_text="Only the sum of all pots was published.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["call", "position"], name="historical_pot_once")]

    def __str__(self) -> str:
        return self.name


class HistoricalProject(models.Model):
    """A project of the time before, marked as history; single ones are made up so that totals match (演示)."""

    series = models.CharField(max_length=10, help_text="Source figure, e.g. F1.")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    region = models.CharField(max_length=6)
    buyer_name = models.CharField(max_length=120)
    organization_name = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    year = models.PositiveSmallIntegerField()
    fund_kind = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    track = models.CharField(max_length=20)
    is_demo = models.BooleanField(default=True)
    call = models.ForeignKey(
        HistoricalCall, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", db_index=True
    )
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="Of the evaluation.")
    grade = models.CharField(max_length=12, blank=True)


class HistoricalShare(models.Model):
    """What one pot paid of a project."""

    project = models.ForeignKey(HistoricalProject, on_delete=models.PROTECT, related_name="shares")
    pot = models.ForeignKey(HistoricalPot, on_delete=models.PROTECT, related_name="shares")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["pot__position"]
        constraints = [models.UniqueConstraint(fields=["project", "pot"], name="historical_share_once")]


class Statistic(models.Model):
    """A published figure with its source."""

    key = models.CharField(max_length=60, unique=True)
    series = models.CharField(max_length=10)
    region = models.CharField(max_length=6)
    label = models.CharField(max_length=160)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    unit = models.CharField(max_length=20)
    qualifier = models.CharField(max_length=4, blank=True, help_text="近, 余 …: how the source rounds.")
    period = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
