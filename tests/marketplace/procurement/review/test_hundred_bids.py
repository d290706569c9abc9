"""With a hundred bids every page of the review asks the database as often as with four, and at most 25 times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.core import clock
from marketplace.procurement.models import Bid, BidResult, EligibilityFinding, Score, ScoreSheet
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from marketplace.procurement.services.consolidation import consolidate
from tests.factories.review import Panel, reviewing_lot, sign

from .conftest import Stage, staged

pytestmark = pytest.mark.django_db
BIDS = 100


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, reviewing_lot) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def fill_up(panel: Panel) -> None:
    """Ninety-six more bidders, with what the eligibility check noted about them."""
    pattern = reviewed_bids(panel.lot)[0]
    noted = list(EligibilityFinding.objects.filter(bid=pattern))
    bodies = Body.objects.bulk_create(
        Body(kind=BodyKind.ORGANIZATION, name=f"第{n}社会服务社", code=f"5231{n:014d}") for n in range(BIDS - 4)
    )
    bids = []
    for n, body in enumerate(bodies):
        copy = Bid.objects.get(pk=pattern.pk)
        copy.pk, copy.body, copy.draft, copy.receipt_number, copy.label = None, body, None, f"R-{n}", f"Z{n}"
        copy.price += n
        bids.append(copy)
    made = Bid.objects.bulk_create(bids)
    EligibilityFinding.objects.bulk_create(
        EligibilityFinding(
            bid=bid,
            point=row.point,
            passed=True,
            checked_by_id=row.checked_by_id,
            checked_at=row.checked_at,
        )
        for bid in made
        for row in noted
    )


def score_everything(panel: Panel) -> None:
    bids, criteria = list(reviewed_bids(panel.lot)), leaf_criteria(panel.lot.tender)
    for place, member in enumerate(panel.members):
        Score.objects.bulk_create(
            Score(sheet=member.sheet, bid=bid, criterion=row, range=chosen, points=chosen.points)
            for number, bid in enumerate(bids)
            for row in criteria
            for chosen in [row.ranges.all()[number % 2 + (place == 4 and row.kind == "judgement" and number % 7 == 0)]]
        )
    ScoreSheet.objects.filter(member__lot=panel.lot).update(submitted_at=clock.now())


def count(client: Client, name: str, *args: int) -> int:
    address = reverse(f"procurement:{name}", args=args)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def counts(panel: Panel, client_for: Any, pages: tuple[str, ...]) -> dict[str, int]:
    """Queries of each page: of the leader for «panel-…», of the officer otherwise; the second call counts."""
    member, bid = panel.leader, reviewed_bids(panel.lot)[0]
    people = {True: client_for(panel.actor(member)), False: client_for(panel.officer)}
    found = {}
    for name in pages:
        is_panel = name.startswith("panel")
        args = [member.pk if is_panel else panel.lot.pk]
        if name in ("panel-score", "panel-conformity", "eligibility-check"):
            args.append(bid.pk)
        count(people[is_panel], name, *args)
        found[name] = count(people[is_panel], name, *args)
    return found


SCORING = (
    "panel-detail",
    "panel-score",
    "panel-conformity",
    "panel-prices",
    "panel-corrections",
    "lot-detail",
    "lot-eligibility",
    "eligibility-check",
    "lot-committee",
)
AFTER = ("panel-detail", "panel-report", "lot-detail", "lot-award")


def test_a_hundred_bids_cost_no_more_queries(panel: Panel, client_for: Any) -> None:
    few = counts(panel, client_for, SCORING)
    fill_up(panel)
    assert reviewed_bids(panel.lot).count() == BIDS
    many = counts(panel, client_for, SCORING)
    assert many == few
    assert max(many.values()) <= 25, many
    score_everything(panel)
    compared = counts(panel, client_for, SCORING)
    assert max(compared.values()) <= 25, compared

    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    for member in panel.members:
        sign(panel, member)
    panel.refresh()
    assert BidResult.objects.filter(bid__lot=panel.lot).count() == BIDS
    ended = counts(panel, client_for, AFTER)
    assert max(ended.values()) <= 25, ended
