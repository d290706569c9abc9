"""The decision: the ranking fitted into the pots, amounts changed with reasons, handed in, agreed to, returned."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.accounts.actors import Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError
from marketplace.core.locking import locked

from ..events import DecisionProposed, DecisionReturned
from ..lifecycle import ASSESSMENT
from ..models import Assessment, AssessmentStatus, CallPot, FunderConsent, GrantProposal, ProposedShare
from ..permissions.assessment import can_approve_decision, can_consent, can_run_assessment
from ..rules import decision as rules
from ..rules.fitting import Fit, fit
from ..selectors.assessment import assessed
from ..selectors.decision import ZERO, asked_of, paying_bodies, pots_of, used_of, wish_of
from ..selectors.ranking import Line, ranking_of
from .assessment import is_in

# Frozen Chinese text, sent to applicants.
FUNDED = "按排名和资金池余额资助"
NO_MONEY = "按排名顺序，可用资金池余额不足，差 {missing} 元"
NO_WISH = "预算未向本次资金池申请资金"
NOT_LISTED = "未进入答辩名单"
PLACES = Decimal("0.01")


def fit_decision(*, actor: Actor, assessment_id: int) -> Fit:
    """Writes the line of every application anew: the ranking fitted into the pots (see `rules.fitting`)."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.DELIBERATION))
        lines, pots, asked = ranking_of(row), pots_of(row), asked_of(row)
        listed = set(row.defence.slots.values_list("application_id", flat=True)) if hasattr(row, "defence") else None
        rows = {application.pk: application for application in assessed(row)}
        wishes = [
            wish_of(rows[line.key], asked.get(line.key, {}), pots)
            for line in lines
            if asked.get(line.key) and (listed is None or line.key in listed)
        ]
        found = fit(wishes, {pot.pk: int(pot.amount * 100) for pot in pots})
        _write(row, lines, asked, found, listed)
        log.record(
            "decision.fitted",
            row,
            actor,
            project=row.call.number,
            funded=len(found.funded),
            left_out=len(lines) - len(found.funded),
        )
    return found


def _write(row: Assessment, lines: list[Line], asked: Mapping, found: Fit, listed: set | None) -> None:
    for share in ProposedShare.objects.filter(proposal__assessment=row).select_related("proposal__assessment"):
        share.delete()
    for line in lines:
        paid = found.funded.get(line.key, {})
        proposal, _is_new = GrantProposal.objects.update_or_create(
            assessment=row,
            application_id=line.key,
            defaults={
                "rank": line.rank,
                "place": line.place,
                "total": line.total,
                "asked": sum(asked.get(line.key, {}).values(), ZERO),
                "amount": _yuan(sum(paid.values())),
                "reason": _reason(line, found, listed),
            },
        )
        ProposedShare.objects.bulk_create(
            [ProposedShare(proposal=proposal, pot_id=pot, amount=_yuan(fen)) for pot, fen in paid.items()]
        )


def _reason(line: Line, found: Fit, listed: set | None) -> str:
    if line.key in found.funded:
        return FUNDED
    if listed is not None and line.key not in listed:
        return NOT_LISTED
    if line.key in found.left_out:
        return NO_MONEY.format(missing=f"{_yuan(found.left_out[line.key]):,.2f}")
    return NO_WISH


def _yuan(fen: int) -> Decimal:
    return (Decimal(fen) / 100).quantize(PLACES)


def change_amount(*, actor: Actor, proposal_id: int, shares: Mapping[int, Decimal], reason: str) -> GrantProposal:
    """Gives another amount, pot by pot, with the reason. Refuses more than asked, than the cap, than a pot has left."""
    with transaction() as log:
        proposal = locked(GrantProposal, proposal_id, "assessment__call", "application")
        row = proposal.assessment
        require_permission(can_run_assessment(actor, row))
        require(is_in(row, AssessmentStatus.DELIBERATION))
        if not reason.strip():
            raise MarketplaceError(_("Write why the amount is another one; the applicant reads it."), field="reason")
        pots = pots_of(row)
        wanted = {pot.pk: shares.get(pot.pk) or ZERO for pot in pots}
        amount = sum(wanted.values(), ZERO)
        require(*_shares_hold(proposal, pots, wanted), rules.amount_holds(amount, proposal.asked, row.call.grant_cap))
        for old in proposal.shares.all():
            old.delete()
        for pot in pots:
            if wanted[pot.pk]:
                proposal.shares.create(pot=pot, amount=wanted[pot.pk])
        before, proposal.amount, proposal.reason = proposal.amount, amount, reason.strip()[:300]
        proposal.save(update_fields=["amount", "reason"])
        log.record(
            "decision.amount_changed",
            proposal,
            actor,
            project=row.call.number,
            before=before,
            after=amount,
            reason=proposal.reason,
        )
    return proposal


def share_field(pot_id: int) -> str:
    return f"pot{pot_id}"


def _shares_hold(proposal: GrantProposal, pots: list[CallPot], wanted: Mapping[int, Decimal]) -> list[Decision]:
    used, theme = used_of(proposal.assessment, without=proposal), proposal.application.theme_id
    decisions: list[Decision] = []
    for pot in pots:
        sum_, field = wanted[pot.pk], share_field(pot.pk)
        decisions.append(rules.pot_is_open(pot.name, pot.theme_id, theme, sum_, field))
        decisions.append(rules.pot_holds(pot.name, pot.amount, used.get(pot.pk, ZERO), sum_, field))
    return decisions


def propose_decision(*, actor: Actor, assessment_id: int) -> Assessment:
    """Hands the decision in: to an approver of the lead, and to each joint funder whose pots pay."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_run_assessment(actor, row))
        ASSESSMENT.apply(row, "propose", actor=actor)
        require(*_is_whole(row))
        row.proposed_by_id, row.proposed_at, row.return_reason = actor.user_id, clock.now(), ""
        row.save(update_fields=["proposed_by", "proposed_at", "return_reason"])
        paying = paying_bodies(row)
        row.consents.update(given_by=None, given_at=None)
        for body_id in sorted(paying):
            FunderConsent.objects.get_or_create(assessment=row, body_id=body_id)
        log.record("decision.proposed", row, actor, project=row.call.number)
        announce(DecisionProposed(row.pk))
    return row


def _is_whole(row: Assessment) -> list[Decision]:
    missing = assessed(row).exclude(pk__in=row.proposals.values("application_id")).count()
    stale = _is_stale(row)
    pots = {pot.pk: pot for pot in pots_of(row)}
    used = used_of(row)
    return [
        refuse(_("%(count)s applications have no line yet. Fit the ranking into the pots.") % {"count": missing})
        if missing
        else ALLOWED,
        refuse(
            _("Scores changed after the ranking was fitted. Fit it again, and enter changed amounts anew."),
            "R-EVAL-24",
        )
        if stale
        else ALLOWED,
        ALLOWED
        if row.minutes
        else refuse(_("Write the minutes of the deliberation first."), "R-VENT-01", field="minutes"),
        *(rules.pot_holds(pots[key].name, pots[key].amount, ZERO, sum_, "amount") for key, sum_ in used.items()),
    ]


def _is_stale(row: Assessment) -> bool:
    now = {line.key: (line.rank, line.total) for line in ranking_of(row)}
    stored = row.proposals.values_list("application_id", "rank", "total")
    return any(now.get(key) != (rank, total) for key, rank, total in stored)


def give_consent(*, actor: Actor, assessment_id: int) -> FunderConsent:
    """A joint funder agrees to what its pots pay. A second time changes nothing."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        require_permission(can_consent(actor, row))
        require(is_in(row, AssessmentStatus.PROPOSED))
        consent = row.consents.get(body_id=actor.body_id)
        if consent.given_at is None:
            consent.given_by_id, consent.given_at = actor.user_id, clock.now()
            consent.save(update_fields=["given_by", "given_at"])
            log.record("decision.consented", row, actor, project=row.call.number, body=actor.body_name)
    return consent


def return_decision(*, actor: Actor, assessment_id: int, reason: str) -> Assessment:
    """Back to the deliberation, by the second officer or by a funder who does not agree; agreement is asked anew."""
    with transaction() as log:
        row = locked(Assessment, assessment_id, "call")
        if not can_consent(actor, row).allowed:
            require_permission(can_approve_decision(actor, row))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        ASSESSMENT.apply(row, "return", actor=actor)
        row.return_reason = reason.strip()[:400]
        row.save(update_fields=["return_reason"])
        row.consents.update(given_by=None, given_at=None)
        log.record("decision.returned", row, actor, project=row.call.number, reason=row.return_reason)
        announce(DecisionReturned(row.pk))
    return row
