"""From the closing to the read-out."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.schedule import run_due
from marketplace.documents.encryption import new_identity, recipient_of
from marketplace.documents.generation import latest_document
from marketplace.documents.models import Document
from marketplace.procurement.models import (
    Bid,
    BidFile,
    BidStatus,
    CustodianKey,
    CustodianShare,
    LotStatus,
    Opening,
    OpeningStatement,
)
from marketplace.procurement.services.custodians import appoint_custodian, register_public_key
from marketplace.procurement.services.opening import hand_in_share
from marketplace.procurement.services.statements import close_opening, make_statement
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import (
    actor_of,
    closed_lot,
    decrypted_share,
    hand_in,
    make_bidder,
    open_lot,
    opened_lot,
    operator,
    proved_custodian,
    sealed_bid,
)

pytestmark = pytest.mark.django_db


def bidder_of(bid: Bid) -> Actor:
    return actor_for(bid.submitted_by, Membership.objects.get(user=bid.submitted_by, body=bid.body))


def test_two_of_three_custodians_open_after_the_closing() -> None:
    lot = opened_lot(3)

    assert lot.status == LotStatus.OPENED
    bids = list(lot.bids.order_by("pk"))
    assert [bid.status for bid in bids] == [BidStatus.OPENED] * 3
    assert [bid.price for bid in bids] == [Decimal("1000000.00"), Decimal("1080000.00"), Decimal("1150000.00")]
    assert sorted(bid.label for bid in bids) == ["A", "B", "C"]
    assert bids[0].contents["parts"][0]["name"].endswith(".pdf")
    assert BidFile.objects.filter(bid=bids[0], page_count=1).count() == 7
    assert set(CustodianShare.objects.values_list("handed_in", flat=True)) == {b""}


def test_one_custodian_alone_opens_nothing() -> None:
    lot = closed_lot(3)
    hand_in(lot, 1)
    lot.refresh_from_db()
    assert lot.status == LotStatus.CLOSED
    assert not lot.bids.exclude(price=None).exists()


def test_no_share_is_taken_before_the_closing() -> None:
    """R-BID-07: nobody opens early."""
    lot = open_lot()
    sealed_bid(lot)
    share = CustodianShare.objects.filter(lot_key__lot=lot).first()
    with pytest.raises(Refused) as caught:
        hand_in_share(actor=actor_of(share.custodian), lot_id=lot.pk, share_text=decrypted_share(share))
    assert caught.value.rule_id == "R-BID-07"
    share.refresh_from_db()
    assert share.handed_in_at is None


# --- the hall


def test_statements_answers_and_minutes(client_for, market_clock) -> None:
    """R-OPEN-03, R-OPEN-04."""
    lot = opened_lot(3)
    officer = make_person(lot.tender.buyer, Role.OFFICER)
    first, second, third = (bidder_of(bid) for bid in lot.bids.order_by("pk"))
    hall = reverse("procurement:opening", args=[lot.pk])
    client = client_for(first)
    assert "1,080,000.00" in client.get(hall).content.decode()
    assert client.post(reverse("procurement:opening-confirm", args=[lot.pk])).status_code == 302
    client.post(reverse("procurement:opening-confirm", args=[lot.pk]))
    assert OpeningStatement.objects.count() == 1

    client_for(second).post(reverse("procurement:opening-object", args=[lot.pk]), {"text": "唱出的报价与我方不符"})
    statement = OpeningStatement.objects.get(confirms=False)
    market_clock.advance(minutes=31)
    with pytest.raises(Refused) as caught:
        make_statement(actor=third, lot_id=lot.pk, confirms=True)
    assert caught.value.rule_id == "R-OPEN-04"
    with pytest.raises(Refused):
        close_opening(actor=officer, lot_id=lot.pk)
    run_due(clock.now())
    assert Opening.objects.get().closed_at is None

    leading = client_for(officer)
    answer = reverse("procurement:opening-answer", args=[lot.pk, statement.pk])
    assert leading.post(answer, {"answer": ""}).status_code == 422
    assert leading.post(answer, {"answer": "经核对，报价以封存文件为准。"}).status_code == 302
    assert leading.post(reverse("procurement:opening-close", args=[lot.pk])).status_code == 302
    opening = Opening.objects.get()
    assert opening.closed_at is not None
    minutes = latest_document("opening_minutes", opening)
    assert b"".join(client.get(f"/files/{minutes.file_id}/")).startswith(b"%PDF")
    assert client_for(make_bidder("别家")).get(f"/files/{minutes.file_id}/").status_code == 404


def test_the_minutes_are_fixed_by_the_clock_when_nobody_objects(market_clock) -> None:
    lot = opened_lot(3)
    market_clock.advance(minutes=31)
    run_due(clock.now())
    run_due(clock.now())
    assert Opening.objects.get(lot=lot).closed_at is not None
    assert Document.objects.filter(kind="opening_minutes").count() == 1


def test_the_hall_leads_on(client_for, market_clock) -> None:
    """To the eligibility check once the minutes are fixed; of a void lot to a new tender (R-EVAL-20)."""
    lot = opened_lot(3)
    client = client_for(make_person(lot.tender.buyer, Role.OFFICER))
    hall, check = (reverse(f"procurement:{name}", args=[lot.pk]) for name in ("opening", "lot-eligibility"))
    assert check not in client.get(hall).content.decode()
    market_clock.advance(minutes=31)
    run_due(clock.now())
    assert check in client.get(hall).content.decode()
    assert client.get(check).status_code == 200

    void = closed_lot(2)
    client = client_for(make_person(void.tender.buyer, Role.OFFICER))
    hall, again = (reverse(f"procurement:{name}", args=[void.pk]) for name in ("opening", "lot-retender"))
    assert again in client.get(hall).content.decode()
    bidder = bidder_of(void.bids.first())
    page = client_for(bidder).get(hall).content.decode()
    assert void.void_reason in page
    assert again not in page
    assert client.post(again).status_code == 302
    page = client.get(hall).content.decode()
    assert again not in page
    assert reverse("procurement:tender-detail", args=[void.retenders.get().pk]) in page


def test_signs_of_collusion_are_shown_to_those_who_read_bids(client_for) -> None:
    """R-BID-10, WARN: the factories' bidders name one contact and use one file, as real ones should not."""
    lot = opened_lot(3)
    hall = reverse("procurement:opening", args=[lot.pk])
    page = client_for(make_person(lot.tender.buyer, Role.OFFICER)).get(hall).content.decode()
    assert "R-BID-10" in page
    assert "投标人 A、B、C 填写的联系人或电话相同" in page
    assert "有完全相同的文件" in page
    assert "等差规律" not in page
    assert "R-BID-10" not in client_for(bidder_of(lot.bids.first())).get(hall).content.decode()


def test_labels_follow_from_the_closings_head() -> None:
    lot = opened_lot(3)
    bids = list(lot.bids.all())
    order = sorted(bids, key=lambda b: hashlib.sha256((lot.closing.head_root + b.manifest_sha256).encode()).digest())
    assert [bid.label for bid in order] == ["A", "B", "C"]


def test_files_of_opened_bids_are_for_their_readers_only(client_for) -> None:
    lot = opened_lot(3)
    bid = lot.bids.order_by("pk").first()
    file = BidFile.objects.filter(bid=bid).first()
    rival = bidder_of(lot.bids.order_by("pk").last())
    address, page = f"/files/{file.file_id}/", f"/files/{file.file_id}/pages/1.png"
    for actor, status in (
        (bidder_of(bid), 200),
        (make_person(lot.tender.buyer, Role.OFFICER), 200),
        (rival, 404),
        (make_bidder("别家"), 404),
        (operator(), 404),
    ):
        for wanted in (address, page):
            response = client_for(actor).get(wanted)
            assert response.status_code == status
            assert b"".join(response)
    picture = client_for(bidder_of(bid)).get(page)
    assert b"".join(picture).startswith(b"\x89PNG")
    assert client_for(bidder_of(bid)).get(f"/files/{file.file_id}/pages/99.png").status_code == 404


def test_the_hall_before_the_closing_tells_nothing(client_for) -> None:
    """R-TENDER-14, R-BID-07."""
    lot = open_lot()
    bid = sealed_bid(lot)
    page = client_for(make_person(lot.tender.buyer, Role.OFFICER)).get(reverse("procurement:opening", args=[lot.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert bid.body.name not in text
    assert bid.receipt_number not in text


def test_a_passphrase_opens_the_share_in_the_hall(client_for, market_clock) -> None:
    """The simple way, once for real: it costs what it costs."""
    body = make_body(BodyKind.SUPERVISOR)
    custodian = make_person(body, Role.CUSTODIAN)
    client = client_for(custodian)
    words = "harbour lantern seven willow"
    assert (
        client.post(reverse("procurement:custodian-key"), {"passphrase": "short", "repeated": "short"}).status_code
        == 422
    )
    client.post(reverse("procurement:custodian-key"), {"passphrase": words, "repeated": words})
    key = CustodianKey.objects.get(user_id=custodian.user_id)
    assert b"AGE-SECRET-KEY" not in bytes(key.encrypted_identity)
    assert client.post(reverse("procurement:custodian-trial"), {"passphrase": words + "!"}).status_code == 422
    assert client.post(reverse("procurement:custodian-trial"), {"passphrase": words}).status_code == 302
    boss = client_for(operator())
    assert boss.get(reverse("procurement:custodian-list")).status_code == 200
    boss.post(reverse("procurement:custodian-appoint", args=[key.pk]))
    others = [proved_custodian(make_body(kind)) for kind in (BodyKind.AUDITOR, BodyKind.AGENCY)]
    lot = closed_lot(3, open_lot(custodians=[key, *others]))
    share = reverse("procurement:opening-share", args=[lot.pk])
    assert client.get(share).status_code == 200
    assert client.post(share, {"passphrase": "wrong wrong wrong wrong"}).status_code == 422
    assert client.post(share, {"passphrase": words}).status_code == 302
    lot.refresh_from_db()
    assert lot.status == LotStatus.CLOSED
    second = CustodianShare.objects.get(lot_key__lot=lot, custodian=others[0])
    hand_in_share(actor=actor_of(others[0]), lot_id=lot.pk, share_text=decrypted_share(second))
    lot.refresh_from_db()
    assert lot.status == LotStatus.OPENED
    assert client.get(reverse("procurement:custodian")).status_code == 200


def test_nobody_is_appointed_before_the_trial() -> None:
    custodian = make_person(make_body(BodyKind.AUDITOR), Role.CUSTODIAN)
    key = register_public_key(actor=custodian, public_key=recipient_of(new_identity()))
    with pytest.raises(MarketplaceError):
        appoint_custodian(actor=operator(), key_id=key.pk)
    with pytest.raises(NotAllowed):
        appoint_custodian(actor=custodian, key_id=key.pk)
    with pytest.raises(MarketplaceError):
        register_public_key(actor=custodian, public_key="ssh-ed25519 AAAA")


def test_pages_ask_the_database_a_constant_number_of_times(client_for, django_assert_max_num_queries) -> None:
    lot = opened_lot(4)
    bidder = bidder_of(lot.bids.first())
    client = client_for(bidder)
    bid = lot.bids.get(body_id=bidder.body_id)
    for address in (
        reverse("procurement:bid-list"),
        reverse("procurement:bid-receipt", args=[bid.receipt_number]),
        reverse("procurement:opening-list"),
        reverse("procurement:opening", args=[lot.pk]),
    ):
        with django_assert_max_num_queries(25):
            assert client.get(address).status_code == 200
