"""The catalogue as the public page shows it: filtered, by section, with the settings in force beside each rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.core.catalogue import Rule, Section, catalogue, sections
from marketplace.core.models import RuleValue
from marketplace.core.regions import BudgetLevel, region_name


@dataclass(frozen=True)
class Setting:
    """An entered value of a region, a budget level and a day."""

    figure: Any
    row: RuleValue

    @property
    def place(self) -> str:
        return region_name(self.row.region) if self.row.region else ""

    @property
    def level(self) -> str:
        return str(BudgetLevel(self.row.budget_level).label) if self.row.budget_level else ""


@dataclass
class Chapter:
    section: Section
    rules: list[tuple[Rule, list[Setting]]] = field(default_factory=list)


def chosen(filters: Mapping[str, str]) -> list[Rule]:
    """Rules that fit search words, section, enforcement and mark; an id finds its rule."""
    words = filters.get("q", "").lower().split()
    return [rule for rule in catalogue().values() if _fits(rule, filters) and _says(rule, words)]


def _fits(rule: Rule, filters: Mapping[str, str]) -> bool:
    mark = filters.get("mark", "")
    return (
        filters.get("section", "") in ("", rule.section)
        and filters.get("enforcement", "") in ("", rule.enforcement.value)
        and (mark != "verify" or rule.to_verify)
        and (mark != "ours" or rule.is_ours)
    )


def _says(rule: Rule, words: Iterable[str]) -> bool:
    text = f"{rule.id} {rule.zh} {rule.en} {rule.article}".lower()
    return all(word in text for word in words)


def chapters(rules: Iterable[Rule], today: date) -> list[Chapter]:
    """The rules by section, in the order of the procedure; empty sections are left out."""
    settings = settings_in_force(today)
    found = {code: Chapter(section) for code, section in sections().items()}
    for rule in rules:
        found[rule.section].rules.append((rule, settings.get(rule.id, [])))
    return [chapter for chapter in found.values() if chapter.rules]


def settings_in_force(today: date) -> dict[str, list[Setting]]:
    """For each rule the newest setting of every key, region and budget level that has begun."""
    newest: dict[tuple[str, str, str, str], RuleValue] = {}
    for row in RuleValue.objects.filter(valid_from__lte=today).order_by("valid_from"):
        newest[row.rule_id, row.key, row.region, row.budget_level] = row
    settings: dict[str, list[Setting]] = {}
    for row in newest.values():
        rule = catalogue().get(row.rule_id)
        if rule is not None:
            settings.setdefault(row.rule_id, []).append(Setting(rule.values.get(row.key), row))
    return settings


COLUMNS = ("id", "section", "zh", "en", "article", "enforcement", "verification", "values")


def table_rows(rules: Iterable[Rule]) -> Iterator[tuple[str, ...]]:
    """The rules as rows of a download."""
    for rule in rules:
        values = "; ".join(f"{f.key}={f.relation}{f.value} {f.unit}".strip() for f in rule.values.values())
        section = sections()[rule.section].zh
        yield rule.id, section, rule.zh, rule.en, rule.article, rule.enforcement.value, rule.verification, values


def as_json(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "section": rule.section,
            "title": {"zh": rule.zh, "en": rule.en},
            "article": rule.article,
            "enforcement": rule.enforcement.value,
            "verification": rule.verification,
            "to_verify": rule.to_verify,
            "values": {
                key: {"relation": figure.relation, "value": str(figure.value), "unit": figure.unit}
                for key, figure in rule.values.items()
            },
        }
        for rule in rules
    ]
