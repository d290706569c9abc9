"""The criteria tree: sums to 100, quantified ranges with one score each, a floor for the price.

Sources: Regulation 34, Order 87 article 55, 财库〔2026〕2号.
Example: «团队 10 分: ≥5 名持证社工 10, 3–4 名 6, 1–2 名 3».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse
from marketplace.core.rulesets import RuleSet

FULL_SCORE = Decimal(100)
MAX_PLACES = 4
VAGUE = re.compile(r"^(优秀?|良好?|中等?|差|好|较好|一般|较差|合格|不合格|excellent|good|fair|poor)[。.]?$", re.I)
SCORE_SPAN = re.compile(r"\d+(\.\d+)?\s*[-–—~～至到]\s*\d+(\.\d+)?\s*分")
QUANTITY = re.compile(r"[0-9０-９一二三四五六七八九十百千万两半无每]|%|％")
SHORTEST_DESCRIPTION = 8


@dataclass(frozen=True)
class RangeFacts:
    text: str
    points: Decimal


@dataclass(frozen=True)
class LeafFacts:
    """A scored criterion: price, objective or judgement."""

    title: str
    kind: str
    points: Decimal
    ranges: tuple[RangeFacts, ...] = ()
    description: str = ""

    @property
    def text(self) -> str:
        return " ".join([self.title, self.description, *(row.text for row in self.ranges)])


def criteria_decisions(leaves: Sequence[LeafFacts], ruleset: RuleSet) -> list[Decision]:
    """Every rule of the tree, the sum first."""
    scored = [leaf for leaf in leaves if leaf.kind != "price"]
    problems = [problem for leaf in scored for problem in leaf_problems(leaf)]
    return [sums_to_hundred(leaves), something_besides_price(scored), price_weight_floor(leaves, ruleset)] + (
        problems or [allow("R-EVAL-03", _("Every criterion has quantified ranges with one score each."))]
    )


def sums_to_hundred(leaves: Sequence[LeafFacts]) -> Decision:
    """R-EVAL-03: all leaves, the price included, sum to 100."""
    total = sum((leaf.points for leaf in leaves), Decimal(0))
    if total == FULL_SCORE:
        return allow("R-EVAL-03", _("The points sum to 100."))
    gap = FULL_SCORE - total
    words = (
        _("The points sum to %(total)s, %(gap)s are missing.")
        if gap > 0
        else _("The points sum to %(total)s, %(gap)s too many.")
    )
    return refuse(words % {"total": plain(total), "gap": plain(abs(gap))}, "R-EVAL-03", field="points")


def something_besides_price(scored: Sequence[LeafFacts]) -> Decision:
    """R-EVAL-01: comprehensive scoring without anything but the price is no comprehensive scoring."""
    if scored:
        return allow("R-EVAL-01", _("Comprehensive scoring: quality counts beside the price."))
    return refuse(_("Add what is scored besides the price."), "R-EVAL-01", field="title")


def price_weight_floor(leaves: Sequence[LeafFacts], ruleset: RuleSet) -> Decision:
    """R-EVAL-05: at least ten points for the price of a service."""
    floor = Decimal(str(ruleset.value("R-EVAL-05", "services")))
    weight = sum((leaf.points for leaf in leaves if leaf.kind == "price"), Decimal(0))
    values = {"weight": plain(weight), "floor": plain(floor)}
    if weight >= floor:
        return allow("R-EVAL-05", _("The price counts %(weight)s points, at least %(floor)s.") % values)
    return refuse(
        _("The price of a service has to count at least %(floor)s points, it counts %(weight)s.") % values,
        "R-EVAL-05",
        field="price_weight",
    )


def leaf_problems(leaf: LeafFacts) -> list[Decision]:
    """What is wrong with one criterion's ranges; nothing, if it can be scored without guessing."""
    checks = (_has_ranges, _top_is_full, _one_score_per_range, _no_spans, _quantified)
    return [decision for check in checks if not (decision := check(leaf)).allowed]


def _has_ranges(leaf: LeafFacts) -> Decision:
    if len(leaf.ranges) >= 2:
        return allow("R-EVAL-03")
    return _no(leaf, _("«%(title)s» needs at least two ranges, each with its score."))


def _top_is_full(leaf: LeafFacts) -> Decision:
    top = max((row.points for row in leaf.ranges), default=leaf.points)
    if top == leaf.points and all(row.points >= 0 for row in leaf.ranges):
        return allow("R-EVAL-03")
    return _no(leaf, _("«%(title)s»: the best range has to give the full %(points)s points, none less than 0."))


def _one_score_per_range(leaf: LeafFacts) -> Decision:
    scores = [row.points for row in leaf.ranges]
    if len(set(scores)) == len(scores):
        return allow("R-EVAL-03")
    return _no(leaf, _("«%(title)s»: two ranges give the same score; join them or tell them apart."))


def _no_spans(leaf: LeafFacts) -> Decision:
    if not any(SCORE_SPAN.search(row.text) for row in leaf.ranges):
        return allow("R-EVAL-03")
    return _no(leaf, _("«%(title)s»: a range gives one score, not a span such as «3–5 分»."))


def _quantified(leaf: LeafFacts) -> Decision:
    """Objective ranges carry a quantity; judged ones say what must be there, not just «good»."""
    for row in leaf.ranges:
        text = row.text.strip()
        if VAGUE.match(text) or (leaf.kind == "judgement" and len(text) < SHORTEST_DESCRIPTION):
            return _no(leaf, _("«%(title)s»: «%(range)s» cannot be scored; write what has to be there."), text)
        if leaf.kind == "objective" and not QUANTITY.search(text):
            return _no(leaf, _("«%(title)s» is objective: «%(range)s» has to name a quantity."), text)
    return allow("R-EVAL-03")


def rounding_places_fit(places: int) -> Decision:
    """R-EVAL-24: the documents state the places of the published total."""
    if 0 <= places <= MAX_PLACES:
        return allow("R-EVAL-24", _("The total is rounded half up to %(places)s places.") % {"places": places})
    return refuse(
        _("State 0 to %(most)s decimal places for the total.") % {"most": MAX_PLACES},
        "R-EVAL-24",
        field="rounding_places",
    )


def abnormal_raise_fits(value: Decimal | None, ruleset: RuleSet) -> Decision:
    """R-EVAL-16: the documents may raise the triggers of an abnormally low price to 65 % at most."""
    least, most = Decimal(str(ruleset.value("R-EVAL-16", "mean"))), Decimal(str(ruleset.value("R-EVAL-16", "max")))
    if value is None or least <= value <= most:
        return allow("R-EVAL-16", _("Abnormally low prices are asked about by the triggers of the ministry."))
    return refuse(
        _("The trigger may be raised to between %(least)s %% and %(most)s %%.")
        % {"least": plain(least * 100), "most": plain(most * 100)},
        "R-EVAL-16",
        field="abnormal_raise",
    )


def plain(value: Decimal) -> str:
    """15.00 → 15, 12.50 → 12.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _no(leaf: LeafFacts, words: str, range_text: str = "") -> Decision:
    values = {"title": leaf.title, "points": plain(leaf.points), "range": range_text}
    return refuse(words % values, "R-EVAL-03", field="ranges")
