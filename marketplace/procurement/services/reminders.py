"""Sending a reminder once: it is noted and announced in one transaction."""

from __future__ import annotations

from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.events import announce

from ..models import Reminder
from ..selectors.reminders import Due


def send_reminder(*, reminder: Due) -> bool:
    """Announces the event unless it has been; answers whether it was new. No entry of the log: nothing was decided."""
    with transaction():
        _row, is_new = Reminder.objects.get_or_create(
            kind=reminder.kind, subject=reminder.subject, defaults={"sent_at": clock.now()}
        )
        if is_new:
            announce(reminder.event)
    return is_new
