"""Erasing what an entry says (a person's right) without breaking a proof: salt and content go, the leaf stays."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.decisions import refuse, require

from .log import transaction
from .models import LogEntry


def erase_entries(*, actor: Any, numbers: list[int], reason: str) -> int:
    """Empty these entries and record that it was done, by whom and why. Returns how many were emptied.

    Who may ask for it is decided by the room that calls (operations).
    """
    if not reason.strip():
        require(refuse(_("Write down why these entries are erased."), "R-PUB-02", field="reason"))
    with transaction() as log:
        entries = list(LogEntry.objects.select_for_update().filter(number__in=numbers, erased_at=None))
        for entry in entries:
            entry.salt = entry.entry = None
            entry.erased_at = clock.now()
            entry.subject = entry.actor = ""
            entry.save(update_fields=["salt", "entry", "erased_at", "subject", "actor"])
            log.record("log.erased", entry, actor, number=entry.number, reason=reason.strip())
    return len(entries)
