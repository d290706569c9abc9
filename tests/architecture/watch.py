"""Watches whether a row with legal meaning is deleted meanwhile, by whatever route."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_delete

from marketplace.core.legal import LEGAL, LEGAL_AFTER_DRAFT

GUARDED = [model for model in apps.get_models() if model._meta.label in LEGAL.union(LEGAL_AFTER_DRAFT)]


@contextmanager
def watched() -> Iterator[set[str]]:
    """The models of which a row with legal meaning goes meanwhile."""
    gone: set[str] = set()

    def note(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
        if sender._meta.label in LEGAL:
            gone.add(sender._meta.label)

    for model in GUARDED:
        post_delete.connect(note, sender=model)
    try:
        yield gone
    finally:
        for model in GUARDED:
            post_delete.disconnect(note, sender=model)
