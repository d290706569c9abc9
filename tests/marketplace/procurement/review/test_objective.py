"""Objective criteria: the bidder states the range, the score is computed, another one needs a note (R-EVAL-11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from marketplace.core.exceptions import Refused
from marketplace.procurement.models import Bid, Criterion, CriterionKind, Score
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from marketplace.procurement.services.review import vote_conformity
from marketplace.procurement.services.scoring import Choice, save_scores, submit_sheet
from tests.factories.review import Panel, choose
from tests.support.signed_in import client_for

from .conftest import Stage, staged
from .test_scoring import sitting

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, sitting) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    """The first bid states the second-best range of the objective criterion; then the conformity is settled."""
    panel = at_stage(stage)
    criterion, bid = objective(panel), first(panel)
    bid.contents = {**(bid.contents or {}), "stated": {str(criterion.pk): str(ranges(criterion)[1].pk)}}
    bid.save(update_fields=["contents"])
    for member in panel.members:
        for each in reviewed_bids(panel.lot):
            vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=each.pk, conforms=True)
    panel.refresh()
    return panel


def objective(panel: Panel) -> Criterion:
    return next(row for row in leaf_criteria(panel.lot.tender) if row.kind == CriterionKind.OBJECTIVE)


def ranges(criterion: Criterion) -> list[Any]:
    return list(criterion.ranges.order_by("-points"))


def first(panel: Panel) -> Bid:
    return reviewed_bids(panel.lot)[0]


def score_the_rest(panel: Panel, level: int, note: str | None = None) -> None:
    """One member scores all; the stated criterion of the first bid gets the range `level` and a note."""
    member, stated = panel.members[0], objective(panel)
    for bid in reviewed_bids(panel.lot):
        choices = {row.pk: choose(row, 0) for row in leaf_criteria(panel.lot.tender)}
        if bid == first(panel):
            choices[stated.pk] = Choice(ranges(stated)[level].pk, note)
        save_scores(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, choices=choices)


def test_every_sheet_holds_the_score_of_the_stated_range(panel: Panel) -> None:
    expected = ranges(objective(panel))[1]
    found = Score.objects.values_list("sheet__member", "bid", "criterion", "range", "points")
    assert sorted(found) == sorted(
        (member.pk, first(panel).pk, expected.criterion_id, expected.pk, expected.points) for member in panel.members
    )


def test_a_range_of_another_criterion_computes_nothing(stage: Stage, at_stage: Callable[[Stage], Panel]) -> None:
    panel = at_stage(stage)
    other = next(row for row in leaf_criteria(panel.lot.tender) if row != objective(panel))
    bid = first(panel)
    bid.contents = {**(bid.contents or {}), "stated": {str(objective(panel).pk): str(ranges(other)[0].pk)}}
    bid.save(update_fields=["contents"])
    for member in panel.members:
        for each in reviewed_bids(panel.lot):
            vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=each.pk, conforms=True)
    assert not Score.objects.exists()


def test_another_range_needs_a_note_before_the_sheet_is_submitted(panel: Panel) -> None:
    member = panel.members[0]
    score_the_rest(panel, 2)
    with pytest.raises(Refused) as refused:
        submit_sheet(actor=panel.actor(member), member_id=member.pk)
    assert refused.value.rule_id == "R-EVAL-11"
    assert objective(panel).title in str(refused.value)
    member.sheet.refresh_from_db()
    assert member.sheet.submitted_at is None
    score_the_rest(panel, 2, "合同只有两份，第三份无法核实。")
    assert submit_sheet(actor=panel.actor(member), member_id=member.pk).submitted_at is not None


def test_the_stated_range_is_confirmed_by_submitting(panel: Panel) -> None:
    member = panel.members[0]
    score_the_rest(panel, 1)
    assert submit_sheet(actor=panel.actor(member), member_id=member.pk).submitted_at is not None


def test_the_page_says_what_the_bid_states(panel: Panel) -> None:
    member, expected = panel.members[0], ranges(objective(panel))[1]
    page = client_for(panel.actor(member)).get(reverse("procurement:panel-score", args=[member.pk, first(panel).pk]))
    text = page.content.decode()
    assert f"投标自报“{expected.text}”" in text
    assert f'value="{expected.pk}" checked' in text
