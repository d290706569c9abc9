"""Where one can go: the public line of the masthead, and the areas of the workspace that rooms register.

A room registers a function that answers, for an actor, the areas open to the actor's roles. It asks no database:
it runs on every page of the workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext_lazy as _

from marketplace.accounts.actors import Actor


@dataclass(frozen=True)
class Area:
    """One place of the workspace: `text` says in a sentence what is done there; lower `order` comes first."""

    key: str
    label: Any
    url: str
    text: Any = ""
    order: int = 50


AreaSource = Callable[[Actor], Iterable[Area]]
_sources: list[AreaSource] = []


def register(source: AreaSource) -> AreaSource:
    """Add a room's areas. Usable as a decorator; call it from `AppConfig.ready`."""
    if source not in _sources:
        _sources.append(source)
    return source


def areas_for(actor: Actor | None) -> list[Area]:
    if actor is None or not actor.is_signed_in:
        return []
    return sorted((area for source in _sources for area in source(actor)), key=lambda area: area.order)


# The public line: path below the language prefix, label.
PUBLIC = (
    ("notices/", _("Notices")),
    ("ventures/", _("Ventures")),
    ("projects/", _("Projects")),
    ("organizations/", _("Organizations")),
    ("plans/", _("Year's plans")),
    ("funds/", _("Money")),
    ("rules/", _("Rules")),
    ("verify/", _("Data and proof")),
)

# Pages whose address lies elsewhere, and the place of the line they belong to.
INSIDE = {"notices/": "tenders/", "verify/": "log/"}

# The line at the foot.
FOOT = (
    ("guide/", _("Guide")),
    ("stories/", _("Stories of projects")),
    ("rules/", _("Rules and articles")),
    ("log/", _("Public log")),
    ("open-data/", _("Open data")),
    ("about/figures/", _("Figures and sources")),
    ("about/accessibility/", _("Accessibility")),
    ("about/privacy/", _("Privacy")),
)
PORTAL = ("notices/", "guide/", "stories/", "about/accessibility/", "about/privacy/")


def public_links(path: str) -> list[dict[str, Any]]:
    """The masthead's links; the one whose place the page belongs to is marked."""
    prefix = language_prefix()
    return [
        {
            "url": prefix + place,
            "label": label,
            "current": path.startswith((prefix + place, prefix + INSIDE.get(place, place))),
        }
        for place, label in PUBLIC
        if exists(prefix + place)
    ]


def foot_links() -> list[dict[str, Any]]:
    prefix = language_prefix()
    return [{"url": prefix + place, "label": label} for place, label in FOOT if exists(prefix + place)]


def language_prefix() -> str:
    return "/en/" if (get_language() or "").startswith("en") else "/"


def exists(path: str) -> bool:
    """Whether an address is answered by a room or a page of the portal; rooms may be switched off."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve" or path.removeprefix(language_prefix()) in PORTAL


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or nothing where its room has none."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""
