"""Models of the kernel: the clock's state, working days, rule values, number series."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .rulesets import Override


class ClockState(models.Model):
    """A marketplace clock that differs from the machine's: one row, in demo worlds and tests only."""

    market = models.DateTimeField(help_text="Marketplace instant at `machine`.")
    machine = models.DateTimeField(help_text="Machine instant at which `market` held.")
    is_running = models.BooleanField(default=True, help_text="Tests stop it.")

    @property
    def shift(self) -> timedelta:
        return self.market - self.machine

    def at(self, machine: datetime) -> datetime:
        """The marketplace's instant when the machine shows `machine`; a machine set back does not set it back."""
        from .clock import ZONE

        elapsed = max(machine - self.machine, timedelta(0)) if self.is_running else timedelta(0)
        return (self.market + elapsed).astimezone(ZONE)

    @classmethod
    def instant(cls, machine: datetime) -> datetime:
        state = cls.objects.first()
        return machine if state is None else state.at(machine)


class WorkCalendarYear(models.Model):
    """A year whose working calendar is known; a year without a row has no table (R-TIME-08)."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=120, help_text="Notice of the State Council that fixes the year's days.")

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class WorkCalendarDay(models.Model):
    """A day that differs from plain Monday to Friday (R-TIME-04): a holiday, or a weekend day that is worked."""

    date = models.DateField(unique=True)
    is_workday = models.BooleanField()
    reason = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=120, help_text="Notice of the State Council that fixes the day.")

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return self.date.isoformat()


class RuleValue(models.Model):
    """A value of a rule that differs from the catalogue's, from a day on, for a region and a budget level."""

    rule_id = models.CharField(max_length=20)
    region = models.CharField(max_length=6, blank=True, help_text="GB/T 2260 code; empty: everywhere.")
    budget_level = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    key = models.CharField(max_length=40, default="value")
    value = models.CharField(max_length=80, blank=True, help_text="Empty: only the level changes.")
    enforcement = models.CharField(max_length=8, blank=True, help_text="BLOCK lowered to WARN, else empty.")
    reason = models.CharField(max_length=400)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "key", "region", "budget_level", "valid_from"], name="rule_value_once"
            )
        ]
        ordering = ["rule_id", "key", "region", "budget_level", "-valid_from"]

    def as_override(self) -> Override:
        from .rulesets import Override

        return Override(
            self.rule_id,
            self.key,
            self.value,
            self.enforcement,
            self.region,
            self.budget_level,
            self.valid_from,
            self.reason,
        )


class NumberSeries(models.Model):
    """Counter of gap-free numbers per kind, region and year."""

    kind = models.CharField(max_length=20)
    region = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "region", "year"], name="number_series_once")]


class Lease(models.Model):
    """Who is at a thing that only one process may do at a time, and until when (the machine's time)."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()

    @classmethod
    def take(cls, name: str, holder: str, machine: datetime, length: timedelta) -> bool:
        cls.objects.get_or_create(name=name, defaults={"until": machine})
        return bool(cls.objects.filter(name=name, until__lte=machine).update(holder=holder, until=machine + length))

    @classmethod
    def renew(cls, name: str, holder: str, machine: datetime, length: timedelta) -> None:
        cls.objects.filter(name=name, holder=holder).update(until=machine + length)


class DueFailure(models.Model):
    """A due job that failed: shown to the operator, tried again after a pause that doubles, gone once it succeeds."""

    key = models.CharField(max_length=160, unique=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["key"]

    @classmethod
    def waiting(cls, machine: datetime) -> set[str]:
        return set(cls.objects.filter(next_attempt_at__gt=machine).values_list("key", flat=True))

    @classmethod
    def note(cls, key: str, error: str, machine: datetime, longest: timedelta) -> None:
        row, _created = cls.objects.get_or_create(key=key, defaults={"failed_at": machine, "next_attempt_at": machine})
        row.attempts += 1
        row.error, row.failed_at = error[:4000], machine
        row.next_attempt_at = machine + min(timedelta(seconds=2 ** min(row.attempts, 20)), longest)
        row.save()


class Heartbeat(models.Model):
    """The last sign of life of a process that must be running (the machine's time); `/readyz` reads it."""

    name = models.CharField(max_length=80, unique=True)
    beat_at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)

    @classmethod
    def beat(cls, name: str, machine: datetime, detail: str = "") -> None:
        cls.objects.update_or_create(name=name, defaults={"beat_at": machine, "detail": detail})
