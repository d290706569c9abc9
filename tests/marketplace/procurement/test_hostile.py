"""Hostile looks at bids: thieves, curious colleagues, error reports, files on their way in, crooked manifests."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
import sqlite3
import tempfile
import threading
import time
import traceback
import uuid
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.log import AdminEmailHandler

from marketplace import audit
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit import heads
from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError, Refused
from marketplace.core.locking import locked
from marketplace.documents.encryption import CannotDecrypt, decrypt, encrypt, recipient_of
from marketplace.documents.generation import latest_document
from marketplace.documents.services import open_file
from marketplace.documents.uploads import EncryptedUpload, EncryptingUploads
from marketplace.procurement import crypto, sealkey
from marketplace.procurement.error_reports import HiddenError
from marketplace.procurement.models import (
    Bid,
    BidDraft,
    BidStatus,
    CommitteeMember,
    CustodianKey,
    CustodianShare,
    DraftStatus,
    Lot,
    LotStatus,
    MemberKind,
    Opening,
    PartStatus,
)
from marketplace.procurement.services import bids, custodians, sealing
from marketplace.procurement.services.bids import mark_complete, resume_editing, seal_parts, submit_bid
from marketplace.procurement.services.copies import own_copy
from marketplace.procurement.services.drafts import (
    PartPlace,
    attach_bytes,
    read_payload,
    remove_part,
    save_section,
    start_draft,
)
from tests.factories.accounts import make_body, make_person
from tests.factories.bids import (
    IDENTITIES,
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
from tests.support.signed_in import superuser_client

from .test_sealing import as_bytes, found_in_files, in_threads, tables

pytestmark = pytest.mark.django_db
MARKER = "ZQHOSTILEXJ9"
PRICE = "1234567.89"


# --- while a file arrives


def forgotten_files() -> Iterator[bytes]:
    """What this process holds open without a name: temporary files that are deleted at once."""
    for path in Path("/proc/self/fd").iterdir():
        try:
            if "(deleted)" in str(path.readlink()):
                yield path.read_bytes()
        except OSError:
            continue


def test_nothing_lies_in_clear_while_a_file_arrives(
    client_for, private_folders, tmp_path, settings, monkeypatch
) -> None:
    """Not for a moment: looked at between two pieces of an upload that Django would put into a temporary file."""
    settings.FILE_UPLOAD_TEMP_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = str(tmp_path), 1000
    looks, began, receive = [], time.time() - 1, EncryptingUploads.receive_data_chunk

    def look(self: EncryptingUploads, raw: bytes, start: int) -> None:
        receive(self, raw, start)
        if start > 600_000 and not looks:
            looks.append(start)
            assert found_in_files(MARKER, tmp_path, private_folders) == []
            assert found_in_files(MARKER, Path(tempfile.gettempdir()), since=began) == []
            assert not any(MARKER.encode() in content for content in forgotten_files())

    monkeypatch.setattr(EncryptingUploads, "receive_data_chunk", look)
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    content = small_pdf() + f"%{MARKER}\n".encode() + b"%" + os.urandom(400_000).hex().encode() + b"\n%%EOF\n"
    file = SimpleUploadedFile("方案.pdf", content, PDF)
    response = client_for(bidder).post(
        reverse("procurement:bid-step", args=[draft.pk, "annexes"]), {"version": 1, "file-annex": file}
    )
    assert response.status_code == 302
    assert looks
    assert len(read_payload(BidDraft.objects.get())["parts"]) == 1


def test_a_broken_upload_leaves_nothing(client_for, private_folders) -> None:
    """Too large while it arrives: no piece of it stays, the text does."""
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    huge = SimpleUploadedFile("大.pdf", b"%PDF-1.7\n" + b"x" * (51 * 1024 * 1024), PDF)
    url = reverse("procurement:bid-step", args=[draft.pk, "evidence"])
    response = client_for(bidder).post(url, {"version": 1, "note": "说明", "file-evidence-finance": huge})
    assert response.status_code == 422
    assert "50" in response.content.decode()
    payload = read_payload(BidDraft.objects.get())
    assert (payload["evidence"]["note"], payload["parts"]) == ("说明", {})
    assert list((private_folders / "files" / "drafts" / str(draft.pk)).rglob("*.age")) == []


# --- thieves


def everything_a_thief_has(folder: Path) -> list[bytes]:
    """All values of all tables, all files in the store."""
    values = [as_bytes(value) for _place, value in tables() if value]
    return values + [path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file()]


def opened_by_a_thief(blobs: list[bytes], keys: list[str]) -> bytes:
    """Every age file tried with every key; keys and wrappings found inside are tried in their turn."""
    plain, waiting, known = b"", deque(keys), set(keys)
    blobs = [blob for blob in blobs if blob.startswith(b"age-encryption.org")]
    while waiting:
        key = waiting.popleft()
        for blob in list(blobs):
            try:
                found = decrypt(blob, key)
            except CannotDecrypt:
                continue
            blobs.remove(blob)
            plain += found
            if found.startswith(b"AGE-SECRET-KEY-") and found.decode() not in known:
                known.add(found.decode())
                waiting.append(found.decode())
            elif b'"inner"' in found:
                blobs.append(bytes.fromhex(json.loads(found)["inner"]))
                waiting.extend(known)
    return plain


def test_a_thief_of_data_and_seal_key_reads_no_sealed_bid(private_folders) -> None:
    """Database, files and the server's key together; with two shares added they would do, which proves the thief."""
    lot = open_lot()
    sealed_bid(lot, marker=MARKER, price=PRICE)
    blobs, server = everything_a_thief_has(private_folders), sealkey.seal_identity()
    stolen = opened_by_a_thief(blobs, [server])
    assert MARKER.encode() not in stolen
    assert PRICE.encode() not in stolen
    shares = [crypto.read_share(decrypted_share(s)) for s in CustodianShare.objects.filter(lot_key__lot=lot)[:2]]
    inner, _moment = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), server)
    stolen = opened_by_a_thief(blobs, [crypto.unwrap_inner(inner, shares)])
    assert MARKER.encode() in stolen
    assert PRICE.encode() in stolen


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_the_running_database_holds_nothing(private_folders, tmp_path) -> None:
    """Taken by SQLite's own backup and as a plain copy with the write-ahead log, before the opening."""
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the tables are looked through")
    lot = open_lot()
    sealed_bid(lot, marker=MARKER, price=PRICE)
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "backup.sqlite3") as target:
        connection.connection.backup(target)
    target.close()
    name = Path(str(connection.settings_dict["NAME"]))
    for path in (name, Path(f"{name}-wal")):
        if path.exists():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert (tmp_path / "backup.sqlite3").stat().st_size > 100_000
    for word in (MARKER, PRICE):
        assert found_in_files(word, tmp_path, private_folders) == []


# --- curious people


def pages_from(client, *starts: str, most: int = 20) -> Iterator[tuple[str, str]]:
    """Everything that a person finds by following the links, downloads included."""
    waiting, seen = deque(starts), set(starts)
    while waiting and most:
        address = waiting.popleft()
        response = client.get(address, follow=True)
        content = response.getvalue() if response.streaming else response.content
        most -= 1
        yield address, content.decode(errors="replace")
        for link in re.findall(r'(?:href|src)="(/[^"#]*)"', content.decode(errors="replace")):
            if link not in seen and not link.startswith(("/static/", "/accounts/", "/language", "/en/")):
                seen.add(link)
                waiting.append(link)


CURIOUS: dict[str, Callable[[Lot, Bid], object]] = {
    "own bidder": lambda lot, bid: make_person(bid.body, Role.BIDDER),
    "own reporter": lambda lot, bid: make_person(bid.body, Role.REPORTER),
    "rival": lambda lot, bid: make_bidder("别家"),
    "officer": lambda lot, bid: make_person(lot.tender.buyer, Role.OFFICER),
    "approver": lambda lot, bid: make_person(lot.tender.buyer, Role.APPROVER),
    "supervisor": lambda lot, bid: make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR),
    "auditor": lambda lot, bid: make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR),
    "operator": lambda lot, bid: operator(),
    "custodian": lambda lot, bid: actor_of(lot.key.shares.first().custodian),
}


@pytest.mark.parametrize("is_closed", [False, True], ids=["before the deadline", "closed, not opened"])
def test_nobody_reads_a_sealed_bid(client, client_for, is_closed: bool) -> None:
    lot = open_lot()
    bid = sealed_bid(lot, marker=MARKER, price=PRICE)
    if is_closed:
        closed_lot(2, lot)
    lookers = {who: client_for(tell(lot, bid)) for who, tell in CURIOUS.items()}
    lookers |= {"anybody": client, "superuser": superuser_client()}
    number = lot.tender.number
    starts = ["/workspace/", reverse("procurement:opening", args=[lot.pk]), f"/tenders/{number}/", "/log/"]
    starts += [f"/projects/{number}/", reverse("procurement:bid-receipt", args=[bid.receipt_number])]
    for who, looker in lookers.items():
        editor = ["/admin/"] if who == "superuser" else []
        for address, text in pages_from(looker, *editor, *starts):
            for secret in (MARKER, PRICE, "1,234,567.89"):
                assert secret not in text, (who, address)
            if not who.startswith("own"):
                assert escape(bid.body.name) not in text, (who, address)
                assert bid.manifest_sha256 not in text, (who, address)


def test_pages_of_bids_stay_in_no_cache(client_for) -> None:
    """Neither a proxy nor the next person on this machine finds them by the back button."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    other = sealed_bid(lot, marker=MARKER)
    client, part = client_for(bidder), draft.parts.first()
    addresses = [
        reverse("procurement:bid-list"),
        reverse("procurement:bid", args=[lot.pk]),
        reverse("procurement:bid-detail", args=[draft.pk]),
        reverse("procurement:bid-step", args=[draft.pk, "price"]),
        reverse("procurement:bid-seal", args=[draft.pk]),
        reverse("procurement:bid-progress", args=[draft.pk]),
        reverse("procurement:bid-restore", args=[draft.pk]),
        reverse("procurement:bid-part", args=[draft.pk, part.pk]),
        reverse("procurement:opening-list"),
    ]
    pages = [client.get(address) for address in addresses]
    officer = client_for(make_person(lot.tender.buyer, Role.OFFICER))
    pages.append(officer.get(reverse("procurement:opening", args=[lot.pk])))
    own = client_for(make_person(other.body, Role.BIDDER))
    pages.append(own.get(reverse("procurement:bid-receipt", args=[other.receipt_number])))
    for page in pages:
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert "private" in page["Cache-Control"]


def test_receipt_and_proof_carry_no_running_number(client_for) -> None:
    """R-TENDER-14: two receipts of one's own, an hour apart, would count the bids between them."""
    lot, bidder = open_lot(), make_bidder()
    bid = sealed_bid(lot, bidder)
    with audit.transaction():
        heads.fix_head()
    receipt = latest_document("bid_receipt", bid)
    with open_file(receipt.file) as file:
        pdf = file.read()
    proof = client_for(bidder).get(reverse("procurement:bid-proof", args=[bid.receipt_number])).json()
    entry = json.loads(proof["entry"])
    assert entry["subject"] == f"procurement.bid:{bid.receipt_number}"
    running = f"procurement.bid:{bid.pk}"
    assert running not in json.dumps(proof)
    for form in (running.encode(), running.encode().hex().encode(), running.encode("utf-16-be").hex().encode()):
        assert form not in pdf.lower()
    assert b"".join(client_for(bidder).get(f"/files/{receipt.file_id}/")) == pdf
    assert client_for(make_bidder("别家")).get(f"/files/{receipt.file_id}/").status_code == 404


def test_who_scores_does_not_attend(client_for) -> None:
    """R-OPEN-03: a member of the lot's committee stays outside until the minutes are fixed."""
    lot = closed_lot(3)
    officer = make_person(lot.tender.buyer, Role.OFFICER)
    CommitteeMember.objects.create(lot=lot, user_id=officer.user_id, kind=MemberKind.BUYER, invited_at=clock.now())
    client, hall = client_for(officer), reverse("procurement:opening", args=[lot.pk])
    refused = client.get(hall)
    assert refused.status_code == 403
    assert "评审委员会" in refused.content.decode()
    hand_in(lot)
    assert client.get(hall).status_code == 403
    Opening.objects.filter(lot=lot).update(closed_at=clock.now())
    assert client.get(hall).status_code == 200


# --- errors


def test_an_unforeseen_error_goes_on_without_its_words(client_for, monkeypatch, caplog, mailoutbox, settings) -> None:
    """Not in the answer, the log, or the mail to the administrators: its kind and place only."""
    settings.ADMINS = [("运维", "ops@example.cn")]
    handler = logging.getLogger("django.request")
    mailer = AdminEmailHandler(include_html=True)
    handler.addHandler(mailer)
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client = client_for(bidder)
    client.raise_request_exception = False

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError(f"invalid literal for int(): '{MARKER}'")

    monkeypatch.setattr("marketplace.procurement.services.drafts.save_payload", fail)
    file = SimpleUploadedFile(f"报价{MARKER}.pdf", small_pdf(), PDF)
    url = reverse("procurement:bid-step", args=[draft.pk, "evidence"])
    try:
        response = client.post(url, {"version": 1, "note": MARKER, "file-evidence-finance": file})
    finally:
        handler.removeHandler(mailer)
    assert response.status_code == 500
    assert MARKER not in response.content.decode()
    said = "".join(
        "".join(traceback.format_exception(*record.exc_info)) + record.getMessage()
        for record in caplog.records
        if record.exc_info
    )
    assert "HiddenError: ValueError" in said
    assert "drafts.py" in said
    assert MARKER not in said
    assert mailoutbox
    for message in mailoutbox:
        assert MARKER not in str(message.message())
        assert MARKER not in str(message.alternatives)


def test_a_page_that_fails_while_it_is_drawn_tells_nothing(client_for, monkeypatch, caplog) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = start_draft(actor=bidder, lot_id=lot.pk)
    client = client_for(bidder)
    client.raise_request_exception = False

    def fail(*args: object) -> None:
        raise ValueError(MARKER)

    monkeypatch.setattr("marketplace.procurement.views.bids.in_time", fail)
    assert client.get(reverse("procurement:bid-detail", args=[draft.pk])).status_code == 500
    assert "HiddenError" in caplog.text
    assert MARKER not in caplog.text


def test_a_failed_sealing_keeps_nothing_in_its_task(monkeypatch) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    BidDraft.objects.filter(pk=draft.pk).update(status=DraftStatus.SEALING)
    draft.parts.update(status=PartStatus.SEALING)

    def fail(*args: object) -> None:
        raise RuntimeError(MARKER)

    monkeypatch.setattr("marketplace.procurement.services.bids.copy_encrypted", fail)
    with pytest.raises(HiddenError) as caught:
        seal_parts(draft.pk)
    written = "".join(traceback.format_exception(caught.value))
    assert "RuntimeError" in written
    assert MARKER not in written


def test_a_file_in_an_error_report_has_no_name() -> None:
    upload = EncryptedUpload(
        name=f"{MARKER}.pdf", content_type=PDF, size=1, path="drafts/x", pk=uuid.uuid4(), sha256="", encrypted=1
    )
    assert MARKER not in repr([upload])


# --- a submit in time is not lost, a stale one is not taken


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_is_asked_again() -> None:
    """The lock is held longer than the database waits for it: who came in time is in all the same."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    mark_complete(actor=bidder, draft_id=draft.pk)
    is_held = threading.Event()

    def hold() -> None:
        with audit.transaction():
            locked(Lot, lot.pk)
            is_held.set()
            time.sleep(1.5)

    def submit() -> Bid:
        is_held.wait()
        impatient = "PRAGMA busy_timeout = 100" if connection.vendor == "sqlite" else "SET lock_timeout = '100ms'"
        with connections["default"].cursor() as cursor:
            cursor.execute(impatient)
        return submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)

    _held, bid = in_threads(hold, submit)
    assert isinstance(bid, Bid), bid
    assert Bid.objects.get().received_at == lot.tender.deadline


def test_two_workers_at_one_draft_leave_whole_files(monkeypatch, private_folders) -> None:
    """One seemed dead, another took over, then both end: what lies in the store is what is receipted."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    BidDraft.objects.filter(pk=draft.pk).update(status=DraftStatus.SEALING)
    draft.parts.update(status=PartStatus.SEALING)
    slow, real = [True], bids.copy_encrypted

    def overtaken(plain, path: str, recipient: str):
        written = real(plain, path, recipient)
        if slow.pop() if slow else False:
            seal_parts(draft.pk)
        return written

    monkeypatch.setattr(bids, "copy_encrypted", overtaken)
    seal_parts(draft.pk)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.READY
    for part in draft.parts.all():
        files = list((private_folders / "files" / "sealed").glob(f"{part.pk}*"))
        assert len(files) == 1
        assert hashlib.sha256(files[0].read_bytes()).hexdigest() == part.sealed_sha256


def test_a_file_removed_while_it_was_being_sealed_does_not_stop_the_rest(monkeypatch) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    annex = draft.parts.order_by("created_at").last()
    BidDraft.objects.filter(pk=draft.pk).update(status=DraftStatus.SEALING)
    draft.parts.update(status=PartStatus.SEALING)
    gone, real = [], bids.open_draft_part

    def removed_meanwhile(of: BidDraft, part_id):
        if part_id == annex.pk and not gone:
            gone.append(part_id)
            resume_editing(actor=bidder, draft_id=of.pk)
            remove_part(actor=bidder, draft_id=of.pk, part_id=part_id)
            BidDraft.objects.filter(pk=of.pk).update(status=DraftStatus.SEALING)
            raise FileNotFoundError
        return real(of, part_id)

    monkeypatch.setattr(bids, "open_draft_part", removed_meanwhile)
    monkeypatch.setattr(bids, "_is_readable_pdf", lambda of, part: True)
    seal_parts(draft.pk)
    draft.refresh_from_db()
    annex.refresh_from_db()
    assert gone
    assert (draft.status, annex.status) == (DraftStatus.READY, PartStatus.REMOVED)


def test_two_tabs_a_changed_bid_is_not_submitted_unseen(client_for) -> None:
    """Sealed anew in the other window: this one shows what is sealed now before it takes the click."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder, "1000000.00")
    client = client_for(bidder)
    seal, submit = (reverse(f"procurement:bid-{name}", args=[draft.pk]) for name in ("seal", "submit"))
    mark_complete(actor=bidder, draft_id=draft.pk)
    first = re.search(r'name="version" value="(\d+)"', client.get(seal).content.decode()).group(1)
    resume_editing(actor=bidder, draft_id=draft.pk)
    price = {"amount": "1250000.00", "confirmed": False}
    save_section(actor=bidder, draft_id=draft.pk, section="price", version=2, values=price)
    mark_complete(actor=bidder, draft_id=draft.pk)
    response = client.post(submit, {"version": first, "keep_copy": "on"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "另一个窗口" in page
    assert "1,250,000.00" in page
    assert "checked" in page
    assert not Bid.objects.exists()
    now = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post(submit, {"version": now}).status_code == 302
    assert Bid.objects.count() == 1


def test_a_price_of_zero_or_above_the_ceiling_is_not_submitted() -> None:
    """R-EVAL-21: the ceiling may have been corrected after the sealing."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder, "1000000.00")
    mark_complete(actor=bidder, draft_id=draft.pk)
    Lot.objects.filter(pk=lot.pk).update(price_ceiling="999999.99")
    with pytest.raises(Refused) as caught:
        submit_bid(actor=bidder, draft_id=draft.pk, received_at=lot.tender.deadline)
    assert caught.value.rule_id == "R-EVAL-21"
    resume_editing(actor=bidder, draft_id=draft.pk)
    with pytest.raises(Refused) as caught:
        mark_complete(actor=bidder, draft_id=draft.pk)
    assert caught.value.rule_id == "R-EVAL-21"
    assert not Bid.objects.exists()


def test_the_moment_inside_the_wrapping_only_moves_later() -> None:
    """A forged earlier deadline and then a true correction: the seal key still refuses before the first moment."""
    lot = open_lot()
    moment = lot.tender.deadline
    for deadline, kept in ((moment - timedelta(days=5), moment), (moment + timedelta(days=3),) * 2):
        lot.tender.deadline = deadline
        lot.tender.save(update_fields=["deadline"])
        sealing.move_opening(lot.tender)
        lot.key.refresh_from_db()
        _inner, inside = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), sealkey.seal_identity())
        assert inside == kept.isoformat()


# --- crooked manifests and copies


def crooked(bid: Bid, change: Callable[[dict], object]) -> None:
    """The sealed manifest as a bidder with a program of its own would have made it."""
    sealed = encrypt(json.dumps(change(plain_manifest(bid))).encode(), bid.lot.key.public_key)
    bid.manifest, bid.manifest_sha256 = sealed, hashlib.sha256(sealed).hexdigest()
    bid.save(update_fields=["manifest", "manifest_sha256"])


def plain_manifest(bid: Bid) -> dict:
    lot = bid.lot
    shares = [crypto.read_share(decrypted_share(s)) for s in CustodianShare.objects.filter(lot_key__lot=lot)[:2]]
    inner, _moment = crypto.unwrap_outer(bytes(lot.key.wrapped_identity), sealkey.seal_identity())
    return json.loads(decrypt(bytes(bid.manifest), crypto.unwrap_inner(inner, shares)))


def other_part(found: dict) -> dict:
    found["parts"][0]["id"] = "00000000-0000-4000-8000-000000000000"
    return found


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda found: {**found, "price": {"amount": "one million", "confirmed": True}}, "manifest_malformed"),
        (lambda found: {**found, "parts": [{**found["parts"][0], "key": "no number"}]}, "manifest_malformed"),
        (lambda found: [], "manifest_malformed"),
        (other_part, "part_unreadable"),
    ],
    ids=["price in words", "a criterion that is none", "no object", "a part that is not its own"],
)
def test_one_crooked_manifest_does_not_keep_the_others_closed(change, error: str) -> None:
    """R-EDOC-08: found at the opening, recorded, and the others go on."""
    lot = open_lot()
    bid = sealed_bid(lot)
    crooked(bid, change)
    lot = closed_lot(2, lot)
    hand_in(lot)
    lot.refresh_from_db()
    bid.refresh_from_db()
    assert lot.status == LotStatus.OPENED
    assert (bid.status, bid.open_error, bid.price) == (BidStatus.UNREADABLE, error, None)
    assert lot.bids.filter(status=BidStatus.OPENED).count() == 2


def copy_of(bidder, draft: BidDraft) -> bytes:
    mark_complete(actor=bidder, draft_id=draft.pk)
    copy = b"".join(own_copy(actor=bidder, draft_id=draft.pk))
    resume_editing(actor=bidder, draft_id=draft.pk)
    return copy


def forged(copy: bytes, change: Callable[[dict], object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(copy)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.namelist():
            content = old.read(item)
            new.writestr(item, json.dumps(change(json.loads(content))).encode() if item == "manifest.json" else content)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda found: {**found, "price": {"amount": "-5.00", "confirmed": True}},
        lambda found: {**found, "technical": {"x": "y"}},
        lambda found: {**found, "parts": [{**found["parts"][0], "purpose": "technical", "key": "x"}]},
        lambda found: {**found, "bidder": {"name": "别家", "code": "52310106MJ49532411"}},
        lambda found: {**found, "lot": "SH-1999-0001-1"},
        lambda found: {
            **found,
            "parts": found["parts"] + [{**found["parts"][0], "id": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}],
        },
    ],
    ids=["price", "criterion", "place of a file", "another's", "another tender's", "a file that is not there"],
)
def test_a_forged_copy_changes_nothing(client_for, change) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    copy = copy_of(bidder, draft)
    draft.refresh_from_db()
    before, files = read_payload(draft), sorted(str(part) for part in draft.parts.values_list("pk", "status"))
    url = reverse("procurement:bid-restore", args=[draft.pk])
    response = client_for(bidder).post(url, {"copy": SimpleUploadedFile("bid.zip", forged(copy, change))})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert read_payload(draft) == before
    assert sorted(str(part) for part in draft.parts.values_list("pk", "status")) == files


def test_a_restored_draft_counts_its_own_files_only(client_for, private_folders) -> None:
    """What it held before is gone: from the store, from the progress line, from the limit of 500 MB."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    copy = copy_of(bidder, draft)
    extra = attach_bytes(
        actor=bidder, draft_id=draft.pk, content=small_pdf(), name="多.pdf", content_type=PDF, place=PartPlace("annex")
    )
    client = client_for(bidder)
    response = client.post(
        reverse("procurement:bid-restore", args=[draft.pk]), {"copy": SimpleUploadedFile("bid.zip", copy)}
    )
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    count = len(read_payload(draft)["parts"])
    assert str(extra.pk) not in read_payload(draft)["parts"]
    stored = list((private_folders / "files" / "drafts" / str(draft.pk)).rglob("*.age"))
    assert len(stored) == count
    mark_complete(actor=bidder, draft_id=draft.pk)
    progress = client.get(reverse("procurement:bid-progress", args=[draft.pk])).json()
    assert progress == {"total": count, "sealed": count, "status": DraftStatus.READY}


def test_a_copy_serves_another_lot_of_the_tender_without_its_price(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    copy = copy_of(bidder, draft_for(lot, bidder))
    second = Lot.objects.create(
        tender=lot.tender, position=2, title="第二包", budget_amount="900000.00", status=LotStatus.OPEN
    )
    draft = start_draft(actor=bidder, lot_id=second.pk)
    response = client_for(bidder).post(
        reverse("procurement:bid-restore", args=[draft.pk]), {"copy": SimpleUploadedFile("bid.zip", copy)}
    )
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    payload = read_payload(draft)
    assert payload["price"] == {"amount": "", "confirmed": False}
    assert payload["contact"]["name"] == "林晓晨"
    assert len(payload["parts"]) > 5


# --- pages stay quick


def test_pages_of_a_bid_ask_the_same_with_many_files(client_for, django_assert_num_queries) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    client = client_for(bidder)
    addresses = [
        reverse("procurement:bid-detail", args=[draft.pk]),
        *(reverse("procurement:bid-step", args=[draft.pk, step]) for step in ("evidence", "price", "annexes")),
        reverse("procurement:bid-seal", args=[draft.pk]),
    ]
    counts = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts[address] = len(asked)
        assert len(asked) <= 25
    for number in range(30):
        attach_bytes(
            actor=bidder,
            draft_id=draft.pk,
            content=small_pdf(),
            name=f"{number}.pdf",
            content_type=PDF,
            place=PartPlace("annex"),
        )
    for address in addresses:
        with django_assert_num_queries(counts[address]):
            assert client.get(address).status_code == 200
    mark_complete(actor=bidder, draft_id=draft.pk)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(addresses[-1]).status_code == 200
    assert len(asked) <= 25


def test_a_recipient_is_never_the_lots_before_the_sealing(private_folders) -> None:
    """A draft's file opens with the draft's key and with no other: what is sealed is another file."""
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    identity = sealkey.unwrap(bytes(draft.wrapped_key)).decode()
    assert recipient_of(identity) != lot.key.public_key
    path = next((private_folders / "files" / "drafts" / str(draft.pk)).rglob("*.age"))
    assert decrypt(path.read_bytes(), identity).startswith(b"%PDF")
    with pytest.raises(CannotDecrypt):
        decrypt(path.read_bytes(), sealkey.seal_identity())


def test_a_stranger_reads_no_progress(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    assert client_for(make_bidder("别家")).get(reverse("procurement:bid-progress", args=[draft.pk])).status_code == 404


def test_a_destroyed_draft_says_so_everywhere(client_for) -> None:
    lot, bidder = open_lot(), make_bidder()
    draft = draft_for(lot, bidder)
    part = draft.parts.first()
    closed_lot(3, lot)
    client = client_for(bidder)
    assert client.get(reverse("procurement:bid-detail", args=[draft.pk])).status_code == 410
    assert client.get(reverse("procurement:bid-progress", args=[draft.pk])).json()["status"] == DraftStatus.DESTROYED
    assert client.get(reverse("procurement:bid-part", args=[draft.pk, part.pk])).status_code == 404
    with pytest.raises(MarketplaceError):
        own_copy(actor=bidder, draft_id=draft.pk)


# --- custodians on a busy machine

WORDS = "harbour lantern seven willow"


class Busy:
    """Stands for pyrage on a machine that measures itself slow `times` times."""

    def __init__(self, times: int) -> None:
        self.left, self.asked = times, 0

    def __call__(self, protected: bytes, passphrase: str) -> bytes:
        self.asked += 1
        if self.left > 0:
            self.left -= 1
            raise pyrage.DecryptError("Excessive work parameter for passphrase.")
        if passphrase != WORDS:
            raise pyrage.DecryptError("Decryption failed")
        return IDENTITIES[protected.decode()].encode()


def key_under_words() -> CustodianKey:
    """A key whose «passphrase protection» names the identity that `Busy` hands out."""
    key = proved_custodian(make_body(BodyKind.AUDITOR))
    key.encrypted_identity = key.public_key.encode()
    key.save(update_fields=["encrypted_identity"])
    return key


@pytest.fixture
def no_waiting(monkeypatch) -> None:
    monkeypatch.setattr("marketplace.procurement.services.custodians.time.sleep", lambda seconds: None)


def test_a_busy_machine_does_not_call_the_right_passphrase_wrong(monkeypatch, no_waiting) -> None:
    key, busy = key_under_words(), Busy(5)
    monkeypatch.setattr(custodians.pyrage.passphrase, "decrypt", busy)
    secret = encrypt(b"share", key.public_key)
    assert custodians.open_with_passphrase(key, secret, WORDS) == "share"
    assert busy.asked == 6
    with pytest.raises(MarketplaceError) as caught:
        custodians.open_with_passphrase(key, secret, "wrong")
    assert caught.value.code != "busy"


def test_a_machine_that_stays_busy_says_so(monkeypatch, no_waiting) -> None:
    key = key_under_words()
    monkeypatch.setattr(custodians.pyrage.passphrase, "decrypt", Busy(100))
    with pytest.raises(MarketplaceError) as caught:
        custodians.open_with_passphrase(key, encrypt(b"share", key.public_key), WORDS)
    assert (caught.value.code, caught.value.field) == ("busy", "passphrase")


def test_a_key_made_on_a_busy_machine_is_not_weak(monkeypatch) -> None:
    """The cost of guessing is written into the file; a weak one is made anew, and the strongest is kept."""
    factors = iter([10, 12, 18])

    def protect(content: bytes, passphrase: str) -> bytes:
        return f"age-encryption.org/v1\n-> scrypt c2FsdA {next(factors)}\n".encode()

    monkeypatch.setattr(custodians.pyrage.passphrase, "encrypt", protect)
    key = custodians.make_custodian_key(
        actor=make_person(make_body(BodyKind.AUDITOR), Role.CUSTODIAN), passphrase=WORDS
    )
    assert custodians.work_factor(bytes(key.encrypted_identity)) == 18
    assert list(factors) == []
