"""R-EVAL-03 … -24: conformity, low prices, scores, corrections, consolidation, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.urls import reverse

from marketplace.audit.reading import pdf_text
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.documents.generation import latest_document
from marketplace.documents.models import Signature
from marketplace.documents.services import open_file
from marketplace.procurement.events import LotConsolidated, LotReviewed, PriceQueried, ScoresToCorrect
from marketplace.procurement.models import (
    Bid,
    BidResult,
    BidStatus,
    ConformityVote,
    CriterionKind,
    LotStatus,
    PriceQuery,
    PriceVote,
    Score,
    ScoreCorrection,
)
from marketplace.procurement.selectors.low_price import triggered, unsettled
from marketplace.procurement.selectors.review import leaf_criteria, reviewed_bids
from marketplace.procurement.services.consolidation import close_signing, consolidate
from marketplace.procurement.services.low_price import (
    PriceQuestion,
    answer_price_query,
    ask_about_price,
    vote_price,
)
from marketplace.procurement.services.review import start_review, vote_conformity
from marketplace.procurement.services.scoring import Choice, correct_score, save_scores, submit_sheet
from tests.factories.review import (
    Panel,
    bidder_of,
    choose,
    elect,
    eligible_lot,
    score_all,
    seat_committee,
    sign,
)

from .conftest import Stage, announced, staged

pytestmark = pytest.mark.django_db
PRICES = ("1000000.00", "1080000.00", "1150000.00", "500000.00")
QUESTION = PriceQuestion("请说明人工成本如何覆盖，并附工资表。", 60)


def sitting() -> Panel:
    """The committee sits with its leader; nobody has voted on conformity yet. The last price is low."""
    panel = seat_committee(eligible_lot(4, prices=PRICES))
    start_review(actor=panel.officer, lot_id=panel.lot.pk, briefing="介绍项目背景与采购需求。")
    panel.refresh()
    elect(panel)
    return panel


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, sitting) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def bids_of(panel: Panel) -> list[Bid]:
    return list(reviewed_bids(panel.lot))


def vote_on(panel: Panel, bid: Bid, against: int = 0, reason: str = "服务期限不满足第三章第二条") -> None:
    """`against` of the five members find that it does not conform."""
    for number, member in enumerate(panel.members):
        no = number < against
        vote_conformity(
            actor=panel.actor(member),
            member_id=member.pk,
            bid_id=bid.pk,
            conforms=not no,
            reason=reason if no else "",
        )


def settle(panel: Panel, against: dict[int, int] | None = None) -> list[Bid]:
    """All vote on all; `against`: index of the bid → votes against it."""
    bids = bids_of(panel)
    for number, bid in enumerate(bids):
        vote_on(panel, bid, (against or {}).get(number, 0))
    panel.refresh()
    return bids


def ask(panel: Panel, bid: Bid, question: PriceQuestion = QUESTION) -> PriceQuery:
    leader = panel.leader
    return ask_about_price(actor=panel.actor(leader), member_id=leader.pk, bid_id=bid.pk, question=question)


def decide(panel: Panel, query: PriceQuery, yes: int) -> None:
    for number, member in enumerate(panel.members):
        vote_price(
            actor=panel.actor(member),
            member_id=member.pk,
            query_id=query.pk,
            is_justified=number < yes,
            reason="成本构成清楚" if number < yes else "未附证明",
        )


def test_the_majority_settles_conformity_after_the_last_vote(panel: Panel) -> None:
    """R-EVAL-21: three of five are a majority, two are not; nothing is settled earlier."""
    bids = bids_of(panel)
    vote_on(panel, bids[0], 3)
    vote_on(panel, bids[1], 2)
    vote_on(panel, bids[2])
    bids[0].refresh_from_db()
    assert bids[0].status == BidStatus.OPENED
    vote_on(panel, bids[3])
    statuses = [Bid.objects.get(pk=bid.pk).status for bid in bids]
    assert statuses == [BidStatus.INVALID, BidStatus.VALID, BidStatus.VALID, BidStatus.VALID]
    bids[0].refresh_from_db()
    assert bids[0].invalid_reason == "服务期限不满足第三章第二条"
    panel.refresh()
    assert (panel.lot.status, panel.lot.review.conformity_settled_at) == (LotStatus.REVIEW, clock.now())


def test_against_wants_the_term(panel: Panel) -> None:
    member, bid = panel.members[0], bids_of(panel)[0]
    with pytest.raises(Refused) as refusal:
        vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, conforms=False, reason=" ")
    assert (refusal.value.rule_id, refusal.value.field) == ("R-EVAL-21", "reason")
    assert not ConformityVote.objects.exists()


def test_fewer_than_three_conforming_void_the_lot(panel: Panel) -> None:
    """R-EVAL-20."""
    settle(panel, {0: 5, 1: 4})
    assert panel.lot.status == LotStatus.VOID
    assert "2" in panel.lot.void_reason


def test_nobody_votes_for_another(panel: Panel) -> None:
    one, other = panel.members[:2]
    with pytest.raises(NotAllowed):
        vote_conformity(actor=panel.actor(one), member_id=other.pk, bid_id=bids_of(panel)[0].pk, conforms=True)


def test_settled_is_settled(panel: Panel) -> None:
    bids = settle(panel)
    member = panel.members[0]
    with pytest.raises(Refused) as refusal:
        vote_conformity(actor=panel.actor(member), member_id=member.pk, bid_id=bids[0].pk, conforms=False, reason="x")
    assert refusal.value.rule_id == "R-EVAL-12"


def test_which_price_is_low(panel: Panel) -> None:
    """500,000 of a mean of 932,500, a second-lowest of 1,000,000, a ceiling of 1,300,000 (R-EVAL-16, strict)."""
    bids = settle(panel)
    assert {bid: [hit.kind for hit in hits] for bid, hits in triggered(panel.lot).items()} == {bids[3].pk: ["ceiling"]}
    assert [bid.pk for bid in unsettled(panel.lot)] == [bids[3].pk]


def test_the_leader_asks_and_the_bidder_gets_half_an_hour_at_least(panel: Panel) -> None:
    """R-EVAL-15, -17."""
    bid = settle(panel)[3]
    with pytest.raises(Refused) as short:
        ask(panel, bid, PriceQuestion("请说明。", 29))
    assert (short.value.rule_id, short.value.field) == ("R-EVAL-17", "minutes")
    other = next(member for member in panel.members if not member.is_leader)
    with pytest.raises(NotAllowed):
        ask_about_price(actor=panel.actor(other), member_id=other.pk, bid_id=bid.pk, question=QUESTION)
    with announced(PriceQueried) as news:
        query = ask(panel, bid)
    assert news == [PriceQueried(query.pk)]
    assert query.triggers == [{"kind": "ceiling", "line": "585000.00"}]
    assert (query.due_at - query.asked_at).total_seconds() == 3600
    with pytest.raises(Refused):
        ask(panel, bid)


def test_a_price_above_the_lines_may_be_asked_about_too(panel: Panel) -> None:
    query = ask(panel, settle(panel)[0])
    assert query.triggers == [{"kind": "judgement", "line": ""}]


def test_only_the_bidder_answers_and_only_in_time(panel: Panel, market_clock: Any, client_for: Any) -> None:
    bids = settle(panel)
    query = ask(panel, bids[3])
    with pytest.raises(NotFound):
        answer_price_query(actor=bidder_of(bids[0]), query_id=query.pk, answer="x")
    address = reverse("procurement:price-query", args=[query.pk])
    assert client_for(bidder_of(bids[0])).get(address).status_code == 404
    own = client_for(bidder_of(bids[3]))
    assert own.get(address).status_code == 200
    assert own.post(address, {"answer": ""}).status_code == 422
    assert own.post(address, {"answer": "有基金会配套资金。"}).status_code == 302
    query.refresh_from_db()
    assert query.answer == "有基金会配套资金。"
    assert own.post(address, {"answer": "再补充"}).status_code == 422
    market_clock.advance(minutes=61)
    late = ask(panel, bids[0])
    market_clock.advance(minutes=61)
    with pytest.raises(Refused) as refusal:
        answer_price_query(actor=bidder_of(bids[0]), query_id=late.pk, answer="迟到")
    assert refusal.value.rule_id == "R-EVAL-17"


def test_no_decision_while_the_bidder_may_answer(panel: Panel, market_clock: Any) -> None:
    query = ask(panel, settle(panel)[3])
    with pytest.raises(Refused) as refusal:
        decide(panel, query, 5)
    assert (refusal.value.rule_id, refusal.value.decision.due) == ("R-EVAL-17", query.due_at)
    assert not PriceVote.objects.exists()
    market_clock.advance(minutes=61)
    decide(panel, query, 3)
    query.refresh_from_db()
    assert (query.is_justified, query.decision_reason) == (True, "成本构成清楚")
    assert unsettled(panel.lot) == []


def test_an_unjustified_price_is_invalid_and_the_base_price_changes(panel: Panel, market_clock: Any) -> None:
    bids = settle(panel)
    query = ask(panel, bids[3])
    market_clock.advance(minutes=61)
    decide(panel, query, 2)
    bids[3].refresh_from_db()
    assert bids[3].status == BidStatus.INVALID
    assert "未附证明" in bids[3].invalid_reason
    score_all(panel)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    assert BidResult.objects.get(bid=bids[0]).price_points == Decimal("15")
    assert not BidResult.objects.filter(bid=bids[3]).exists()


def test_two_invalid_prices_may_void_the_lot(panel: Panel, market_clock: Any) -> None:
    bids = settle(panel, {0: 5})
    query = ask(panel, bids[3])
    market_clock.advance(minutes=61)
    decide(panel, query, 0)
    panel.refresh()
    assert panel.lot.status == LotStatus.VOID


def test_no_scores_before_conformity(panel: Panel) -> None:
    member, bid = panel.members[0], bids_of(panel)[0]
    criterion = leaf_criteria(panel.lot.tender)[0]
    with pytest.raises(Refused) as refusal:
        save_scores(
            actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, choices={criterion.pk: choose(criterion, 0)}
        )
    assert refusal.value.rule_id == "R-EVAL-21"
    with pytest.raises(Refused):
        submit_sheet(actor=panel.actor(member), member_id=member.pk)


def test_an_invalid_bid_is_not_scored(panel: Panel) -> None:
    bids = settle(panel, {0: 5})
    member, criterion = panel.members[0], leaf_criteria(panel.lot.tender)[0]
    with pytest.raises(Refused) as refusal:
        save_scores(
            actor=panel.actor(member),
            member_id=member.pk,
            bid_id=bids[0].pk,
            choices={criterion.pk: choose(criterion, 0)},
        )
    assert refusal.value.rule_id == "R-EVAL-04"


def test_submitted_is_fixed_and_a_repeat_changes_nothing(panel: Panel, market_clock: Any) -> None:
    bids = settle(panel)
    score_all(panel)
    member, criterion = panel.members[0], leaf_criteria(panel.lot.tender)[0]
    at = member.sheet.submitted_at
    market_clock.advance(minutes=1)
    assert submit_sheet(actor=panel.actor(member), member_id=member.pk).submitted_at == at
    with pytest.raises(Refused) as refusal:
        save_scores(
            actor=panel.actor(member),
            member_id=member.pk,
            bid_id=bids[0].pk,
            choices={criterion.pk: choose(criterion, 2)},
        )
    assert refusal.value.rule_id == "R-EVAL-12"


def justify(panel: Panel, market_clock: Any, bids: list[Bid]) -> None:
    query = ask(panel, bids[3])
    market_clock.advance(minutes=61)
    decide(panel, query, 5)


def differing(panel: Panel, kind: str, level: int) -> tuple[Any, Score]:
    """All have submitted; the second member chose another range for the first bid in a criterion of this kind."""
    bids = bids_of(panel)
    criteria = leaf_criteria(panel.lot.tender)
    odd = next(row for row in criteria if row.kind == kind)
    members = panel.members
    for member in members:
        for bid in bids:
            choices = {row.pk: choose(row, 0) for row in criteria}
            if member == members[1] and bid == bids[0]:
                choices[odd.pk] = choose(odd, level)
            save_scores(actor=panel.actor(member), member_id=member.pk, bid_id=bid.pk, choices=choices)
        submit_sheet(actor=panel.actor(member), member_id=member.pk)
    return members[1], Score.objects.get(sheet__member=members[1], bid=bids[0], criterion=odd)


def test_unequal_objective_scores_are_corrected_before_the_consolidation(panel: Panel, market_clock: Any) -> None:
    """R-EVAL-11, -12."""
    bids = settle(panel)
    with announced(ScoresToCorrect) as news:
        member, score = differing(panel, CriterionKind.OBJECTIVE, 1)
    assert news == [ScoresToCorrect(panel.lot.pk)]
    justify(panel, market_clock, bids)
    leader = panel.leader
    with pytest.raises(Refused) as refusal:
        consolidate(actor=panel.actor(leader), member_id=leader.pk)
    assert refusal.value.rule_id == "R-EVAL-11"
    assert not BidResult.objects.exists()
    best = choose(score.criterion, 0).range_id
    with pytest.raises(Refused):
        correct_score(actor=panel.actor(member), member_id=member.pk, score_id=score.pk, range_id=best, reason=" ")
    correct_score(actor=panel.actor(member), member_id=member.pk, score_id=score.pk, range_id=best, reason="漏看证书")
    row = ScoreCorrection.objects.get()
    assert (row.before, row.after, row.kind) == (Decimal("15.00"), Decimal("25.00"), "unequal")
    consolidate(actor=panel.actor(leader), member_id=leader.pk)


def test_an_outlier_may_be_kept_or_corrected(panel: Panel, market_clock: Any, client_for: Any) -> None:
    bids = settle(panel)
    member, score = differing(panel, CriterionKind.JUDGEMENT, 2)
    justify(panel, market_clock, bids)
    client = client_for(panel.actor(member))
    page = client.get(reverse("procurement:panel-corrections", args=[member.pk])).content.decode()
    correct = reverse("procurement:panel-correct", args=[member.pk, score.pk])
    assert correct in page
    response = client.post(correct, {"range": choose(score.criterion, 1).range_id, "reason": "复核后调整"})
    assert response.status_code == 302
    assert ScoreCorrection.objects.get().kind == "outlier"
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)


def test_other_scores_cannot_be_corrected(panel: Panel) -> None:
    settle(panel)
    member, score = differing(panel, CriterionKind.JUDGEMENT, 1)
    with pytest.raises(Refused) as refusal:
        correct_score(
            actor=panel.actor(member),
            member_id=member.pk,
            score_id=score.pk,
            range_id=choose(score.criterion, 0).range_id,
            reason="改主意",
        )
    assert refusal.value.rule_id == "R-EVAL-12"
    other = panel.members[0]
    with pytest.raises(NotFound):
        correct_score(
            actor=panel.actor(other),
            member_id=other.pk,
            score_id=score.pk,
            range_id=choose(score.criterion, 0).range_id,
            reason="替他改",
        )


def ready(panel: Panel, market_clock: Any) -> Panel:
    justify(panel, market_clock, settle(panel))
    score_all(panel)
    return panel


def test_only_the_leader_consolidates_and_only_when_all_is_there(panel: Panel, market_clock: Any) -> None:
    leader = panel.leader
    with pytest.raises(Refused):
        consolidate(actor=panel.actor(leader), member_id=leader.pk)
    bids = settle(panel)
    score_all(panel)
    with pytest.raises(Refused) as low:
        consolidate(actor=panel.actor(leader), member_id=leader.pk)
    assert low.value.rule_id == "R-EVAL-15"
    assert bids[3].body.name in str(low.value)
    justify(panel, market_clock, bids)
    other = next(member for member in panel.members if not member.is_leader)
    with pytest.raises(NotAllowed):
        consolidate(actor=panel.actor(other), member_id=other.pk)


def test_the_result_is_computed(panel: Panel, market_clock: Any) -> None:
    """60 and 25 points by levels 1, 0.6, 0.2, 0.2; price 500,000 ÷ own × 15."""
    ready(panel, market_clock)
    with announced(LotConsolidated) as news:
        consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    results = list(BidResult.objects.order_by("rank").values_list("bid__price", "total", "rank", "is_tied"))
    assert results == [
        (Decimal("1000000.00"), Decimal("92.5"), 1, False),
        (Decimal("1080000.00"), Decimal("57.94"), 2, False),
        (Decimal("500000.00"), Decimal("32"), 3, False),
        (Decimal("1150000.00"), Decimal("23.52"), 4, False),
    ]
    assert news == [LotConsolidated(panel.lot.pk)]
    panel.refresh()
    assert panel.lot.status == LotStatus.CONSOLIDATED
    assert sorted(member.public_label for member in panel.members) == [1, 2, 3, 4, 5]
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    assert BidResult.objects.count() == 4


def test_all_sign_and_dissent_is_kept(panel: Panel, market_clock: Any) -> None:
    """R-COMM-12, R-EVAL-22."""
    ready(panel, market_clock)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    report = latest_document("review_report", panel.lot)
    with announced(LotReviewed) as news:
        for number, member in enumerate(panel.members):
            sign(panel, member, "团队评分偏高，人员证明仅一份。" if number == 4 else "")
    assert news == [LotReviewed(panel.lot.pk)]
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEWED
    assert panel.lot.review.reviewed_at == clock.now()
    assert Signature.objects.filter(document=report, sha256=report.file.sha256).count() == 5
    dissent = "团队评分偏高，人员证明仅一份。"
    bound = Signature.objects.filter(document=report, statement__contains=sha256(dissent.encode()).hexdigest())
    assert bound.count() == 1
    page = latest_document("review_signatures", panel.lot)
    assert not page.is_public
    with open_file(page.file) as content:
        text = "".join(pdf_text(content.read()).split())
    assert dissent in text
    assert all(str(member.user) in text for member in panel.members)
    assert [member.dissent for member in panel.members if member.dissent] == ["团队评分偏高，人员证明仅一份。"]


def test_a_wrong_code_signs_nothing(panel: Panel, market_clock: Any, client_for: Any) -> None:
    ready(panel, market_clock)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    member = panel.members[0]
    client = client_for(panel.actor(member))
    address = reverse("procurement:panel-report", args=[member.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "000000"}).status_code == 422
    member.refresh_from_db()
    assert member.signed_at is None
    assert not Signature.objects.filter(document__kind="review_report").exists()


def test_silence_counts_as_agreement_after_a_day(panel: Panel, market_clock: Any) -> None:
    ready(panel, market_clock)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    leader = panel.leader
    for member in [leader, *[each for each in panel.members if each != leader][:2]]:
        sign(panel, member)
    with pytest.raises(Refused) as early:
        close_signing(actor=panel.actor(leader), member_id=leader.pk)
    assert early.value.rule_id == "R-COMM-12"
    market_clock.advance(days=1)
    close_signing(actor=panel.actor(leader), member_id=leader.pk)
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEWED


def test_the_report_says_what_the_law_wants(panel: Panel, market_clock: Any) -> None:
    from marketplace.procurement.papers import review_report

    ready(panel, market_clock)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    panel.refresh()
    context = review_report(panel.lot).context
    assert len(context["experts"]) == 4
    assert len(context["representatives"]) == 1
    assert [bid.result.rank for bid in context["ranked"]] == [1, 2, 3, 4]
    assert [query.is_justified for query in context["queries"]] == [True]
    document = latest_document("review_report", panel.lot)
    assert document.file.content_type == "application/pdf"
    assert not document.is_public


def test_the_review_ends_with_the_consolidation(panel: Panel, market_clock: Any) -> None:
    ready(panel, market_clock)
    consolidate(actor=panel.actor(panel.leader), member_id=panel.leader.pk)
    member = panel.members[0]
    criterion = leaf_criteria(panel.lot.tender)[0]
    with pytest.raises(MarketplaceError) as refusal:
        save_scores(
            actor=panel.actor(member),
            member_id=member.pk,
            bid_id=BidResult.objects.first().bid_id,
            choices={criterion.pk: Choice(1)},
        )
    assert refusal.value.rule_id == "R-EVAL-12"
