"""An agreement from its draft to its call-in, lapse or cancellation. Signing by both sides makes the promise.

Refuses what the check list refuses, whoever submitted it as its approver, signing without a fresh second factor, and
promises beyond pot or line. No step takes money from anybody who has not signed an agreement (R-CHAR-02).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, gettext_noop

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, StaleVersion
from marketplace.core.identifiers import next_number
from marketplace.core.locking import locked
from marketplace.documents.generation import latest_document, request_document
from marketplace.documents.services import sign_document
from marketplace.funds.selectors import agreement_money
from marketplace.funds.services import income
from marketplace.ventures.models import Call, CallPot, CallStatus

from ..events import (
    AgreementCalled,
    AgreementCancelled,
    AgreementLapsed,
    AgreementOffered,
    AgreementReturned,
    AgreementSigned,
    AgreementSubmitted,
    PaymentReminder,
)
from ..lifecycle import AGREEMENT
from ..models import Agreement, AgreementKind, AgreementStatus, SponsorProfile
from ..permissions import (
    can_call_in,
    can_decide_agreement,
    can_draft_agreement,
    can_sign_agreement,
)
from ..rules.agreement import FIRST_REMINDER, LAST_REMINDER, called_amount, pay_due
from ..selectors import (
    agreement_document,
    checks_of,
    pots_to_choose,
    public_grants,
    signed_sides,
    sponsors_to_choose,
)

STATEMENT = gettext_noop("I have read this agreement in full and conclude it for %(body)s.")
FIELDS = (
    "kind", "amount", "restriction", "naming", "match_rule", "match_cap", "draw_order", "is_anonymous", "has_related",
    "related_text", "payee_name", "bank_name", "bank_account",
)  # fmt: skip


@dataclass(frozen=True)
class AgreementInput:
    """What an officer writes down."""

    sponsor_id: int
    pot_id: int
    kind: str
    amount: Decimal
    restriction: str = ""
    naming: str = ""
    match_rule: str = "none"
    match_cap: Decimal | None = None
    draw_order: str = "fifo"
    is_anonymous: bool = False
    has_related: bool | None = None
    related_text: str = ""
    payee_name: str = ""
    bank_name: str = ""
    bank_account: str = ""
    theme_ids: tuple[int, ...] = ()


def _lock(pk: int) -> Agreement:
    return locked(Agreement, pk, "call__lead", "sponsor", "pot__budget_line__fund")


def draft_agreement(*, actor: Actor, call_id: int, data: AgreementInput) -> Agreement:
    """A draft for a published call; its number is the reference of a later bank transfer."""
    with audit.transaction() as log:
        call = locked(Call, call_id, "lead")
        require_permission(can_draft_agreement(actor, call))
        if call.status not in (CallStatus.PUBLISHED, CallStatus.CLOSED):
            raise MarketplaceError(_("Agreements belong to a published call."), code="wrong_state")
        agreement = Agreement(
            call=call,
            number=next_number("agreement", call.lead.region),
            currency=settings.MARKETPLACE_CURRENCY,
            drafted_by_id=actor.user_id,
            drafted_at=clock.now(),
        )
        _write(agreement, data)
        log.record("agreement.drafted", agreement, actor, project=call.number, number=agreement.number)
    return agreement


def save_agreement(*, actor: Actor, agreement_id: int, version: int, data: AgreementInput) -> Agreement:
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_draft_agreement(actor, agreement.call))
        _expect(agreement, AgreementStatus.DRAFT)
        if agreement.version != version:
            raise StaleVersion(_("Somebody else saved this agreement meanwhile."), current=agreement)
        agreement.version += 1
        _write(agreement, data)
        log.record("agreement.saved", agreement, actor, project=agreement.call.number, version=agreement.version)
    return agreement


def _write(agreement: Agreement, data: AgreementInput) -> None:
    pot = next((pot for pot in pots_to_choose(agreement.call) if pot.pk == data.pot_id), None)
    if pot is None:
        raise MarketplaceError(_("Choose a pot of this call for sponsors' money or gifts."), field="pot")
    sponsor = next((body for body in sponsors_to_choose() if body.pk == data.sponsor_id), None)
    if sponsor is None:
        raise MarketplaceError(_("Choose an admitted sponsor."), field="sponsor")
    if data.kind not in AgreementKind.values or data.amount <= 0:
        raise MarketplaceError(_("Choose the kind of agreement and an amount above 0."), field="amount")
    agreement.pot, agreement.sponsor = pot, sponsor
    for name in FIELDS:
        setattr(agreement, name, getattr(data, name))
    agreement.save()
    agreement.themes.all().delete()
    for theme in agreement.call.themes.filter(pk__in=data.theme_ids):
        agreement.themes.create(theme=theme)


def _expect(agreement: Agreement, *statuses: str) -> None:
    if agreement.status not in statuses:
        raise MarketplaceError(
            _("This agreement is not in a state that allows it: %(state)s.")
            % {"state": agreement.get_status_display()},
            code="wrong_state",
        )


def submit_agreement(*, actor: Actor, agreement_id: int) -> Agreement:
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_draft_agreement(actor, agreement.call))
        require(*checks_of(agreement))
        AGREEMENT.apply(agreement, "submit", actor=actor)
        agreement.submitted_by_id, agreement.reason = actor.user_id, ""
        agreement.save(update_fields=["submitted_by", "reason"])
        log.record("agreement.submitted", agreement, actor, project=agreement.call.number)
        announce(AgreementSubmitted(agreement.pk))
    return agreement


def return_agreement(*, actor: Actor, agreement_id: int, reason: str) -> Agreement:
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_decide_agreement(actor, agreement))
        _note(agreement, reason)
        AGREEMENT.apply(agreement, "return", actor=actor)
        log.record("agreement.returned", agreement, actor, project=agreement.call.number, reason=agreement.reason)
        announce(AgreementReturned(agreement.pk))
    return agreement


def _note(agreement: Agreement, reason: str) -> None:
    if not reason.strip():
        raise MarketplaceError(_("Write down the reason."), field="reason")
    agreement.reason = reason.strip()[:400]
    agreement.save(update_fields=["reason"])


def offer_agreement(*, actor: Actor, agreement_id: int) -> Agreement:
    """The second officer's word: the text is fixed as a PDF and goes to the sponsor."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_decide_agreement(actor, agreement))
        require(*checks_of(agreement))
        AGREEMENT.apply(agreement, "offer", actor=actor)
        earlier = latest_document("sponsorship_agreement", agreement)
        agreement.offered_version = earlier.version + 1 if earlier else 1
        agreement.approved_by_id, agreement.offered_at = actor.user_id, clock.now()
        agreement.save(update_fields=["approved_by", "offered_at", "offered_version"])
        _give_code(agreement)
        request_document("sponsorship_agreement", agreement)
        log.record("agreement.offered", agreement, actor, project=agreement.call.number, amount=agreement.amount)
        announce(AgreementOffered(agreement.pk))
    return agreement


def _give_code(agreement: Agreement) -> None:
    if not SponsorProfile.objects.filter(body=agreement.sponsor).exists():
        SponsorProfile.objects.create(body=agreement.sponsor, code=next_number("sponsor", agreement.call.lead.region))


def take_back_agreement(*, actor: Actor, agreement_id: int, reason: str) -> Agreement:
    """Before both have signed, either side asks for another text; signatures stay with the old PDF."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_sign_agreement(actor, agreement))
        _note(agreement, reason)
        AGREEMENT.apply(agreement, "take_back", actor=actor)
        log.record("agreement.taken_back", agreement, actor, project=agreement.call.number, reason=agreement.reason)
        announce(AgreementReturned(agreement.pk))
    return agreement


def sign_agreement(*, actor: Actor, agreement_id: int, code: str) -> Agreement:
    """«系统签署确认» of one side, with a fresh second factor. With the second side's the promise stands."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_sign_agreement(actor, agreement))
        _expect(agreement, AgreementStatus.OFFERED)
        document = agreement_document(agreement)
        if document is None:
            raise MarketplaceError(_("The PDF is being made. Try again in a few seconds."), code="not_ready")
        if actor.body_id in signed_sides(document):
            raise MarketplaceError(_("This side has signed already; nothing more is needed."), code="repeated")
        sign_document(actor=actor, document=document, statement=_(STATEMENT) % {"body": actor.body_name}, code=code)
        log.record(
            "agreement.signed_by_side", agreement, actor, project=agreement.call.number, sha256=document.file.sha256
        )
        if signed_sides(document) >= {agreement.call.lead_id, agreement.sponsor_id}:
            _promise(log, actor, agreement)
    return agreement


def _promise(log: Any, actor: Actor, agreement: Agreement) -> None:
    locked(CallPot, agreement.pot_id)
    require(*checks_of(agreement))
    AGREEMENT.apply(agreement, "sign", actor=actor)
    agreement.signed_at = clock.now()
    agreement.save(update_fields=["signed_at"])
    income.promise(log=log, actor=actor, source=source_of(agreement, agreement), amount=agreement.amount)
    log.record(
        "agreement.signed",
        agreement,
        actor,
        project=agreement.call.number,
        number=agreement.number,
        amount=agreement.amount,
    )
    announce(AgreementSigned(agreement.pk))


def source_of(agreement: Agreement, subject: Any, step: str = "") -> income.Source:
    return income.Source(agreement.pot.budget_line_id, agreement, subject, agreement.number, step)


def cancel_agreement(*, actor: Actor, agreement_id: int, reason: str) -> Agreement:
    """Before the payment is open. A signed promise ends with it, if no contract holds the money."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_decide_agreement(actor, agreement))
        _note(agreement, reason)
        was_signed = agreement.status == AgreementStatus.SIGNED
        AGREEMENT.apply(agreement, "cancel", actor=actor)
        agreement.ended_at = clock.now()
        agreement.save(update_fields=["ended_at"])
        if was_signed:
            _end_promise(log, actor, agreement, "cancel")
        log.record("agreement.cancelled", agreement, actor, project=agreement.call.number, reason=agreement.reason)
        announce(AgreementCancelled(agreement.pk))
    return agreement


def _end_promise(log: Any, actor: Actor, agreement: Agreement, step: str) -> None:
    rest = agreement_money(agreement).open
    if rest > 0:
        income.withdraw(log=log, actor=actor, source=source_of(agreement, agreement, step), amount=rest)


def call_in(*, actor: Actor, agreement_id: int) -> Agreement:
    """The call has decided: the payment is open for 14 days. Safe to repeat. What matching does not call in ends."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        require_permission(can_call_in(actor, agreement))
        if agreement.status == AgreementStatus.CALLED:
            return agreement
        if agreement.call.status != CallStatus.CLOSED:
            raise MarketplaceError(_("The call has not been closed and decided yet."), code="wrong_state")
        due = called_amount(
            agreement.amount, agreement.match_rule, agreement.match_cap, public_grants(agreement.call_id)
        )
        if due <= 0:
            raise MarketplaceError(
                _("Matching calls nothing in: the public pots grant nothing yet."), rule_id="R-VENT-13"
            )
        AGREEMENT.apply(agreement, "call_in", actor=actor)
        agreement.called_at, agreement.due_amount = clock.now(), due
        agreement.pay_due = pay_due(agreement.called_at)
        agreement.save(update_fields=["called_at", "due_amount", "pay_due"])
        if due < agreement.amount:
            source = source_of(agreement, agreement, "not-called")
            income.withdraw(log=log, actor=actor, source=source, amount=agreement.amount - due)
        log.record(
            "agreement.called_in", agreement, actor, project=agreement.call.number, amount=due, due=agreement.pay_due
        )
        announce(AgreementCalled(agreement.pk))
    return agreement


def call_in_all(*, call_id: int, actor: Actor = SYSTEM) -> list[Agreement]:
    """All signed agreements of a decided call whose matching calls something in."""
    rows = Agreement.objects.filter(call_id=call_id, status=AgreementStatus.SIGNED).order_by("signed_at", "pk")
    public = public_grants(call_id)
    return [call_in(actor=actor, agreement_id=row.pk) for row in _with_something_due(rows, public)]


def _with_something_due(rows: Iterable[Agreement], public: Decimal) -> list[Agreement]:
    return [row for row in rows if called_amount(row.amount, row.match_rule, row.match_cap, public) > 0]


def lapse(*, agreement_id: int) -> Agreement:
    """The payment page has closed unpaid: the promise ends, and the lead is told what is short. Safe to repeat."""
    with audit.transaction() as log:
        agreement = _lock(agreement_id)
        if agreement.status != AgreementStatus.CALLED:
            return agreement
        if agreement.pay_due is None or clock.now() <= agreement.pay_due:
            raise MarketplaceError(_("The payment is still open."), rule_id="R-TIME-07")
        AGREEMENT.apply(agreement, "lapse", actor=SYSTEM)
        agreement.ended_at = clock.now()
        agreement.save(update_fields=["ended_at"])
        _end_promise(log, SYSTEM, agreement, "lapse")
        log.record("agreement.lapsed", agreement, SYSTEM, project=agreement.call.number, amount=agreement.to_pay)
        announce(AgreementLapsed(agreement.pk))
    return agreement


def remind(*, agreement_id: int) -> Agreement:
    """Seven and two days before the page closes, each once."""
    with audit.transaction():
        agreement = _lock(agreement_id)
        if agreement.status != AgreementStatus.CALLED or agreement.pay_due is None:
            return agreement
        left = agreement.pay_due - clock.now()
        if left <= LAST_REMINDER and agreement.reminded_last_at is None:
            _remind(agreement, "reminded_last_at", LAST_REMINDER)
        elif left <= FIRST_REMINDER and agreement.reminded_week_at is None:
            _remind(agreement, "reminded_week_at", FIRST_REMINDER)
    return agreement


def _remind(agreement: Agreement, field: str, before: timedelta) -> None:
    setattr(agreement, field, clock.now())
    agreement.save(update_fields=[field])
    announce(PaymentReminder(agreement.pk, before.days))
