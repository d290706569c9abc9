"""Who may check eligibility, sit in a committee, score, award, object and suspend."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, first_refusal, refuse

from ..models import Award, CommitteeMember, Expert, Letter, Lot, LotStatus, MemberStatus, Objection, PriceQuery
from .tender import is_buyer, is_procuring_party

SUPPLIER_ROLES = (Role.ORG_ADMIN, Role.BIDDER)


def can_manage_experts(actor: Actor) -> Decision:
    """The expert register is kept by the operator, or by the register's own administrator."""
    keeps = actor.body_kind == BodyKind.EXPERT_REGISTER and actor.has(Role.ORG_ADMIN)
    if keeps or (actor.body_kind == BodyKind.OPERATOR and actor.has(Role.OPERATOR)):
        return ALLOWED
    return refuse(_("The expert register is kept by the operator."))


def can_change_availability(actor: Actor, expert: Expert) -> Decision:
    if actor.user_id == expert.user_id:
        return ALLOWED
    return refuse(_("Experts enter their absences themselves."))


def can_read_lot(actor: Actor, lot: Lot) -> Decision:
    """The workspace page of a lot: the procuring parties, supervisors and auditors."""
    if is_procuring_party(actor, lot.tender) or actor.has(Role.SUPERVISOR, Role.AUDITOR):
        return ALLOWED
    return refuse(_("This page belongs to the buyer and its agent."))


def can_run_review(actor: Actor, lot: Lot) -> Decision:
    """Check eligibility, draw, name representatives, start the review: an officer of the buyer or its agent."""
    if is_procuring_party(actor, lot.tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer or of its agent does this."))


def can_answer_invitation(actor: Actor, member: CommitteeMember) -> Decision:
    if actor.user_id != member.user_id:
        return refuse(_("This invitation is for another person."))
    if member.status != MemberStatus.INVITED:
        return refuse(_("This invitation has been answered already."))
    return ALLOWED


def can_declare(actor: Actor, member: CommitteeMember) -> Decision:
    if actor.user_id != member.user_id or member.status != MemberStatus.ACCEPTED:
        return refuse(_("Accept the invitation first; everyone declares for himself or herself."))
    return ALLOWED


def is_seated(member: CommitteeMember) -> bool:
    return member.status == MemberStatus.ACCEPTED and member.declared_at is not None and not member.conflict


def can_review(actor: Actor, member: CommitteeMember) -> Decision:
    """Work as a member: only one's own seat, only after the eligibility check, only until the consolidation."""
    if actor.user_id != member.user_id or not is_seated(member):
        return refuse(_("Only seated members of this committee may do this."))
    if member.lot.status != LotStatus.REVIEW:
        return refuse(_("The review is not open: it has not started, or it is over."), "R-EVAL-12")
    return ALLOWED


def can_lead(actor: Actor, member: CommitteeMember) -> Decision:
    if not member.is_leader:
        return refuse(_("The leader of the committee does this."), "R-COMM-04")
    return can_review(actor, member)


def can_sign_report(actor: Actor, member: CommitteeMember) -> Decision:
    if actor.user_id != member.user_id or not is_seated(member):
        return refuse(_("Only members of this committee sign the report."), "R-COMM-12")
    if member.lot.status != LotStatus.CONSOLIDATED:
        return refuse(_("There is no report to sign at this stage."))
    return ALLOWED


def can_answer_price_query(actor: Actor, query: PriceQuery) -> Decision:
    if actor.body_id == query.bid.body_id and actor.has(*SUPPLIER_ROLES):
        return ALLOWED
    return refuse(_("Only the bidder that was asked answers."))


def can_propose_award(actor: Actor, lot: Lot) -> Decision:
    """Award is the buyer's own: never the agent's."""
    if is_buyer(actor, lot.tender) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the buyer proposes the award; the agent only hands the report over."))


def can_decide_award(actor: Actor, award: Award) -> Decision:
    if not (is_buyer(actor, award.lot.tender) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the buyer decides on the award."))
    if actor.user_id == award.proposed_by_id:
        return refuse(_("You proposed it yourself: a second person decides."))
    return ALLOWED


def can_read_letter(actor: Actor, letter: Letter) -> Decision:
    if actor.body_id == letter.bid.body_id:
        return ALLOWED
    return can_read_lot(actor, letter.award.lot)


def can_refuse_award(actor: Actor, award: Award) -> Decision:
    if actor.body_id == award.bid.body_id and actor.has(*SUPPLIER_ROLES):
        return ALLOWED
    return refuse(_("Only the winner can refuse the award."))


def can_object(actor: Actor) -> Decision:
    if actor.body_kind == BodyKind.ORGANIZATION and actor.has(*SUPPLIER_ROLES):
        return ALLOWED
    return refuse(_("Suppliers object: act for your organization."))


def can_read_objection(actor: Actor, objection: Objection) -> Decision:
    if actor.body_id == objection.body_id and actor.has(*SUPPLIER_ROLES):
        return ALLOWED
    return can_read_lot(actor, objection.lot)


def can_handle_objection(actor: Actor, objection: Objection) -> Decision:
    """Accept, refuse, answer, lift the hold: an officer of the buyer or its agent."""
    return can_run_review(actor, objection.lot)


def can_withdraw_objection(actor: Actor, objection: Objection) -> Decision:
    return first_refusal(
        can_object(actor),
        ALLOWED
        if actor.body_id == objection.body_id
        else refuse(_("Only the supplier that objected may withdraw it.")),
    )


def can_suspend(actor: Actor) -> Decision:
    if actor.body_kind == BodyKind.SUPERVISOR and actor.has(Role.SUPERVISOR):
        return ALLOWED
    return refuse(_("Only the supervising department suspends a purchase."))
