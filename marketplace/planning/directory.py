"""The guidance directory of services that may be bought (R-GPS-06): codes, names, and which are public services."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("directory.toml")
ITEM_CODE_LENGTH = 5


@cache
def entries() -> dict[str, str]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["entries"]


def source() -> str:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["source"]["title"]


def is_listed(code: str) -> bool:
    """Only an entry of the third level can be bought; A and B and their groups are headings."""
    return len(code) == ITEM_CODE_LENGTH and code in entries()


def is_public_service(code: str) -> bool:
    """R-GPS-04: A is service for the public, B helps an organ with its duties."""
    return code.startswith("A")


def name_of(code: str) -> str:
    return entries().get(code, code)


def grouped_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Entries for a select, under the headings of the second level."""
    names = entries()
    return [
        (
            f"{group} {name}",
            [(code, f"{code} {text}") for code, text in names.items() if code.startswith(group) and len(code) == 5],
        )
        for group, name in names.items()
        if len(group) == 3
    ]
