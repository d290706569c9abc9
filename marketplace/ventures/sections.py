"""Sections of a call's public page that upper rooms add: the projects that were funded, and how they went.

A room registers a function at start-up: it takes the call and answers a section, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .models import Call


@dataclass(frozen=True)
class Section:
    """A heading, the template that shows it and the template's context; lower `order` comes first."""

    key: str
    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Source = Callable[[Call], Section | None]
_sources: list[Source] = []


def register(source: Source) -> Source:
    if source not in _sources:
        _sources.append(source)
    return source


def sections_for(call: Call) -> list[Section]:
    found = (source(call) for source in _sources)
    return sorted((section for section in found if section is not None), key=lambda section: section.order)
