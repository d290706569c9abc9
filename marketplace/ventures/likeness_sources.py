"""With what applications are compared, beside each other: rooms register what they know of funded or bought projects.

    from marketplace.ventures.likeness_sources import register

    @register
    def contracts(call: Call) -> Iterable[Project]: …

Only what its readers may see: the officer of a call reads every title that is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse

from marketplace.planning.models import ListedItem

from .models import Call
from .rules.likeness import Project

Source = Callable[[Call], Iterable[Project]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a source; usable as a decorator. Call it from `AppConfig.ready`."""
    if source not in _sources:
        _sources.append(source)
    return source


def others_of(call: Call) -> Iterator[Project]:
    for source in _sources:
        yield from source(call)


@register
def listed_items(call: Call) -> Iterator[Project]:
    """Services on published lists of the year: what is bought anyway needs no grant (R-SCOPE-03)."""
    rows = ListedItem.objects.published().select_related("purchase_list__body")
    for item in rows.iterator(chunk_size=500):
        body = item.purchase_list.body
        yield Project(
            subject=f"planning.listeditem:{item.pk}",
            title=f"{body.name} {item.purchase_list.year} {item.name}",
            text=f"{item.name} {item.outline}",
            url=reverse("planning:plan-detail", args=[body.code, item.purchase_list.year]),
        )
