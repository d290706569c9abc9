"""`manage.py seed_demo`: builds the demo world in an empty database, with the marketplace's clock at its instant."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.accounts.models import Body
from marketplace.demo.world.build import build_world


class Command(BaseCommand):
    help = "Build the demo world: history, figures, and living procedures in every state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--tenders", type=int, default=0, help="Add this many more published tenders, for measuring."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MARKETPLACE_DEMO:
            raise CommandError("Only in demo mode (MARKETPLACE_DEMO=1): a real marketplace has no invented bodies.")
        if Body.objects.exists():
            raise CommandError("There are bodies in this database already; `make fresh` starts over.")
        start, work = time.monotonic(), time.process_time()
        build_world(extra_tenders=options["tenders"])
        took, work = time.monotonic() - start, time.process_time() - work
        self.stdout.write(f"The demo world is built ({took:.0f} s, of these {work:.0f} s of work).")
