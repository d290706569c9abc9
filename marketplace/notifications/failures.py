"""Mails that could not be sent, for the operator: kind and error, never whom they went to or what they said."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from marketplace.people.operations import MOST_SHOWN, Failure, Source

from .models import Message
from .services import send_mail_task


def failed_mails() -> Iterator[Failure]:
    rows = Message.objects.filter(mailed_at=None, mail_tries__gt=0).order_by("-created_at")[:MOST_SHOWN]
    for row in rows:
        yield Failure(row.kind, row.mail_error.partition(":")[0][:60], row.created_at, row.mail_tries)


def retry() -> int:
    """All of them again, also those that `run_due` has given up on."""
    waiting = list(Message.objects.filter(mailed_at=None, mail_tries__gt=0).values_list("pk", flat=True))
    for message_id in waiting:
        send_mail_task.enqueue(message_id)
    return len(waiting)


SOURCE = Source(_("Mails not sent"), failed_mails, retry, "mails")
