"""Advice of `manage.py check --deploy` on what works on one machine only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning as Advice, register


@register(Tags.database, deploy=True)
def one_machine_only(**_kwargs: Any) -> list[CheckMessage]:
    advice: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        advice.append(
            Advice(
                "SQLite serves one machine. Several web machines, or a province, need PostgreSQL 15 or newer.",
                hint="Set DATABASE_URL=postgresql://user:password@host/name.",
                id="marketplace.W001",
            )
        )
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        advice.append(
            Advice(
                "Rate limits of sign-in are counted in each process apart.",
                hint="Set REDIS_URL where more than one web process runs.",
                id="marketplace.W002",
            )
        )
    return advice
