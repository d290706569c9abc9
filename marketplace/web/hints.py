"""Slots in pages that other rooms may fill: the demo world shows logins and passphrases through them.

A slot that nobody filled shows nothing, so that outside demo mode no page can leak what the demo tells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Hint = Callable[[Any, Any], str]
_hints: dict[str, Hint] = {}


def register(slot: str, hint: Hint) -> None:
    """Fill a slot: the function takes the request and the slot's object, and answers safe HTML."""
    _hints[slot] = hint


def render(slot: str, request: Any, subject: Any = None) -> str:
    hint = _hints.get(slot)
    return hint(request, subject) if hint else ""
