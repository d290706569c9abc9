"""Reactions to news: a decided call calls its agreements in."""

from __future__ import annotations

from marketplace.core.events import subscribe
from marketplace.ventures.events import GrantConfirmed

from .services.agreement import call_in_all


def subscribe_all() -> None:
    subscribe(GrantConfirmed, after_grants)


def after_grants(event: GrantConfirmed) -> None:
    """The 14 days begin. Where nothing was granted nobody is asked for money; an officer cancels the promises."""
    if event.grant_ids:
        call_in_all(call_id=event.call_id)
