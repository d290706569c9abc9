"""`manage.py bench pages`: server times of the main pages; `bench ventures`: a call with thousands of applications."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketplace.dashboard.bench import as_dicts, measure
from marketplace.dashboard.bench_ventures import Size, measure as measure_ventures


class Command(BaseCommand):
    help = "Print the server time of ten main pages as a ratio to a bare Wagtail page in the same run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["pages", "ventures"])
        parser.add_argument("--rounds", type=int, default=15)
        parser.add_argument("--applications", type=int, default=Size.applications, help="of `ventures`")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds, size = options["rounds"], Size(applications=options["applications"])
        timings = measure(rounds) if options["what"] == "pages" else measure_ventures(rounds, size)
        if options["as_json"]:
            self.stdout.write(json.dumps(as_dicts(timings), ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{'page':<20}{'ms':>8}{'ratio':>8}{'queries':>9}")
        for row in timings:
            self.stdout.write(f"{row.name:<20}{row.ms:>8.1f}{row.ratio:>8.2f}{row.queries:>9}")
