"""The application form of a call: blocks that the officer composes, and the versions that applicants are given."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from .call import Call


class BlockKind(models.TextChoices):
    """Ready blocks. Budget, timetable, team, beneficiaries and risk have fixed columns; tables have the officer's."""

    TEXT = "text", pgettext_lazy("block", "Text")
    TABLE = "table", _("Table")
    LOGIC = "logic", _("Logic table: goal, activity, output, outcome")
    BUDGET = "budget", _("Budget by line with funders")
    TIMETABLE = "timetable", _("Timetable")
    TEAM = "team", _("Team with certificates")
    RISK = "risk", _("Risks")
    BENEFICIARIES = "beneficiaries", _("Beneficiaries")
    ATTACHMENTS = "attachments", _("Attachments")


class Criterion(models.TextChoices):
    """R-VENT-12: what projects are judged on; a block may say which of it it answers."""

    NEED = "need", _("Need")
    PLAN = "plan", _("Plan and feasibility")
    INNOVATION = "innovation", _("Innovation")
    TEAM = "team", _("Team")
    BUDGET = "budget", pgettext_lazy("criterion", "Budget")
    EFFECT = "effect", _("Effect and lasting power")


class CostKind(models.TextChoices):
    """R-VENT-14: what is not direct has a ceiling."""

    DIRECT = "direct", _("Direct: activities, materials, services")
    STAFF = "staff", _("Staff pay")
    INDIRECT = "indirect", _("Indirect: management, taxes, office")


class FormBlock(models.Model):
    """One block while the form is composed. `key` never changes, so that answers find their block in later versions."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="blocks")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=14, choices=BlockKind.choices)
    title = models.CharField(_("title"), max_length=120)
    criterion = models.CharField(_("answers"), max_length=12, choices=Criterion.choices, blank=True)
    help = models.CharField(_("help for applicants"), max_length=400, blank=True)
    is_required = models.BooleanField(_("must be filled"), default=True)
    most_characters = models.PositiveIntegerField(_("characters, at most"), null=True, blank=True, help_text="Text.")
    least_rows = models.PositiveSmallIntegerField(_("rows, at least"), default=1, help_text="Tables.")
    most_rows = models.PositiveSmallIntegerField(_("rows, at most"), default=20, help_text="Tables; files.")
    columns = models.TextField(_("columns"), blank=True, help_text="One a line; tables only.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="form_block_once")]

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """The form as applicants get it: frozen at publication and again with each correction of the form."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="form_versions")
    number = models.PositiveSmallIntegerField()
    blocks = models.JSONField(help_text="[{key, kind, title, help, is_required, …}] in order: a frozen snapshot.")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="form_version_once")]
