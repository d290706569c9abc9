"""Sealed is sealed: the marker, the shares, the seal key's refusal, the last second, two at once."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.urls import reverse
from django.views.debug import ExceptionReporter

from marketplace import audit
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core.exceptions import MarketplaceError, Refused
from marketplace.core.locking import locked
from marketplace.documents.encryption import CannotDecrypt, decrypt
from marketplace.procurement import crypto, sealkey
from marketplace.procurement.models import (
    Bid,
    BidDraft,
    BidPart,
    BidStatus,
    CustodianShare,
    DraftStatus,
    Lot,
    LotStatus,
    PartStatus,
)
from marketplace.procurement.selectors.bids import answered_criteria
from marketplace.procurement.services import opening, sealing
from marketplace.procurement.services.bids import mark_complete, resume_editing, submit_bid, withdraw_bid
from marketplace.procurement.services.closing import close_lot
from marketplace.procurement.services.drafts import PartPlace, attach_bytes, remove_part, save_section, start_draft
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import (
    PDF,
    actor_of,
    closed_lot,
    decrypted_share,
    draft_for,
    hand_in,
    make_bidder,
    open_lot,
    operator,
    proved_custodian,
    sealed_bid,
    small_pdf,
)

pytestmark = pytest.mark.django_db
MARKER = "ZQMARKERXJ7"


def tables() -> Iterator[tuple[str, object]]:
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for name, value in row.items():
                yield f"{model._meta.label}.{name}", value


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def found_in_tables(marker: str) -> list[str]:
    return [place for place, value in tables() if marker.encode() in as_bytes(value)]


def found_in_files(marker: str, *folders: Path, since: float = 0) -> list[str]:
    """Folders of other programs may vanish meanwhile: `os.walk` passes over them."""
    found = []
    for folder in folders:
        for path in (Path(where, name) for where, _folders, names in os.walk(folder) for name in names):
            try:
                if path.is_file() and path.stat().st_mtime >= since and marker.encode() in path.read_bytes():
                    found.append(str(path))
            except OSError:
                continue
    return found


def database_files() -> list[Path]:
    """The file itself with what lies in its free pages, and its write-ahead log."""
    if connection.vendor != "sqlite":
        return []
    name = Path(str(connection.settings_dict["NAME"]))
    return [path for path in (name, Path(f"{name}-wal"), Path(f"{name}-journal")) if path.exists()]


def write_marked_bid(client, draft: BidDraft) -> None:
    """Every field and every file of a bid, over HTTP, with files that Django would put into a temporary file."""
    lot, padding = draft.lot, b"%" + b"x" * 3_000_000 + b"\n"
    content = small_pdf() + padding + f"%{MARKER}\n%%EOF\n".encode()

    def pdf() -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{MARKER}.pdf", content, PDF)

    def post(step: str, **fields: object) -> None:
        response = client.post(reverse("procurement:bid-step", args=[draft.pk, step]), {"version": 1, **fields})
        assert response.status_code == 302, response.content.decode()

    kinds = ["registration", "finance", "capability"]
    kinds += [f"condition-{c.pk}" for c in lot.tender.conditions.exclude(evidence="")]
    post("evidence", note=MARKER, **{f"file-evidence-{kind}": pdf() for kind in kinds})
    post("declaration", agreed="on", name=MARKER)
    post("price", amount="1234567.89")
    for criterion in answered_criteria(lot):
        post(f"answer-{criterion.pk}", answer=MARKER, **{f"file-technical-{criterion.pk}": pdf()})
    post("related", none="", rows=MARKER, subcontracting=MARKER)
    post("annexes", **{"file-annex": pdf()})
    post("contact", name=MARKER, phone=MARKER)


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_a_marker_in_every_field_and_file_is_found_nowhere(client_for, private_folders, settings) -> None:
    """After the sealing: no table, file, temporary file, free page, write-ahead log, page, mail or error report."""
    settings.FILE_UPLOAD_TEMP_DIR = None
    began = time.time() - 1
    lot, bidder = open_lot(), make_bidder()
    client = client_for(bidder)
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    write_marked_bid(client, draft)
    assert MARKER in client.get(reverse("procurement:bid-step", args=[draft.pk, "contact"])).content.decode()
    assert found_in_tables(MARKER) == []
    assert found_in_files(MARKER, private_folders) == []

    client.post(reverse("procurement:bid-seal", args=[draft.pk]))
    client.post(reverse("procurement:bid-submit", args=[draft.pk]))
    bid = Bid.objects.get()
    draft.refresh_from_db()
    assert bytes(draft.payload) == b""
    assert bytes(draft.wrapped_key) == b""

    for word in (MARKER, "1234567.89", "1,234,567.89"):
        assert found_in_tables(word) == []
        assert found_in_files(word, private_folders) == []
    assert found_in_files(MARKER, Path(tempfile.gettempdir()), since=began) == []
    for path in database_files():
        assert MARKER.encode() not in path.read_bytes()
    assert [m for m in mail.outbox if MARKER in str(m.message())] == []
    assert list((private_folders / "files" / "drafts" / str(draft.pk)).rglob("*.age")) == []
    assert_no_page_tells(client_for, lot, bid, client)


def assert_no_page_tells(client_for, lot: Lot, bid: Bid, own) -> None:
    """Own pages after the sealing, the officer's, the operator's, a stranger's, the public's."""
    officer = make_person(lot.tender.buyer, Role.OFFICER)
    people = [client_for(person) for person in (officer, operator(), make_bidder("别家"))]
    addresses = [
        reverse("procurement:bid-list"),
        reverse("procurement:bid", args=[lot.pk]),
        reverse("procurement:bid-receipt", args=[bid.receipt_number]),
        reverse("procurement:opening-list"),
        reverse("procurement:opening", args=[lot.pk]),
        "/workspace/",
        "/log/",
    ]
    for client in (own, *people):
        for address in addresses:
            page = client.get(address, follow=True).content.decode()
            assert MARKER not in page
            assert "1,234,567.89" not in page
    for client in people:
        page = client.get(reverse("procurement:opening", args=[lot.pk])).content.decode()
        assert bid.body.name not in page
        assert bid.receipt_number not in page


def test_an_error_report_tells_nothing_of_a_bid(rf) -> None:
    request = rf.post("/workspace/bids/x/steps/price/", {"amount": MARKER})
    try:
        secret = {"answer": MARKER}
        raise RuntimeError(len(secret))
    except RuntimeError:
        report = ExceptionReporter(request, *sys.exc_info(), is_email=True)
    assert MARKER not in report.get_traceback_text()
    assert MARKER not in report.get_traceback_html()


def test_a_failing_service_hides_its_variables(rf, monkeypatch) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    monkeypatch.setattr("marketplace.procurement.services.drafts.save_payload", lambda *args: 1 / 0)
    try:
        save_section(
            actor=bidder, draft_id=draft.pk, section="contact", version=1, values={"name": MARKER, "phone": ""}
        )
    except ZeroDivisionError:
        report = ExceptionReporter(rf.get("/"), *sys.exc_info())
    service_frames = [f for f in report.get_traceback_frames() if "/services/" in f["filename"]]
    assert service_frames
    assert all(MARKER not in str(value) for frame in service_frames for _name, value in frame["vars"])


# --- who can open, and when


def test_a_copy_of_the_database_opens_nothing_without_the_seal_key() -> None:
    """All shares and the whole database: the outer wrapping stays closed."""
    lot = open_lot()
    sealed_bid(lot)
    shares = [crypto.read_share(decrypted_share(s)) for s in CustodianShare.objects.filter(lot_key__lot=lot)]
    with pytest.raises(CannotDecrypt):
        crypto.unwrap_inner(bytes(lot.key.wrapped_identity), shares[:2])


def test_the_server_with_its_key_opens_nothing_without_shares() -> None:
    lot = open_lot()
    inner, _not_before = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), sealkey.seal_identity())
    with pytest.raises(CannotDecrypt):
        decrypt(inner, sealkey.seal_identity())
    one = crypto.read_share(decrypted_share(CustodianShare.objects.filter(lot_key__lot=lot).first()))
    with pytest.raises(CannotDecrypt):
        crypto.unwrap_inner(inner, [one])


def test_before_the_closing_the_system_refuses_all_shares_together() -> None:
    """R-BID-07: three custodians and the system at one table, one second before."""
    lot = open_lot()
    sealed_bid(lot)
    shares = [crypto.read_share(decrypted_share(s)) for s in CustodianShare.objects.filter(lot_key__lot=lot)]
    with pytest.raises(Refused) as caught:
        sealing.unwrap_lot_identity(lot, shares)
    assert caught.value.rule_id == "R-BID-07"


def test_a_deadline_forged_in_the_database_does_not_open_early(market_clock) -> None:
    """The moment stands inside the wrapping too: an earlier deadline in a copy changes nothing."""
    lot = open_lot()
    sealed_bid(lot)
    shares = [crypto.read_share(decrypted_share(s)) for s in CustodianShare.objects.filter(lot_key__lot=lot)]
    real = lot.tender.deadline
    market_clock.move_to(real - timedelta(hours=1))
    lot.tender.deadline = real - timedelta(days=1)
    lot.tender.save(update_fields=["deadline"])
    close_lot(lot_id=lot.pk)
    Lot.objects.filter(pk=lot.pk).update(status=LotStatus.CLOSED)
    lot = Lot.objects.select_related("tender", "closing", "key").get(pk=lot.pk)
    with pytest.raises(Refused):
        sealing.unwrap_lot_identity(lot, shares)


def test_a_wrong_share_is_named_at_once() -> None:
    lot = closed_lot(3)
    first, second = CustodianShare.objects.filter(lot_key__lot=lot).order_by("index")[:2]
    with pytest.raises(MarketplaceError) as caught:
        opening.hand_in_share(actor=actor_of(first.custodian), lot_id=lot.pk, share_text=decrypted_share(second))
    assert caught.value.field == "share_text"
    with pytest.raises(MarketplaceError):
        opening.hand_in_share(actor=actor_of(first.custodian), lot_id=lot.pk, share_text="yizhao-share-1:nonsense")
    first.refresh_from_db()
    assert first.handed_in_at is None


def test_between_hand_in_and_opening_a_share_is_not_in_clear() -> None:
    lot = closed_lot(3)
    hand_in(lot, 1)
    share = CustodianShare.objects.filter(lot_key__lot=lot).exclude(handed_in_at=None).get()
    assert crypto.SHARE_PREFIX.encode() not in bytes(share.handed_in)
    assert found_in_tables(decrypted_share(share)) == []


# --- fewer than three, replace, withdraw


def test_two_bids_stay_closed_and_the_lot_is_void() -> None:
    """R-OPEN-02, R-EVAL-20."""
    lot = closed_lot(2)
    assert lot.status == LotStatus.VOID
    assert lot.closing.bid_count == 2
    assert "2" in lot.void_reason
    assert list(lot.bids.values_list("status", flat=True)) == [BidStatus.UNOPENED] * 2
    share = CustodianShare.objects.filter(lot_key__lot=lot).first()
    with pytest.raises(Refused):
        opening.hand_in_share(actor=actor_of(share.custodian), lot_id=lot.pk, share_text=decrypted_share(share))


def test_the_last_version_counts(market_clock) -> None:
    """R-BID-08: replaced is closed for ever; the count is one a bidder."""
    lot, bidder = open_lot(), make_bidder()
    first = sealed_bid(lot, bidder, "1200000.00")
    market_clock.advance(minutes=5)
    second = sealed_bid(lot, bidder, "1100000.00")
    first.refresh_from_db()
    assert first.status == BidStatus.REPLACED
    sealed_bid(lot)
    lot = closed_lot(1, lot)
    assert lot.closing.bid_count == 3
    hand_in(lot)
    second.refresh_from_db()
    first.refresh_from_db()
    assert str(second.price) == "1100000.00"
    assert first.price is None


def test_a_withdrawn_bid_is_not_counted_and_may_be_followed() -> None:
    """R-BID-08."""
    lot, bidder = open_lot(), make_bidder()
    bid = sealed_bid(lot, bidder)
    received = lot.tender.deadline
    withdraw_bid(actor=bidder, receipt_number=bid.receipt_number, received_at=received)
    withdraw_bid(actor=bidder, receipt_number=bid.receipt_number, received_at=received)
    bid.refresh_from_db()
    assert bid.status == BidStatus.WITHDRAWN
    other = sealed_bid(lot)
    with pytest.raises(Refused):
        withdraw_bid(
            actor=actor_for_bid(other),
            receipt_number=other.receipt_number,
            received_at=received + timedelta(milliseconds=1),
        )
    again = sealed_bid(lot, bidder, "900000.00")
    assert again.status == BidStatus.SUBMITTED


def actor_for_bid(bid: Bid):
    from marketplace.accounts.actors import actor_for
    from marketplace.accounts.models import Membership

    return actor_for(bid.submitted_by, Membership.objects.get(user=bid.submitted_by))


def test_a_kept_copy_is_the_start_of_the_next_version() -> None:
    lot, bidder = open_lot(), make_bidder()
    first = sealed_bid(lot, bidder, "1200000.00", keep_copy=True)
    draft = first.draft
    assert draft.status == DraftStatus.SUBMITTED
    save_section(
        actor=bidder, draft_id=draft.pk, section="price", version=2, values={"amount": "1150000.00", "confirmed": False}
    )
    mark_complete(actor=bidder, draft_id=draft.pk)
    second = submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)
    first.refresh_from_db()
    assert (first.status, second.status) == (BidStatus.REPLACED, BidStatus.SUBMITTED)
    assert second.plaintext_commitment != first.plaintext_commitment
    draft.refresh_from_db()
    assert bytes(draft.wrapped_key) == b""


def test_drafts_are_destroyed_with_the_closing() -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    closed_lot(3, lot)
    draft.refresh_from_db()
    assert (draft.status, bytes(draft.payload), bytes(draft.wrapped_key)) == (DraftStatus.DESTROYED, b"", b"")
    assert set(draft.parts.values_list("status", flat=True)) == {PartStatus.REMOVED}


# --- what is refused


def test_nothing_is_sealed_while_something_is_missing() -> None:
    """R-ELIG-02."""
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    with pytest.raises(Refused) as caught:
        mark_complete(actor=bidder, draft_id=draft.pk)
    assert caught.value.rule_id == "R-ELIG-02"
    draft.refresh_from_db()
    assert draft.status == DraftStatus.EDITING


def test_a_submit_is_refused_while_a_part_is_not_sealed() -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    BidPart.objects.filter(pk=draft.parts.first().pk).update(status=PartStatus.SEALING)
    with pytest.raises(Refused) as caught:
        submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)
    assert caught.value.rule_id == "R-EDOC-05"
    assert not Bid.objects.exists()
    BidDraft.objects.filter(pk=draft.pk).update(status=DraftStatus.SEALING)
    with pytest.raises(MarketplaceError) as still_sealing:
        submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)
    assert (still_sealing.value.code, still_sealing.value.rule_id) == ("not_sealed", "R-EDOC-05")
    assert not Bid.objects.exists()


def test_a_pdf_that_cannot_be_drawn_is_told_before_the_submit() -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    broken = b"%PDF-1.7\nthis is no page tree\n%%EOF\n"
    part = attach_bytes(
        actor=bidder, draft_id=draft.pk, content=broken, name="坏.pdf", content_type=PDF, place=PartPlace("annex")
    )
    mark_complete(actor=bidder, draft_id=draft.pk)
    draft.refresh_from_db()
    part.refresh_from_db()
    assert (draft.status, part.status) == (DraftStatus.EDITING, PartStatus.FAILED)
    remove_part(actor=bidder, draft_id=draft.pk, part_id=part.pk)
    mark_complete(actor=bidder, draft_id=draft.pk)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.READY


def test_a_bid_has_500_mb_at_most(monkeypatch) -> None:
    monkeypatch.setattr("marketplace.procurement.rules.bidding.BID_LIMIT", 2 * len(small_pdf()))
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    for _number in range(2):
        attach_bytes(
            actor=bidder,
            draft_id=draft.pk,
            content=small_pdf(),
            name="a.pdf",
            content_type=PDF,
            place=PartPlace("annex"),
        )
    with pytest.raises(Refused) as caught:
        attach_bytes(
            actor=bidder,
            draft_id=draft.pk,
            content=small_pdf(),
            name="a.pdf",
            content_type=PDF,
            place=PartPlace("annex"),
        )
    assert caught.value.field == "file"
    assert draft.parts.count() == 2


def test_while_it_is_being_sealed_nothing_is_written() -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    with pytest.raises(MarketplaceError) as caught:
        save_section(actor=bidder, draft_id=draft.pk, section="contact", version=2, values={"name": "x", "phone": "1"})
    assert caught.value.code == "wrong_state"
    resume_editing(actor=bidder, draft_id=draft.pk)
    save_section(actor=bidder, draft_id=draft.pk, section="contact", version=2, values={"name": "x", "phone": "1"})


def test_the_buyer_and_a_custodians_body_do_not_bid() -> None:
    """R-ELIG-06; custodians guard no bid of their own."""
    lot = open_lot()
    body = make_body(BodyKind.ORGANIZATION)
    bidder = make_person(body, Role.BIDDER)
    key = lot.tender.custodians.first().key
    from marketplace.accounts.models import Membership
    from marketplace.core import clock

    Membership.objects.create(user=key.user, body=body, roles=[Role.REPORTER], since=clock.now())
    with pytest.raises(Refused) as caught:
        start_draft(actor=bidder, lot_id=lot.pk)
    assert caught.value.rule_id == "R-BID-07"
    assert not BidDraft.objects.exists()


# --- the last second, and two at once


def in_threads(*calls) -> list[object]:
    """Run the calls at the same time; answers what each returned or raised."""
    results: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(index: int, call) -> None:
        try:
            start.wait()
            results[index] = call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_submits_of_one_draft_at_once_are_one_bid() -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)

    def submit() -> Bid:
        return submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)

    first, second = in_threads(submit, submit)
    assert isinstance(first, Bid), first
    assert first == second
    assert Bid.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_bidders_at_once_are_two_bids() -> None:
    lot = open_lot()
    drafts = []
    for name in ("甲社", "乙社"):
        bidder = make_bidder(name)
        draft = draft_for(lot, bidder)
        mark_complete(actor=bidder, draft_id=draft.pk)
        drafts.append((bidder, draft.pk))
    results = in_threads(
        *(
            lambda actor=actor, pk=pk: submit_bid(actor=actor, draft_id=pk, received_at=lot.tender.deadline)
            for actor, pk in drafts
        )
    )
    assert [type(result) for result in results] == [Bid, Bid], results
    assert lot.bids.filter(status=BidStatus.SUBMITTED).count() == 2


@pytest.mark.django_db(transaction=True)
def test_in_time_while_the_lots_lock_is_held_is_in(market_clock) -> None:
    """R-BID-07: what counts is when it arrived whole, not when the lock was free."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    deadline = lot.tender.deadline
    market_clock.move_to(deadline + timedelta(seconds=30))
    is_held = threading.Event()

    def hold() -> None:
        with audit.transaction():
            locked(Lot, lot.pk)
            is_held.set()
            time.sleep(0.8)

    def submit() -> Bid:
        is_held.wait()
        return submit_bid(actor=bidder, draft_id=draft.pk, received_at=deadline)

    _held, bid = in_threads(hold, submit)
    assert isinstance(bid, Bid), bid
    market_clock.move_to(deadline + timedelta(seconds=61))
    assert close_lot(lot_id=lot.pk).bid_count == 1


def test_one_millisecond_late_is_out() -> None:
    """R-BID-07, R-TIME-07."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    with pytest.raises(Refused) as caught:
        submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline + timedelta(milliseconds=1))
    assert caught.value.rule_id == "R-BID-07"
    assert not Bid.objects.exists()
    assert submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline).status == BidStatus.SUBMITTED


def test_the_closing_waits_for_its_minute(market_clock) -> None:
    lot = open_lot()
    market_clock.move_to(lot.tender.deadline + timedelta(seconds=59))
    with pytest.raises(MarketplaceError):
        close_lot(lot_id=lot.pk)
    market_clock.advance(seconds=1)
    closing = close_lot(lot_id=lot.pk)
    assert close_lot(lot_id=lot.pk) == closing
    assert closing.head_size > 0
    assert len(closing.head_root) == 64


def test_the_seal_key_is_its_owners_alone() -> None:
    open_lot()
    path = Path(django_settings.MARKETPLACE_SEAL_KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert found_in_tables(sealkey.seal_identity()) == []


def test_custodians_of_one_body_are_not_enough() -> None:
    body = make_body(BodyKind.SUPERVISOR)
    with pytest.raises(Refused):
        open_lot(custodians=[proved_custodian(body) for _number in range(3)])
