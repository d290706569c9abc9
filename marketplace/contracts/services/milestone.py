"""What happens to milestones by the clock alone."""

from __future__ import annotations

from marketplace import audit
from marketplace.accounts.actors import SYSTEM
from marketplace.core import clock
from marketplace.core.events import announce
from marketplace.core.locking import locked
from marketplace.core.rules.time import far_date
from marketplace.core.workcalendar import calendar

from ..events import MilestoneLate
from ..models import ContractStatus, Milestone
from ..rules.report import is_late


def flag_late(*, milestone_id: int) -> Milestone:
    """Mark a milestone whose day passed without a report; once."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id, "contract")
        is_open = milestone.contract.status == ContractStatus.ACTIVE and milestone.late_flagged_at is None
        if is_open and milestone.reported_at is None and is_late(milestone.due_on, None, clock.today()):
            milestone.late_flagged_at = clock.now()
            milestone.save(update_fields=["late_flagged_at"])
            log.record(
                "milestone.late",
                milestone,
                SYSTEM,
                project=milestone.contract.project_number,
                milestone=milestone.position,
                due_on=milestone.due_on.isoformat(),
            )
            announce(MilestoneLate(milestone.pk))
        return milestone


def roll_due(*, milestone_id: int) -> Milestone:
    """The year's table is there: the day becomes final, rolled to a working day (R-TIME-02, R-TIME-08)."""
    with audit.transaction() as log:
        milestone = locked(Milestone, milestone_id, "contract")
        if not milestone.is_provisional:
            return milestone
        before, far = milestone.due_on, far_date(milestone.due_on, calendar())
        milestone.due_on, milestone.is_provisional = far.day, far.is_provisional
        milestone.save(update_fields=["due_on", "is_provisional"])
        log.record(
            "milestone.due_fixed",
            milestone,
            SYSTEM,
            project=milestone.contract.project_number,
            before=before.isoformat(),
            due_on=far.day.isoformat(),
        )
        return milestone
