"""Work off stored events of Stripe again: what is done stays done, what was refused is never believed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.core.exceptions import MarketplaceError
from marketplace.sponsorship.models import WebhookEvent
from marketplace.sponsorship.services.webhooks import OPEN, work_off


class Command(BaseCommand):
    help = "Work off stored events of Stripe that are still open, all of them or those named by their ids"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event_id", nargs="*", help="evt_…; none: all that are open")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["event_id"]
        rows = (
            WebhookEvent.objects.filter(event_id__in=wanted) if wanted else WebhookEvent.objects.filter(state__in=OPEN)
        )
        found = list(rows.order_by("made_at", "pk"))
        missing = set(wanted) - {row.event_id for row in found}
        if missing:
            raise CommandError(f"Not stored here: {', '.join(sorted(missing))}")
        for row in found:
            self.stdout.write(f"{row.event_id} {row.kind}: {self._again(row)}")

    def _again(self, row: WebhookEvent) -> str:
        try:
            return str(work_off(event_pk=row.pk).state)
        except MarketplaceError as error:
            return f"failed: {error}"
