"""The inbox and what was sent by e-mail."""

from django.db import models


class Message(models.Model):
    """One notice to one person: in the inbox, and by e-mail once."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="inbox")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="Same key, same person: never twice.")
    title = models.CharField(max_length=200)
    text = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="message_once")]
