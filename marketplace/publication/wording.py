"""How notices write amounts, days, moments and bodies: frozen Chinese text, no interface words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marketplace.accounts.models import Body
from marketplace.core.clock import ZONE
from marketplace.core.rules.time import day_of


def body_line(body: Body) -> str:
    return "，".join(filter(None, (body.name, body.address, body.contact_name, body.contact_phone)))


def money(amount: Any) -> str:
    return f"{amount:.2f}"


def iso(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def chinese(moment: datetime) -> str:
    """2026 年 6 月 16 日 09:30."""
    return f"{chinese_day(day_of(moment))} {moment.astimezone(ZONE):%H:%M}"


def chinese_day(day: Any) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
