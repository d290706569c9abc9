"""Editorial pages that are to appear or to go at a time. This is editors' time, not the procedure's: the machine's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.management import call_command
from wagtail.models import Page, Revision

from marketplace.core import clock
from marketplace.core.schedule import Job, register


@register
def scheduled_pages(now: datetime) -> Iterable[Job]:
    moment = clock.machine_now()
    is_due = (
        Revision.objects.filter(approved_go_live_at__lte=moment).exists()
        or Page.objects.filter(live=True, expire_at__lte=moment).exists()
    )
    return [("cms.publish_scheduled", lambda: call_command("publish_scheduled"))] if is_due else []
