"""Guards of the tables: what has to hold whoever asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, refuse

from .models import Assessment, CallStatus


def call_stands(assessment: Assessment, **facts: Any) -> Decision:
    """A terminated call is assessed no further."""
    if assessment.call.status != CallStatus.TERMINATED:
        return ALLOWED
    return refuse(_("The call was terminated; it is assessed no further."), "R-VENT-01")
