"""What the rules want to know about a tender, read from the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet, Sum

from marketplace.accounts.models import Body
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.regions import budget_level
from marketplace.core.rules.time import day_of
from marketplace.core.rulesets import RuleSet, ruleset_for
from marketplace.core.workcalendar import calendar
from marketplace.planning.models import Intention, IntentionStatus, ListedItem

from ..boilerplate import JOINT, NO_BOND
from ..models import Criterion, CustodianKey, Lot, LotStatus, Tender, TenderStatus, WarningReason
from ..rules.completeness import ConditionFacts, LotFacts, MilestoneFacts, TenderFacts, check_list
from ..rules.criteria import LeafFacts, RangeFacts
from ..rules.custodians import custodians_suffice
from .custodians import candidates_for, named_keys


def rules_of(tender: Tender, on: date) -> RuleSet:
    """The frozen rule set of a published tender, else the one in force on the day of issue."""
    if tender.rules:
        return RuleSet.thaw(tender.rules)
    return ruleset_for(tender.buyer.region, budget_level(tender.buyer.region), on)


def issue_day(tender: Tender) -> date:
    """The day from which the dates are counted: of publication, else planned, but not in the past."""
    if tender.published_at:
        return day_of(tender.published_at)
    today = clock.today()
    return max(tender.planned_on or today, today)


def item_left(item: ListedItem, *, without: Tender | None = None) -> Decimal:
    """What of a listed item no other tender has taken up; void and terminated lots give it back."""
    lots = Lot.objects.filter(tender__item=item).exclude(status__in=[LotStatus.VOID, LotStatus.TERMINATED])
    lots = lots.filter(Q(tender__status=TenderStatus.PUBLISHED) | Q(tender__status=TenderStatus.SUBMITTED))
    if without is not None:
        lots = lots.exclude(tender=without)
    return item.amount - (lots.aggregate(sum=Sum("budget_amount"))["sum"] or Decimal(0))


def intention_day(item: ListedItem) -> date | None:
    row = Intention.objects.filter(item=item, status=IntentionStatus.PUBLISHED).first()
    return day_of(row.published_at) if row and row.published_at else None


def with_pages(tenders: QuerySet[Tender]) -> QuerySet[Tender]:
    """Everything that the pages of a draft hold, read once for the form, the check list and the text."""
    return tenders.prefetch_related(
        "lots",
        "conditions",
        "milestone_plans",
        Prefetch("criteria", criteria_rows_query()),
        Prefetch("reasons", WarningReason.objects.select_related("given_by")),
    )


def criteria_rows_query() -> QuerySet[Criterion]:
    return Criterion.objects.select_related("parent").prefetch_related("ranges")


def criteria_rows(tender: Tender) -> list[Criterion]:
    """Rows of the tree with parent and ranges, as read by `with_pages`, else read now."""
    if "criteria" in getattr(tender, "_prefetched_objects_cache", {}):
        return list(tender.criteria.all())
    return list(criteria_rows_query().filter(tender=tender))


def guards_of(tender: Tender) -> list[CustodianKey]:
    """The named custodians' keys, read once for a tender in hand."""
    if not hasattr(tender, "_guards"):
        tender._guards = named_keys(tender)  # type: ignore[attr-defined]
    return tender._guards  # type: ignore[attr-defined]


def leaves_of(tender: Tender, changed: Mapping[str, str] | None = None) -> tuple[LeafFacts, ...]:
    """Scored criteria: rows without rows below them. `changed` replaces texts as a correction would."""
    texts = changed or {}
    rows = criteria_rows(tender)
    parents = {row.parent_id for row in rows}
    return tuple(
        LeafFacts(
            title=row.title,
            kind=row.kind,
            points=row.points,
            ranges=tuple(RangeFacts(texts.get(f"range:{r.pk}", r.text), r.points) for r in row.ranges.all()),
            description=texts.get(f"criterion:{row.pk}", row.description),
        )
        for row in rows
        if row.pk not in parents
    )


def facts_of(tender: Tender, *, issued_on: date | None = None) -> TenderFacts:
    item = tender.item
    return TenderFacts(
        title=tender.title,
        needs=tender.needs,
        quality=tender.quality,
        service_place=tender.service_place,
        service_from=tender.service_from,
        service_to=tender.service_to,
        public_consultation=tender.public_consultation,
        survey_parties=tuple(line.strip() for line in tender.survey_parties.splitlines() if line.strip()),
        is_complex=tender.is_complex,
        is_public_service=item.is_public_service,
        negative_list_confirmed=tender.negative_list_confirmed,
        plan_filing_number=item.plan_filing_number,
        budget=tender.budget_amount,
        item_left=item_left(item, without=tender),
        lots=tuple(LotFacts(r.title, r.needs, r.budget_amount, r.price_ceiling) for r in tender.lots.all()),
        conditions=tuple(ConditionFacts(r.text, r.evidence) for r in tender.conditions.all()),
        leaves=leaves_of(tender),
        rounding_places=tender.rounding_places,
        abnormal_raise=tender.abnormal_raise,
        milestones=tuple(MilestoneFacts(r.name, r.due_on, r.share) for r in tender.milestone_plans.all()),
        payment_terms=tender.payment_terms,
        contract_terms=tender.contract_terms,
        joint_bids=JOINT,
        bid_bond=NO_BOND,
        issued_on=issued_on or issue_day(tender),
        documents_until=tender.documents_until,
        deadline=tender.deadline,
        validity_days=tender.validity_days,
        intention_published_on=intention_day(item),
        contact_name=tender.contact_name,
        contact_phone=tender.contact_phone,
        has_agency=tender.agency_id is not None,
        agency_scope=tender.agency_scope,
        has_mandate_file=tender.agency_mandate_id is not None,
        custodians=custodians_suffice(candidates_for(tender, guards_of(tender))),
    )


def checks_of(tender: Tender, *, issued_on: date | None = None) -> dict[str, list[Decision]]:
    """The check list of a draft, as of now."""
    facts = facts_of(tender, issued_on=issued_on)
    return check_list(facts, rules_of(tender, facts.issued_on), calendar(), clock.now())


def possible_agencies() -> list[Body]:
    return list(Body.objects.filter(kind="agency").exclude(admitted_at=None).order_by("name"))
