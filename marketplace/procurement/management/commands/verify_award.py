"""`manage.py verify_award NUMBER_OR_FILE`: recompute scores, ranking, draw and award from the published file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.procurement.rules.award_file import differences
from marketplace.procurement.selectors.award_files import FORMAT, published_file


class Command(BaseCommand):
    help = "Recompute a published award, by the number of its project or from a downloaded award.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="NUMBER_OR_FILE")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        wrong = 0
        for lot in self.lots(source):
            found = differences(lot)
            wrong += len(found)
            self.stdout.write(lot.get("lot", {}).get("number", "?"))
            for line in found:
                self.stdout.write(self.style.ERROR(f"  WRONG: {line}"))
            if not found:
                self.stdout.write(f"  OK: scores, ranking, draw and award ({lot['award']['name']}) agree")
        if wrong:
            raise CommandError(f"{wrong} difference(s)")

    def lots(self, source: str) -> list[dict[str, Any]]:
        data = read_file(Path(source)) if Path(source).is_file() else published_file(source)
        if data is None:
            raise CommandError(f"neither a file nor a project with a published award: {source}")
        return data["lots"] if data.get("format") == FORMAT else [data]


def read_file(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise CommandError(f"{path} is no JSON file: {error}") from error
    if not isinstance(data, dict):
        raise CommandError(f"{path} is no award file")
    return data
