"""Projects that invented organizations apply with in the demo's venture call: what each wants to do, and where."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Idea:
    """`theme` counts the call's themes from 0; `grant` in yuan; `activities` one after the other."""

    organization: str
    title: str
    theme: int
    street: str
    people: int
    grant: int
    need: str
    activities: list[str]
    effect: str


def ideas() -> list[Idea]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["idea"]
    return [Idea(**row) for row in rows]
