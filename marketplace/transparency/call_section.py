"""The projects that a call funded, on its public page: who, how much, how far, how well."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Grade
from marketplace.ventures.models import Call, CallStatus
from marketplace.ventures.sections import Section

from .selectors.grants import funded_projects


def funded_section(call: Call) -> Section | None:
    """One query for a call that is closed; none before, when nothing can have been funded."""
    if call.status != CallStatus.CLOSED:
        return None
    projects = list(funded_projects(call))
    for project in projects:
        project.grade_label = Grade(project.grade).label if project.grade else ""  # type: ignore[attr-defined]
    if not projects:
        return None
    totals = {
        "amount": sum((project.amount for project in projects), Decimal(0)),
        "paid": sum((project.paid for project in projects), Decimal(0)),  # type: ignore[attr-defined]
    }
    return Section(
        "funded", _("Projects funded"), "transparency/_call_projects.html", {"projects": projects, "totals": totals}, 10
    )
