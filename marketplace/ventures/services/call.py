"""Submission, confirmation, return, publication and closing of a call: two persons, one moment, everything frozen."""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import transaction
from marketplace.core import clock
from marketplace.core.decisions import Decision, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, Refused
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked, locked_all
from marketplace.funds.models import BudgetLine
from marketplace.publication.models import NoticeKind
from marketplace.publication.services import publish_notice
from marketplace.web.wizard import open_points

from ..events import CallClosed, CallConfirmed, CallPublished, CallReturned, CallSubmitted
from ..lifecycle import CALL
from ..models import Call, CallStatus, FormVersion
from ..notices import call_notice
from ..permissions.call import can_confirm_call, can_decide_call, can_prepare_call, can_return_call, funder_of
from ..rules.form import as_json
from ..selectors.call import checks_of, draft_blocks, off_of, rules_of, unconfirmed


def submit_call(*, actor: Actor, call_id: int) -> Call:
    """Hands the draft to the second officer and the joint funders. Refuses with the first rule that does not hold."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_prepare_call(actor, call))
        if call.status == CallStatus.DRAFT:
            _require_complete(checks_of(call))
        CALL.apply(call, "submit", actor=actor)
        call.submitted_by_id, call.return_reason = actor.user_id, ""
        call.save(update_fields=["submitted_by", "return_reason"])
        call.funders.update(confirmed_by=None, confirmed_at=None)
        log.record("call.submitted", call, actor, version=call.version)
        announce(CallSubmitted(call.pk))
    return call


def confirm_call(*, actor: Actor, call_id: int) -> Call:
    """A joint funder agrees to the call as submitted. A second time changes nothing; a return takes it back."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_confirm_call(actor, call))
        if call.status != CallStatus.SUBMITTED:
            raise MarketplaceError(_("Only a submitted call is confirmed."), code="wrong_state")
        row = funder_of(actor, call)
        if row is not None and row.confirmed_at is None:
            row.confirmed_by_id, row.confirmed_at = actor.user_id, clock.now()
            row.save(update_fields=["confirmed_by", "confirmed_at"])
            log.record("call.confirmed", call, actor, body=actor.body_name)
            announce(CallConfirmed(row.pk))
    return call


def return_call(*, actor: Actor, call_id: int, reason: str) -> Call:
    """Back to the officer, with what has to be changed: by the second officer, or by a funder who does not agree."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_return_call(actor, call))
        if not reason.strip():
            raise MarketplaceError(_("Write what has to be changed."), field="reason")
        CALL.apply(call, "return", actor=actor)
        call.return_reason = reason.strip()[:400]
        call.save(update_fields=["return_reason"])
        call.funders.update(confirmed_by=None, confirmed_at=None)
        log.record("call.returned", call, actor, reason=call.return_reason)
        announce(CallReturned(call.pk))
    return call


def publish_call(*, actor: Actor, call_id: int) -> Call:
    """Number, frozen rules, frozen form, notice: all in one transaction, or nothing.

    The lines are locked, so that two calls cannot promise the same money; dates are judged anew from this moment.
    """
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_decide_call(actor, call))
        locked_all(BudgetLine, sorted({pot.budget_line_id for pot in call.pots.all()}))
        CALL.apply(call, "publish", actor=actor)
        _require_complete(checks_of(call))
        _require_confirmed(call)
        _freeze(call, actor)
        call.snapshot = publish_notice(
            log=log,
            actor=actor,
            kind=NoticeKind.VENTURE_CALL,
            title=f"{call.title}申报公告",
            subject=call,
            project_number=call.number,
            body=call.lead,
            region=call.lead.region,
            data=call_notice(call),
        )
        call.save(update_fields=["snapshot"])
        log.record(
            "call.published",
            call,
            actor,
            project=call.number,
            title=call.title,
            deadline=call.deadline,
            pots={pot.name: pot.amount for pot in call.pots.all()},
            switched_off=off_of(call),
            notice=call.snapshot.number,
        )
        announce(CallPublished(call.pk))
    return call


def _require_complete(checks: dict[str, list[Decision]]) -> None:
    missing = open_points(checks)
    if missing:
        raise Refused(missing[0])


def _require_confirmed(call: Call) -> None:
    waiting = unconfirmed(call)
    if waiting:
        raise MarketplaceError(
            _("%(names)s has not confirmed yet; a joint call is published when every funder has.")
            % {"names": "、".join(waiting)},
            rule_id="R-PLAN-01",
        )


def _freeze(call: Call, actor: Actor) -> None:
    """From here the call lives by the rules and the form of this day."""
    call.number = next_number("call", call.lead.region)
    call.rules = rules_of(call, clock.today()).freeze()
    call.published_by_id, call.published_at = actor.user_id, clock.now()
    call.save(update_fields=["number", "rules", "published_by", "published_at"])
    freeze_form(call)


def freeze_form(call: Call) -> FormVersion:
    """The next version of the form, as its blocks stand now."""
    return FormVersion.objects.create(
        call=call,
        number=call.form_versions.count() + 1,
        blocks=as_json(draft_blocks(call)),
        frozen_at=clock.now(),
    )


def close_call(*, actor: Actor = SYSTEM, call_id: int) -> Call:
    """The deadline has passed: no application is taken any more, the pre-review begins. Safe to repeat."""
    with transaction() as log:
        call = locked(Call, call_id, "lead")
        if call.status != CallStatus.PUBLISHED:
            return call
        if call.deadline is None or clock.now() <= call.deadline:
            raise MarketplaceError(_("The deadline has not passed yet."), rule_id="R-TIME-07")
        CALL.apply(call, "close", actor=actor)
        call.closed_at = clock.now()
        call.save(update_fields=["closed_at"])
        log.record("call.closed", call, actor, project=call.number, deadline=call.deadline)
        announce(CallClosed(call.pk))
    return call
