"""What the public log says of a real procedure: nothing of bids before the opening, nothing of the review before the result."""

from __future__ import annotations

import pytest

from marketplace.audit.disclosure import Stage
from marketplace.audit.models import LogEntry
from marketplace.audit.selectors import history
from marketplace.audit.verification import verify
from marketplace.procurement.models import Lot
from tests.factories.bids import closed_lot, hand_in
from tests.factories.review import awarded_lot

pytestmark = pytest.mark.django_db


def disclosed(lot: Lot, *actions: str) -> set[bool]:
    rows = LogEntry.objects.filter(lot=str(lot.pk), action__in=actions)
    assert {row.action for row in rows} == set(actions)
    return {row.disclosed_at is not None for row in rows}


def test_closing_discloses_nothing_and_opening_the_bids() -> None:
    """R-TENDER-14, R-BID-07."""
    lot = closed_lot()
    assert disclosed(lot, "bid.submitted", "lot.closed") == {False}
    assert not {entry.action for entry in history(lot.tender.number)} & {"bid.submitted", "lot.closed"}
    hand_in(lot)
    assert disclosed(lot, "bid.submitted", "lot.closed", "lot.opened", "bid.opened") == {True}
    assert verify().findings == []


def test_the_result_discloses_the_review_but_no_single_member() -> None:
    """R-COMM-11."""
    award = awarded_lot()
    assert disclosed(award.lot, "committee.drawn", "review.started", "award.published") == {True}
    members = LogEntry.objects.filter(action__in=["scores.submitted", "member.declared", "report.signed"])
    assert members.exists()
    assert not members.exclude(disclosed_at=None).exists()
    waiting = LogEntry.objects.filter(stage__in=[Stage.OPENING, Stage.RESULT])
    assert not waiting.filter(lot="").exists(), "an entry without its lot would never be disclosed"
    assert verify().findings == []
