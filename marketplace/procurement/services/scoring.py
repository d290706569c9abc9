"""Scores: each member alone, saved as one goes, fixed at submission, corrected for two of the four reasons only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import ALLOWED, Decision, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked

from ..events import ScoresToCorrect
from ..guards import not_suspended
from ..models import (
    BidStatus,
    CommitteeMember,
    CorrectionReason,
    Criterion,
    CriterionRange,
    Lot,
    Score,
    ScoreCorrection,
    ScoreSheet,
)
from ..permissions.review import can_review
from ..rules.scoring import outliers, unequal_cells
from ..selectors.committee import is_complete
from ..selectors.review import leaf_criteria, objective_keys, points_of, reviewed_bids, seated
from .objective import deviations_noted
from .review import MEMBER_PARTS


@dataclass(frozen=True)
class Choice:
    """The range chosen for a criterion, and a note that only the member and the archive see. None: as it was."""

    range_id: int | None = None
    note: str | None = None


def save_scores(*, actor: Actor, member_id: int, bid_id: int, choices: Mapping[int, Choice]) -> int:
    """Save what the member chose or noted for one bid, by criterion. Returns how many criteria now have a score."""
    with audit.transaction():
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        sheet = ScoreSheet.objects.get(member=member)
        require(not_suspended(member.lot), _is_open(sheet), _can_be_scored(member.lot, bid_id))
        criteria = {row.pk: {each.pk: each for each in row.ranges.all()} for row in leaf_criteria(member.lot.tender)}
        for criterion_id, choice in choices.items():
            changes = _changes(criteria.get(criterion_id), criterion_id, choice)
            if changes:
                Score.objects.update_or_create(sheet=sheet, bid_id=bid_id, criterion_id=criterion_id, defaults=changes)
        return Score.objects.given().filter(sheet=sheet, bid_id=bid_id).count()


def _changes(ranges: Mapping[int, CriterionRange] | None, criterion_id: int, choice: Choice) -> dict[str, Any]:
    """The columns that the member has set; a note may come before the range."""
    changes: dict[str, Any] = {}
    if choice.range_id is not None or ranges is None:
        chosen = (ranges or {}).get(choice.range_id or 0)
        require(_is_published(chosen, criterion_id))
        changes = {"range": chosen, "points": chosen and chosen.points}
    if choice.note is not None:
        changes["note"] = choice.note.strip()[:500]
    return changes


def _is_open(sheet: ScoreSheet) -> Decision:
    if sheet.submitted_at is None:
        return ALLOWED
    return refuse(_("You have submitted your scores; they are fixed."), "R-EVAL-12")


def _can_be_scored(lot: Lot, bid_id: int) -> Decision:
    if lot.review.conformity_settled_at is None:
        return refuse(_("The committee settles first which bids conform."), "R-EVAL-21")
    if reviewed_bids(lot).filter(pk=bid_id, status=BidStatus.VALID).exists():
        return ALLOWED
    return refuse(_("This bid is not scored: it is not valid."), "R-EVAL-04")


def _is_published(chosen: CriterionRange | None, criterion_id: int) -> Decision:
    """Only a published range with its one score can be chosen (R-EVAL-03, -04)."""
    if chosen is not None and chosen.criterion_id == criterion_id:
        return ALLOWED
    return refuse(_("Choose one of the published ranges of this criterion."), "R-EVAL-04", field=f"c{criterion_id}")


def submit_sheet(*, actor: Actor, member_id: int) -> ScoreSheet:
    """Fix one's scores: every valid bid, every criterion. Submitting twice changes nothing."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        sheet = ScoreSheet.objects.get(member=member)
        if sheet.submitted_at is not None:
            return sheet
        require(not_suspended(member.lot), _is_complete(sheet, member.lot), deviations_noted(sheet, member.lot))
        sheet.submitted_at = clock.now()
        sheet.save(update_fields=["submitted_at"])
        log.record("scores.submitted", sheet, actor, project=member.lot.tender.number, lot=member.lot)
        if all_submitted(member.lot) and cells_to_correct(member.lot):
            announce(ScoresToCorrect(member.lot_id))
        return sheet


def _is_complete(sheet: ScoreSheet, lot: Lot) -> Decision:
    if lot.review.conformity_settled_at is None:
        return refuse(_("The committee settles first which bids conform."), "R-EVAL-21")
    wanted = reviewed_bids(lot).count() * len(leaf_criteria(lot.tender))
    missing = wanted - Score.objects.given().filter(sheet=sheet, bid__in=reviewed_bids(lot)).count()
    if missing == 0:
        return ALLOWED
    return refuse(
        _("%(missing)s scores are missing. Score every criterion of every bid, then submit.") % {"missing": missing},
        "R-EVAL-11",
    )


def all_submitted(lot: Lot) -> bool:
    """Only then members see anything of each other's scores; a free seat has not submitted."""
    return is_complete(lot) and not seated(lot).filter(sheet__submitted_at=None).exists()


def cells_to_correct(lot: Lot, criteria: list[Criterion] | None = None) -> list[tuple[int, int]]:
    """(criterion, bid) with objective scores that differ (R-EVAL-11). `criteria`: the leaves, if at hand."""
    return unequal_cells(points_of(lot), objective_keys(criteria or leaf_criteria(lot.tender)))


def correct_score(*, actor: Actor, member_id: int, score_id: int, range_id: int, reason: str) -> Score:
    """Change one's own submitted score: an unequal objective one, or one found absurdly high or low (R-EVAL-12)."""
    with audit.transaction() as log:
        member = locked(CommitteeMember, member_id, *MEMBER_PARTS)
        require_permission(can_review(actor, member))
        score = locked(Score, score_id, "sheet", "criterion")
        if score.sheet.member_id != member.pk:
            raise NotFound("")
        chosen = CriterionRange.objects.filter(pk=range_id).first()
        kind = correction_kind(member, score)
        require(
            not_suspended(member.lot),
            _may_correct(member.lot, kind),
            _is_published(chosen, score.criterion_id),
            ALLOWED if reason.strip() else refuse(_("Write down why."), "R-EVAL-12", field="reason"),
        )
        before, score.range, score.points = score.points, chosen, chosen.points  # type: ignore[union-attr]
        score.save(update_fields=["range", "points"])
        ScoreCorrection.objects.create(
            score=score,
            before=before or 0,
            after=score.points,
            kind=kind,
            reason=reason.strip()[:300],
            corrected_at=clock.now(),
        )
        log.record(
            "score.corrected",
            score,
            actor,
            project=member.lot.tender.number,
            before=before,
            after=score.points,
            kind=kind,
        )
        return score


def correction_kind(member: CommitteeMember, score: Score) -> str:
    """Which of the reasons holds for this score, if any."""
    lot = member.lot
    if (score.criterion_id, score.bid_id) in cells_to_correct(lot):
        return CorrectionReason.UNEQUAL
    criteria = leaf_criteria(lot.tender)
    full = {criterion.pk: criterion.points for criterion in criteria}
    for outlier in outliers(points_of(lot), full, objective_keys(criteria)):
        point = outlier.point
        if (point.member, point.bid, point.criterion) == (member.pk, score.bid_id, score.criterion_id):
            return CorrectionReason.OUTLIER
    return ""


def _may_correct(lot: Lot, kind: str) -> Decision:
    if not all_submitted(lot):
        return refuse(_("Scores are compared when every member has submitted."), "R-EVAL-11")
    if not kind:
        return refuse(
            _("A submitted score changes only if objective scores differ, or if it is far from the others."),
            "R-EVAL-12",
        )
    return ALLOWED
