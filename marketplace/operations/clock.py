"""Resuming the marketplace's clock of a demo world where its server stopped; the log says how far it had come."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError

from marketplace.audit.models import LogEntry
from marketplace.core import clock

logger = logging.getLogger(__name__)
STILL_RUNNING = timedelta(seconds=30)


def resume() -> None:
    """Go on from the last kept instant, never before the newest log entry. Harmless while a server runs."""
    newest = LogEntry.objects.order_by("-number").values_list("market_time", flat=True).first()
    clock.resume(not_before=newest, still_running=STILL_RUNNING)


def resume_at_start() -> None:
    """At the start of a process: a database that is not there yet is somebody else's to report."""
    try:
        resume()
    except DatabaseError:
        logger.exception("the clock could not be resumed")
