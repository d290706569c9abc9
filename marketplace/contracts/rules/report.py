"""What a report must hold before it is handed in, and what an acceptance must name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

MIN_SUMMARY = 30


@dataclass(frozen=True)
class ReportFacts:
    """A report as the rules see it."""

    summary: str
    people_planned: int
    figures: int
    spent: Decimal
    contract_amount: Decimal
    spent_before: Decimal
    photos: int
    photos_with_sign: int
    has_consent: bool
    is_lottery: bool


def check_complete(facts: ReportFacts) -> list[Decision]:
    """What still misses, in the order of the form; empty when the report may be handed in."""
    return [decision for decision in _questions(facts) if not decision.allowed]


def _questions(facts: ReportFacts) -> list[Decision]:
    return [
        _ask(
            len(facts.summary.strip()) >= MIN_SUMMARY,
            _("Say in at least %(count)d characters what was done.") % {"count": MIN_SUMMARY},
            "R-GPS-09",
            "summary",
        ),
        _ask(
            facts.people_planned > 0,
            _("Say how many people were to be served, and how many were."),
            "R-GPS-09",
            "people_planned",
        ),
        _ask(facts.figures > 0, _("Give at least one figure, planned and actual."), "R-GPS-09", "figures"),
        _ask(facts.spent > 0, _("Give at least one spending line."), "R-LOT-05", "spending"),
        _ask(
            facts.spent + facts.spent_before <= facts.contract_amount,
            _(
                "With earlier reports %(spent)s yuan are spent, more than the contract's %(amount)s yuan. "
                "List only what this contract pays for."
            )
            % {"spent": f"{facts.spent + facts.spent_before:,.2f}", "amount": f"{facts.contract_amount:,.2f}"},
            "R-LOT-05",
            "spending",
        ),
        _ask(
            facts.photos == 0 or facts.has_consent,
            _("Confirm that the people in the photos agree or cannot be recognized, or take the photos out."),
            "R-CHAR-10",
            "has_consent",
        ),
        _ask(
            not facts.is_lottery or facts.photos_with_sign > 0,
            _("Add a photo that shows the sign «彩票公益金资助-中国福利彩票» at the place of service."),
            "R-LOT-06",
            "photos",
        ),
    ]


def _ask(holds: bool, reason: str, rule_id: str, field: str) -> Decision:
    return allow(rule_id) if holds else refuse(reason, rule_id, field=field)


def check_acceptance(
    opinion: str, members: str, users: str, accepted_on: date, reported_on: date, today: date
) -> list[Decision]:
    """Members sign, users of a public service take part, the result is published (R-CON-14; 实施条例第四十五条)."""
    asked = [
        _ask(bool(opinion.strip()), _("Write the opinion of the acceptance."), "R-CON-14", "opinion"),
        _ask(bool(members.strip()), _("Name who accepted for the buyer."), "R-CON-14", "members"),
        _ask(
            bool(users.strip()),
            _("Name the service users who took part in the acceptance, by role (for example «two residents»)."),
            "R-CON-14",
            "users",
        ),
        _ask(
            reported_on <= accepted_on <= today,
            _("The acceptance lies between the report (%(reported)s) and today.")
            % {"reported": reported_on.isoformat()},
            "R-CON-14",
            "accepted_on",
        ),
    ]
    return [decision for decision in asked if not decision.allowed]


def attainment(planned: Decimal, actual: Decimal) -> int | None:
    """Whole percent of plan, rounded down; None without a plan. 300 planned, 312 done: 104."""
    return None if planned <= 0 else int(actual * 100 // planned)


def is_late(due_on: date, reported_on: date | None, today: date) -> bool:
    """A milestone is late when its due day passed without a report."""
    return reported_on is None and today > due_on
