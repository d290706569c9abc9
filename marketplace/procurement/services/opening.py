"""The opening: custodians hand in shares, the lot's key exists for a moment, each bid is compared with its receipt.

Slow work (decryption of files) is done before the transaction that records it. One bid that cannot be opened never
keeps the others closed (R-EDOC-08).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_tasks import task

from marketplace import audit
from marketplace.accounts.actors import SYSTEM, Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.decisions import require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.documents.encryption import CannotDecrypt, decrypt, decrypting
from marketplace.documents.models import StoredFile
from marketplace.documents.services import store_stream
from marketplace.documents.storage import storage

from .. import crypto, sealkey
from ..error_reports import nothing_told
from ..events import LotOpened
from ..guards import not_suspended
from ..lifecycle import LOT
from ..models import Bid, BidFile, BidStatus, Criterion, CustodianShare, Lot, LotStatus, Opening
from ..permissions.bids import can_keep_share
from ..priorities import AT_ONCE
from ..rules.bid_contents import is_well_formed
from ..rules.opening import labels_in_order
from ..selectors.bids import counted_bids
from .custodians import open_with_passphrase
from .drafts import sealed_path
from .pages import draw_pages_task
from .sealing import checked_share, may_unwrap, unwrap_lot_identity

STATEMENT_TIME = timedelta(minutes=30)


@sensitive_variables()
def hand_in_share(*, actor: Actor, lot_id: int, passphrase: str = "", share_text: str = "") -> CustodianShare:
    """Take a custodian's share of a closed lot. A wrong one is named at once; the k-th one starts the opening."""
    require_permission(can_keep_share(actor))
    share = (
        CustodianShare.objects.select_related("custodian", "lot_key__lot__tender", "lot_key__lot__closing")
        .filter(lot_key__lot_id=lot_id, custodian__user_id=actor.user_id)
        .first()
    )
    if share is None:
        raise NotFound("")
    lot = share.lot_key.lot
    require(may_unwrap(lot, lot.tender.deadline, clock.now()), not_suspended(lot))  # type: ignore[arg-type]
    text = share_text or open_with_passphrase(share.custodian, bytes(share.encrypted_share), passphrase)
    clear = checked_share(share, text)
    with audit.transaction() as log:
        locked(Lot, lot_id)
        share = locked(CustodianShare, share.pk)
        if share.handed_in_at is None:
            share.handed_in, share.handed_in_at = sealkey.wrap(clear.text.encode()), clock.now()
            share.save(update_fields=["handed_in", "handed_in_at"])
            log.record("share.handed_in", lot, actor, project=lot.tender.number or "", lot=lot, sha256=share.sha256)
    if is_ready_to_open(lot_id):
        open_lot_task.enqueue(lot_id)
    return share


def is_ready_to_open(lot_id: int) -> bool:
    lot = Lot.objects.select_related("key").get(pk=lot_id)
    handed_in = lot.key.shares.exclude(handed_in_at=None).count()
    return lot.status == LotStatus.CLOSED and handed_in >= lot.key.threshold


@task(priority=AT_ONCE)
def open_lot_task(lot_id: int) -> None:
    open_lot(lot_id=lot_id)


@dataclass
class OpenedBid:
    """What the key revealed of one bid; `error` instead where it could not be opened or is not what was receipted."""

    bid: Bid
    contents: dict[str, Any] | None = None
    files: list[tuple[dict[str, Any], StoredFile]] = field(default_factory=list)
    error: str = ""


@nothing_told()
@sensitive_variables()
def open_lot(*, lot_id: int, actor: Actor = SYSTEM) -> Opening:
    """Open all counted bids of a closed lot with the shares handed in. Safe to repeat; refuses before the closing."""
    lot = Lot.objects.select_related("tender", "key", "closing").get(pk=lot_id)
    existing = Opening.objects.filter(lot_id=lot_id).first()
    if existing is not None:
        return existing
    require(not_suspended(lot))
    identity = unwrap_lot_identity(lot, _handed_in(lot))
    opened = [open_one(bid, identity) for bid in counted_bids(lot).order_by("pk")]
    with audit.transaction() as log:
        lot = locked(Lot, lot_id, "tender", "closing")
        if lot.status != LotStatus.CLOSED:
            return Opening.objects.get(lot_id=lot_id)
        opening = _record(log, lot, opened, actor)
        CustodianShare.objects.filter(lot_key__lot_id=lot_id).update(handed_in=b"")
        announce(LotOpened(lot.pk))
    for file_id in BidFile.objects.filter(bid__lot_id=lot_id).values_list("pk", flat=True):
        draw_pages_task.enqueue(file_id)
    return opening


@sensitive_variables()
def _handed_in(lot: Lot) -> list[crypto.Share]:
    rows = lot.key.shares.exclude(handed_in_at=None).order_by("handed_in_at")[: lot.key.threshold]
    shares = [crypto.read_share(sealkey.unwrap(bytes(row.handed_in)).decode()) for row in rows if row.handed_in]
    if len(shares) < lot.key.threshold:
        raise MarketplaceError(
            _("%(threshold)s custodians are needed to open this lot; fewer have handed in their shares.")
            % {"threshold": lot.key.threshold},
            code="too_few_shares",
        )
    return shares


@sensitive_variables()
def open_one(bid: Bid, identity: str) -> OpenedBid:
    """Decrypt one bid and compare it, part by part, with what was receipted."""
    if hashlib.sha256(bytes(bid.manifest)).hexdigest() != bid.manifest_sha256:
        return OpenedBid(bid, error="manifest_changed")
    try:
        contents = json.loads(decrypt(bytes(bid.manifest), identity))
    except (CannotDecrypt, ValueError):
        return OpenedBid(bid, error="manifest_unreadable")
    if not is_well_formed(contents):
        return OpenedBid(bid, error="manifest_malformed")
    opened = OpenedBid(bid, contents)
    own = {str(pk) for pk in bid.parts.values_list("pk", flat=True)}
    for meta in contents["parts"]:
        if meta["id"] not in own:
            opened.error = "part_unreadable"
            break
        try:
            opened.files.append((meta, _open_part(bid, meta, identity)))
        except (CannotDecrypt, OSError):
            opened.error = "part_unreadable"
            break
    return opened


@sensitive_variables()
def _open_part(bid: Bid, meta: dict[str, Any], identity: str) -> StoredFile:
    """The part in clear, stored under its own id. `CannotDecrypt` when it is not what the manifest names."""
    if _sha256_of(sealed_path(meta["id"])) != meta["sealed_sha256"]:
        raise CannotDecrypt
    with decrypting(sealed_path(meta["id"]), identity) as plain:
        file = store_stream(
            plain, file_id=meta["id"], name=meta["name"], content_type=meta["content_type"], body_id=bid.body_id
        )
    if file.sha256 != meta["sha256"]:
        raise CannotDecrypt
    return file


def _sha256_of(path: str) -> str:
    with storage().open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(log: Log, lot: Lot, opened: Iterable[OpenedBid], actor: Actor) -> Opening:
    """Write what was revealed: the read-out, the labels, the files, one log entry a bid."""
    opened = list(opened)
    LOT.apply(lot, "open_bids")
    now = clock.now()
    opening = Opening.objects.create(lot=lot, opened_at=now, statements_until=now + STATEMENT_TIME)
    labels = labels_in_order(lot.closing.head_root, [item.bid.manifest_sha256 for item in opened])
    for item in opened:
        item.bid.label = labels[item.bid.manifest_sha256]
        record_contents(item)
        log.record(
            "bid.unreadable" if item.error else "bid.opened",
            item.bid,
            actor,
            project=lot.tender.number or "",
            lot=lot,
            receipt=item.bid.receipt_number,
            manifest_sha256=item.bid.manifest_sha256,
            outcome=item.error or "as receipted",
            price=item.bid.price,
        )
    log.record("lot.opened", lot, actor, project=lot.tender.number or "", lot=lot, bids=len(opened))
    return opening


def record_contents(item: OpenedBid) -> None:
    """Put the opened manifest and files on the bid; a failed one keeps its error and goes on to nothing."""
    bid = item.bid
    bid.opened_at, bid.open_error = clock.now(), item.error
    bid.status = BidStatus.UNREADABLE if item.error else BidStatus.OPENED
    if not item.error and item.contents is not None:
        bid.contents = item.contents
        bid.price = Decimal(item.contents["price"]["amount"])
    bid.save(update_fields=["opened_at", "open_error", "status", "contents", "price", "label"])
    if not item.error:
        BidFile.objects.bulk_create(_bid_file(bid, meta, file) for meta, file in item.files)


def _bid_file(bid: Bid, meta: dict[str, Any], file: StoredFile) -> BidFile:
    is_answer = meta["purpose"] == "technical"
    return BidFile(
        bid=bid,
        part_id=meta["id"],
        file=file,
        title=meta["title"][:200],
        purpose=meta["purpose"],
        evidence_kind=meta["key"] if meta["purpose"] == "evidence" else "",
        criterion=Criterion.objects.filter(pk=int(meta["key"])).first() if is_answer and meta["key"] else None,
    )
