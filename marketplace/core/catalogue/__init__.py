"""The catalogue of rules: `rules.toml`, read once. Ids are stable; code, tests, pages and error texts cite them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, gettext_lazy as _

from ..decisions import Level
from .words import KEYS, RELATIONS, UNITS, VERIFICATION

Value = int | Decimal | Fraction | str
SOURCE = Path(__file__).with_name("rules.toml")
FIGURE = re.compile(r"(?P<relation>[≥≤<>]?)(?P<number>\S+)(?: (?P<unit>.+))?")


class Enforcement(Enum):
    """Column Enf: what the software does."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    CFG = "CFG"
    INFO = "INFO"

    @property
    def level(self) -> Level:
        """A value that a region sets is enforced like any other."""
        return {"WARN": Level.WARN, "INFO": Level.INFO}.get(self.value, Level.BLOCK)

    @property
    def words(self) -> Any:
        return {
            "BLOCK": _("The step is refused"),
            "WARN": _("Passes with a written reason"),
            "CFG": _("Refused, by the value of region and budget level"),
            "INFO": _("Shown for information"),
        }[self.value]


@dataclass(frozen=True)
class Figure:
    """One number of a rule, e.g. «≥20 d»: relation, value, unit."""

    key: str
    relation: str
    value: Value
    unit: str

    @classmethod
    def read(cls, key: str, text: str) -> Figure:
        match = FIGURE.fullmatch(text)
        if match is None:
            raise ValueError(f"{key}: {text!r} is not a figure")
        return cls(key, match["relation"], parse_value(match["number"]), match["unit"] or "")

    @property
    def label(self) -> Any:
        """Name of the value; empty where the rule has only one."""
        return KEYS[self.key]

    @property
    def relation_words(self) -> Any:
        return RELATIONS[self.relation]

    @property
    def unit_words(self) -> Any:
        return UNITS[self.unit]

    @property
    def number(self) -> str:
        """1000000 → 1,000,000; texts and shares as they are."""
        return f"{self.value:,}" if isinstance(self.value, int | Decimal) else str(self.value)


@dataclass(frozen=True)
class Rule:
    """One rule: what it says in few words, where it stands in the law, what it does, how far it was checked."""

    id: str
    zh: str
    en: str
    article: str
    enforcement: Enforcement
    verification: str
    values: Mapping[str, Figure]

    @property
    def title(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @property
    def section(self) -> str:
        return self.id.split("-")[1]

    @property
    def to_verify(self) -> bool:
        """«待核实»: the official text was not seen (S) or the rule is from memory (MEM)."""
        return any(mark == "S" or mark.startswith("MEM") for mark in self.verification.split("/"))

    @property
    def verification_words(self) -> list[Any]:
        """How far the rule was checked, in words, each once."""
        return [VERIFICATION[mark] for mark in dict.fromkeys(m.split("-")[0] for m in self.verification.split("/"))]

    @property
    def is_ours(self) -> bool:
        """A decision of this project, not law."""
        return self.verification == "D"

    def value(self, key: str = "value") -> Value:
        return self.values[key].value


@dataclass(frozen=True)
class Section:
    code: str
    zh: str
    en: str

    @property
    def title(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


def parse_value(text: str) -> Value:
    """20 → int, 0.50 → Decimal, 2/3 → Fraction, anything else stays text. Never a float."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    if re.fullmatch(r"\d+/[1-9]\d*", text):
        return Fraction(text)
    return text


@cache
def _read() -> tuple[Mapping[str, Section], Mapping[str, Rule]]:
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    sections = {code: Section(code, row["zh"], row["en"]) for code, row in data["sections"].items()}
    return sections, {rule_id: _rule(rule_id, row) for rule_id, row in data["rules"].items()}


def _rule(rule_id: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        rule_id,
        row["zh"],
        row["en"],
        row["article"],
        Enforcement(row["enf"]),
        row["ver"],
        {key: Figure.read(key, text) for key, text in row.get("values", {}).items()},
    )


def sections() -> Mapping[str, Section]:
    return _read()[0]


def catalogue() -> Mapping[str, Rule]:
    """All rules by id, in the order of the law's procedure."""
    return _read()[1]


def rule(rule_id: str) -> Rule:
    """The rule; a wrong id is a mistake of the program (KeyError)."""
    return catalogue()[rule_id]


def citation(rule_id: str) -> str:
    """What an error text adds: short title, article, id. A wrong id is shown as it is, so that it is seen."""
    known = catalogue().get(rule_id)
    return f"{known.title} · {known.article} · {known.id}" if known else rule_id
