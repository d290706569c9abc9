"""Events: frozen dataclasses that a service announces; the rooms that react subscribe in their AppConfig.

Handlers run inside the announcing transaction, so that what they write cannot be lost; what leaves the
database (mail, PDF, index) they put into the queue, whose rows commit with the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

E = TypeVar("E")
_handlers: dict[type, list[Callable]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def announce(event: object) -> None:
    for handler in _handlers[type(event)]:
        handler(event)
