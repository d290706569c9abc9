"""The directory as CSV, row by row; no cell can be taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.regions import region_name

from .models import Organization

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"


class Echo:
    """`csv` writes into something; this gives it back."""

    def write(self, text: str) -> str:
        return text


def guarded(value: Any) -> str:
    """A text that begins like a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def rows(organizations: Iterator[Organization]) -> Iterator[str]:
    writer = csv.writer(Echo())
    head = (
        _("Credit code"), _("Name"), _("Kind"), _("Region code"), _("Region"), _("Registered on"),
        _("Fields of service"), _("Verified by the registrar"), _("Face"), _("Reason"),
    )  # fmt: skip
    yield BOM + writer.writerow([str(cell) for cell in head])
    for organization in organizations:
        yield writer.writerow([guarded(cell) for cell in _cells(organization)])


def _cells(organization: Organization) -> tuple[Any, ...]:
    body = organization.body
    return (
        body.code,
        body.name,
        organization.get_kind_display(),
        body.region,
        region_name(body.region),
        organization.registered_on,
        organization.service_areas,
        organization.verified_at.date() if organization.verified_at else "",
        organization.get_face_display(),
        organization.face_reason,
    )
