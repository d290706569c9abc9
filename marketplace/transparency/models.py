"""Published history and figures that precede this system, each with its source."""

from django.db import models


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
