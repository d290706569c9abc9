"""What every page needs: who acts, the clock, where one can go. No queries of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.accounts.actors import ANONYMOUS
from marketplace.core import clock

from . import inbox, navigation


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "memberships": getattr(request, "memberships", []),
        "market_now": clock.now(),
        "demo_mode": settings.MARKETPLACE_DEMO,
        "unread_count": SimpleLazyObject(lambda: inbox.unread(actor)),
        "public_links": SimpleLazyObject(lambda: navigation.public_links(request.path)),
        "foot_links": SimpleLazyObject(navigation.foot_links),
        "workspace_areas": SimpleLazyObject(lambda: navigation.areas_for(actor)),
    }
