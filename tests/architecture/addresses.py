"""Every address of the site, as the resolver knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    parameters: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/") and self.name != "editor-login"


def walk(resolver: URLResolver, prefix: str = "", names: tuple[str, ...] = ()) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            regex = entry.pattern.regex
            parameters = tuple(entry.pattern.converters) or tuple(regex.groupindex or map(str, range(regex.groups)))
            yield Address(route, ":".join((*names, entry.name or "")), parameters)
        else:
            yield from walk(entry, route, (*names, entry.namespace) if entry.namespace else names)


def addresses() -> list[Address]:
    return list(walk(get_resolver()))


def example(route: str) -> str:
    """An address of the route: every number 1, every word that of a page."""
    filled = re.sub(r"<int:\w+>", "1", route)
    filled = re.sub(r"<(?:str|path|slug):app_label>/<(?:str|path|slug):model_name>", "wagtailcore/page", filled)
    filled = re.sub(r"<(?:str|slug|path|uuid):\w+>|<\w+>", "1", filled)
    return "/" + re.sub(r"\(\?P<\w+>[^)]*\)|\([^)]*\)", "1", filled).replace("^", "").replace("$", "")
