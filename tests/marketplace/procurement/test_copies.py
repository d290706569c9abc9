"""The bidder's own copy: proof, new version, stand-in for what could not be opened."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.exceptions import MarketplaceError, NotFound, Refused
from marketplace.documents.storage import storage
from marketplace.procurement.models import Bid, BidFile, BidStatus, DraftStatus
from marketplace.procurement.services.bids import mark_complete, submit_bid
from marketplace.procurement.services.copies import own_copy, stand_in
from marketplace.procurement.services.drafts import read_payload, sealed_path, start_draft
from tests.factories.bids import closed_lot, draft_for, hand_in, make_bidder, open_lot, sealed_bid

pytestmark = pytest.mark.django_db


def copy_and_bid(lot, bidder, price="1000000.00") -> tuple[bytes, Bid]:
    draft = draft_for(lot, bidder, price)
    mark_complete(actor=bidder, draft_id=draft.pk)
    copy = b"".join(own_copy(actor=bidder, draft_id=draft.pk))
    return copy, submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)


def entry(copy: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        return archive.read(name)


def changed(copy: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(copy)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.namelist():
            new.writestr(item, content if item == name else old.read(item))
    return out.getvalue()


def test_nonce_and_manifest_of_the_copy_make_the_commitment_of_the_receipt() -> None:
    lot, bidder = open_lot(), make_bidder()
    copy, bid = copy_and_bid(lot, bidder)
    nonce, manifest = bytes.fromhex(entry(copy, "nonce.txt").decode()), entry(copy, "manifest.json")
    assert hashlib.sha256(nonce + manifest).hexdigest() == bid.plaintext_commitment
    for part in json.loads(manifest)["parts"]:
        assert hashlib.sha256(entry(copy, f"parts/{part['id']}/{part['name']}")).hexdigest() == part["sha256"]


def test_a_new_version_starts_from_the_copy(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    copy, first = copy_and_bid(lot, bidder)
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    assert draft.pk != first.draft_id
    url = reverse("procurement:bid-restore", args=[draft.pk])
    client = client_for(bidder)
    response = client.post(url, {"copy": SimpleUploadedFile("bid.zip", copy)})
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    payload, manifest = read_payload(draft), json.loads(entry(copy, "manifest.json"))
    assert payload["price"] == manifest["price"]
    assert payload["technical"] == manifest["technical"]
    assert sorted(meta["sha256"] for meta in payload["parts"].values()) == sorted(
        p["sha256"] for p in manifest["parts"]
    )
    mark_complete(actor=bidder, draft_id=draft.pk)
    second = submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)
    first.refresh_from_db()
    assert (first.status, second.status) == (BidStatus.REPLACED, BidStatus.SUBMITTED)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40], ids=["empty", "text", "broken"])
def test_what_is_no_copy_changes_nothing(client_for, content) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    before = read_payload(draft)
    url = reverse("procurement:bid-restore", args=[draft.pk])
    response = client_for(bidder).post(url, {"copy": SimpleUploadedFile("bid.zip", content)})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert read_payload(draft) == before
    _folders, files = storage().listdir(f"drafts/{draft.pk}")
    assert len(files) == len(before["parts"])


def test_no_copy_before_the_sealing(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    with pytest.raises(MarketplaceError):
        own_copy(actor=bidder, draft_id=draft.pk)
    assert client_for(bidder).get(reverse("procurement:bid-copy", args=[draft.pk])).status_code == 302


def spoiled_lot(bidder):
    """A closed lot in whose store a byte of the bidder's first part was changed."""
    lot = open_lot()
    copy, bid = copy_and_bid(lot, bidder)
    path = sealed_path(bid.parts.order_by("created_at").first().pk)
    with storage().open(path, "r+b") as file:
        file.seek(300)
        byte = file.read(1)
        file.seek(300)
        file.write(bytes([byte[0] ^ 1]))
    lot = closed_lot(2, lot)
    hand_in(lot)
    bid.refresh_from_db()
    return lot, bid, copy


def test_a_spoiled_bid_is_recorded_and_the_others_go_on() -> None:
    """R-EDOC-08."""
    lot, bid, _copy = spoiled_lot(make_bidder())
    assert (bid.status, bid.open_error, bid.price) == (BidStatus.UNREADABLE, "part_unreadable", None)
    assert lot.bids.filter(status=BidStatus.OPENED).count() == 2
    assert not BidFile.objects.filter(bid=bid).exists()


def test_a_proved_copy_stands_in(client_for) -> None:
    """R-EDOC-08: by commitment and hashes, within the time for statements."""
    bidder = make_bidder()
    lot, bid, copy = spoiled_lot(bidder)
    url = reverse("procurement:opening-copy", args=[lot.pk])
    client = client_for(bidder)
    assert client.get(url).status_code == 200
    response = client.post(url, {"copy": SimpleUploadedFile("bid.zip", copy)})
    assert response.status_code == 302, response.content.decode()
    bid.refresh_from_db()
    assert (bid.status, str(bid.price), bid.open_error) == (BidStatus.OPENED, "1000000.00", "")
    assert BidFile.objects.filter(bid=bid).count() == len(bid.contents["parts"])
    assert client.get(url).status_code == 404


def test_another_copy_does_not_stand_in() -> None:
    bidder = make_bidder()
    lot, bid, copy = spoiled_lot(bidder)
    manifest = json.loads(entry(copy, "manifest.json"))
    cheaper = changed(copy, "manifest.json", json.dumps({**manifest, "price": {"amount": "1.00"}}).encode())
    first = manifest["parts"][0]
    other_file = changed(copy, f"parts/{first['id']}/{first['name']}", b"%PDF-1.7 other")
    for wrong in (cheaper, other_file, b"no zip"):
        with pytest.raises(MarketplaceError) as caught:
            stand_in(actor=bidder, lot_id=lot.pk, upload=io.BytesIO(wrong))
        assert caught.value.field == "copy"
    bid.refresh_from_db()
    assert bid.status == BidStatus.UNREADABLE
    with pytest.raises(NotFound):
        stand_in(actor=make_bidder("别家"), lot_id=lot.pk, upload=io.BytesIO(copy))


def test_a_copy_comes_too_late_after_the_statements(market_clock) -> None:
    bidder = make_bidder()
    lot, _bid, copy = spoiled_lot(bidder)
    market_clock.advance(minutes=31)
    with pytest.raises(Refused) as caught:
        stand_in(actor=bidder, lot_id=lot.pk, upload=io.BytesIO(copy))
    assert caught.value.rule_id == "R-OPEN-04"


def test_a_copy_of_a_kept_draft_can_be_had_again() -> None:
    lot, bidder = open_lot(), make_bidder()
    bid = sealed_bid(lot, bidder, keep_copy=True)
    assert bid.draft.status == DraftStatus.SUBMITTED
    assert b"".join(own_copy(actor=bidder, draft_id=bid.draft_id)).startswith(b"PK")
