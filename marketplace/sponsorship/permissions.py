"""Who drafts, approves, signs, pays, books and gives back. Four eyes wherever money or a promise moves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.decisions import ALLOWED, Decision, refuse
from marketplace.ventures.models import Call

from .models import Agreement, BankLine, Payment, Refund

KEEPERS = (Role.OFFICER, Role.APPROVER, Role.FINANCE)


def is_lead(actor: Actor, call: Call) -> bool:
    return actor.body_id is not None and actor.body_id == call.lead_id


def is_sponsor(actor: Actor, agreement: Agreement) -> bool:
    return actor.body_id is not None and actor.body_id == agreement.sponsor_id and actor.has(Role.ORG_ADMIN)


def can_view_sponsorships(actor: Actor) -> Decision:
    """The list: people of government bodies, administrators of bodies that sponsor, auditors and supervisors."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(*KEEPERS):
        return ALLOWED
    if actor.body_kind in (BodyKind.SPONSOR, BodyKind.ORGANIZATION) and actor.has(Role.ORG_ADMIN):
        return ALLOWED
    if actor.has(Role.AUDITOR, Role.SUPERVISOR):
        return ALLOWED
    return refuse(_("Agreements are kept by the bodies that lead calls and by their sponsors."))


def can_draft_agreement(actor: Actor, call: Call) -> Decision:
    if is_lead(actor, call) and actor.has(Role.OFFICER):
        return ALLOWED
    return refuse(_("An officer of the body that leads the call does this."))


def can_decide_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """Offer, or return, what another person submitted; cancel a promise."""
    if not (is_lead(actor, agreement.call) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the body that leads the call decides on this."))
    if actor.user_id == agreement.submitted_by_id:
        return refuse(_("You submitted it yourself: a second person must check it."))
    return ALLOWED


def can_sign_agreement(actor: Actor, agreement: Agreement) -> Decision:
    if is_lead(actor, agreement.call) and actor.has(Role.APPROVER):
        return ALLOWED
    if is_sponsor(actor, agreement):
        return ALLOWED
    return refuse(_("An approver of the lead and an administrator of the sponsor sign."))


def can_call_in(actor: Actor, agreement: Agreement) -> Decision:
    if actor.has("system"):
        return ALLOWED
    return can_draft_agreement(actor, agreement.call)


def can_pay(actor: Actor, agreement: Agreement) -> Decision:
    """R-CHAR-02: nobody but the sponsor of a signed agreement pays here."""
    if is_sponsor(actor, agreement):
        return ALLOWED
    return refuse(_("Only the sponsor pays its own agreement; this site takes no donations."), "R-CHAR-02")


def can_keep_money(actor: Actor) -> Decision:
    """Statements, held payments, refunds: finance officers of government bodies, each for the own calls."""
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.FINANCE):
        return ALLOWED
    return refuse(_("A finance officer of the body that leads the call does this."))


def can_view_money(actor: Actor) -> Decision:
    if actor.body_kind == BodyKind.GOVERNMENT and actor.has(Role.FINANCE, Role.APPROVER):
        return ALLOWED
    return can_keep_money(actor)


def can_keep_payment(actor: Actor, payment: Payment) -> Decision:
    if payment.agreement is not None and is_lead(actor, payment.agreement.call) and actor.has(Role.FINANCE):
        return ALLOWED
    return refuse(_("A finance officer of the body that leads the call does this."))


def can_decide_refund(actor: Actor, refund: Refund) -> Decision:
    agreement = refund.payment.agreement
    if agreement is None or not (is_lead(actor, agreement.call) and actor.has(Role.APPROVER)):
        return refuse(_("An approver of the body that leads the call decides on this."))
    if actor.user_id == refund.asked_by_id:
        return refuse(_("You asked for it yourself: a second person must check it."))
    return ALLOWED


def can_propose_line(actor: Actor, line: BankLine) -> Decision:
    if line.statement.body_id == actor.body_id and actor.has(Role.FINANCE):
        return ALLOWED
    return refuse(_("A finance officer of the body that leads the call does this."))


def can_decide_line(actor: Actor, line: BankLine) -> Decision:
    """A second person: another finance officer, or an approver."""
    if line.statement.body_id != actor.body_id or not actor.has(Role.FINANCE, Role.APPROVER):
        return refuse(_("A second finance officer or an approver decides on this."))
    if actor.user_id == line.proposed_by_id:
        return refuse(_("You proposed it yourself: a second person must check it."))
    return ALLOWED


def can_operate_webhooks(actor: Actor) -> Decision:
    if actor.has(Role.OPERATOR):
        return ALLOWED
    return refuse(_("The operator of the marketplace looks after deliveries."))
