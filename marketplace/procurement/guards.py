"""Guards that rows of the lifecycle and services of the room share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

from .models import Suspension, Tender


def not_suspended(obj: Any, **_facts: Any) -> Decision:
    """Nothing moves while a supervisor has stopped the tender. `obj`: a tender or one of its lots."""
    tender_id = obj.pk if isinstance(obj, Tender) else obj.tender_id
    stop = Suspension.objects.filter(tender_id=tender_id, lifted_at=None).order_by("pk").first()
    if stop is None:
        return ALLOWED
    return refuse(
        _("The supervising department has suspended this purchase: %(reason)s It goes on when the stop is lifted.")
        % {"reason": stop.reason},
        "R-OBJ-11",
    )
