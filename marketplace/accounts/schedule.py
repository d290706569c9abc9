"""What the clock demands of this room: kept forms that nobody came back for are forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from marketplace.core import clock
from marketplace.core.schedule import Job, register

from .kept_forms import LIFE, forget_old
from .models import KeptForm


@register
def due(now: datetime) -> Iterable[Job]:
    if KeptForm.objects.filter(created_at__lt=clock.machine_now() - LIFE).exists():
        yield "accounts.forget_kept_forms", forget_old
