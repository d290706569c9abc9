"""Rule sets: the catalogue's values with the overrides of a region, a budget level and a day.

`ruleset_for(region, level, on)` gives what is in force; a tender keeps `freeze()` of it from the day its documents
are first issued, and `RuleSet.thaw(tender.rules)` brings it back whatever has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .catalogue import Enforcement, Value, parse_value, rule
from .decisions import Decision, Level

EVERYWHERE = ""


@dataclass(frozen=True)
class Override:
    """One entered value (or lowered level) as the operator wrote it; the newest and most local one counts."""

    rule_id: str
    key: str
    text: str
    enforcement: str
    region: str
    budget_level: str
    valid_from: date
    reason: str = ""

    @property
    def rank(self) -> tuple[int, int, date]:
        """The more digits of the region it names, then the budget level, then the day: the more it counts."""
        return len(significant(self.region)), int(bool(self.budget_level)), self.valid_from


@dataclass(frozen=True)
class RuleSet:
    """The rules in force for one region, budget level and day."""

    region: str
    budget_level: str
    valid_on: date
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)

    def value(self, rule_id: str, key: str = "value") -> Value:
        """The value in force, e.g. `value("R-TENDER-01")` → 20; `value("R-EVAL-05", "services")` → Decimal("10")."""
        overridden = self.values.get(rule_id, {})
        return overridden[key] if key in overridden else rule(rule_id).value(key)

    def level(self, rule_id: str) -> Level:
        """What a «no» of this rule does here: BLOCK, or WARN where the operator has lowered it."""
        return Enforcement(self.levels.get(rule_id, rule(rule_id).enforcement)).level

    def apply(self, decision: Decision) -> Decision:
        """A refusal with this set's level: a blocked step becomes a warning where the level is lowered."""
        if decision.allowed or decision.level is not Level.BLOCK or self.level(decision.rule_id) is Level.BLOCK:
            return decision
        return Decision(
            False, decision.reason, decision.rule_id, decision.due, self.level(decision.rule_id), decision.field
        )

    def freeze(self) -> dict[str, Any]:
        """Every value and level in force, as plain JSON, so that later catalogues change nothing."""
        from .catalogue import catalogue

        return {
            "region": self.region,
            "budget_level": self.budget_level,
            "valid_on": self.valid_on.isoformat(),
            "values": {
                entry.id: {key: str(self.value(entry.id, key)) for key in entry.values}
                for entry in catalogue().values()
                if entry.values
            },
            "levels": {entry.id: self.levels.get(entry.id, entry.enforcement.value) for entry in catalogue().values()},
        }

    @classmethod
    def thaw(cls, frozen: Mapping[str, Any]) -> RuleSet:
        return cls(
            frozen["region"],
            frozen["budget_level"],
            date.fromisoformat(frozen["valid_on"]),
            {
                rule_id: {key: parse_value(text) for key, text in values.items()}
                for rule_id, values in frozen["values"].items()
            },
            dict(frozen["levels"]),
        )


def combine(region: str, budget_level: str, on: date, overrides: Iterable[Override]) -> RuleSet:
    """Choose among overrides: of those for this region (or one above it), level and day, the highest rank counts.

    A rule is lowered while an entry that counts says so; a later entry that does not brings the refusal back.
    """
    values: dict[str, dict[str, Value]] = {}
    levels: dict[str, dict[str, str]] = {}
    fitting = (
        each
        for each in overrides
        if each.valid_from <= on and covers(each.region, region) and each.budget_level in (EVERYWHERE, budget_level)
    )
    for each in sorted(fitting, key=lambda override: override.rank):
        levels.setdefault(each.rule_id, {})[each.key] = each.enforcement
        if each.text:
            values.setdefault(each.rule_id, {})[each.key] = parse_value(each.text)
    lowered = {rule_id: level for rule_id, by_key in levels.items() if (level := max(by_key.values()))}
    return RuleSet(region, budget_level, on, values, lowered)


def covers(wider: str, region: str) -> bool:
    """Whether a GB/T 2260 code covers another: 310000 covers 310106, the empty code covers all."""
    return region.startswith(significant(wider))


def significant(region: str) -> str:
    """The digits of a region that say something: 310000 → 31, 330200 → 3302."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def ruleset_for(region: str, level: str, on: date) -> RuleSet:
    """What is in force for a region and budget level on a day, from the database."""
    from .models import RuleValue

    rows = RuleValue.objects.filter(valid_from__lte=on, budget_level__in=["", level])
    return combine(region, level, on, (row.as_override() for row in rows))
