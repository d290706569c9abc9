"""Objections of suppliers (质疑) and suspensions by a supervisor."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObjectionKind(models.TextChoices):
    DOCUMENTS = "documents", _("To the tender documents")
    PROCEDURE = "procedure", _("To the procedure")
    RESULT = "result", _("To the result")


class ProcedureStep(models.TextChoices):
    """The step that an objection to the procedure is about; its end starts the window (R-OBJ-03)."""

    OPENING = "opening", _("The opening")
    ELIGIBILITY = "eligibility", _("The eligibility check")
    REVIEW = "review", _("The review")


class Consequence(models.TextChoices):
    """What follows from an objection that holds and may change the result."""

    NONE = "none", _("The result stands")
    NEXT = "next", _("The award is annulled; the next candidate follows")
    VOID = "void", _("The lot is void and will be tendered again")


class ObjectionStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted, to be answered")
    REFUSED = "refused", _("Not accepted")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Objection(models.Model):
    """A letter with the six fields of R-OBJ-05."""

    lot = models.ForeignKey("procurement.Lot", on_delete=models.PROTECT, related_name="objections")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=ObjectionKind.choices)
    step = models.CharField(max_length=12, choices=ProcedureStep.choices, blank=True)
    status = models.CharField(max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.SUBMITTED)
    address = models.CharField(_("address"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=6)
    contact_name = models.CharField(_("contact"), max_length=60)
    contact_phone = models.CharField(_("phone"), max_length=30)
    matters = models.TextField(_("specific matters and requests"))
    facts = models.TextField(_("facts"))
    legal_basis = models.TextField(_("legal basis"))
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()
    answer_due = models.DateTimeField(help_text="R-OBJ-06")
    accepted_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(max_length=300, blank=True)
    is_holding = models.BooleanField(default=False, help_text="Suspends signing (R-AWARD-10).")
    hold_lifted_reason = models.CharField(max_length=300, blank=True)
    hold_lifted_at = models.DateTimeField(null=True, blank=True)
    hold_lifted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    is_upheld = models.BooleanField(null=True)
    consequence = models.CharField(max_length=5, choices=Consequence.choices, default=Consequence.NONE)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)


class Suspension(models.Model):
    """A supervisor's stop of a tender, with a reason."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=400)
    suspended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=400, blank=True)
    lifted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
