"""R-OPEN-05, R-ELIG-01 … -05: every point noted, ties computed, fewer than three → void."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.organizations.models import Organization, PersonLink
from marketplace.procurement.events import LotVoided
from marketplace.procurement.models import BidStatus, EligibilityFinding, LotStatus, Opening
from marketplace.procurement.rules.eligibility import LINKS
from marketplace.procurement.selectors.eligibility import check_points
from marketplace.procurement.selectors.review import opened_bids
from marketplace.procurement.services.eligibility import (
    Finding,
    conclude_check,
    record_credit_query,
    record_findings,
    start_check,
)
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import small_pdf
from tests.factories.review import Panel, Upload, check_bid, opened_panel

from .conftest import Stage, announced, staged

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with staged(django_db_blocker, lambda: opened_panel(3)) as built:
        yield built


@pytest.fixture
def panel(stage: Stage, at_stage: Callable[[Stage], Panel]) -> Panel:
    return at_stage(stage)


def begin(panel: Panel) -> list[Any]:
    start_check(actor=panel.officer, lot_id=panel.lot.pk)
    panel.refresh()
    return list(opened_bids(panel.lot))


def test_all_pass_and_the_lot_waits_for_its_committee(panel: Panel) -> None:
    for bid in begin(panel):
        check_bid(panel, bid)
    conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    panel.refresh()
    assert panel.lot.status == LotStatus.ELIGIBILITY
    assert panel.lot.eligibility_check.concluded_by_id == panel.officer.user_id
    assert set(panel.lot.bids.values_list("status", flat=True)) == {BidStatus.OPENED}


def test_fewer_than_three_that_pass_void_the_lot(panel: Panel) -> None:
    """R-OPEN-05: the notice is out, the reason kept, everyone is told by the event."""
    bids = begin(panel)
    check_bid(panel, bids[0], failing={"evidence:finance": "缺少社会保险缴纳证明"})
    check_bid(panel, bids[1])
    check_bid(panel, bids[2])
    with announced(LotVoided) as news:
        conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    panel.refresh()
    bids[0].refresh_from_db()
    assert panel.lot.status == LotStatus.VOID
    assert "2" in panel.lot.void_reason
    assert bids[0].status == BidStatus.INELIGIBLE
    assert bids[0].invalid_reason == "财务报告及纳税、社会保险缴纳证明：缺少社会保险缴纳证明"
    notice = NoticeSnapshot.objects.get(kind=NoticeKind.VOID)
    assert notice.data["reason"] == panel.lot.void_reason
    assert notice.published_by_id == panel.lot.tender.published_by_id
    assert news == [LotVoided(panel.lot.pk)]


def test_a_listed_bidder_fails_by_itself(panel: Panel) -> None:
    """R-ELIG-04: the point follows from the three look-ups."""
    bids = begin(panel)
    check_bid(panel, bids[0], listed=True)
    finding = EligibilityFinding.objects.get(bid=bids[0], point="credit")
    assert (finding.passed, finding.reason) == (False, "重大税收违法失信主体")
    assert bids[0].credit_queries.count() == 3
    assert all(query.file.size for query in bids[0].credit_queries.all())


def test_two_look_ups_are_not_three(panel: Panel) -> None:
    bid = begin(panel)[0]
    for each in ("judgment", "tax"):
        record_credit_query(
            actor=panel.officer, bid_id=bid.pk, credit_list=each, is_listed=False, upload=Upload(small_pdf("信用查询"))
        )
    assert not EligibilityFinding.objects.filter(bid=bid, point="credit").exists()


def test_nothing_is_concluded_without_the_credit_record(panel: Panel) -> None:
    """R-ELIG-04 blocks by itself: everything else of every bid is noted, one bid lacks its look-ups."""
    bids = begin(panel)
    for bid in bids[1:]:
        check_bid(panel, bid)
    points = [point.key for point in check_points(panel.lot.tender) if point.key not in (LINKS, "credit")]
    noted = [Finding(key, True) for key in points]
    record_findings(actor=panel.officer, bid_id=bids[0].pk, findings=noted)
    with pytest.raises(Refused) as refusal:
        conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    assert refusal.value.rule_id == "R-ELIG-04"
    panel.refresh()
    assert panel.lot.eligibility_check.concluded_at is None
    assert set(panel.lot.bids.values_list("status", flat=True)) == {BidStatus.OPENED}


def test_the_same_head_ties_both_bidders(panel: Panel) -> None:
    """R-ELIG-05: from the register, without anybody's opinion."""
    bids = list(opened_bids(panel.lot))
    for bid in bids[:2]:
        organization, _new = Organization.objects.get_or_create(body=bid.body, defaults={"kind": "service_agency"})
        PersonLink.objects.create(organization=organization, name="周启明", relation="head")
    begin(panel)
    findings = {row.bid_id: row for row in EligibilityFinding.objects.filter(point=LINKS)}
    assert [findings[bid.pk].passed for bid in bids] == [False, False, True]
    assert findings[bids[0].pk].reason == f"{bids[1].body.name}（周启明）"


def test_the_credit_record_cannot_be_noted_by_hand(panel: Panel) -> None:
    bid = begin(panel)[0]
    with pytest.raises(Refused) as refusal:
        record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding("credit", True, "网上查过")])
    assert refusal.value.rule_id == "R-EVAL-04"
    assert not EligibilityFinding.objects.filter(bid=bid, point="credit").exists()


def heads_of_the_same_name(panel: Panel, *, id_hash: str) -> list[Any]:
    bids = list(opened_bids(panel.lot))
    for bid in bids[:2]:
        organization, _new = Organization.objects.get_or_create(body=bid.body, defaults={"kind": "service_agency"})
        PersonLink.objects.create(organization=organization, name="王伟", relation="head", id_hash=id_hash)
    begin(panel)
    return bids


def test_two_people_of_one_name_are_told_apart_by_the_officer(panel: Panel, client_for: Any) -> None:
    """R-ELIG-05: a name alone is a question, not an answer."""
    bid = heads_of_the_same_name(panel, id_hash="")[0]
    with pytest.raises(Refused) as silent:
        record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding(LINKS, True)])
    assert (silent.value.rule_id, silent.value.field) == ("R-ELIG-05", LINKS)
    assert not EligibilityFinding.objects.get(bid=bid, point=LINKS).passed
    check = reverse("procurement:eligibility-check", args=[panel.lot.pk, bid.pk])
    data = {LINKS: "True", f"{LINKS}-reason": "同名，身份证号不同，见登记证书。"}
    assert client_for(panel.officer).post(check, data).status_code == 302
    finding = EligibilityFinding.objects.get(bid=bid, point=LINKS)
    assert (finding.passed, finding.reason) == (True, "同名，身份证号不同，见登记证书。")


def test_a_certain_tie_stands(panel: Panel) -> None:
    bid = heads_of_the_same_name(panel, id_hash="a" * 64)[0]
    with pytest.raises(Refused) as refusal:
        record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding(LINKS, True, "同名")])
    assert (refusal.value.rule_id, refusal.value.field) == ("R-ELIG-05", LINKS)
    assert not EligibilityFinding.objects.get(bid=bid, point=LINKS).passed


def test_a_tie_that_the_register_does_not_know_is_noted(panel: Panel) -> None:
    bid = begin(panel)[0]
    record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding(LINKS, False, "声明函载明受同一控股人管理")])
    finding = EligibilityFinding.objects.get(bid=bid, point=LINKS)
    assert (finding.passed, finding.reason) == (False, "声明函载明受同一控股人管理")


def test_a_point_that_nobody_asked_for_is_refused(panel: Panel) -> None:
    bid = begin(panel)[0]
    with pytest.raises(Refused) as refusal:
        record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding("condition:999999", False, "规模太小")])
    assert refusal.value.rule_id == "R-EVAL-04"
    assert not EligibilityFinding.objects.filter(bid=bid, point="condition:999999").exists()


def test_not_met_wants_a_reason(panel: Panel) -> None:
    bid = begin(panel)[0]
    with pytest.raises(Refused) as refusal:
        record_findings(actor=panel.officer, bid_id=bid.pk, findings=[Finding("evidence:finance", False, "  ")])
    assert refusal.value.field == "evidence:finance"
    assert EligibilityFinding.objects.filter(bid=bid).count() == 1


def test_nothing_is_concluded_with_open_points(panel: Panel) -> None:
    bids = begin(panel)
    for bid in bids[:2]:
        check_bid(panel, bid)
    with pytest.raises(Refused) as refusal:
        conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    assert bids[2].body.name in str(refusal.value)
    panel.refresh()
    assert panel.lot.eligibility_check.concluded_at is None


def test_only_after_the_minutes(panel: Panel) -> None:
    """R-OPEN-04: bidders may still object to the read-out."""
    Opening.objects.filter(lot=panel.lot).update(closed_at=None)
    with pytest.raises(Refused) as refusal:
        start_check(actor=panel.officer, lot_id=panel.lot.pk)
    assert refusal.value.rule_id == "R-OPEN-04"
    panel.refresh()
    assert panel.lot.status == LotStatus.OPENED


def test_begun_once_and_noted_only_while_open(panel: Panel) -> None:
    bids = begin(panel)
    with pytest.raises(MarketplaceError) as again:
        start_check(actor=panel.officer, lot_id=panel.lot.pk)
    assert again.value.code == "wrong_state"
    for bid in bids:
        check_bid(panel, bid)
    conclude_check(actor=panel.officer, lot_id=panel.lot.pk)
    with pytest.raises(Refused) as late:
        record_findings(actor=panel.officer, bid_id=bids[0].pk, findings=[Finding("evidence:finance", False, "x")])
    assert late.value.rule_id == "R-OPEN-05"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.FINANCE])
def test_only_officers_check(panel: Panel, role: Role) -> None:
    with pytest.raises(NotAllowed):
        start_check(actor=make_person(panel.lot.tender.buyer, role), lot_id=panel.lot.pk)


def test_a_stranger_finds_nothing(panel: Panel, client_for: Any) -> None:
    client = client_for(make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER))
    for name in ("lot-detail", "lot-eligibility", "lot-committee", "lot-award"):
        assert client.get(reverse(f"procurement:{name}", args=[panel.lot.pk])).status_code == 404


def test_the_pages(panel: Panel, client_for: Any) -> None:
    client = client_for(panel.officer)
    address = reverse("procurement:lot-eligibility", args=[panel.lot.pk])
    assert client.get(address).status_code == 200
    assert client.post(reverse("procurement:eligibility-start", args=[panel.lot.pk])).status_code == 302
    bid = opened_bids(panel.lot)[0]
    check = reverse("procurement:eligibility-check", args=[panel.lot.pk, bid.pk])
    assert client.get(check).status_code == 200
    response = client.post(check, {"evidence:finance": "False", "evidence:finance-reason": ""})
    assert response.status_code == 422
    assert "R-EVAL-21" in response.content.decode()
    assert client.post(check, {"evidence:finance": "True"}).status_code == 302
    look_up = reverse("procurement:credit-query", args=[panel.lot.pk, bid.pk, "tax"])
    assert client.get(look_up).status_code == 200
    assert client.get(reverse("procurement:credit-query", args=[panel.lot.pk, bid.pk, "none"])).status_code == 404
    assert "1 / 3" not in client.get(address).content.decode()
