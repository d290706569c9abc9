"""Reminding applicants of the deadline: each once for each number of days and each deadline."""

from __future__ import annotations

from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.events import announce
from marketplace.core.locking import locked

from ..events import ApplicationDeadlineNear
from ..models import Application, ApplicationReminder, ApplicationStatus


def send_reminder(*, application_id: object, days: int) -> bool:
    """Announces it unless it has been, or there is nothing left to do. No entry of the log: nothing was decided."""
    with transaction():
        application = locked(Application, application_id, "call")
        if application.status != ApplicationStatus.DRAFT:
            return False
        row, is_new = ApplicationReminder.objects.get_or_create(
            application=application,
            days=days,
            deadline=application.call.deadline,  # type: ignore[misc]
            defaults={"sent_at": clock.now()},
        )
        if is_new:
            announce(ApplicationDeadlineNear(row.pk))
    return is_new
