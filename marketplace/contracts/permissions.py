"""Who may do what with contracts, reports, payments and evaluations. Services enforce, pages ask."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, first_refusal, refuse
from marketplace.procurement.models import Award
from marketplace.ventures.models import Grant

from .models import ChangeRequest, Contract, Disbursement, Evaluation, Milestone, Payback


def _is_for(actor: Actor, body_id: int | None, *roles: str) -> Decision:
    """Acting for this body in one of the roles."""
    if body_id is not None and actor.body_id == body_id and actor.has(*roles):
        return ALLOWED
    return refuse(_("You act for another body or without the role that this step needs."))


def _any_of(*decisions: Decision) -> Decision:
    return next((decision for decision in decisions if decision.allowed), decisions[-1])


# contracts


def can_draft_contract(actor: Actor, award: Award) -> Decision:
    """The buyer's officer, or the agent's, which does everything procedural."""
    tender = award.lot.tender
    return _any_of(_is_for(actor, tender.agency_id, Role.OFFICER), _is_for(actor, tender.buyer_id, Role.OFFICER))


def can_draft_agreement(actor: Actor, grant: Grant) -> Decision:
    """An officer of the call's lead."""
    return _is_for(actor, grant.application.call.lead_id, Role.OFFICER)


def can_edit_contract(actor: Actor, contract: Contract) -> Decision:
    if contract.is_grant:
        return _is_for(actor, contract.buyer_id, Role.OFFICER)
    return can_draft_contract(actor, contract.award)  # type: ignore[arg-type]


def can_sign_contract(actor: Actor, contract: Contract) -> Decision:
    """For the buyer an approver who did not draft it; for the organization its administrator."""
    if contract.supplier_id == actor.body_id:
        return _is_for(actor, contract.supplier_id, Role.ORG_ADMIN)
    return first_refusal(
        _is_for(actor, contract.buyer_id, Role.APPROVER),
        _another_person(
            actor, contract.drafted_by_id, _("Who drafted the contract cannot sign it. A second officer must.")
        ),
    )


def _another_person(actor: Actor, user_id: int | None, reason: str) -> Decision:
    return refuse(reason) if actor.user_id == user_id else ALLOWED


def can_attach_scan(actor: Actor, contract: Contract) -> Decision:
    return _any_of(
        _is_for(actor, contract.buyer_id, Role.OFFICER, Role.APPROVER),
        _is_for(actor, contract.supplier_id, Role.ORG_ADMIN),
    )


def can_publish_contract(actor: Actor, contract: Contract) -> Decision:
    return _is_for(actor, contract.buyer_id, Role.APPROVER)


def can_file_contract(actor: Actor, contract: Contract) -> Decision:
    return can_edit_contract(actor, contract)


# reports


def can_report_milestone(actor: Actor, contract: Contract) -> Decision:
    return _is_for(actor, contract.supplier_id, Role.REPORTER, Role.ORG_ADMIN)


def can_accept_milestone(actor: Actor, contract: Contract) -> Decision:
    """Acceptance is organized by the buyer or its agent (R-CON-14)."""
    return can_edit_contract(actor, contract)


# payments


def can_request_disbursement(actor: Actor, contract: Contract) -> Decision:
    return _is_for(actor, contract.supplier_id, Role.REPORTER, Role.ORG_ADMIN)


def can_explain_disbursement(actor: Actor, disbursement: Disbursement) -> Decision:
    return _is_for(actor, disbursement.milestone.contract.buyer_id, Role.OFFICER)


def can_approve_first(actor: Actor, disbursement: Disbursement) -> Decision:
    return _is_for(actor, disbursement.milestone.contract.buyer_id, Role.APPROVER)


def can_approve_second(actor: Actor, disbursement: Disbursement) -> Decision:
    return _is_for(actor, disbursement.milestone.contract.buyer_id, Role.FINANCE)


def can_return_disbursement(actor: Actor, disbursement: Disbursement) -> Decision:
    return _is_for(actor, disbursement.milestone.contract.buyer_id, Role.APPROVER, Role.FINANCE)


def can_record_payment(actor: Actor, disbursement: Disbursement) -> Decision:
    return _is_for(actor, disbursement.milestone.contract.buyer_id, Role.FINANCE)


# stages, changes and the end of a grant


def can_look_into_stage(actor: Actor, contract: Contract) -> Decision:
    return _of_grant(contract, _is_for(actor, contract.buyer_id, Role.OFFICER))


def _of_grant(contract: Contract, decision: Decision) -> Decision:
    return decision if contract.is_grant else refuse(_("This is for grant agreements only."))


def can_propose_failure(actor: Actor, contract: Contract) -> Decision:
    return can_look_into_stage(actor, contract)


def can_confirm_failure(actor: Actor, milestone: Milestone) -> Decision:
    """An approver who did not propose it."""
    contract = milestone.contract
    return first_refusal(
        _of_grant(contract, _is_for(actor, contract.buyer_id, Role.APPROVER)),
        _another_person(actor, milestone.fail_proposed_by_id, _second_needed()),
    )


def _second_needed() -> str:
    return _("Who proposed this cannot confirm it. A second officer must.")


def can_ask_change(actor: Actor, contract: Contract) -> Decision:
    return _of_grant(contract, _is_for(actor, contract.supplier_id, Role.REPORTER, Role.ORG_ADMIN))


def can_decide_change(actor: Actor, contract: Contract) -> Decision:
    return _of_grant(contract, _is_for(actor, contract.buyer_id, Role.OFFICER))


def can_confirm_change(actor: Actor, change: ChangeRequest) -> Decision:
    return first_refusal(
        _of_grant(change.contract, _is_for(actor, change.contract.buyer_id, Role.APPROVER)),
        _another_person(actor, change.decided_by_id, _second_needed()),
    )


def can_record_audit(actor: Actor, contract: Contract) -> Decision:
    """An outside auditor, of a body that is none of the parties."""
    parties = (contract.buyer_id, contract.supplier_id)
    if actor.body_kind == BodyKind.AUDITOR and actor.body_id not in parties and actor.has(Role.AUDITOR):
        return _of_grant(contract, ALLOWED)
    return refuse(_("Only an outside auditor records the audit of a project."))


def can_propose_payback(actor: Actor, contract: Contract) -> Decision:
    return _of_grant(contract, _is_for(actor, contract.buyer_id, Role.OFFICER))


def can_answer_payback(actor: Actor, payback: Payback) -> Decision:
    return _is_for(actor, payback.contract.supplier_id, Role.ORG_ADMIN)


def can_confirm_payback(actor: Actor, payback: Payback) -> Decision:
    return first_refusal(
        _is_for(actor, payback.contract.buyer_id, Role.APPROVER),
        _another_person(actor, payback.proposed_by_id, _second_needed()),
    )


def can_record_receipt(actor: Actor, payback: Payback) -> Decision:
    return _is_for(actor, payback.contract.buyer_id, Role.FINANCE)


# evaluations


def can_assign_evaluation(actor: Actor, contract: Contract) -> Decision:
    """The buyer's officer only: an agent has no say in who judges."""
    return _is_for(actor, contract.buyer_id, Role.OFFICER)


def can_edit_indicators(actor: Actor, evaluation: Evaluation) -> Decision:
    return can_assign_evaluation(actor, evaluation.contract)


def can_evaluate(actor: Actor, evaluation: Evaluation) -> Decision:
    return _is_for(actor, evaluation.evaluator_id, Role.EVALUATOR)


def can_answer_evaluation(actor: Actor, evaluation: Evaluation) -> Decision:
    return _is_for(actor, evaluation.contract.supplier_id, Role.ORG_ADMIN, Role.REPORTER)
