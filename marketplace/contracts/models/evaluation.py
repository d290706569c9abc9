"""Third-party evaluation: indicators, draft, the organization's answer, the final grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor


class EvaluationStatus(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    DECLARED = "declared", _("Being evaluated")
    DECLINED = "declined", _("Declined")
    DRAFTED = "drafted", _("Draft with the organization")
    ANSWERED = "answered", _("Answered")
    FINAL = "final", _("Final")


class Grade(models.TextChoices):
    """R-PERF-01."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    MEDIUM = "medium", _("Medium")
    POOR = "poor", _("Poor")


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def of_evaluator(self, body_id: int) -> EvaluationQuerySet:
        return self.filter(evaluator_id=body_id).exclude(status=EvaluationStatus.DECLINED)

    def visible_to(self, actor: Actor) -> EvaluationQuerySet:
        """The evaluator and the buyer always; the organization from the draft on; supervisors and auditors all."""
        if actor.has("supervisor", "auditor"):
            return self
        if actor.body_id is None:
            return self.none()
        shown = (EvaluationStatus.DRAFTED, EvaluationStatus.ANSWERED, EvaluationStatus.FINAL)
        return self.filter(
            models.Q(evaluator_id=actor.body_id)
            | models.Q(contract__buyer_id=actor.body_id)
            | models.Q(contract__supplier_id=actor.body_id, status__in=shown)
        )


class Evaluation(models.Model):
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="evaluations")
    evaluator = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="evaluations")
    status = models.CharField(max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.ASSIGNED)
    form = models.CharField(max_length=20, help_text="Form the indicators were taken from.")
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    independence_note = models.CharField(
        max_length=400, blank=True, help_text="Why a person of the same name is no tie (R-PERF-03)."
    )
    declared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField(null=True, blank=True)
    conflict = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves; a form carries it.")
    findings = models.TextField(_("findings"), blank=True)
    reason_sentence = models.CharField(_("the reason in one sentence"), max_length=120, blank=True)
    is_misused = models.BooleanField(
        _("money was misused"), default=False, help_text="The whole score becomes 0 (R-VENT-16)."
    )
    drafted_at = models.DateTimeField(null=True, blank=True)
    answer_due = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("the organization's answer"), blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reply_to_answer = models.TextField(_("reply to the answer"), blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    final_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    final_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.ForeignKey("publication.NoticeSnapshot", on_delete=models.PROTECT, null=True, related_name="+")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-assigned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=~models.Q(status__in=["declined", "final"]),
                name="evaluation_open_once",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.status not in (EvaluationStatus.DECLINED, EvaluationStatus.FINAL)


class EvaluationIndicator(models.Model):
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("indicator"), max_length=120)
    weight = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="indicator_position_once")]
