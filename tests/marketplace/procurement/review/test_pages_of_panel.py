"""The committee's pages over HTTP: only the own seat, only in time, saved as one goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from marketplace.procurement.models import BidFile, Score
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from marketplace.procurement.services.scoring import Choice, save_scores, submit_sheet
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
    content = page.content.decode()
    assert content.count('class="open"') == 8
    assert "已评 0 / 8 项" in content
    bid = reviewed_bids(panel.lot)[0]
    assert f'href="{url("panel-score", member.pk, bid.pk)}#criterion-1"' in content
    assert url("panel-submit", member.pk) not in content


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
    assert response.url == url("panel-score", member.pk, bids[1].pk) + "#criterion-1"
    assert Score.objects.filter(sheet__member=member).count() == 2


def test_next_goes_to_the_next_gap_and_home_when_there_is_none(panel: Panel, client_for: Any) -> None:
    member, bids = panel.members[0], list(reviewed_bids(panel.lot))
    client = client_for(panel.actor(member))
    first, second = leaf_criteria(panel.lot.tender)
    both = {f"c{first.pk}": choose(first, 0).range_id, f"c{second.pk}": choose(second, 0).range_id}
    for bid in (bids[0], bids[1], bids[3]):
        client.post(url("panel-score", member.pk, bid.pk), both)
    client.post(url("panel-score", member.pk, bids[2].pk), {f"c{first.pk}": choose(first, 0).range_id})
    gap = url("panel-score", member.pk, bids[2].pk) + "#criterion-2"
    assert client.post(url("panel-score", member.pk, bids[3].pk), {"next": "1"}).url == gap
    assert gap in client.get(url("panel-detail", member.pk)).content.decode()
    last = {f"c{second.pk}": choose(second, 0).range_id, "next": "1"}
    assert client.post(url("panel-score", member.pk, bids[2].pk), last).url == url("panel-detail", member.pk)
    page = client.get(url("panel-detail", member.pk)).content.decode()
    assert url("panel-submit", member.pk) in page
    assert "85" in page


def test_a_choice_saves_itself_and_tells_how_far_one_is(panel: Panel, client_for: Any) -> None:
    member, bids = panel.members[0], list(reviewed_bids(panel.lot))
    client = client_for(panel.actor(member))
    first, second = leaf_criteria(panel.lot.tender)
    address = url("panel-score", member.pk, bids[0].pk)
    chosen = choose(first, 1).range_id
    answer = client.post(address, {"action": "autosave", f"c{first.pk}": chosen, f"n{first.pk}": "方案可行"})
    assert answer.status_code == 200
    saved = answer.json()
    assert (saved["done"], saved["scored_text"], saved["complete_text"]) == (1, "已评 1 / 8 项", "已评完 0 / 4 份")
    other = client.post(address, {"action": "autosave", f"c{second.pk}": choose(second, 0).range_id}).json()
    assert (other["done"], other["complete_text"]) == (2, "已评完 1 / 4 份")
    score = Score.objects.get(sheet__member=member, criterion=first)
    assert (score.range_id, score.note) == (chosen, "方案可行")
    refused = client.post(address, {"action": "autosave", f"c{first.pk}": choose(second, 0).range_id})
    assert (refused.status_code, refused.json()["text"]) == (422, "请从公布的档次中选择一个。")
    score.refresh_from_db()
    assert score.range_id == chosen


def test_a_note_before_the_choice_is_kept_and_counts_as_no_score(panel: Panel, client_for: Any) -> None:
    member, bid = panel.members[0], reviewed_bids(panel.lot)[0]
    client = client_for(panel.actor(member))
    first = leaf_criteria(panel.lot.tender)[0]
    address = url("panel-score", member.pk, bid.pk)
    saved = client.post(address, {"action": "autosave", f"n{first.pk}": "第三页人数前后不一"}).json()
    assert saved["done"] == 0
    score = Score.objects.get(sheet__member=member)
    assert (score.range, score.points, score.note) == (None, None, "第三页人数前后不一")
    assert "第三页人数前后不一" in client.get(address).content.decode()
    assert client.get(url("panel-detail", member.pk)).content.decode().count('class="open"') == 8
    client.post(address, {f"c{first.pk}": choose(first, 0).range_id})
    score.refresh_from_db()
    assert (score.points, score.note) == (choose_points(first), "第三页人数前后不一")


def choose_points(criterion: Any) -> Any:
    return criterion.ranges.order_by("-points")[0].points


def test_what_was_saved_after_the_submission_is_refused_in_words(panel: Panel, client_for: Any) -> None:
    score_all(panel)
    member, bid = panel.members[0], reviewed_bids(panel.lot)[0]
    first = leaf_criteria(panel.lot.tender)[0]
    answer = client_for(panel.actor(member)).post(
        url("panel-score", member.pk, bid.pk), {"action": "autosave", f"c{first.pk}": choose(first, 2).range_id}
    )
    assert answer.status_code == 422
    assert "R-EVAL-12" in answer.json()["text"]
    assert Score.objects.get(sheet__member=member, bid=bid, criterion=first).points == choose_points(first)


def test_no_page_or_answer_tells_anothers_score_before_all_have_submitted(panel: Panel, client_for: Any) -> None:
    """R-EVAL-11: one member submits scores that nobody else could have given; no page of another shows them."""
    mine, theirs = panel.members[:2]
    criteria, bids = leaf_criteria(panel.lot.tender), list(reviewed_bids(panel.lot))
    marked = criteria[0].ranges.order_by("-points")[1]
    type(marked).objects.filter(pk=marked.pk).update(points="31.37")
    for bid in bids:
        choices = {row.pk: choose(row, 1) for row in criteria}
        choices[criteria[0].pk] = Choice(marked.pk, "暗记备注")
        save_scores(actor=panel.actor(theirs), member_id=theirs.pk, bid_id=bid.pk, choices=choices)
    submit_sheet(actor=panel.actor(theirs), member_id=theirs.pk)
    client = client_for(panel.actor(mine))
    pages = ["panel-detail", "panel-corrections", "panel-prices"]
    seen = [client.get(url(name, mine.pk)).content.decode() for name in pages]
    buyer = client_for(panel.officer)
    seen += [buyer.get(url(name, panel.lot.pk)).content.decode() for name in ("lot-detail", "lot-committee")]
    assert not any("31.37" in page or "暗记备注" in page for page in seen)
    score = Score.objects.filter(sheet__member=theirs).first()
    assert client.get(url("panel-correct", mine.pk, score.pk)).status_code == 404
    own = client_for(panel.actor(theirs)).get(url("panel-detail", theirs.pk)).content.decode()
    assert "31.37" in own


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


def test_members_read_the_answers_of_a_bid_but_not_its_evidence(panel: Panel, client_for: Any) -> None:
    """Registration, accounts and social insurance belong to the eligibility check, not to the committee."""
    files = list(BidFile.objects.filter(bid__lot=panel.lot).select_related("file"))
    member = client_for(panel.actor(panel.members[0]))
    officer = client_for(panel.officer)
    evidence = next(row for row in files if row.purpose == "evidence")
    address = reverse("documents:file-download", args=[evidence.file_id])
    assert (answer_of(member, address), answer_of(officer, address)) == (404, 200)
    evidence.purpose = "technical"
    evidence.save(update_fields=["purpose"])
    assert answer_of(member, address) == 200


def answer_of(client: Any, address: str) -> int:
    response = client.get(address)
    response.close()
    return response.status_code
