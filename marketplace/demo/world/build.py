"""Builds the demo world from an empty database up to the marketplace instant."""

from __future__ import annotations

from datetime import datetime

from marketplace.core.clock import ZONE

from ..history import write_history
from ..scheduler import play, stopped_clock
from .custody import appoint
from .media import record_media
from .reviewing import enroll_experts
from .stories import World
from .town import build_town

FIRST_DAY = datetime(2025, 2, 10, 9, 0, tzinfo=ZONE)
INSTANT = datetime(2026, 6, 15, 9, 0, tzinfo=ZONE)


def build_world(*, extra_tenders: int = 0) -> None:
    with stopped_clock(FIRST_DAY):
        write_history()
        town = build_town()
        enroll_experts(town)
        play(World(town, appoint(town), extra_tenders).all(), INSTANT)
        record_media()
