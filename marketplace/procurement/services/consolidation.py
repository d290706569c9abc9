"""Consolidation: means, totals, ranks, the members' numbers; then the report and its signatures."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.locking import locked
from marketplace.core.money import round_half_up
from marketplace.documents.generation import latest_document, request_document
from marketplace.documents.services import sign_document

from ..events import LotConsolidated, LotReviewed
from ..lifecycle import LOT
from ..models import Bid, BidResult, CommitteeMember, Criterion, CriterionMean, Lot, LotStatus, Review
from ..permissions.review import can_lead, can_sign_report
from ..rules.result import Outcome, evaluate
from ..selectors.committee import may_sit, needed_for
from ..selectors.low_price import unsettled
from ..selectors.review import inputs_of, opened_bids, seated
from .review import MEMBER_PARTS
from .scoring import all_submitted, cells_to_correct

REPORT, SIGNATURES = "review_report", "review_signatures"
MEAN_PLACES = 4
SILENCE = timedelta(days=1)


def consolidate(*, actor: Actor, member_id: int) -> Lot:
    """The leader consolidates: everything is computed, nothing is typed."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        lot = member.lot
        if lot.status == LotStatus.CONSOLIDATED and member.is_leader and actor.user_id == member.user_id:
            return lot
        require_permission(can_lead(actor, member))
        require(*may_consolidate(lot))
        LOT.apply(lot, "consolidate", actor=actor)
        outcomes = evaluate(inputs_of(lot))
        bids = {bid.pk: bid for bid in opened_bids(lot)}
        for outcome in outcomes:
            _store(bids[outcome.bid], outcome)
        _label_members(list(seated(lot)))
        Review.objects.filter(lot=lot).update(consolidated_at=clock.now())
        log.record(
            "review.consolidated",
            lot,
            actor,
            project=lot.tender.number,
            lot=lot,
            totals={bids[outcome.bid].label: str(outcome.total) for outcome in outcomes},
        )
        request_document(REPORT, lot)
        announce(LotConsolidated(lot.pk))
        return lot


def may_consolidate(lot: Lot, criteria: list[Criterion] | None = None) -> list[Decision]:
    """Everything that still stands in the way; a page lists them."""
    low, is_submitted = unsettled(lot), all_submitted(lot)
    cells = cells_to_correct(lot, criteria) if is_submitted else []
    return [
        may_sit(lot, needed_for(lot)),
        ALLOWED
        if lot.review.conformity_settled_at
        else refuse(_("The conformity of the bids is not settled."), "R-EVAL-21"),
        ALLOWED if is_submitted else refuse(_("Not every member has submitted the scores."), "R-EVAL-11"),
        ALLOWED
        if not cells
        else refuse(
            _("Objective scores differ for %(count)s criteria; members correct them first.") % {"count": len(cells)},
            "R-EVAL-11",
        ),
        ALLOWED
        if not low
        else refuse(
            _("The price of %(names)s is abnormally low: ask in writing and decide first.")
            % {"names": "、".join(bid.body.name for bid in low)},
            "R-EVAL-15",
        ),
    ]


def _store(bid: Bid, outcome: Outcome) -> None:
    result = BidResult.objects.create(  # type: ignore[misc]
        bid=bid,
        evaluated_price=bid.price,
        price_points=round_half_up(outcome.price_points, MEAN_PLACES),
        total=outcome.total,
        rank=outcome.rank,
        is_tied=outcome.is_tied,
    )
    CriterionMean.objects.bulk_create(
        CriterionMean(
            result=result,
            criterion_id=criterion,
            mean=round_half_up(mean, MEAN_PLACES),
            exact=f"{mean.numerator}/{mean.denominator}",
        )
        for criterion, mean in outcome.means.items()
    )


def _label_members(members: list[CommitteeMember]) -> None:
    """成员 1 … n in an order drawn in secret and anew for each lot: nobody can join numbers and names."""
    secrets.SystemRandom().shuffle(members)
    for number, member in enumerate(members, start=1):
        member.public_label = number
        member.save(update_fields=["public_label"])


def sign_report(*, actor: Actor, member_id: int, code: str, dissent: str = "") -> CommitteeMember:
    """Sign the exact PDF, with a dissent in writing if there is one; the last signature hands it to the buyer."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_sign_report(actor, member))
        if member.signed_at is not None:
            return member
        report = latest_document(REPORT, member.lot)
        require(ALLOWED if report else refuse(_("The report is being made. Try again in a minute.")))
        sign_document(actor=actor, document=report, statement=_statement(dissent), code=code)  # type: ignore[arg-type]
        member.signed_at, member.dissent = clock.now(), dissent.strip()
        member.save(update_fields=["signed_at", "dissent"])
        log.record(
            "report.signed",
            member.lot,
            actor,
            project=member.lot.tender.number,
            lot=member.lot,
            dissents=bool(member.dissent),
            **({"dissent_sha256": dissent_hash(member.dissent)} if member.dissent else {}),
        )
        _sign_off(log, actor, member.lot)
        return member


def _statement(dissent: str) -> str:
    """A dissent is bound to the signature by its hash; its words stand on the page of signatures."""
    if dissent.strip():
        return f"已阅读评审报告，持不同意见，意见及理由见签署页，其 SHA-256：{dissent_hash(dissent)}"
    return "已阅读评审报告，同意其内容和结论。"


def dissent_hash(dissent: str) -> str:
    return sha256(dissent.strip().encode()).hexdigest()


def close_signing(*, actor: Actor, member_id: int) -> Lot:
    """A day after the report, who neither signed nor wrote a dissent counts as agreeing (R-COMM-12)."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        lot = member.lot
        require_permission(can_sign_report(actor, member))
        silent = list(seated(lot).filter(signed_at=None))
        until = (lot.review.consolidated_at or clock.now()) + SILENCE
        require(
            ALLOWED if member.is_leader else refuse(_("The leader of the committee does this."), "R-COMM-04"),
            ALLOWED if member.signed_at else refuse(_("Sign the report yourself first."), "R-COMM-12"),
            ALLOWED
            if clock.now() >= until
            else refuse(_("Members have a day to sign or to write their dissent."), "R-COMM-12", due=until),
        )
        log.record("report.signing_closed", lot, actor, project=lot.tender.number, lot=lot, silent=len(silent))
        _hand_over(log, actor, lot)
        return lot


def _sign_off(log: Log, actor: Actor, lot: Lot) -> None:
    if not seated(lot).filter(signed_at=None).exists():
        _hand_over(log, actor, lot)


def _hand_over(log: Log, actor: Actor, lot: Lot) -> None:
    """The signed report is with the buyer at once (R-AWARD-01)."""
    LOT.apply(lot, "sign_off", actor=actor)
    Review.objects.filter(lot=lot).update(reviewed_at=clock.now())
    log.record("lot.reviewed", lot, actor, project=lot.tender.number, lot=lot)
    request_document(SIGNATURES, lot)
    announce(LotReviewed(lot.pk))
