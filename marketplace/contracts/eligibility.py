"""What agreements say against a new application of an organization (R-VENT-08): asked by the room of ventures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, refuse

from .models import Contract, ContractStatus, Payback, PaybackStatus


def unfinished(body_id: int, on: date) -> Iterator[Decision]:
    """An earlier venture that is not closed, or money that was not paid back. Two queries."""
    running = Contract.objects.filter(
        supplier_id=body_id,
        grant__isnull=False,
        status__in=(ContractStatus.SIGNING, ContractStatus.SIGNED, ContractStatus.ACTIVE),
    )
    for number in running.values_list("project_number", flat=True):
        yield refuse(
            _("Venture project %(number)s is not closed yet. Finish it first.") % {"number": number}, "R-VENT-08"
        )
    owed = Payback.objects.filter(contract__supplier_id=body_id, status=PaybackStatus.DEMANDED)
    for number in owed.values_list("contract__project_number", flat=True):
        yield refuse(_("Money of venture project %(number)s has not been paid back.") % {"number": number}, "R-VENT-08")
