"""Drafting a grant agreement (资助协议) from the application and its call; signing and publishing are the contract's.

Refuses a grant of an application that was not granted. A second draft of the same grant is the first one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require_permission
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.money import split
from marketplace.core.rules.time import far_date
from marketplace.core.workcalendar import calendar
from marketplace.ventures.models import Application, ApplicationStatus, CallTranche, Grant, TrancheStage

from ..lifecycle import MILESTONE
from ..models import AgreementLine, AgreementPart, Contract, ContractShare, Milestone
from ..permissions import can_draft_agreement
from ..rules import contract as rules
from ..rules.agreement import add_months, fit_budget
from ..selectors import law_number
from ..sources import GrantSource
from ..texts_grant import STAGES, agreement_texts

FINAL_REPORT_DAYS = 30
ZERO = Decimal("0.00")


def draft_agreement(*, actor: Actor, grant_id: int) -> Contract:
    """Parties, sum, pots, budget and stages as granted; the words are the call's standard clauses."""
    with audit.transaction() as log:
        grant = locked(Grant, grant_id)
        require_permission(can_draft_agreement(actor, grant))
        contract = Contract.objects.filter(grant=grant).first()
        if contract is not None:
            return contract
        if grant.application.status != ApplicationStatus.GRANTED:
            raise MarketplaceError(
                _("This application has not been granted, so there is no agreement."), code="wrong_state"
            )
        contract = _new_agreement(actor, grant)
        log.record(
            "contract.drafted",
            contract,
            actor,
            project=contract.project_number,
            number=contract.number,
            amount=contract.amount,
        )
        return contract


def _new_agreement(actor: Actor, grant: Grant) -> Contract:
    application, source = grant.application, GrantSource(grant)
    call, supplier = source.call, application.body
    organization = getattr(supplier, "organization", None)
    pots = list(grant.shares.select_related("pot__budget_line__fund"))
    tranches = stages_of(list(call.tranches.all()))
    is_lottery = any(share.pot.budget_line.fund.is_lottery for share in pots)
    term_from, term_to = term_of(application, call.months_most)
    contract = Contract.objects.create(
        grant=grant,
        project_number=grant.number,
        is_lottery=is_lottery,
        number=next_number("XY", call.lead.region),
        title=application.title,
        buyer=call.lead,
        supplier=supplier,
        amount=grant.amount,
        term_from=term_from,
        term_to=term_to,
        bank_name=organization.bank_name if organization else "",
        bank_account=organization.bank_account if organization else "",
        drafted_by_id=actor.user_id,
        drafted_at=clock.now(),
        sign_due=rules.sign_due(source.decided_at, law_number(source, "R-CON-01"), calendar()),
        place=application.place or call.place,
        **agreement_texts(
            grant,
            [(share.pot.name, share.amount) for share in pots],
            [(row.stage, row.share) for row in tranches],
            is_lottery=is_lottery,
        ),
    )
    shares = _share(contract, pots)
    _stage(contract, tranches)
    _budget(contract, application, shares)
    return contract


def term_of(application: Application, months: int) -> tuple[date, date]:
    """As applied for; a project that was to begin before today begins today and runs as long."""
    begins = application.starts_on or clock.today()
    ends = application.ends_on or add_months(begins, months)
    late = max((clock.today() - begins).days, 0)
    return begins + timedelta(days=late), ends + timedelta(days=late)


def stages_of(tranches: Sequence[CallTranche]) -> list[CallTranche]:
    order = list(TrancheStage)
    return sorted(tranches, key=lambda row: order.index(TrancheStage(row.stage)))


def _share(contract: Contract, pots: Sequence[Any]) -> dict[int, ContractShare]:
    """One share for each budget line, in the order of the pots."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for share in pots:
        sums[share.pot.budget_line_id] += share.amount
    return {
        line_id: ContractShare.objects.create(
            contract=contract, position=position, budget_line_id=line_id, amount=amount
        )
        for position, (line_id, amount) in enumerate(sums.items(), start=1)
    }


def _stage(contract: Contract, tranches: Sequence[CallTranche]) -> None:
    term = contract.term_to - contract.term_from
    days = {
        TrancheStage.AGREEMENT: contract.term_from,
        TrancheStage.MIDTERM: contract.term_from + term / 2,
        TrancheStage.FINAL: contract.term_to + timedelta(days=FINAL_REPORT_DAYS),
    }
    amounts = split(contract.amount, [row.share for row in tranches])
    for position, (row, amount) in enumerate(zip(tranches, amounts, strict=True), start=1):
        name, deliverable = STAGES[TrancheStage(row.stage)]
        far = far_date(days[TrancheStage(row.stage)], calendar())
        Milestone.objects.create(
            contract=contract,
            position=position,
            stage=row.stage,
            name=name,
            deliverable=deliverable,
            due_on=far.day,
            is_provisional=far.is_provisional,
            share=row.share,
            amount=amount,
        )


def _budget(contract: Contract, application: Application, shares: dict[int, ContractShare]) -> None:
    """The application's cost lines, each pot's part of them scaled to what it grants."""
    rows = list(application.budget.prefetch_related("shares__pot"))
    if not rows:
        return
    asked: dict[int, list[Decimal]] = {line_id: [ZERO] * len(rows) for line_id in shares}
    own = [ZERO] * len(rows)
    for place, row in enumerate(rows):
        for part in row.shares.all():
            if part.pot is None:
                own[place] += part.amount
            elif part.pot.budget_line_id in asked:
                asked[part.pot.budget_line_id][place] += part.amount
    granted = {line_id: share.amount for line_id, share in shares.items()}
    fitted = fit_budget(asked, granted, [row.amount for row in rows])
    for place, row in enumerate(rows):
        line = AgreementLine.objects.create(
            contract=contract,
            position=place + 1,
            kind=row.kind,
            name=row.name,
            basis=row.basis,
            own=own[place],
        )
        AgreementPart.objects.bulk_create(
            AgreementPart(line=line, share=share, amount=fitted[line_id][place])
            for line_id, share in shares.items()
            if fitted[line_id][place]
        )


def begin_stages(*, log: Any, contract: Contract) -> None:
    """With the publication the first stage is reached: its tranche may be asked for (R-VENT-09)."""
    for milestone in contract.milestones.filter(stage=TrancheStage.AGREEMENT):
        MILESTONE.apply(milestone, "begin", actor=SYSTEM)
        milestone.accepted_at = clock.now()
        milestone.save(update_fields=["accepted_at"])
        log.record("milestone.begun", milestone, SYSTEM, project=contract.project_number, milestone=milestone.position)
