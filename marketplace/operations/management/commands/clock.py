"""`manage.py clock start|show`: the marketplace's clock of a demo world."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.models import ClockState
from marketplace.operations.clock import resume


class Command(BaseCommand):
    help = "start: go on from the instant where the server stopped (web and worker do it themselves); show: tell it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["start", "show"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "start":
            resume()
        shown = clock.now().isoformat(timespec="seconds")
        if ClockState.objects.exists():
            self.stdout.write(_("The marketplace's clock shows %(instant)s.") % {"instant": shown})
        else:
            self.stdout.write(_("The marketplace follows the real time: %(instant)s.") % {"instant": shown})
