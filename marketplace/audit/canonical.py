"""Canonical JSON of what the log hashes (RFC 8785): no floats, amounts and times as strings.

Amounts get two places (finer ones stay as they are), instants RFC 3339 with +08:00, dates ISO 8601.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import rfc8785
from django.db import models
from django.utils.functional import Promise

from marketplace.core.clock import ZONE


def canonical(value: Any) -> bytes:
    return rfc8785.dumps(plain(value))


def subject_of(obj: models.Model) -> str:
    """Kind and key, e.g. `procurement.lot:12`.

    An object whose running number would tell a secret has a random `log_key` instead.
    """
    if obj.pk is None:
        raise ValueError("an entry is about a stored object: save it first")
    return f"{obj._meta.label_lower}:{getattr(obj, 'log_key', obj.pk)}"


def plain(value: Any) -> Any:
    """The JSON value that stands for `value` in an entry; raises TypeError for what has no exact form."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} has no exact form in the log: {value!r}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys of an entry are text, not {key!r}")
    return key


def _amount(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"not a number of the log: {value}")
    exponent = value.as_tuple().exponent
    return f"{value:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{value:f}"


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError(f"an instant of the log has its zone: {value!r}")
    return value.astimezone(ZONE).isoformat()


_WRITERS: tuple[tuple[type, Any], ...] = (
    (Decimal, _amount),
    (datetime, _instant),
    (date, date.isoformat),
    (Fraction, str),
    (uuid.UUID, str),
    (Promise, str),
    (bytes, bytes.hex),
    (models.Model, subject_of),
)
