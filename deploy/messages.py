"""Compiles the message catalogues that changed, in pure Python, so that running needs no gettext."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]


def catalogues() -> Iterator[Path]:
    """Every catalogue of ours: `<room>/locale*/<language>/LC_MESSAGES/django.po`."""
    for room in (*sorted((ROOT / "marketplace").iterdir()), ROOT / "cms"):
        yield from sorted(room.glob("locale*/*/LC_MESSAGES/*.po"))


def is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def compile_catalogue(source: Path, target: Path) -> None:
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=None)
    building = target.with_suffix(f".{os.getpid()}")
    with building.open("wb") as output:
        write_mo(output, catalogue)
    building.replace(target)


def compile_all() -> None:
    for source in catalogues():
        target = source.with_suffix(".mo")
        if is_stale(source, target):
            compile_catalogue(source, target)


if __name__ == "__main__":
    compile_all()
