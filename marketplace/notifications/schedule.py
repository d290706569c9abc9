"""What the clock demands of the inbox: mails that failed are sent again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from marketplace.core.schedule import Job, register

from .services import retry_mails, unsent


@register
def failed_mails(now: datetime) -> Iterable[Job]:
    return [("notifications.retry_mails", retry_mails)] if unsent().exists() else []
