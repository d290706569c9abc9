"""`{% hint "slot" object %}`: what another room has to say in this place, usually nothing."""

from __future__ import annotations

from typing import Any

from django import template

from marketplace.web import hints

register = template.Library()


@register.simple_tag(takes_context=True)
def hint(context: dict[str, Any], slot: str, subject: Any = None) -> str:
    return hints.render(slot, context.get("request"), subject)
