"""The eligibility check by the buyer or its agent, never by the committee (R-OPEN-05, R-ELIG-01 … -05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, override

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.locking import locked
from marketplace.documents.services import store_upload

from ..events import EligibilityConcluded
from ..guards import not_suspended
from ..lifecycle import LOT
from ..models import (
    Bid,
    BidStatus,
    CreditList,
    CreditQuery,
    EligibilityCheck,
    EligibilityFinding,
    Lot,
    LotStatus,
)
from ..permissions.review import can_run_review
from ..rules.eligibility import CREDIT, LINKS, enough, missing_points
from ..rules.links import may_decide
from ..selectors.eligibility import check_points, failures
from ..selectors.review import opened_bids, values_of
from ..selectors.ties import bidder_links
from .voiding import RESULT_LANGUAGE, void_in_review

BID_PARTS = ("lot", "lot__tender", "body")


def start_check(*, actor: Actor, lot_id: int) -> EligibilityCheck:
    """Begin after the opening; ties between bidders are computed from the register and noted for every bid."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender")
        require_permission(can_run_review(actor, lot))
        require(_opening_is_over(lot))
        LOT.apply(lot, "check_eligibility", actor=actor)
        check = EligibilityCheck.objects.create(lot=lot, started_at=clock.now(), started_by_id=actor.user_id)
        _note_links(lot, actor)
        log.record("eligibility.started", lot, actor, project=lot.tender.number, lot=lot)
        return check


def _opening_is_over(lot: Lot) -> Decision:
    opening = getattr(lot, "opening", None)
    if opening is not None and opening.closed_at is not None:
        return ALLOWED
    return refuse(
        _("Bidders may still confirm the read-out or object to it. The check starts when the minutes are fixed."),
        "R-OPEN-04",
        due=opening.statements_until if opening else None,
    )


def _note_links(lot: Lot, actor: Actor) -> None:
    """Ties are noted in the words of the result, since they go into its letters."""
    ties = bidder_links(lot)
    names = dict(opened_bids(lot).values_list("pk", "body__name"))
    for bid_id, shared in ties.items():
        reason = "；".join(f"{names[tie.other]}（{tie.person}）" for tie in shared)
        _find(bid_id, LINKS, passed=not shared, reason=reason, actor=actor)


def _find(bid_id: int, point: str, *, passed: bool, reason: str, actor: Actor) -> None:
    EligibilityFinding.objects.update_or_create(
        bid_id=bid_id,
        point=point,
        defaults={
            "passed": passed,
            "reason": reason[:300],
            "checked_by_id": actor.user_id,
            "checked_at": clock.now(),
        },
    )


@dataclass(frozen=True)
class Finding:
    point: str
    passed: bool
    reason: str = ""


def record_findings(*, actor: Actor, bid_id: int, findings: Iterable[Finding]) -> Bid:
    """Note points of one bid. A «no» carries its reason; the credit record is computed from its look-ups alone."""
    with audit.transaction() as log:
        bid = locked(Bid, bid_id, *BID_PARTS)
        require_permission(can_run_review(actor, bid.lot))
        require(not_suspended(bid.lot), _is_checking(bid.lot))
        known = {point.key for point in check_points(bid.lot.tender)} - {CREDIT}
        for finding in findings:
            if finding.point == LINKS and _is_as_noted(bid, finding):
                continue
            require(_finding(finding, known), _tie(bid, finding))
            _find(bid.pk, finding.point, passed=finding.passed, reason=finding.reason.strip(), actor=actor)
            log.record(
                "eligibility.noted",
                bid,
                actor,
                project=bid.lot.tender.number,
                lot=bid.lot,
                point=finding.point,
                passed=finding.passed,
            )
        return bid


def _is_checking(lot: Lot) -> Decision:
    check = getattr(lot, "eligibility_check", None)
    if lot.status == LotStatus.ELIGIBILITY and check is not None and check.concluded_at is None:
        return ALLOWED
    return refuse(_("The eligibility check of this lot is not open: not begun, or concluded."), "R-OPEN-05")


def _finding(finding: Finding, known: set[str]) -> Decision:
    if finding.point not in known:
        return refuse(_("The documents do not ask for this point, so it must not be checked."), "R-EVAL-04")
    if not finding.passed and not finding.reason.strip():
        return refuse(_("Write down why this point is not met."), "R-EVAL-21", field=finding.point)
    return ALLOWED


def _is_as_noted(bid: Bid, finding: Finding) -> bool:
    return bid.findings.filter(point=LINKS, passed=finding.passed, reason=finding.reason.strip()).exists()


def _tie(bid: Bid, finding: Finding) -> Decision:
    """Two people of one name, or a tie that the register does not know: the officer decides, with the reason."""
    if finding.point != LINKS:
        return ALLOWED
    return may_decide(finding.passed, bidder_links(bid.lot).get(bid.pk, []), finding.reason)


def record_credit_query(*, actor: Actor, bid_id: int, credit_list: str, is_listed: bool, upload: Any) -> CreditQuery:
    """Keep the look-up of one of the three lists with its picture (R-ELIG-04)."""
    file = store_upload(upload, actor=actor, kinds=("pdf", "png", "jpg"))
    with audit.transaction() as log:
        bid = locked(Bid, bid_id, *BID_PARTS)
        require_permission(can_run_review(actor, bid.lot))
        require(not_suspended(bid.lot), _is_checking(bid.lot))
        query, _is_new = CreditQuery.objects.update_or_create(
            bid=bid,
            list=CreditList(credit_list),
            defaults={
                "is_listed": is_listed,
                "queried_at": clock.now(),
                "queried_by_id": actor.user_id,
                "file": file,
            },
        )
        log.record(
            "eligibility.credit_queried",
            bid,
            actor,
            project=bid.lot.tender.number,
            lot=bid.lot,
            list=query.list,
            is_listed=is_listed,
            file=file.sha256,
        )
        _note_credit(bid, actor)
        return query


def _note_credit(bid: Bid, actor: Actor) -> None:
    """The point «credit» follows from the three look-ups; it is there once all three are."""
    queries = list(bid.credit_queries.all())
    if len(queries) == len(CreditList):
        with override(RESULT_LANGUAGE):
            listed = "、".join(str(query.get_list_display()) for query in queries if query.is_listed)
        _find(bid.pk, CREDIT, passed=not listed, reason=listed, actor=actor)


def conclude_check(*, actor: Actor, lot_id: int) -> Lot:
    """Every point of every bid is noted: who failed is out, and with fewer than three left the lot is void."""
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "tender__buyer", "tender__agency")
        require_permission(can_run_review(actor, lot))
        require(not_suspended(lot), _is_checking(lot))
        bids = [bid for bid in opened_bids(lot) if bid.status == BidStatus.OPENED]
        require(*(_is_complete(bid) for bid in bids))
        left = [bid for bid in bids if _passes(log, actor, bid)]
        check = lot.eligibility_check
        check.concluded_at, check.concluded_by_id = clock.now(), actor.user_id
        check.save(update_fields=["concluded_at", "concluded_by"])
        log.record(
            "eligibility.concluded", lot, actor, project=lot.tender.number, lot=lot, passed=len(left), checked=len(bids)
        )
        announce(EligibilityConcluded(lot.pk))
        with override(RESULT_LANGUAGE):
            verdict = enough(len(left), values_of(lot.tender).fewest)
            if not verdict:
                void_in_review(log, actor=actor, lot=lot, reason=str(verdict.reason))
        return lot


def _is_complete(bid: Bid) -> Decision:
    return missing_points(
        bid.body.name,
        [point.key for point in check_points(bid.lot.tender)],
        list(bid.findings.values_list("point", flat=True)),
    )


def _passes(log: Log, actor: Actor, bid: Bid) -> bool:
    with override(RESULT_LANGUAGE):
        failed = failures(bid)
    if failed:
        bid.status, bid.invalid_reason = BidStatus.INELIGIBLE, "；".join(failed)[:300]
        bid.save(update_fields=["status", "invalid_reason"])
        log.record("bid.ineligible", bid, actor, project=bid.lot.tender.number, lot=bid.lot, reason=bid.invalid_reason)
    return not failed
