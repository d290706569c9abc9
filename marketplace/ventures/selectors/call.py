"""What the rules want to know about a call, read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet, Sum

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.core.decisions import Decision
from marketplace.core.regions import budget_level
from marketplace.core.rulesets import RuleSet, ruleset_for
from marketplace.core.workcalendar import calendar
from marketplace.funds.models import BudgetLine, LedgerEntry, LedgerKind
from marketplace.funds.selectors import summed

from ..models import BlockKind, Call, CallFunder, CallPot, CallStatus, FormBlock, Grant
from ..rules.completeness import BriefingFacts, CallFacts, FunderFacts, check_list
from ..rules.form import Block, from_json
from ..rules.pots import LineFacts, PotFacts
from ..rules.timetable import Timetable
from ..rules.values import Values

HOLDING = (CallStatus.PUBLISHED, CallStatus.CLOSED)
ZERO = Decimal("0.00")


def with_pages(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Everything that the pages of a draft hold, read once for the form, the check list and the text."""
    return calls.select_related("lead").prefetch_related(
        Prefetch("funders", CallFunder.objects.select_related("body")),
        Prefetch("pots", CallPot.objects.select_related("budget_line__fund__body", "theme")),
        "themes",
        "tranches",
        "switched_off",
        "blocks",
        "faq",
        "briefings",
    )


def rules_of(call: Call, on: date) -> RuleSet:
    """The frozen rule set of a published call, else the one in force on the day."""
    if call.rules:
        return RuleSet.thaw(call.rules)
    return ruleset_for(call.lead.region, budget_level(call.lead.region), on)


def promised_of(line_ids: Iterable[int], *, without: Call | None = None) -> Mapping[int, Decimal]:
    """What other published calls have promised of each line; a terminated call gives it back."""
    pots = CallPot.objects.filter(budget_line_id__in=list(line_ids), call__status__in=HOLDING)
    if without is not None:
        pots = pots.exclude(call_id=without.pk)
    rows = pots.order_by().values("budget_line_id").annotate(sum=Sum("amount"))
    granted = granted_of([row["budget_line_id"] for row in rows], without=without)
    return {row["budget_line_id"]: max(row["sum"] - granted.get(row["budget_line_id"], ZERO), ZERO) for row in rows}


def granted_of(line_ids: Iterable[int], *, without: Call | None = None) -> Mapping[int, Decimal]:
    """What signed agreements have bound for grants of these calls: no promise any more, and not to be counted twice."""
    grants = Grant.objects.filter(application__call__status__in=HOLDING)
    if without is not None:
        grants = grants.exclude(application__call_id=without.pk)
    entries = LedgerEntry.objects.filter(
        kind=LedgerKind.COMMIT, line_id__in=list(line_ids), project__in=grants.order_by().values("number")
    )
    rows = entries.order_by().values("line_id").annotate(sum=Sum("amount"))
    return {row["line_id"]: row["sum"] for row in rows}


def line_facts(line_ids: Iterable[int], *, without: Call | None = None) -> dict[int, LineFacts]:
    """Three queries, however many lines."""
    keys = list(line_ids)
    if not keys:
        return {}
    promised = promised_of(keys, without=without)
    rows = BudgetLine.objects.filter(pk__in=keys).select_related("fund__body").with_sums()
    return {row.pk: _line(row, promised.get(row.pk, ZERO)) for row in rows}


def _line(row: BudgetLine, promised: Decimal) -> LineFacts:
    return LineFacts(
        key=row.pk,
        name=str(row),
        body_id=row.fund.body_id,
        is_lottery=row.fund.is_lottery,
        purpose=row.purpose,
        available=summed(row).not_bound,
        promised=promised,
    )


def lines_to_choose(call: Call) -> list[tuple[BudgetLine, LineFacts]]:
    """Lines of the lead and of the joint funders, with what each has left."""
    bodies = [call.lead_id, *(row.body_id for row in call.funders.all())]
    lines = list(
        BudgetLine.objects.filter(fund__body_id__in=bodies, fund__year__gte=clock.today().year)
        .select_related("fund__body")
        .order_by("fund__body__name", "code")
    )
    facts = line_facts([line.pk for line in lines], without=call)
    return [(line, facts[line.pk]) for line in lines]


def bodies_to_choose(call: Call) -> list[Body]:
    """Government bodies that may join: all admitted ones but the lead."""
    rows = Body.objects.filter(kind=BodyKind.GOVERNMENT).exclude(admitted_at=None)
    return list(rows.exclude(pk=call.lead_id).order_by("name"))


def block_of(row: FormBlock) -> Block:
    names = [line.strip() for line in row.columns.splitlines() if line.strip()]
    return Block(
        key=row.key,
        kind=row.kind,
        title=row.title,
        help=row.help,
        criterion=row.criterion,
        is_required=row.is_required,
        most_characters=row.most_characters if row.kind == BlockKind.TEXT else None,
        least_rows=row.least_rows,
        most_rows=row.most_rows,
        columns=tuple(names) if row.kind == BlockKind.TABLE else (),
    )


def draft_blocks(call: Call) -> list[Block]:
    return [block_of(row) for row in call.blocks.all()]


def form_of(call: Call) -> list[Block]:
    """The form as applicants get it: the newest frozen version, before publication the draft."""
    frozen = call.form_versions.order_by("-number").first() if call.number else None
    return from_json(frozen.blocks) if frozen else draft_blocks(call)


def values_of(call: Call) -> Values:
    return Values(
        grant_cap=call.grant_cap,
        own_share=call.own_share,
        indirect_ceiling=call.indirect_ceiling,
        staff_ceiling=call.staff_ceiling,
        applications_each=call.applications_each,
        months_least=call.months_least,
        months_most=call.months_most,
        tranches={row.stage: row.share for row in call.tranches.all()},
        total=sum((pot.amount for pot in call.pots.all()), ZERO),
    )


def timetable_of(call: Call) -> Timetable:
    return Timetable(call.opens_at, call.deadline, call.correction_days, call.review_until, call.display_days)


def facts_of(call: Call) -> CallFacts:
    lines = line_facts({pot.budget_line_id for pot in call.pots.all()}, without=call)
    return CallFacts(
        title=call.title,
        aims=call.aims,
        kind=call.kind,
        level=call.level,
        street=call.street,
        place=call.place,
        pays_for_service=call.pays_for_service,
        money_is_mixed=call.money_is_mixed,
        track_statement=call.track_statement,
        lead=_funder(call.lead),
        funders=tuple(_funder(row.body) for row in call.funders.all()),
        themes=tuple(row.title.strip() for row in call.themes.all()),
        pots=tuple(PotFacts(pot.name, pot.amount, lines[pot.budget_line_id]) for pot in call.pots.all()),
        values=values_of(call),
        timetable=timetable_of(call),
        blocks=tuple(draft_blocks(call)),
        guide=call.guide,
        briefings=tuple(BriefingFacts(r.starts_at, r.place, r.link, r.seats) for r in call.briefings.all()),
        contact_name=call.contact_name,
        contact_phone=call.contact_phone,
        off=off_of(call),
    )


def off_of(call: Call) -> dict[str, str]:
    """Rules that the call switches off, with the reasons."""
    return {row.rule_id: row.reason for row in call.switched_off.all()}


def is_on(call: Call, rule_id: str) -> bool:
    """Whether a rule of practice holds in this call."""
    return rule_id not in off_of(call)


def _funder(body: Body) -> FunderFacts:
    return FunderFacts(body.pk, body.name, body.kind == BodyKind.GOVERNMENT and body.admitted_at is not None)


def checks_of(call: Call) -> dict[str, list[Decision]]:
    """The check list of a draft, as of now."""
    return check_list(facts_of(call), rules_of(call, clock.today()), calendar(), clock.now())


def unconfirmed(call: Call) -> list[str]:
    """Joint funders that have not confirmed yet, by name."""
    return [row.body.name for row in call.funders.all() if row.confirmed_at is None]


def waiting_for_second(actor_id: int, body_id: int) -> Q:
    """Calls that an approver of the lead may decide."""
    return Q(lead_id=body_id, status=CallStatus.SUBMITTED) & ~Q(submitted_by_id=actor_id)
