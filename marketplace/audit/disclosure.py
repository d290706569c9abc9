"""When salt and entry of each kind become public. Until then the public log shows the leaf's hash and nothing else.

An action that stands in no list is never disclosed by itself: silence is the safe side, and a test makes sure that
every action that the code records has been thought about.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """The moment of disclosure."""

    NOW = "now"
    OPENING = "opening"
    RESULT = "result"
    NEVER = "never"


# By whole action, else by its noun. Public at once is what a published page says anyway.
PUBLIC_AT_ONCE = """
    purchase_list.published intention.published notice tender.published tender.terminated tender.suspended
    tender.suspension_lifted correction.published question.answered lot.voided lot.terminated lot.key_made
    pool.committed custodian.appointed custodian.ended award.published contract.signed contract.published
    contract.completed contract.ended contract.audited milestone.begun stage.failed
    change.approved payback.demanded payback.received venture_ban.decided
    disbursement.paid milestone.accepted ledger fund evaluation.final organization.registered
    organization.verified organization.verification_ended organization.face_computed body.admitted calendar
    rule_value log outage.found outage.decided call.published call.corrected call.terminated call.closed
    call_question.answered briefing.added briefing.cancelled
    assessment.displayed assessment.confirmed assessment.taken_back assessment.defence_drawn grant.confirmed
    agreement.signed agreement.called_in agreement.lapsed sponsor_payment.booked sponsor_refund.done
"""
WITH_THE_OPENING = """
    bid lot.closed lot.opened opening share
"""
WITH_THE_RESULT = """
    eligibility bid.ineligible bid.invalid pool committee review price report.signing_closed
    lot.reviewed award
"""
# What a single member of a committee did stays closed: members' acts are never joined to the published names.
NEVER = """
    membership invitation join_request organization body custodian evidence document document_take
    finding purchase_list listed_item intention tender correction termination question lot member members score scores
    stage change payback
    expert experts report contract milestone performance disbursement evaluation objection letter outage
    call call_paper call_question briefing briefing_seat application prereview
    assessment panel panel_review defence decision coaching result_objection grant
    agreement sponsor_payment sponsor_refund sponsor_dispute bank_statement bank_line stripe_event
"""
STAGES: dict[str, Stage] = {
    action: stage
    for stage, actions in (
        (Stage.NOW, PUBLIC_AT_ONCE),
        (Stage.OPENING, WITH_THE_OPENING),
        (Stage.RESULT, WITH_THE_RESULT),
        (Stage.NEVER, NEVER),
    )
    for action in actions.split()
}


def stage_of(action: str) -> Stage:
    """By the whole action, `bid.submitted`, else by its noun, `bid`, else never."""
    return STAGES.get(action, STAGES.get(action.partition(".")[0], Stage.NEVER))
