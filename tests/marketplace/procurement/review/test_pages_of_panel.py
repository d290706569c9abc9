"""The committee's pages over HTTP: only the own seat, only in time, saved as one goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from marketplace.procurement.models import Score
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from tests.factories.review import Panel, choose, reviewing_lot, score_all

from .conftest import Stage, staged

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, reviewing_lot) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def url(name: str, *args: Any) -> str:
    return reverse(f"procurement:{name}", args=args)


def test_a_member_sees_the_own_work(panel: Panel, client_for: Any) -> None:
    member = panel.members[0]
    client = client_for(panel.actor(member))
    assert panel.lot.number in client.get(url("panel-list")).content.decode()
    page = client.get(url("panel-detail", member.pk))
    assert page.status_code == 200
    assert page.content.decode().count("<meter") == 4


def test_nobody_sees_another_seat(panel: Panel, client_for: Any) -> None:
    mine, theirs = panel.members[:2]
    client = client_for(panel.actor(mine))
    bid = reviewed_bids(panel.lot)[0]
    for name, *more in (
        ("panel-detail",),
        ("panel-answer",),
        ("panel-declaration",),
        ("panel-leader",),
        ("panel-conformity", bid.pk),
        ("panel-score", bid.pk),
        ("panel-corrections",),
        ("panel-prices",),
        ("panel-report",),
    ):
        assert client.get(url(name, theirs.pk, *more)).status_code == 404


def test_the_buyer_sees_neither_scores_nor_names(panel: Panel, client_for: Any) -> None:
    """R-COMM-11, R-EVAL-11."""
    score_all(panel)
    page = client_for(panel.officer).get(url("lot-detail", panel.lot.pk)).content.decode()
    assert "专家 1" in page
    assert not any(str(member.user) in page for member in panel.members)
    assert client_for(panel.officer).get(url("lot-award", panel.lot.pk)).status_code == 404


def test_scores_are_saved_as_one_goes(panel: Panel, client_for: Any) -> None:
    member, bids = panel.members[0], list(reviewed_bids(panel.lot))
    client = client_for(panel.actor(member))
    first, second = leaf_criteria(panel.lot.tender)
    address = url("panel-score", member.pk, bids[0].pk)
    assert client.get(address).status_code == 200
    chosen = choose(first, 1).range_id
    response = client.post(address, {f"c{first.pk}": chosen, f"n{first.pk}": "方案可行"})
    assert response.status_code == 302
    assert response.url == address
    score = Score.objects.get(sheet__member=member)
    assert (score.criterion_id, score.range_id, score.note) == (first.pk, chosen, "方案可行")
    page = client.get(address).content.decode()
    assert "方案可行" in page
    assert page.count(" checked") == 1
    response = client.post(address, {f"c{second.pk}": choose(second, 0).range_id, "next": "1"})
    assert response.url == url("panel-score", member.pk, bids[1].pk)
    assert Score.objects.filter(sheet__member=member).count() == 2


def test_a_range_of_another_criterion_is_refused(panel: Panel, client_for: Any) -> None:
    """R-EVAL-04: nothing but the published ranges."""
    member, bid = panel.members[0], reviewed_bids(panel.lot)[0]
    first, second = leaf_criteria(panel.lot.tender)
    response = client_for(panel.actor(member)).post(
        url("panel-score", member.pk, bid.pk), {f"c{first.pk}": choose(second, 0).range_id}
    )
    assert response.status_code == 422
    assert not Score.objects.exists()


def test_gaps_are_named_at_submission(panel: Panel, client_for: Any) -> None:
    member = panel.members[0]
    response = client_for(panel.actor(member)).post(url("panel-submit", member.pk), follow=True)
    assert "R-EVAL-11" in response.content.decode()
    member.sheet.refresh_from_db()
    assert member.sheet.submitted_at is None


def test_nothing_is_compared_before_all_have_submitted(panel: Panel, client_for: Any) -> None:
    member = panel.members[0]
    page = client_for(panel.actor(member)).get(url("panel-corrections", member.pk)).content.decode()
    assert "empty-title" in page
    assert "<table" not in page


@pytest.mark.parametrize("name", ["panel-corrections", "panel-prices", "panel-detail"])
def test_pages_after_submission(panel: Panel, client_for: Any, name: str) -> None:
    score_all(panel)
    member = panel.leader
    assert client_for(panel.actor(member)).get(url(name, member.pk)).status_code == 200


def test_queries_do_not_grow_with_the_bids(panel: Panel, client_for: Any, django_assert_max_num_queries: Any) -> None:
    member = panel.leader
    client = client_for(panel.actor(member))
    bid = reviewed_bids(panel.lot)[0]
    client.get(url("panel-list"))
    for name, *more in (("panel-list",), ("panel-detail",), ("panel-score", bid.pk), ("panel-prices",)):
        with django_assert_max_num_queries(25):
            client.get(url(name, *([] if name == "panel-list" else [member.pk]), *more))
