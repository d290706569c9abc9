"""`seed_demo --tenders N`: more open tenders, made by the same services."""

from __future__ import annotations

from datetime import datetime

import pytest

from marketplace.core.clock import ZONE
from marketplace.core.models import ClockState
from marketplace.demo.scheduler import play, stopped_clock
from marketplace.demo.world.build import FIRST_DAY
from marketplace.demo.world.custody import appoint
from marketplace.demo.world.stories import World
from marketplace.demo.world.town import build_town
from marketplace.procurement.models import Lot, LotStatus, Tender

pytestmark = [pytest.mark.story, pytest.mark.django_db(transaction=True)]


def test_as_many_open_tenders_as_asked_for(settings) -> None:
    settings.MARKETPLACE_DEMO = True
    ClockState.objects.all().delete()
    with stopped_clock(FIRST_DAY):
        town = build_town()
        world = World(town, appoint(town), 3)
        play([world.lists(), world.measuring()], datetime(2026, 6, 2, 9, 0, tzinfo=ZONE))
    assert list(Tender.objects.order_by("pk").values_list("number", "status")) == [
        ("SH-2026-0001", "published"),
        ("SH-2026-0002", "published"),
        ("SH-2026-0003", "published"),
    ]
    assert set(Lot.objects.values_list("status", flat=True)) == {LotStatus.OPEN}
