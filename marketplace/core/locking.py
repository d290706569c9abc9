"""Rows under lock: the second step of every service. Call inside `audit.transaction()`.

PostgreSQL locks the row; SQLite's immediate transaction has locked the database already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from .exceptions import NotFound

M = TypeVar("M", bound=models.Model)


def locked(model: type[M], pk: object, *related: str) -> M:
    """The row, locked until the transaction ends, with `related` rows read along; `NotFound` when there is none."""
    return locked_all(model, [pk], *related)[0]


def locked_all(model: type[M], pks: Iterable[object], *related: str) -> list[M]:
    """Several rows of one model, locked in the order of their keys so that two services cannot wait in a ring.

    The answer is in the order asked for.
    """
    wanted = [model._meta.pk.to_python(pk) for pk in pks]
    rows = model._default_manager.select_for_update(of=("self",)).select_related(*related)
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    try:
        return [found[pk] for pk in wanted]
    except KeyError as missing:
        raise NotFound(_("This does not exist (any more).")) from missing
