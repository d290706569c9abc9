"""Objective criteria: the score is computed from the range that the bid says to meet (R-EVAL-11).

The committee checks it against the evidence: a member who finds another range chooses that one and notes why.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from marketplace.core.decisions import Decision, allow, refuse

from ..models import BidStatus, Lot, Score, ScoreSheet
from ..selectors.review import leaf_criteria, reviewed_bids, seated, stated_ranges


def compute_objective(lot: Lot) -> None:
    """Fill the open sheets, once the conformity is settled: a substitute's sheet then too. What is scored stays."""
    criteria = leaf_criteria(lot.tender)
    stated = [
        (bid, chosen)
        for bid in reviewed_bids(lot).filter(status=BidStatus.VALID)
        for chosen in stated_ranges(bid, criteria).values()
    ]
    sheets = ScoreSheet.objects.filter(member__in=seated(lot), submitted_at=None)
    Score.objects.bulk_create(
        [
            Score(sheet=sheet, bid=bid, criterion_id=chosen.criterion_id, range=chosen, points=chosen.points)
            for sheet in sheets
            for bid, chosen in stated
        ],
        ignore_conflicts=True,
    )


def deviations_noted(sheet: ScoreSheet, lot: Lot) -> Decision:
    """Another range than the bid states needs a note: why the evidence does not carry the stated one."""
    criteria = leaf_criteria(lot.tender)
    given = {(row.bid_id, row.criterion_id): row for row in Score.objects.given().filter(sheet=sheet)}
    titles = {row.pk: row.title for row in criteria}
    for bid in reviewed_bids(lot):
        for key, stated in stated_ranges(bid, criteria).items():
            score = given.get((bid.pk, key))
            if score is not None and score.range_id != stated.pk and not score.note:
                return refuse(
                    _(
                        "%(bidder)s, «%(criterion)s»: you chose another range than the bid states. Note why the "
                        "evidence does not carry the stated one, then submit."
                    )
                    % {"bidder": bid.body.name, "criterion": titles[key]},
                    "R-EVAL-11",
                )
    return allow("R-EVAL-11")
