"""Which value the operator may enter for a rule of the catalogue."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from marketplace.core.catalogue import Enforcement, Rule, parse_value
from marketplace.core.decisions import Decision, Level, allow, refuse

LEAST_REASON = 10


def check_value(rule: Rule, key: str, text: str) -> Decision:
    """Of the catalogue's sort; stricter than the law is free, more lenient only where a region may (CFG)."""
    figure = rule.values.get(key)
    if not rule.values and not text:
        return allow(rule.id)
    if figure is None:
        return refuse(_("This rule has no value of that name."), rule.id, field="value")
    if not text:
        return allow(rule.id)
    value = parse_value(text)
    if isinstance(figure.value, str) != isinstance(value, str):
        text = _("Write a number like the one of the catalogue: %(value)s.") % {"value": figure.number}
        return refuse(text, rule.id, field="value")
    if rule.enforcement is Enforcement.CFG or isinstance(value, str) or isinstance(figure.value, str):
        return allow(rule.id)
    lenient = (figure.relation == "≥" and Fraction(value) < Fraction(figure.value)) or (
        figure.relation == "≤" and Fraction(value) > Fraction(figure.value)
    )
    if lenient:
        return refuse(
            _("The law sets %(relation)s %(value)s here; a region may be stricter, not more lenient.")
            % {"relation": figure.relation, "value": figure.number},
            rule.id,
            field="value",
        )
    return allow(rule.id)


def check_lowering(rule: Rule, *, is_lowered: bool) -> Decision:
    """A refusal may become a warning only where the official text was not seen (S, MEM) or a region decides (CFG)."""
    is_open = rule.to_verify or rule.enforcement is Enforcement.CFG
    if not is_lowered or (is_open and rule.enforcement.level is Level.BLOCK):
        return allow(rule.id)
    return refuse(
        _("Only a refusal whose text is still to be verified, or that a region decides, can become a warning."),
        rule.id,
        field="is_lowered",
    )


def check_entry(rule: Rule, text: str, *, is_lowered: bool, was_lowered: bool) -> Decision:
    """An entry says something: a value, that the refusal is lowered, or, for a rule without values, that it is back."""
    if text or is_lowered or (was_lowered and not rule.values):
        return allow(rule.id)
    if rule.values:
        return refuse(_("Enter a value, or lower the rule to a warning."), rule.id, field="value")
    return refuse(_("This rule has no value; it can be lowered to a warning."), rule.id, field="is_lowered")


def can_be_lowered(rule: Rule) -> bool:
    return bool(check_lowering(rule, is_lowered=True))


def check_place(region: str) -> Decision:
    if not region or re.fullmatch(r"\d{6}", region):
        return allow()
    return refuse(_("A region has six digits, e.g. 310106; empty means everywhere."), field="region")


def check_start(valid_from: date, today: date) -> Decision:
    """What is in force is not changed backwards."""
    if valid_from >= today:
        return allow()
    return refuse(_("A value begins today or later; what was in force stays as it was."), field="valid_from", due=today)


def check_reason(reason: str) -> Decision:
    if len(reason.strip()) >= LEAST_REASON:
        return allow()
    return refuse(_("Give the reason and the document that sets the value, with its number."), field="reason")
