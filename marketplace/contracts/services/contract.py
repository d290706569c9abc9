"""Drafting, signing, publishing and filing a contract.

Refuses a price other than the award's, a term beyond three years, an incomplete text, signing while an objection or
a suspension holds. Announces ContractProposed, -TakenBack, -Signed, -Published, -Completed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, gettext_noop

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import subject_of
from marketplace.core import clock
from marketplace.core.decisions import Decision, require, require_permission, require_reasons
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.core.money import split
from marketplace.core.rules.time import far_date
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import latest_document, request_document
from marketplace.documents.models import Document, StoredFile
from marketplace.documents.services import sign_document, store_upload
from marketplace.procurement.lifecycle import LOT
from marketplace.procurement.models import Award, AwardStatus, Lot
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice

from ..events import ContractCompleted, ContractProposed, ContractPublished, ContractSigned, ContractTakenBack
from ..lifecycle import CONTRACT
from ..models import (
    Contract,
    ContractShare,
    ContractStatus,
    DisbursementStatus,
    EvaluationStatus,
    Milestone,
    MilestoneStatus,
)
from ..notices import agreement_notice, contract_notice
from ..permissions import (
    can_attach_scan,
    can_draft_contract,
    can_edit_contract,
    can_file_contract,
    can_publish_contract,
    can_sign_contract,
)
from ..rules import contract as rules
from ..rules.agreement import check_closing, check_period
from ..selectors import closing_facts, law_number, signed_sides
from ..sources import AwardSource
from ..texts import only_milestone, standard_texts
from .agreement import begin_stages
from .money import commit_shares, release_shares

STATEMENT = gettext_noop("I have read this contract in full and conclude it for %(body)s.")
TEXT_FIELDS = ("service", "quantity", "quality", "place", "settlement", "rights", "breach", "bank_name", "bank_account")


@dataclass(frozen=True)
class MilestoneInput:
    name: str
    deliverable: str
    due_on: date


@dataclass(frozen=True)
class ContractInput:
    """What an officer may word; parties and amount come from the award."""

    title: str
    service: str
    quantity: str
    quality: str
    place: str
    term_from: date
    term_to: date
    settlement: str
    rights: str
    breach: str
    bank_name: str
    bank_account: str
    milestones: tuple[MilestoneInput, ...]


def draft_contract(*, actor: Actor, award_id: int) -> Contract:
    """The draft from tender and bid: parties, price, needs, term, milestones with their amounts."""
    with audit.transaction() as log:
        award = locked(Award, award_id)
        require_permission(can_draft_contract(actor, award))
        contract = Contract.objects.filter(award=award).first()
        if contract is not None:
            return contract
        if award.status != AwardStatus.PUBLISHED:
            raise MarketplaceError(
                _("The award is not published, so there is nothing to conclude."), code="wrong_state"
            )
        source = AwardSource(award)
        require(rules.check_amount(source.price, source.price, source.budget))
        contract = _new_contract(actor, award)
        _copy_milestones(contract, award)
        log.record(
            "contract.drafted", contract, actor, project=source.number, number=contract.number, amount=source.price
        )
        return contract


def _new_contract(actor: Actor, award: Award) -> Contract:
    source, now = AwardSource(award), clock.now()
    tender, line = source.tender, source.tender.item.budget_line
    supplier = award.bid.body
    organization = getattr(supplier, "organization", None)
    texts = standard_texts(award)
    contract = Contract.objects.create(
        award=award,
        project_number=source.number,
        is_lottery=line.fund.is_lottery,
        number=next_number("contract", tender.buyer.region),
        title=award.lot.title if tender.lots.count() > 1 else tender.title,
        buyer=tender.buyer,
        supplier=supplier,
        amount=source.price,
        term_from=tender.service_from or clock.today(),
        term_to=tender.service_to or rules.years_after(tender.service_from or clock.today(), 1),
        bank_name=organization.bank_name if organization else "",
        bank_account=organization.bank_account if organization else "",
        drafted_by_id=actor.user_id,
        drafted_at=now,
        sign_due=rules.sign_due(source.decided_at, law_number(source, "R-CON-01"), calendar()),
        place=tender.service_place,
        **texts,
    )
    ContractShare.objects.create(contract=contract, budget_line=line, amount=source.price)
    return contract


def _copy_milestones(contract: Contract, award: Award) -> None:
    plans = list(award.lot.tender.milestone_plans.all()) or [only_milestone(contract.term_to)]
    amounts = split(contract.amount, [plan.share for plan in plans])
    Milestone.objects.bulk_create(
        Milestone(
            contract=contract,
            position=position,
            name=plan.name,
            deliverable=plan.deliverable,
            share=plan.share,
            amount=amount,
            **_due(plan.due_on),
        )
        for position, (plan, amount) in enumerate(zip(plans, amounts, strict=True), start=1)
    )


def _due(day: date) -> dict[str, Any]:
    far = far_date(day, calendar())
    return {"due_on": far.day, "is_provisional": far.is_provisional}


def save_contract(*, actor: Actor, contract_id: int, version: int, data: ContractInput) -> Contract:
    """Words of the draft. Shares and amounts of the milestones stay as tendered."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_edit_contract(actor, contract))
        _expect(contract, ContractStatus.DRAFT)
        if contract.version != version:
            raise StaleVersion(_("Somebody else saved this contract meanwhile."), current=contract)
        require(check_term(contract, data.term_from, data.term_to))
        milestones = _reworded(contract, data.milestones)
        require(_check_milestones(milestones, contract.amount, data.term_to))
        for name in ("title", "term_from", "term_to", *TEXT_FIELDS):
            setattr(contract, name, getattr(data, name))
        contract.version += 1
        contract.save()
        Milestone.objects.bulk_update(milestones, ["name", "deliverable", "due_on", "is_provisional"])
        log.record("contract.saved", contract, actor, project=contract.project_number, version=contract.version)
        return contract


def check_term(contract: Contract, term_from: date, term_to: date) -> Decision:
    """Three years for a service (R-CON-13), the months of its call for a grant (R-VENT-06)."""
    if contract.grant is not None:
        return check_period(term_from, term_to, contract.grant.application.call.months_most)
    return rules.check_term(term_from, term_to, law_number(contract.source, "R-CON-13", "longest"))


def _reworded(contract: Contract, inputs: tuple[MilestoneInput, ...]) -> list[Milestone]:
    milestones = list(contract.milestones.all())
    if len(milestones) != len(inputs):
        raise MarketplaceError(_("The number of milestones is fixed by the tender."), field="milestones")
    for milestone, words in zip(milestones, inputs, strict=True):
        milestone.name, milestone.deliverable = words.name, words.deliverable
        for name, value in _due(words.due_on).items():
            setattr(milestone, name, value)
    return milestones


def _check_milestones(milestones: list[Milestone], amount: Decimal, term_to: date) -> Decision:
    planned = [rules.PlannedMilestone(milestone.due_on, milestone.amount) for milestone in milestones]
    return rules.check_milestones(planned, amount, term_to)


def _expect(contract: Contract, *statuses: str) -> None:
    if contract.status not in statuses:
        raise MarketplaceError(
            _("This contract is not in a state that allows it: %(state)s.") % {"state": contract.get_status_display()},
            code="wrong_state",
        )


def propose_contract(*, actor: Actor, contract_id: int) -> Contract:
    """Fix the text as a PDF and hand it to both sides (R-GPS-08, R-CON-13)."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_edit_contract(actor, contract))
        require(*check_contract(contract))
        CONTRACT.apply(contract, "propose", actor=actor)
        contract.proposed_at, contract.return_reason = clock.now(), ""
        contract.save(update_fields=["proposed_at", "return_reason"])
        request_document("contract", contract)
        log.record("contract.proposed", contract, actor, project=contract.project_number, amount=contract.amount)
        announce(ContractProposed(contract.pk))
        return contract


def check_contract(contract: Contract) -> list[Decision]:
    """All that the text must fulfil before it is handed over; pages show it as a check list."""
    fields = {name: (str(contract._meta.get_field(name).verbose_name), getattr(contract, name)) for name in TEXT_FIELDS}  # type: ignore[union-attr]
    milestones = list(contract.milestones.all())
    source = contract.source
    return [
        rules.check_amount(contract.amount, source.price, source.budget),
        check_term(contract, contract.term_from, contract.term_to),
        _check_milestones(milestones, contract.amount, contract.term_to),
        *rules.check_text(fields),
    ]


def take_back_contract(*, actor: Actor, contract_id: int, reason: str) -> Contract:
    """Back to the draft, by whoever may edit or sign it; signatures on the old PDF stay with the old PDF."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        decisions = [can_edit_contract(actor, contract), can_sign_contract(actor, contract)]
        require_permission(next((decision for decision in decisions if decision.allowed), decisions[0]))
        if not reason.strip():
            raise MarketplaceError(_("Write down what must be corrected."), field="reason")
        CONTRACT.apply(contract, "take_back", actor=actor)
        contract.return_reason = reason.strip()
        contract.save(update_fields=["return_reason"])
        log.record("contract.taken_back", contract, actor, project=contract.project_number, reason=reason.strip())
        announce(ContractTakenBack(contract.pk))
        return contract


def sign_contract(*, actor: Actor, contract_id: int, code: str, reason: str = "") -> Contract:
    """«系统签署确认» of one side. With the second side's the contract is concluded and its money committed."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_sign_contract(actor, contract))
        _expect(contract, ContractStatus.SIGNING)
        document = contract_document(contract)
        if actor.body_id in signed_sides(contract, document):
            raise MarketplaceError(_("This side has signed already; nothing more is needed."), code="repeated")
        warnings = check_signing(contract, actor)
        require_reasons(warnings, reason or contract.early_reason)
        if any(not warning.allowed for warning in warnings) and reason.strip():
            contract.early_reason = reason.strip()
            contract.save(update_fields=["early_reason"])
        statement = _(STATEMENT) % {"body": actor.body_name}
        sign_document(actor=actor, document=document, statement=statement, code=code)
        log.record(
            "contract.signed_by_side",
            contract,
            actor,
            project=contract.project_number,
            sha256=document.file.sha256,
            reason=contract.early_reason,
        )
        if signed_sides(contract, document) >= {contract.buyer_id, contract.supplier_id}:
            _conclude(log, actor, contract, document)
        return contract


def contract_document(contract: Contract) -> Document:
    """The PDF of the text that was handed over last."""
    document = latest_document("contract", contract)
    if document is None or contract.proposed_at is None or document.created_at < contract.proposed_at:
        raise MarketplaceError(_("The contract's PDF is being made. Try again in a few seconds."), code="not_ready")
    return document


def check_signing(contract: Contract, actor: Actor) -> list[Decision]:
    """Hold, objection window (asked of the buyer), 30 days without the days that were held. A grant knows none."""
    if contract.is_grant:
        return []
    now, source = clock.now(), contract.source
    due = contract.sign_due
    if days := rules.paused_days(source.pauses(now)):
        due = rules.sign_due(contract.sign_due, days, calendar())
    decisions = [
        source.held(),
        rules.check_sign_due(due, now, source.level("R-CON-01")),
    ]
    if actor.body_id == contract.buyer_id:
        decisions.insert(1, rules.check_window(source.objection_until, now))
    return decisions


def _conclude(log: Any, actor: Actor, contract: Contract, document: Document) -> None:
    now, source = clock.now(), contract.source
    CONTRACT.apply(contract, "sign", actor=actor)
    contract.signed_at = now
    contract.publish_due = rules.due_after_working_days(now, law_number(source, "R-CON-02"), calendar())
    if not contract.is_grant:
        contract.file_due = rules.due_after_working_days(now, law_number(source, "R-CON-03"), calendar())
    contract.save(update_fields=["signed_at", "publish_due", "file_due"])
    commit_shares(log=log, actor=actor, contract=contract)
    if contract.award is not None:
        LOT.apply(locked(Lot, contract.award.lot_id), "contract", actor=actor)
    request_document("contract_public", contract)
    log.record(
        "contract.signed",
        contract,
        actor,
        project=contract.project_number,
        number=contract.number,
        amount=contract.amount,
        sha256=document.file.sha256,
    )
    announce(ContractSigned(contract.pk))


def attach_scan(*, actor: Actor, contract_id: int, upload: Any) -> Document:
    """A signed and sealed scan beside the confirmation in the system; it replaces nothing."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_attach_scan(actor, contract))
        _expect(contract, ContractStatus.SIGNED, ContractStatus.ACTIVE, ContractStatus.COMPLETED)
        file = store_upload(upload, actor=actor, kinds=("pdf",))
        document = _file_scan(contract, file)
        log.record("contract.scan_attached", contract, actor, project=contract.project_number, sha256=file.sha256)
        return document


def _file_scan(contract: Contract, file: StoredFile) -> Document:
    earlier = latest_document("contract_scan", contract)
    return Document.objects.create(
        subject=subject_of(contract),
        kind="contract_scan",
        title=_("Signed scan of the contract"),
        version=earlier.version + 1 if earlier else 1,
        file=file,
        created_at=clock.now(),
    )


def publish_contract(*, actor: Actor, contract_id: int) -> Contract:
    """The contract notice with the text, personal data cut (R-CON-02, R-NOTICE-08, R-PUB-02); performance begins."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_publish_contract(actor, contract))
        CONTRACT.apply(contract, "publish", actor=actor)
        notice = agreement_notice(contract) if contract.is_grant else contract_notice(contract)
        contract.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.GRANT_AGREEMENT if contract.is_grant else NoticeKind.CONTRACT,
            title=notice.title,
            subject=contract,
            project_number=contract.project_number,
            body=contract.buyer,
            region=contract.buyer.region,
            data=notice.data,
        )
        contract.published_at = clock.now()
        contract.save(update_fields=["snapshot", "published_at"])
        if contract.is_grant:
            begin_stages(log=log, contract=contract)
        log.record("contract.published", contract, actor, project=contract.project_number, number=contract.number)
        announce(ContractPublished(contract.pk))
        return contract


def file_contract(*, actor: Actor, contract_id: int, filing_number: str) -> Contract:
    """That a copy went to the finance department, by its receipt number (R-CON-03)."""
    with audit.transaction() as log:
        contract = locked(Contract, contract_id)
        require_permission(can_file_contract(actor, contract))
        _expect(contract, ContractStatus.SIGNED, ContractStatus.ACTIVE, ContractStatus.COMPLETED)
        if not filing_number.strip():
            raise MarketplaceError(
                _("Enter the number under which it was filed."), field="filing_number", rule_id="R-CON-03"
            )
        contract.filed_at, contract.filing_number = clock.now(), filing_number.strip()
        contract.save(update_fields=["filed_at", "filing_number"])
        log.record("contract.filed", contract, actor, project=contract.project_number, number=filing_number.strip())
        return contract


def complete_if_done(*, log: Any, contract: Contract) -> bool:
    """After a payment or a final evaluation: when nothing is open, what is still committed goes back to the line."""
    if contract.status != ContractStatus.ACTIVE or not check_completion(contract).allowed:
        return False
    CONTRACT.apply(contract, "complete", actor=SYSTEM)
    contract.completed_at = clock.now()
    contract.save(update_fields=["completed_at"])
    release_shares(log=log, actor=SYSTEM, contract=contract)
    log.record("contract.completed", contract, SYSTEM, project=contract.project_number)
    announce(ContractCompleted(contract.pk))
    return True


def check_completion(contract: Contract) -> Decision:
    """What a contract in performance still needs before it is completed."""
    if contract.is_grant:
        return check_closing(closing_facts(contract))
    milestones = contract.milestones.all()
    return rules.check_completion(
        milestones=milestones.count(),
        accepted=milestones.filter(status=MilestoneStatus.ACCEPTED).count(),
        paid=milestones.filter(disbursements__status=DisbursementStatus.PAID).count(),
        is_lottery=contract.is_lottery,
        is_evaluated=contract.evaluations.filter(status=EvaluationStatus.FINAL).exists(),
    )
