"""`manage.py run_due`: do once what the clock demands; exit 1 when something failed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.models import Heartbeat
from marketplace.core.schedule import run_due
from marketplace.operations.worker import DUE


class Command(BaseCommand):
    help = "Do once everything that is due: closings, reminders, heads of the log. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        result = run_due(wait=30)
        if not result.ran:
            raise CommandError(_("Another process has been doing the due work for half a minute."))
        Heartbeat.beat(DUE, clock.machine_now())
        for key in result.done:
            self.stdout.write(key)
        for key in result.failed:
            self.stderr.write(key)
        if result.failed:
            raise CommandError(_("%(count)d jobs failed; they will be tried again.") % {"count": len(result.failed)})
