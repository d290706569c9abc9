"""The check list of a tender's draft: for each page of the wizard, which rules hold and which do not yet.

Pure: `TenderFacts` in, decisions out. The same list stands beside every page, before the second officer, and is
enforced at submission and at publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.core.decisions import ALLOWED, Decision, Level, allow, refuse
from marketplace.core.rules.time import WorkCalendar, day_of
from marketplace.core.rulesets import RuleSet
from marketplace.planning import rules
from marketplace.publication.privacy import no_identity_number

from . import criteria, lint, must_haves, timetable
from .criteria import LeafFacts

SHORTEST_NEEDS = 30


@dataclass(frozen=True)
class LotFacts:
    title: str
    needs: str
    budget: Decimal
    ceiling: Decimal | None


@dataclass(frozen=True)
class ConditionFacts:
    text: str
    evidence: str


@dataclass(frozen=True)
class MilestoneFacts:
    name: str
    due_on: date
    share: Decimal


@dataclass(frozen=True)
class TenderFacts:
    """Everything the rules ask about a draft."""

    title: str
    needs: str
    quality: str
    service_place: str
    service_from: date | None
    service_to: date | None
    public_consultation: str
    survey_parties: tuple[str, ...]
    is_complex: bool
    is_public_service: bool
    negative_list_confirmed: bool
    plan_filing_number: str
    budget: Decimal | None
    item_left: Decimal
    lots: tuple[LotFacts, ...]
    conditions: tuple[ConditionFacts, ...]
    leaves: tuple[LeafFacts, ...]
    rounding_places: int
    abnormal_raise: Decimal | None
    milestones: tuple[MilestoneFacts, ...]
    payment_terms: str
    contract_terms: str
    joint_bids: str
    bid_bond: str
    issued_on: date
    documents_until: datetime | None
    deadline: datetime | None
    validity_days: int
    intention_published_on: date | None
    contact_name: str
    contact_phone: str
    has_agency: bool
    agency_scope: str
    has_mandate_file: bool
    custodians: Decision = field(default=ALLOWED)


def check_list(
    facts: TenderFacts, ruleset: RuleSet, calendar: WorkCalendar, now: datetime
) -> dict[str, list[Decision]]:
    """Decisions by page of the wizard, in the wizard's order; a level that the operator lowered only warns."""
    pages = {
        "needs": list(_needs(facts)),
        "service": list(_service(facts)),
        "basis": list(_basis(facts, ruleset)),
        "lots": list(_lots(facts)),
        "eligibility": lint.eligibility_findings(f"{row.text} {row.evidence}" for row in facts.conditions),
        "criteria": _criteria(facts, ruleset),
        "price": _price(facts, ruleset),
        "milestones": list(_milestones(facts)),
        "timetable": _timetable(facts, ruleset, calendar, now),
        "documents": list(_documents(facts)),
        "custodians": [facts.custodians],
        "contacts": list(_contacts(facts)),
    }
    return {key: [ruleset.apply(decision) for decision in decisions] for key, decisions in pages.items()}


def _needs(facts: TenderFacts) -> Iterator[Decision]:
    yield _written(facts.title, "R-NOTICE-03", _("The title is written."), _("Write a title."), "title")
    if len(facts.needs.strip()) >= SHORTEST_NEEDS:
        yield allow("R-TENDER-09", _("What is bought is described."))
    else:
        words = _("Describe what is bought, for whom and how much, in %(least)s characters or more.")
        yield refuse(words % {"least": SHORTEST_NEEDS}, "R-TENDER-09", field="needs")
    yield no_identity_number({"needs": facts.needs})
    yield must_haves.stand_out(must_haves.must_haves(facts.needs, facts.quality))


def _service(facts: TenderFacts) -> Iterator[Decision]:
    yield _written(
        facts.service_place,
        "R-GPS-08",
        _("The place of service is named."),
        _("Name the place of service."),
        "service_place",
    )
    yield _written(
        facts.quality,
        "R-GPS-08",
        _("Quality and acceptance are described."),
        _("Write what good quality is and how it is accepted."),
        "quality",
    )
    yield no_identity_number({"quality": facts.quality})
    yield _term(facts)
    if facts.service_from and facts.deadline and facts.service_from <= day_of(facts.deadline):
        yield refuse(
            _("The service cannot begin before bids are opened on %(day)s.") % {"day": day_of(facts.deadline)},
            "R-CON-01",
            due=day_of(facts.deadline),
            field="service_from",
        )


def _term(facts: TenderFacts) -> Decision:
    """R-CON-13: one year as a rule, three at most."""
    start, end = facts.service_from, facts.service_to
    if start is None or end is None:
        return refuse(_("Choose the first and the last day of the service."), "R-GPS-08", field="service_from")
    if end < start:
        return refuse(
            _("The service ends before it begins; change one of the two days."), "R-GPS-08", field="service_to"
        )
    if end >= _years_on(start, 3):
        return refuse(
            _("A service contract runs three years at most, here to %(day)s.") % {"day": _years_on(start, 3)},
            "R-CON-13",
            due=_years_on(start, 3),
            field="service_to",
        )
    if end >= _years_on(start, 1):
        return refuse(
            _("Longer than one year needs a written reason: secured budget, stable content and price, continuity."),
            "R-CON-13",
            due=_years_on(start, 1),
            level=Level.WARN,
            field="service_to",
        )
    return allow("R-CON-13", _("The contract runs a year at most."))


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _basis(facts: TenderFacts, ruleset: RuleSet) -> Iterator[Decision]:
    yield _when(
        facts.negative_list_confirmed,
        "R-GPS-05",
        _("None of the cases of the negative list applies."),
        _("Confirm that no case of the negative list applies."),
        "negative_list_confirmed",
    )
    yield _written(
        facts.plan_filing_number,
        "R-PLAN-02",
        _("The plan is filed with the finance department."),
        _("Enter the plan filing number on the item of the year's list before the tender starts."),
        "plan_filing_number",
    )
    if facts.is_public_service:
        yield _written(
            facts.public_consultation,
            "R-PLAN-05",
            _("The public was consulted about the needs."),
            _("This is a public service: write how the public was consulted about the needs."),
            "public_consultation",
        )
    yield no_identity_number({"public_consultation": facts.public_consultation})
    yield from _survey(facts, ruleset)


def _survey(facts: TenderFacts, ruleset: RuleSet) -> Iterator[Decision]:
    """R-PLAN-06: three market parties are asked about large, complex or socially weighty projects."""
    threshold = Decimal(str(ruleset.value("R-PLAN-06", "amount")))
    least = int(ruleset.value("R-PLAN-06", "parties"))
    if facts.is_complex or (facts.budget or 0) >= threshold:
        yield _when(
            len(facts.survey_parties) >= least,
            "R-PLAN-06",
            _("Three or more market parties were asked."),
            _("Name at least %(least)s market parties that were asked in the needs survey.") % {"least": least},
            "survey_parties",
        )


def _lots(facts: TenderFacts) -> Iterator[Decision]:
    if not facts.lots or facts.budget is None:
        yield refuse(_("Enter the budget and at least one lot."), "R-PLAN-04", field="budget_amount")
        return
    total = sum((lot.budget for lot in facts.lots), Decimal(0))
    yield _when(
        total == facts.budget,
        "R-PLAN-04",
        _("The lots sum to the budget."),
        _("The lots sum to %(total)s yuan, the budget is %(budget)s yuan; make them equal.")
        % {"total": f"{total:,.2f}", "budget": f"{facts.budget:,.2f}"},
        "budget_amount",
    )
    yield within_item(facts.budget, facts.item_left)
    above = [lot.title for lot in facts.lots if lot.ceiling is not None and lot.ceiling > lot.budget]
    yield _when(
        not above,
        "R-PLAN-04",
        _("No ceiling price lies above its lot's budget."),
        _("The ceiling price of %(lots)s lies above its budget; lower it.") % {"lots": "、".join(above)},
        "price_ceiling",
    )
    nameless = [lot.title for lot in facts.lots if not lot.needs.strip()]
    yield _when(
        not nameless or len(facts.lots) == 1,
        "R-TENDER-09",
        _("Every lot says what belongs to it."),
        _("Write what belongs to %(lots)s.") % {"lots": "、".join(nameless)},
        "needs",
    )


def within_item(budget: Decimal, left: Decimal) -> Decision:
    """R-PLAN-01: no more than the listed item has left."""
    return _when(
        budget <= left,
        "R-PLAN-01",
        _("The budget is covered by the listed item: %(left)s yuan.") % {"left": f"{left:,.2f}"},
        _("The listed item has %(left)s yuan left; lower the budget or change the year's list.")
        % {"left": f"{left:,.2f}"},
        "budget_amount",
    )


def likely_amount(amount: Decimal, listed: Decimal) -> Decision:
    """Guard against 万元 typed for 元, as in the year's list: far from the listed amount has to be confirmed."""
    return rules.likely_amount(amount, listed, field="budget_amount")


def _criteria(facts: TenderFacts, ruleset: RuleSet) -> list[Decision]:
    return [
        *criteria.criteria_decisions(facts.leaves, ruleset),
        *lint.eligibility_not_scored((row.evidence for row in facts.conditions), facts.leaves),
        *lint.criteria_findings(facts.leaves),
        must_haves.not_scored(must_haves.must_haves(facts.needs, facts.quality), facts.leaves),
    ]


def _price(facts: TenderFacts, ruleset: RuleSet) -> list[Decision]:
    return [
        criteria.price_weight_floor(facts.leaves, ruleset),
        criteria.rounding_places_fit(facts.rounding_places),
        criteria.abnormal_raise_fits(facts.abnormal_raise, ruleset),
    ]


def _milestones(facts: TenderFacts) -> Iterator[Decision]:
    total = sum((row.share for row in facts.milestones), Decimal(0))
    yield _when(
        total == 100,
        "R-GPS-08",
        _("The shares of the milestones sum to 100 %."),
        _("The shares of the milestones sum to %(total)s %%, not 100 %%.") % {"total": criteria.plain(total)},
        "share",
    )
    early = [row.name for row in facts.milestones if facts.service_from and row.due_on < facts.service_from]
    yield _when(
        not early,
        "R-GPS-08",
        _("No milestone is due before the service begins."),
        _("%(names)s is due before the service begins; choose a later day.") % {"names": "、".join(early)},
        "due_on",
    )
    yield _written(
        facts.payment_terms,
        "R-GPS-08",
        _("The payment terms are written."),
        _("Write the payment terms."),
        "payment_terms",
    )


def _timetable(facts: TenderFacts, ruleset: RuleSet, calendar: WorkCalendar, now: datetime) -> list[Decision]:
    plan = timetable.Timetable(facts.issued_on, facts.documents_until, facts.deadline)
    return [
        *timetable.timetable_decisions(plan, ruleset, calendar, now),
        timetable.intention_early_enough(facts.intention_published_on, facts.issued_on, ruleset),
        _when(
            facts.validity_days > 0,
            "R-TENDER-13",
            _("Bids bind for %(days)s days from the deadline.") % {"days": facts.validity_days},
            _("Say for how many days bids bind."),
            "validity_days",
        ),
    ]


def _documents(facts: TenderFacts) -> Iterator[Decision]:
    yield _written(
        facts.contract_terms,
        "R-TENDER-09",
        _("The draft contract is part of the documents."),
        _("Write the terms of the draft contract."),
        "contract_terms",
    )
    yield no_identity_number({"contract_terms": facts.contract_terms})
    yield _written(
        facts.joint_bids,
        "R-TENDER-10",
        _("The documents say: «%(words)s».") % {"words": facts.joint_bids},
        _("State whether joint bids are accepted: silence would mean that they are."),
        "joint_bids",
    )
    yield _written(
        facts.bid_bond,
        "R-BID-01",
        _("The documents say: «%(words)s».") % {"words": facts.bid_bond},
        _("State whether a bid bond is asked for."),
        "bid_bond",
    )


def _contacts(facts: TenderFacts) -> Iterator[Decision]:
    yield _when(
        bool(facts.contact_name.strip() and facts.contact_phone.strip()),
        "R-NOTICE-03",
        _("A contact with a phone number is named."),
        _("Name a contact and a phone number."),
        "contact_name",
    )
    if facts.has_agency:
        yield _when(
            bool(facts.agency_scope.strip()) and facts.has_mandate_file,
            "R-SCOPE-10",
            _("The agent's mandate is written and attached."),
            _("Write scope, powers and term of the agent's mandate, and attach the signed mandate."),
            "agency_scope",
        )


def _written(text: str, rule_id: str, yes: str, no: str, field_name: str) -> Decision:
    return _when(bool(text.strip()), rule_id, yes, no, field_name)


def _when(holds: bool, rule_id: str, yes: str, no: str, field_name: str) -> Decision:
    return allow(rule_id, yes) if holds else refuse(no, rule_id, field=field_name)
