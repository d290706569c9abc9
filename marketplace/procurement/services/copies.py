"""The bidder's own copy of a bid: taken before submitting, proved by its commitment, used to start a new version
or to stand in for a bid that could not be opened (R-EDOC-08).

A copy is a ZIP: `manifest.json` with the exact bytes that were sealed, `nonce.txt`, the files under `parts/`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.documents.checks import ContentCheck
from marketplace.documents.encryption import CannotDecrypt, EncryptingSink, chunks, decrypting, recipient_of
from marketplace.documents.kinds import KINDS
from marketplace.documents.models import StoredFile
from marketplace.documents.services import store_stream
from marketplace.documents.storage import storage
from marketplace.documents.zipstream import BadZip, ZipStream

from .. import crypto
from ..models import Bid, BidDraft, BidStatus, DraftStatus, Lot, Opening, PartStatus
from ..permissions.bids import can_bid
from ..rules.bid_contents import SECTIONS, Payload, is_well_formed, new_payload
from ..rules.bidding import BID_LIMIT, in_time
from ..rules.opening import statements_open
from .bids import manifest_of
from .drafts import (
    DraftId,
    PartFile,
    PartPlace,
    add_part,
    delete_files,
    draft_path,
    editable_draft,
    identity_of,
    open_draft_part,
    own_draft,
    read_payload,
    save_payload,
)
from .opening import OpenedBid, record_contents
from .pages import draw_pages_task

LARGEST_MANIFEST = 4 * 1024 * 1024
NONCE = re.compile(r"^[0-9a-f]{64}$")


class _Outgoing(io.RawIOBase):
    """Collects what the ZIP writer says until the response takes it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


@sensitive_variables()
def own_copy(*, actor: Actor, draft_id: DraftId) -> Iterator[bytes]:
    """The copy of a bid that is sealed and ready, as a stream: nothing of it is written to a disk."""
    draft = own_draft(actor, draft_id)
    if draft.status not in (DraftStatus.READY, DraftStatus.SUBMITTED):
        raise MarketplaceError(_("The copy can be downloaded once the bid is sealed: mark it complete first."))
    payload = read_payload(draft)
    return _zipped(draft, payload, manifest_of(draft, payload))


@sensitive_variables()
def _zipped(draft: BidDraft, payload: Payload, plaintext: bytes) -> Iterator[bytes]:
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("manifest.json", plaintext)
        archive.writestr("nonce.txt", payload["nonce"])
        yield out.take()
        for part_id, meta in payload["parts"].items():
            with (
                archive.open(f"parts/{part_id}/{meta['name']}", "w") as target,
                open_draft_part(draft, part_id) as plain,
            ):
                for data in chunks(plain):
                    target.write(data)
                    yield out.take()
    yield out.take()


class _Restoring:
    """Takes the files of a copy as they stream by, encrypts each under the draft's key, and keeps the manifest."""

    def __init__(self, draft: BidDraft) -> None:
        self.draft, self.recipient = draft, recipient_of(identity_of(draft))
        self.manifest: dict[str, Any] | None = None
        self.files: list[tuple[dict[str, Any], PartFile]] = []
        self._text = b""
        self._name = ""
        self._current: tuple[dict[str, Any], uuid.UUID, EncryptingSink, ContentCheck, Any] | None = None

    def entry(self, name: str) -> None:
        self._name, self._text, self._current = name, b"", None
        if not name.startswith("parts/"):
            return
        if sum(file.size for _meta, file in self.files) > BID_LIMIT:
            raise BadZip("too_large")
        meta = self._meta(name.split("/")[1])
        part_id = uuid.uuid4()
        sink = EncryptingSink(draft_path(self.draft.pk, part_id), self.recipient)
        self._current = (
            meta,
            part_id,
            sink,
            ContentCheck(tuple(KINDS), name=meta["name"], field="copy"),
            hashlib.sha256(),
        )

    def _meta(self, part_id: str) -> dict[str, Any]:
        for meta in (self.manifest or {}).get("parts", []):
            if meta["id"] == part_id:
                return meta
        raise BadZip("unknown_part")

    def data(self, content: bytes) -> None:
        if self._current is None:
            self._text += content
            if len(self._text) > LARGEST_MANIFEST:
                raise BadZip("manifest")
            return
        _meta, _part_id, sink, check, digest = self._current
        check.feed(content)
        digest.update(content)
        sink.write(content)

    def end(self) -> None:
        if self._current is None:
            if self._name == "manifest.json":
                self.manifest = read_manifest(self._text)
            return
        meta, part_id, sink, check, digest = self._current
        kind = check.finish()
        sink.close()
        self._current = None
        file = PartFile(
            part_id=part_id,
            name=PurePosixPath(meta["name"]).name[:200],
            content_type=kind.content_type if kind else "",
            size=check.size,
            sha256=digest.hexdigest(),
            encrypted_size=sink.written.size,
        )
        self.files.append((meta, file))

    def discard(self) -> None:
        if self._current is not None:
            self._current[2].discard()
        for _meta, file in self.files:
            storage().delete(draft_path(self.draft.pk, file.part_id))


def read_manifest(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise BadZip("manifest") from error
    if not is_well_formed(found):
        raise BadZip("manifest")
    return found


@sensitive_variables()
def restore_copy(*, actor: Actor, draft_id: DraftId, path: str) -> BidDraft:
    """Fill a draft from an own copy that lies encrypted at `path`; what the draft held before is replaced as a whole.

    A copy for another lot of the same tender serves too, without its price. Refused, with nothing changed: what is no
    copy, another organization's, another tender's, too much.
    """
    draft = own_draft(actor, draft_id)
    restoring = _Restoring(draft)
    try:
        _read_copy(restoring, path)
        with transaction.atomic():
            before = _replace_contents(actor, draft_id, restoring)
    except BadZip as error:
        restoring.discard()
        raise MarketplaceError(
            _(
                "This is not an own copy of a bid, or it is damaged. Choose the ZIP file that you downloaded at the "
                "sealing."
            ),
            field="copy",
        ) from error
    except BaseException:
        restoring.discard()
        raise
    finally:
        storage().delete(path)
    delete_files(before)
    return draft


@sensitive_variables()
def _read_copy(restoring: _Restoring, path: str) -> None:
    reader = ZipStream(restoring)
    try:
        with decrypting(path, identity_of(restoring.draft)) as plain:
            for data in chunks(plain):
                reader.feed(data)
    except CannotDecrypt as error:
        raise BadZip("damaged") from error
    reader.finish()
    if restoring.manifest is None or len(restoring.files) != len(restoring.manifest["parts"]):
        raise BadZip("manifest")


@sensitive_variables()
def _replace_contents(actor: Actor, draft_id: DraftId, restoring: _Restoring) -> list[str]:
    """Texts and files of the copy instead of the draft's; answers where the files lie that it held before."""
    content = restoring.manifest or {}
    draft = editable_draft(actor, draft_id)
    require(in_time(clock.now(), draft.lot.tender.deadline), _is_for(content, draft))  # type: ignore[arg-type]
    payload = read_payload(draft)
    for section in SECTIONS:
        payload[section] = content[section]
        payload["versions"][section] = payload["versions"].get(section, 1) + 1
    for key in content["technical"]:
        section = f"technical:{key}"
        payload["versions"][section] = payload["versions"].get(section, 1) + 1
    if content["lot"] != draft.lot.number:
        payload["price"] = new_payload()["price"]
    earlier = [draft_path(draft_id, part_id) for part_id in payload["parts"]]
    draft.parts.filter(pk__in=payload["parts"], bid=None).update(status=PartStatus.REMOVED)
    payload["parts"] = {}
    for meta, file in restoring.files:
        add_part(draft, payload, file, PartPlace(meta["purpose"], meta["key"], meta["title"][:200]))
    save_payload(draft, payload, actor)
    return earlier


def _is_for(content: dict[str, Any], draft: BidDraft) -> Decision:
    """The criteria belong to the tender, so a copy fits its lots only; a bid belongs to its organization."""
    if content["bidder"]["code"] != draft.body.code:
        return refuse(_("This copy is of another organization's bid. Choose your own."), field="copy")
    lots = {lot.number for lot in draft.lot.tender.lots.all()}
    if content["lot"] not in lots:
        return refuse(
            _("This copy is of a bid for lot %(lot)s, another tender. Its criteria are not those of this one.")
            % {"lot": content["lot"]},
            field="copy",
        )
    return allow()


def stand_in(*, actor: Actor, lot_id: int, upload: IO[bytes]) -> Bid:
    """A bidder's proved copy stands in for a bid that could not be opened, until the minutes are fixed (R-EDOC-08)."""
    require_permission(can_bid(actor))
    bid = Bid.objects.filter(lot_id=lot_id, body_id=actor.body_id, status=BidStatus.UNREADABLE).first()
    if bid is None:
        raise NotFound("")
    opening = Opening.objects.get(lot_id=lot_id)
    require(statements_open(clock.now(), opening.statements_until))
    item = _proved_copy(bid, upload)
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender")
        bid = locked(Bid, bid.pk)
        if bid.status != BidStatus.UNREADABLE:
            return bid
        item.bid = bid
        record_contents(item)
        log.record(
            "bid.stood_in",
            bid,
            actor,
            project=lot.tender.number or "",
            lot=lot,
            commitment=bid.plaintext_commitment,
            price=bid.price,
        )
    for file_id in bid.files.values_list("pk", flat=True):
        draw_pages_task.enqueue(file_id)
    return bid


def _proved_copy(bid: Bid, upload: IO[bytes]) -> OpenedBid:
    """The copy's content, if nonce and manifest make the commitment of the receipt and every file its hash."""
    try:
        with zipfile.ZipFile(upload) as archive:
            plaintext, nonce = _small(archive, "manifest.json"), _small(archive, "nonce.txt").decode("ascii").strip()
            if not NONCE.match(nonce) or crypto.commitment(bytes.fromhex(nonce), plaintext) != bid.plaintext_commitment:
                raise MarketplaceError(
                    _("This copy is not the bid that was sealed: its commitment differs from the one on your receipt."),
                    rule_id="R-EDOC-08",
                    field="copy",
                )
            contents = read_manifest(plaintext)
            return OpenedBid(bid, contents, [(meta, _proved_file(archive, bid, meta)) for meta in contents["parts"]])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, KeyError, ValueError, OSError) as error:
        raise MarketplaceError(
            _("This file cannot be read as an own copy. Choose the ZIP file that you downloaded at the sealing."),
            field="copy",
        ) from error


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        content = entry.read(LARGEST_MANIFEST + 1)
    if len(content) > LARGEST_MANIFEST:
        raise ValueError(name)
    return content


def _proved_file(archive: zipfile.ZipFile, bid: Bid, meta: dict[str, Any]) -> StoredFile:
    name = next((name for name in archive.namelist() if name.startswith(f"parts/{meta['id']}/")), None)
    if name is None:
        raise KeyError(meta["id"])
    with archive.open(name) as entry:
        digest, size = hashlib.sha256(), 0
        for data in chunks(entry):
            digest.update(data)
            size += len(data)
            if size > meta["size"]:
                break
    if size != meta["size"] or digest.hexdigest() != meta["sha256"]:
        raise MarketplaceError(
            _("The file «%(name)s» in this copy is not the one that was sealed.") % {"name": meta["name"]},
            rule_id="R-EDOC-08",
            field="copy",
        )
    with archive.open(name) as entry:
        return store_stream(
            entry,
            file_id=uuid.uuid5(uuid.UUID(meta["id"]), "stand-in"),
            name=meta["name"],
            content_type=meta["content_type"],
            body_id=bid.body_id,
        )


__all__ = ["own_copy", "restore_copy", "stand_in"]
