"""R-AWARD-01 … -10, R-OBJ-02 … -06: proposal, decision, letters, refusal, ties, silence, objections, suspension."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit import heads
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, NotFound, Refused
from marketplace.core.schedule import run_due
from marketplace.documents.generation import latest_document
from marketplace.procurement.events import (
    AwardEnded,
    FirstCandidateDeemed,
    LotAwarded,
    LotVoided,
    ObjectionAnswered,
    ObjectionSubmitted,
)
from marketplace.procurement.models import (
    Award,
    AwardStatus,
    BidResult,
    Letter,
    LetterKind,
    Lot,
    LotStatus,
    Objection,
    ObjectionStatus,
    Tender,
)
from marketplace.procurement.rules.award import tie_order
from marketplace.procurement.selectors.award import ranked, turn
from marketplace.procurement.selectors.objections import is_contract_held
from marketplace.procurement.services.award import (
    draw_tie,
    propose_award,
    publish_award,
    refuse_award,
    restart,
    return_award,
)
from marketplace.procurement.services.notice_parts import full_title
from marketplace.procurement.services.objections import (
    Answer,
    LetterOfObjection,
    accept_objection,
    answer_objection,
    lift_hold,
    refuse_objection,
    submit_objection,
    withdraw_objection,
)
from marketplace.procurement.services.suspensions import lift_suspension, suspend_tender
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import make_bidder
from tests.factories.review import Panel, bidder_of, reviewed_lot

from .conftest import Stage, announced, staged

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, lambda: reviewed_lot(4)) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def propose(panel: Panel, place: int = 0, reason: str = "") -> Award:
    bid = ranked(panel.lot)[place]
    return propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=bid.pk, reason=reason)


def publish(panel: Panel) -> Award:
    award = publish_award(actor=panel.approver, award_id=propose(panel).pk)
    panel.refresh()
    return award


def test_the_decision_publishes_notice_file_and_letters(panel: Panel) -> None:
    """R-AWARD-05 … -08, R-NOTICE-05, R-TIME-06 (over a weekend: 7 July + 1 + 7 wd = 17 July)."""
    with announced(LotAwarded) as news:
        award = publish(panel)
    assert news == [LotAwarded(award.pk)]
    assert panel.lot.status == LotStatus.AWARDED
    assert award.objection_until == datetime(2026, 7, 17, 23, 59, 59, tzinfo=clock.ZONE)
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.RESULT)
    assert notice == award.snapshot
    assert (notice.data["winner_name"], notice.data["amount"]) == (award.bid.body.name, "1000000.00")
    assert notice.data["total_score"] == f"{award.bid.result.total:.2f}"
    assert [row["bidder"].startswith("投标人 ") for row in notice.data["scores"]] == [False, True, True, True]
    assert notice.data["experts"] == sorted(notice.data["experts"])
    assert len(notice.data["experts"]) == 5
    letters = {letter.bid_id: letter for letter in Letter.objects.filter(award=award)}
    assert [letters[bid.pk].kind for bid in ranked(panel.lot)] == [LetterKind.WINNER, *[LetterKind.LOSER] * 3]
    second = ranked(panel.lot)[1]
    assert f"{second.result.total:.2f}" in letters[second.pk].text
    assert "排名第 2" in letters[second.pk].text
    assert latest_document("award_letter", letters[award.bid_id]) is not None
    assert latest_document("result_letter", letters[second.pk]) is not None


def test_an_only_lot_is_not_named_beside_its_tender(panel: Panel) -> None:
    """«社区为老服务项目（社区为老服务项目）中标结果公告» says nothing twice."""
    award = publish(panel)
    letter = Letter.objects.get(award=award, kind=LetterKind.WINNER)
    paper = latest_document("notice", award.snapshot)
    assert award.snapshot.title == "社区为老服务项目中标结果公告"
    assert paper is not None and paper.file.name == "社区为老服务项目中标结果公告.pdf"
    assert f"贵单位在 {panel.lot.number} 社区为老服务项目的评审中" in letter.text


@pytest.mark.parametrize(
    ("title", "lots", "expected"),
    [
        ("助餐服务（重新招标）", ["助餐服务"], "助餐服务（重新招标）"),
        ("助餐服务", ["北片", "南片"], "助餐服务（北片）"),
        ("助餐服务", ["助餐服务北片", "助餐服务南片"], "助餐服务北片"),
        ("长" * 120, ["北" * 120, "南片"], "长" * 120 + "（" + "北" * 59),
    ],
    ids=["only lot", "two lots", "lots that bear the name", "a notice has room for it"],
)
def test_the_name_is_said_once(panel: Panel, title: str, lots: list[str], expected: str) -> None:
    tender = panel.lot.tender
    Tender.objects.filter(pk=tender.pk).update(title=title)
    Lot.objects.filter(pk=panel.lot.pk).update(title=lots[0])
    for position, name in enumerate(lots[1:], start=2):
        Lot.objects.create(tender=tender, position=position, title=name, budget_amount=1)
    assert full_title(Lot.objects.select_related("tender").get(pk=panel.lot.pk)) == expected


def test_losers_stay_unnamed_in_the_notice(panel: Panel) -> None:
    award = publish(panel)
    text = str(award.snapshot.data)
    assert not any(bid.body.name in text for bid in ranked(panel.lot)[1:])


def test_four_eyes(panel: Panel) -> None:
    both = make_person(panel.lot.tender.buyer, Role.OFFICER, Role.APPROVER)
    award = propose_award(actor=both, lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)
    with pytest.raises(NotAllowed):
        publish_award(actor=both, award_id=award.pk)
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEWED
    assert not NoticeSnapshot.objects.filter(kind=NoticeKind.RESULT).exists()


def test_the_agent_does_not_award(panel: Panel) -> None:
    agency = make_body(BodyKind.AGENCY)
    panel.lot.tender.agency = agency
    panel.lot.tender.save(update_fields=["agency"])
    with pytest.raises(NotAllowed):
        propose_award(actor=make_person(agency, Role.OFFICER), lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)


def test_off_the_order_wants_a_lawful_reason(panel: Panel) -> None:
    """R-AWARD-02."""
    with pytest.raises(Refused) as refusal:
        propose(panel, 1)
    assert (refusal.value.rule_id, refusal.value.field) == ("R-AWARD-02", "reason")
    assert not Award.objects.exists()
    award = propose(panel, 1, "第一候选人已被列入严重失信主体名单")
    publish_award(actor=panel.approver, award_id=award.pk)
    award.refresh_from_db()
    assert "第一候选人已被列入严重失信主体名单" in award.snapshot.data["other"]


def test_no_reason_is_kept_for_the_first(panel: Panel) -> None:
    assert propose(panel, 0, "没有必要的理由").reason == ""


def test_one_proposal_at_a_time_and_a_repeat_changes_nothing(panel: Panel) -> None:
    award = propose(panel)
    with pytest.raises(Refused):
        propose(panel)
    publish_award(actor=panel.approver, award_id=award.pk)
    publish_award(actor=panel.approver, award_id=award.pk)
    assert Letter.objects.count() == 4
    assert NoticeSnapshot.objects.filter(kind=NoticeKind.RESULT).count() == 1


def test_a_returned_proposal_is_made_anew(panel: Panel) -> None:
    award = propose(panel)
    with pytest.raises(Refused):
        return_award(actor=panel.approver, award_id=award.pk, reason="")
    return_award(actor=panel.approver, award_id=award.pk, reason="请核对报价")
    assert Award.objects.get().status == AwardStatus.RETURNED
    with pytest.raises(Refused):
        publish_award(actor=panel.approver, award_id=award.pk)
    assert propose(panel).pk != award.pk


def test_silence_makes_the_first_candidate_count_as_chosen(panel: Panel, market_clock: Any) -> None:
    """R-AWARD-03: 7 July + 5 wd = 14 July."""
    market_clock.move_to(datetime(2026, 7, 14, 23, 59, 59))
    run_due(clock.now())
    panel.refresh()
    assert panel.lot.review.deemed_at is None
    market_clock.advance(seconds=1)
    with announced(FirstCandidateDeemed) as news:
        run_due(clock.now())
        run_due(clock.now())
    panel.refresh()
    assert panel.lot.review.deemed_at == clock.now()
    assert news == [FirstCandidateDeemed(panel.lot.pk)]
    with pytest.raises(Refused) as refusal:
        propose(panel, 1)
    assert (refusal.value.rule_id, refusal.value.field) == ("R-AWARD-03", "reason")
    assert propose(panel).bid_id == ranked(panel.lot)[0].pk


def test_the_winner_refuses_and_the_next_one_follows(panel: Panel, client_for: Any) -> None:
    """R-AWARD-09."""
    award = publish(panel)
    winner, second = ranked(panel.lot)[:2]
    with pytest.raises(NotFound):
        refuse_award(actor=bidder_of(second), award_id=award.pk, reason="x")
    page = reverse("procurement:award-refuse", args=[award.pk])
    assert client_for(bidder_of(second)).get(page).status_code == 404
    with announced(AwardEnded) as news:
        assert client_for(bidder_of(winner)).post(page, {"reason": "人员不足"}).status_code == 302
    assert news == [AwardEnded(award.pk)]
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEWED
    assert [bid.pk for bid in turn(panel.lot)] == [second.pk]
    again = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=second.pk)
    again = publish_award(actor=panel.approver, award_id=again.pk)
    assert again.public_data["passed_over"] == [{"label": winner.label, "why": "refused", "reason": "人员不足"}]
    assert NoticeSnapshot.objects.filter(kind=NoticeKind.RESULT).count() == 2
    assert Letter.objects.get(award=again, bid=winner).kind == LetterKind.LOSER


def test_anew_only_after_a_refusal(panel: Panel) -> None:
    with pytest.raises(Refused) as refusal:
        restart(actor=panel.officer, lot_id=panel.lot.pk, reason="想重新开展")
    assert refusal.value.rule_id == "R-AWARD-09"
    award = publish(panel)
    refuse_award(actor=bidder_of(award.bid), award_id=award.pk, reason="人员不足")
    with announced(LotVoided) as news:
        restart(actor=panel.officer, lot_id=panel.lot.pk, reason="其余候选人报价均高于预算")
    panel.refresh()
    assert panel.lot.status == LotStatus.VOID
    assert news == [LotVoided(panel.lot.pk)]


def make_tied(panel: Panel) -> list[Any]:
    """The two best have the same score and price."""
    first, second = ranked(panel.lot)[:2]
    type(second).objects.filter(pk=second.pk).update(price=first.price)
    BidResult.objects.filter(bid__in=[first, second]).update(rank=1, is_tied=True, total=first.result.total)
    return ranked(panel.lot)[:2]


def test_tied_firsts_are_drawn_by_lot_from_the_log(panel: Panel) -> None:
    """R-AWARD-04: the seed is the first head after the report, so nobody chooses."""
    tied = make_tied(panel)
    with pytest.raises(Refused) as refusal:
        propose(panel)
    assert refusal.value.rule_id == "R-AWARD-04"
    with pytest.raises(Refused):
        draw_tie(actor=panel.officer, lot_id=panel.lot.pk)
    head = heads.fix_head()
    review = draw_tie(actor=panel.officer, lot_id=panel.lot.pk)
    expected = tie_order([bid.label for bid in tied], head.witness.root, panel.lot.number)
    assert (review.tie_head, review.tie_order) == (head.witness.root, expected)
    heads.fix_head()
    assert draw_tie(actor=panel.officer, lot_id=panel.lot.pk).tie_order == expected
    panel.refresh()
    assert turn(panel.lot)[0].label == expected[0]
    loser = next(bid for bid in tied if bid.label == expected[1])
    with pytest.raises(Refused):
        propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=loser.pk)
    award = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=turn(panel.lot)[0].pk)
    publish_award(actor=panel.approver, award_id=award.pk)
    assert "抽签" in Letter.objects.get(bid=loser).text


def test_one_draw_orders_all_who_are_tied(panel: Panel) -> None:
    """Both first ones refuse; the next two are tied as well, and the same draw has put them in order."""
    bids = ranked(panel.lot)
    for pair, rank in ((bids[:2], 1), (bids[2:], 3)):
        type(pair[1]).objects.filter(pk=pair[1].pk).update(price=pair[0].price)
        BidResult.objects.filter(bid__in=pair).update(rank=rank, is_tied=True, total=pair[0].result.total)
    heads.fix_head()
    order = draw_tie(actor=panel.officer, lot_id=panel.lot.pk).tie_order
    assert sorted(order) == sorted(bid.label for bid in bids)
    panel.refresh()
    firsts = {bid.label for bid in bids[:2]}
    expected = [label for label in order if label in firsts] + [label for label in order if label not in firsts]
    for label in expected[:3]:
        bid = turn(panel.lot)[0]
        assert bid.label == label
        award = propose_award(actor=panel.officer, lot_id=panel.lot.pk, bid_id=bid.pk)
        publish_award(actor=panel.approver, award_id=award.pk)
        refuse_award(actor=bidder_of(bid), award_id=award.pk, reason="人员不足")
        panel.refresh()
    assert [bid.label for bid in turn(panel.lot)] == expected[3:]


def test_no_draw_without_a_tie(panel: Panel) -> None:
    heads.fix_head()
    with pytest.raises(Refused) as refusal:
        draw_tie(actor=panel.officer, lot_id=panel.lot.pk)
    assert refusal.value.rule_id == "R-AWARD-04"


def test_a_letter_is_its_bidders(panel: Panel, client_for: Any) -> None:
    """R-AWARD-08: nobody sees another's scores."""
    publish(panel)
    second, third = ranked(panel.lot)[1:3]
    letter = Letter.objects.get(bid=second)
    address = reverse("procurement:letter-detail", args=[letter.pk])
    assert client_for(bidder_of(third)).get(address).status_code == 404
    own = client_for(bidder_of(second))
    assert own.get(address).status_code == 200
    letter.refresh_from_db()
    assert letter.read_at == clock.now()
    listed = own.get(reverse("procurement:letter-list")).content.decode()
    assert address in listed
    assert listed.count("<tr>") == 2


def test_names_are_public_with_the_result(panel: Panel, client_for: Any) -> None:
    """R-COMM-11: hidden until then, shown afterwards; never beside a number."""
    names = [str(member.user) for member in panel.members]
    client = client_for(panel.officer)
    address = reverse("procurement:lot-detail", args=[panel.lot.pk])
    assert not any(name in client.get(address).content.decode() for name in names)
    publish(panel)
    assert all(name in client.get(address).content.decode() for name in names)


LETTER = LetterOfObjection(
    kind="result",
    address="上海市静安区昌平路1号",
    postcode="200040",
    contact_name="李明",
    contact_phone="021-60000002",
    matters="中标人业绩证明不实，请求重新评审。",
    facts="该业绩合同的甲方已经注销。",
    legal_basis="政府采购法第五十二条",
)


def objecting(panel: Panel, place: int = 1, **changes: Any) -> Objection:
    letter = LetterOfObjection(**{**LETTER.__dict__, **changes})
    return submit_objection(actor=bidder_of(ranked(panel.lot)[place]), lot_id=panel.lot.pk, letter=letter)


def test_an_objection_is_numbered_and_due_in_seven_working_days(panel: Panel) -> None:
    """R-OBJ-06: 7 July + 7 wd = 16 July."""
    publish(panel)
    with announced(ObjectionSubmitted) as news:
        objection = objecting(panel)
    assert news == [ObjectionSubmitted(objection.pk)]
    assert objection.answer_due == datetime(2026, 7, 16, 23, 59, 59, tzinfo=clock.ZONE)
    assert objection.number.endswith("-2026-0001")
    with pytest.raises(Refused) as twice:
        objecting(panel)
    assert twice.value.rule_id == "R-OBJ-04"


@pytest.mark.parametrize("field", ["matters", "facts", "legal_basis", "address", "contact_name"])
def test_every_field_is_wanted(panel: Panel, field: str) -> None:
    publish(panel)
    with pytest.raises(Refused) as refusal:
        objecting(panel, **{field: " "})
    assert (refusal.value.rule_id, refusal.value.field) == ("R-OBJ-05", field)
    assert not Objection.objects.exists()


def test_the_window_to_the_second(panel: Panel, market_clock: Any) -> None:
    award = publish(panel)
    market_clock.move_to(award.objection_until)
    objecting(panel)
    market_clock.advance(seconds=1)
    with pytest.raises(Refused) as late:
        objecting(panel, 2)
    assert late.value.rule_id == "R-OBJ-02"


def test_no_result_no_objection_to_it(panel: Panel) -> None:
    with pytest.raises(Refused) as refusal:
        objecting(panel)
    assert refusal.value.rule_id == "R-OBJ-03"
    with pytest.raises(Refused) as opening:
        objecting(panel, kind="procedure", step="review")
    assert opening.value.rule_id == "R-OBJ-03"
    assert objecting(panel, kind="procedure", step="eligibility").step == "eligibility"


def test_who_took_no_part_finds_nothing(panel: Panel) -> None:
    publish(panel)
    with pytest.raises(NotFound):
        submit_objection(actor=make_bidder(), lot_id=panel.lot.pk, letter=LETTER)


def test_an_accepted_objection_holds_the_contract_until_it_is_lifted(panel: Panel, client_for: Any) -> None:
    """R-AWARD-10."""
    award = publish(panel)
    objection = objecting(panel)
    assert is_contract_held(award).allowed
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    held = is_contract_held(award)
    assert (held.allowed, held.rule_id) == (False, "R-AWARD-10")
    page = client_for(panel.officer).get(reverse("procurement:lot-award", args=[panel.lot.pk])).content.decode()
    assert "R-AWARD-10" in page
    assert reverse("procurement:objection-detail", args=[objection.pk]) in page
    assert objection.number in str(held.reason)
    with pytest.raises(Refused):
        lift_hold(actor=panel.officer, objection_id=objection.pk, reason=" ")
    lift_hold(actor=panel.officer, objection_id=objection.pk, reason="质疑事项与排名无关")
    assert is_contract_held(award).allowed
    with pytest.raises(Refused):
        lift_hold(actor=panel.officer, objection_id=objection.pk, reason="再来一次")


def test_an_objection_to_the_documents_holds_nothing(panel: Panel) -> None:
    award = publish(panel)
    objection = objecting(panel, kind="procedure", step="opening")
    Objection.objects.filter(pk=objection.pk).update(kind="documents")
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    assert is_contract_held(award).allowed


def test_a_refused_objection_may_be_written_again(panel: Panel) -> None:
    publish(panel)
    objection = objecting(panel)
    with pytest.raises(Refused):
        refuse_objection(actor=panel.officer, objection_id=objection.pk, reason="")
    refuse_objection(actor=panel.officer, objection_id=objection.pk, reason="缺少事实依据")
    assert objecting(panel).pk != objection.pk


def test_an_answer_that_changes_nothing(panel: Panel) -> None:
    award = publish(panel)
    objection = objecting(panel)
    with pytest.raises(Refused):
        answer_objection(actor=panel.officer, objection_id=objection.pk, answer=Answer("未受理", False))
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    with announced(ObjectionAnswered) as news:
        answer_objection(actor=panel.officer, objection_id=objection.pk, answer=Answer("业绩合同真实有效。", False))
    objection.refresh_from_db()
    assert (objection.status, objection.is_upheld, objection.is_holding) == (ObjectionStatus.ANSWERED, False, False)
    assert news == [ObjectionAnswered(objection.pk)]
    assert is_contract_held(award).allowed


def test_an_upheld_objection_annuls_the_award(panel: Panel) -> None:
    award = publish(panel)
    objection = objecting(panel)
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    with pytest.raises(Refused) as refusal:
        answer_objection(actor=panel.officer, objection_id=objection.pk, answer=Answer("不成立", False, "next"))
    assert refusal.value.field == "consequence"
    answer_objection(
        actor=panel.officer, objection_id=objection.pk, answer=Answer("业绩不实，质疑成立。", True, "next")
    )
    award.refresh_from_db()
    panel.refresh()
    assert (award.status, panel.lot.status) == (AwardStatus.ANNULLED, LotStatus.REVIEWED)
    assert not is_contract_held(award).allowed
    assert turn(panel.lot)[0].pk == ranked(panel.lot)[1].pk


def test_an_upheld_objection_may_void_the_lot(panel: Panel) -> None:
    publish(panel)
    objection = objecting(panel)
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    answer_objection(
        actor=panel.officer, objection_id=objection.pk, answer=Answer("程序违法，质疑成立。", True, "void")
    )
    panel.refresh()
    assert panel.lot.status == LotStatus.VOID


def test_only_the_objector_withdraws(panel: Panel) -> None:
    publish(panel)
    objection = objecting(panel)
    with pytest.raises(NotFound):
        withdraw_objection(actor=bidder_of(ranked(panel.lot)[2]), objection_id=objection.pk)
    accept_objection(actor=panel.officer, objection_id=objection.pk)
    withdraw_objection(actor=bidder_of(ranked(panel.lot)[1]), objection_id=objection.pk)
    objection.refresh_from_db()
    assert (objection.status, objection.is_holding) == (ObjectionStatus.WITHDRAWN, False)


def test_an_objection_is_read_by_its_parties(panel: Panel, client_for: Any) -> None:
    publish(panel)
    objection = objecting(panel)
    address = reverse("procurement:objection-detail", args=[objection.pk])
    assert client_for(bidder_of(ranked(panel.lot)[1])).get(address).status_code == 200
    assert client_for(panel.officer).get(address).status_code == 200
    assert client_for(bidder_of(ranked(panel.lot)[2])).get(address).status_code == 404
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)
    assert client_for(stranger).get(address).status_code == 404


def test_the_form_keeps_what_was_written(panel: Panel, client_for: Any) -> None:
    publish(panel)
    client = client_for(bidder_of(ranked(panel.lot)[1]))
    address = reverse("procurement:objection-create", args=[panel.lot.pk])
    assert client.get(address).status_code == 200
    data = {**LETTER.__dict__, "postcode": "20004", "step": ""}
    response = client.post(address, data)
    assert response.status_code == 422
    assert LETTER.matters in response.content.decode()
    assert client.post(address, {**data, "postcode": "200040"}).status_code == 302
    assert client.post(address, {**data, "postcode": "200040"}).status_code == 422
    assert Objection.objects.count() == 1


def test_a_suspension_stops_every_step(panel: Panel, client_for: Any) -> None:
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        suspend_tender(actor=panel.officer, tender_id=panel.lot.tender_id, reason="x")
    with pytest.raises(Refused):
        suspend_tender(actor=supervisor, tender_id=panel.lot.tender_id, reason=" ")
    award = propose(panel)
    stop = suspend_tender(actor=supervisor, tender_id=panel.lot.tender_id, reason="举报核查中")
    with pytest.raises(Refused) as refusal:
        publish_award(actor=panel.approver, award_id=award.pk)
    assert "举报核查中" in str(refusal.value)
    assert is_contract_held(award).rule_id == "R-OBJ-11"
    panel.refresh()
    assert panel.lot.status == LotStatus.REVIEWED
    with pytest.raises(Refused):
        suspend_tender(actor=supervisor, tender_id=panel.lot.tender_id, reason="再次")
    address = reverse("procurement:lot-detail", args=[panel.lot.pk])
    assert "举报核查中" in client_for(panel.officer).get(address).content.decode()
    lift_suspension(actor=supervisor, suspension_id=stop.pk, reason="核查完毕")
    publish_award(actor=panel.approver, award_id=award.pk)
    panel.refresh()
    assert panel.lot.status == LotStatus.AWARDED
    with pytest.raises(MarketplaceError):
        lift_suspension(actor=supervisor, suspension_id=stop.pk, reason="再次")


def test_pages_of_the_award(panel: Panel, client_for: Any, django_assert_max_num_queries: Any) -> None:
    officer, approver = client_for(panel.officer), client_for(panel.approver)
    address = reverse("procurement:lot-award", args=[panel.lot.pk])
    with django_assert_max_num_queries(30):
        assert officer.get(address).status_code == 200
    second = ranked(panel.lot)[1]
    assert officer.post(address, {"bid": second.pk}).status_code == 422
    assert officer.post(address, {"bid": turn(panel.lot)[0].pk}).status_code == 302
    award = Award.objects.get()
    assert officer.post(reverse("procurement:award-publish", args=[award.pk])).status_code == 403
    assert approver.post(reverse("procurement:award-publish", args=[award.pk])).status_code == 302
    award.refresh_from_db()
    assert award.status == AwardStatus.PUBLISHED
    assert award.bid.price == Decimal("1000000.00")
    assert approver.get(address).status_code == 200
    assert award.decided_at - award.proposed_at == timedelta(0)
