"""Where a contract comes from: the award of a tender, or the grant of a call. One face for both.

Nothing here is of the contract itself. Procurement's own law (signing in 30 days, filing, objections) holds for awards
only; a grant is concluded by the call's rules (R-VENT).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from django.urls import reverse

from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.core.decisions import Decision, Level, allow
from marketplace.core.rulesets import RuleSet, ruleset_for
from marketplace.procurement.models import Award
from marketplace.procurement.selectors.objections import is_contract_held
from marketplace.ventures.models import Grant

Period = tuple[datetime, datetime]


class Source(Protocol):
    """What a contract asks of where it comes from."""

    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str:
        """Of the tender or the call."""

    @property
    def url(self) -> str:
        """Its public page."""

    @property
    def agency_id(self) -> int | None: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def budget(self) -> Decimal: ...
    @property
    def decided_at(self) -> datetime: ...
    @property
    def objection_until(self) -> datetime | None: ...
    @property
    def law(self) -> RuleSet: ...
    def level(self, rule_id: str) -> Level: ...
    def held(self) -> Decision: ...
    def pauses(self, now: datetime) -> list[Period]: ...


def lowest(law: RuleSet, buyer: Body, rule_id: str) -> Level:
    """Lowered for the procedure or since: an operator's reasoned way out also helps what is under way."""
    if law.level(rule_id) is not Level.BLOCK:
        return Level.WARN
    return ruleset_for(buyer.region, "", clock.today()).level(rule_id)


class AwardSource:
    def __init__(self, award: Award) -> None:
        self.award = award
        self.tender = award.lot.tender

    @property
    def number(self) -> str:
        return self.tender.number or ""

    @property
    def title(self) -> str:
        return self.tender.title

    @property
    def url(self) -> str:
        return reverse("procurement:tender-public", args=[self.tender.number])

    @property
    def agency_id(self) -> int | None:
        return self.tender.agency_id

    @property
    def price(self) -> Decimal:
        return self.award.bid.price  # type: ignore[return-value]

    @property
    def budget(self) -> Decimal:
        return self.award.lot.budget_amount

    @property
    def decided_at(self) -> datetime:
        return self.award.decided_at or clock.now()

    @property
    def objection_until(self) -> datetime | None:
        return self.award.objection_until

    @cached_property
    def law(self) -> RuleSet:
        """The rule set that the tender froze; without one, what is in force today."""
        if self.tender.rules:
            return RuleSet.thaw(self.tender.rules)
        return ruleset_for(self.tender.buyer.region, "", clock.today())

    def level(self, rule_id: str) -> Level:
        return lowest(self.law, self.tender.buyer, rule_id)

    def held(self) -> Decision:
        return is_contract_held(self.award)

    def pauses(self, now: datetime) -> list[Period]:
        """Periods in which signing was held by an objection or suspended by a supervisor (R-AWARD-10)."""
        held = self.award.lot.objections.exclude(accepted_at=None).exclude(
            is_holding=False, hold_lifted_at=None, answered_at=None
        )
        periods = [
            (
                objection.accepted_at,
                now if objection.is_holding else objection.hold_lifted_at or objection.answered_at or now,
            )
            for objection in held
        ]
        suspensions = self.tender.suspensions.all()
        return periods + [(suspension.suspended_at, suspension.lifted_at or now) for suspension in suspensions]  # type: ignore[return-value]


class GrantSource:
    """Objections are over before a grant is made (R-VENT-02), so none holds its agreement."""

    agency_id = None
    objection_until = None

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self.call = grant.application.call

    @property
    def number(self) -> str:
        return self.grant.number

    @property
    def title(self) -> str:
        return self.call.title

    @property
    def url(self) -> str:
        return self.call.get_absolute_url()

    @property
    def price(self) -> Decimal:
        return self.grant.amount

    @property
    def budget(self) -> Decimal:
        return self.grant.amount

    @property
    def decided_at(self) -> datetime:
        return self.grant.confirmed_at

    @cached_property
    def law(self) -> RuleSet:
        if self.call.rules:
            return RuleSet.thaw(self.call.rules)
        return ruleset_for(self.call.lead.region, "", clock.today())

    def level(self, rule_id: str) -> Level:
        return lowest(self.law, self.call.lead, rule_id)

    def held(self) -> Decision:
        return allow("R-VENT-02")

    def pauses(self, now: datetime) -> list[Period]:
        return []
