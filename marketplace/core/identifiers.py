"""Project numbers: per kind, region and year, without gaps, taken inside the transaction that uses them."""

from __future__ import annotations

from .clock import now
from .models import NumberSeries

INFIXES = {
    "project": "",
    "notice": "GG-",
    "contract": "HT-",
    "list": "JH-",
    "objection": "ZY-",
    "call": "CT-",
    "agreement": "XY-",
    "sponsor": "ZZ-",
}
REGION_LETTERS = {"31": "SH", "3302": "NB", "4407": "JM", "4404": "ZH"}


def region_letters(region: str) -> str:
    """Letters of a region code: the longest known prefix, else the code itself."""
    for length in (6, 4, 2):
        if region[:length] in REGION_LETTERS:
            return REGION_LETTERS[region[:length]]
    return region


def next_number(kind: str, region: str, *, year: int | None = None) -> str:
    """`SH-2026-0137` for projects, `SH-HT-2026-0012` for other kinds. Call inside a transaction."""
    year = year or now().year
    letters = region_letters(region)
    NumberSeries.objects.get_or_create(kind=kind, region=letters, year=year)
    series = NumberSeries.objects.select_for_update().get(kind=kind, region=letters, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    infix = INFIXES.get(kind, kind + "-")
    return f"{letters}-{infix}{year}-{series.last:04d}"
