"""Who took the documents (secret until the deadline, R-TENDER-14), questions and answers, reminders sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentTake(models.Model):
    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="takes")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "body"], name="document_take_once")]


class Reminder(models.Model):
    """A reminder that has been sent: each kind once for each subject and moment."""

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, help_text="Kind and key, and the moment it is about.")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="reminder_once")]


class Question(models.Model):
    """An inquiry before the deadline (R-OBJ-01); the answer goes to all takers, without the asker's name."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="questions")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"))
    asked_at = models.DateTimeField()
    public_text = models.TextField(
        _("question as all takers read it"), blank=True, help_text="Without the asker's name."
    )
    answer_due = models.DateTimeField(help_text="R-OBJ-01")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
