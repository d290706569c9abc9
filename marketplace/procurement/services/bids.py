"""From «the bid is complete» to the receipt: sealing the parts, submitting the manifest, replacing, withdrawing.

What counts is the manifest: sealed to the lot's key, hashed, logged, receipted. Nothing here is readable before the
opening once a draft's key is destroyed. Log entries of bids carry no project number: their count would tell a secret.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
from datetime import datetime
from uuid import uuid4

import pypdfium2
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_tasks import task

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core.decisions import Decision, allow, refuse, require, require_permission
from marketplace.core.events import announce
from marketplace.core.exceptions import MarketplaceError, NotFound
from marketplace.core.locking import locked
from marketplace.documents.encryption import CannotDecrypt, copy_encrypted, encrypt
from marketplace.documents.generation import request_document
from marketplace.documents.storage import move, storage

from .. import crypto
from ..error_reports import nothing_told
from ..events import BidSubmitted, BidWithdrawn
from ..models import Bid, BidDraft, BidPart, BidStatus, DraftStatus, Lot, LotStatus, PartStatus
from ..permissions.bids import can_withdraw_bid, owns
from ..priorities import AT_ONCE
from ..rules.bid_contents import Payload, amount_of, manifest, missing
from ..rules.bidding import LOCK_PATIENCE, all_sealed, in_time, price_positive, price_within
from ..selectors.bids import asked_of, bidder_conflict
from .drafts import (
    DraftId,
    destroy_draft,
    editable_draft,
    locked_draft,
    new_nonce,
    open_draft_part,
    own_draft,
    read_payload,
    save_payload,
    sealed_path,
    write_payload,
)

RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@sensitive_variables()
def mark_complete(*, actor: Actor, draft_id: DraftId) -> BidDraft:
    """The bidder says that the bid is complete: nothing may be missing; the worker seals the parts to the lot's key."""
    with transaction.atomic():
        draft = editable_draft(actor, draft_id)
        payload = read_payload(draft)
        require(*missing(payload, asked_of(draft.lot)))
        payload["nonce"] = new_nonce()
        draft.status = DraftStatus.SEALING
        draft.parts.filter(pk__in=payload["parts"], status__in=(PartStatus.UPLOADED, PartStatus.FAILED)).update(
            status=PartStatus.SEALING
        )
        save_payload(draft, payload, actor)
    seal_parts_task.enqueue(str(draft.pk))
    draft.refresh_from_db()
    return draft


@task(priority=AT_ONCE)
def seal_parts_task(draft_id: str) -> None:
    seal_parts(draft_id)


@nothing_told()
@sensitive_variables()
def seal_parts(draft_id: DraftId) -> None:
    """Seal what waits, one part after the other; then the draft is ready to submit. Safe to repeat."""
    draft = BidDraft.objects.select_related("lot__key").filter(pk=draft_id, status=DraftStatus.SEALING).first()
    if draft is None:
        return
    payload = read_payload(draft)
    problems = {}
    for part in draft.parts.filter(status=PartStatus.SEALING).order_by("created_at"):
        problem = _seal_part(draft, part, payload["parts"][str(part.pk)]["content_type"])
        if problem:
            problems[str(part.pk)] = problem
    _finish_sealing(draft_id, problems)


def _seal_part(draft: BidDraft, part: BidPart, content_type: str) -> str:
    """Seal one part; answers what is wrong with it, if so.

    Two workers may be at it (one seemed dead): each writes a file of its own, the first one's counts.
    """
    waiting, own = BidPart.objects.filter(pk=part.pk, status=PartStatus.SEALING), f"{sealed_path(part.pk)}.{uuid4()}"
    try:
        if content_type == "application/pdf" and not _is_readable_pdf(draft, part):
            waiting.update(status=PartStatus.FAILED)
            return "pdf"
        with open_draft_part(draft, part.pk) as plain:
            sealed = copy_encrypted(plain, own, draft.lot.key.public_key)
    except (CannotDecrypt, OSError):
        waiting.update(status=PartStatus.FAILED)
        return "damaged"
    with transaction.atomic():
        is_first = waiting.select_for_update().first() is not None
        if is_first:
            move(own, sealed_path(part.pk))
            waiting.update(status=PartStatus.SEALED, sealed_size=sealed.size, sealed_sha256=sealed.sha256)
    if not is_first:
        storage().delete(own)
    return ""


@sensitive_variables()
def _is_readable_pdf(draft: BidDraft, part: BidPart) -> bool:
    """Whether the pages can be drawn later for the committee; looked at in memory only."""
    with open_draft_part(draft, part.pk) as plain:
        content = plain.read()
    try:
        document = pypdfium2.PdfDocument(io.BytesIO(content))
        try:
            return len(document) > 0
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        return False


@sensitive_variables()
def _finish_sealing(draft_id: DraftId, problems: dict[str, str]) -> None:
    with transaction.atomic():
        draft = BidDraft.objects.select_for_update().get(pk=draft_id)
        if draft.status != DraftStatus.SEALING:
            return
        payload = read_payload(draft)
        problems = {part_id: problem for part_id, problem in problems.items() if part_id in payload["parts"]}
        if problems:
            for part_id, problem in problems.items():
                payload["parts"][part_id]["problem"] = problem
            draft.status = DraftStatus.EDITING
            write_payload(draft, payload)
            draft.save(update_fields=["status", "payload"])
        elif not draft.parts.filter(status=PartStatus.SEALING).exists():
            draft.status = DraftStatus.READY
            draft.save(update_fields=["status"])


def resume_editing(*, actor: Actor, draft_id: DraftId) -> BidDraft:
    """Back to writing. Parts that are sealed already stay sealed; a copy downloaded before is void then."""
    with transaction.atomic():
        draft = locked_draft(actor, draft_id)
        if draft.status in (DraftStatus.SEALING, DraftStatus.READY):
            draft.status = DraftStatus.EDITING
            draft.save(update_fields=["status"])
    return draft


def sealed_parts(draft: BidDraft, payload: Payload) -> dict[str, tuple[int, str]]:
    """Size and hash of each part's age file; refused while one is not sealed."""
    rows = {str(part.pk): part for part in draft.parts.filter(pk__in=payload["parts"])}
    require(all_sealed(rows[part_id].status == PartStatus.SEALED for part_id in payload["parts"]))
    return {part_id: (rows[part_id].sealed_size, rows[part_id].sealed_sha256) for part_id in payload["parts"]}


@sensitive_variables()
def manifest_of(draft: BidDraft, payload: Payload) -> bytes:
    bidder = {"name": draft.body.name, "code": draft.body.code}
    return manifest(payload, lot=draft.lot.number, bidder=bidder, sealed=sealed_parts(draft, payload))


@sensitive_variables()
def submit_bid(
    *, actor: Actor, draft_id: DraftId, received_at: datetime, keep_copy: bool = False, version: int | None = None
) -> Bid:
    """Submit the sealed manifest. `received_at` was taken before any lock and alone decides whether it is in time.

    Replaces the organization's earlier version. A second submit of the same draft answers the same bid; one from a
    page that shows another `version` than the one sealed now is refused. A database that is busy is asked again until
    the lot closes: nobody who came in time loses the bid to a lock.
    """
    began = time.monotonic()
    while True:
        try:
            return _submit_once(actor, draft_id, received_at, keep_copy, version)
        except OperationalError:
            if connection.in_atomic_block or time.monotonic() - began > LOCK_PATIENCE.total_seconds():
                raise


@sensitive_variables()
def _submit_once(actor: Actor, draft_id: DraftId, received_at: datetime, keep_copy: bool, version: int | None) -> Bid:
    own_draft(actor, draft_id)
    with audit.transaction() as log:
        lot = locked(Lot, BidDraft.objects.values_list("lot_id", flat=True).get(pk=draft_id), "tender", "key")
        draft = locked_draft(actor, draft_id)
        draft.lot = lot
        existing = draft.bids.filter(status=BidStatus.SUBMITTED).first()
        if existing is not None and draft.status in (DraftStatus.SUBMITTED, DraftStatus.DESTROYED):
            return existing
        require(in_time(received_at, lot.tender.deadline), _still_counted(lot), bidder_conflict(actor, lot))  # type: ignore[arg-type]
        if draft.status != DraftStatus.READY:
            raise MarketplaceError(
                _("The bid is not sealed yet. Mark it complete, wait until all files are sealed, then submit."),
                code="not_sealed",
                rule_id="R-EDOC-05",
            )
        if version is not None and version != draft.version:
            raise MarketplaceError(
                _(
                    "The bid was changed and sealed anew in another window meanwhile. What is sealed now stands on "
                    "this page: look at it and submit again."
                ),
                code="stale",
            )
        payload = read_payload(draft)
        price = amount_of(payload)
        require(price_positive(price), price_within(price, lot.effective_ceiling))  # type: ignore[arg-type]
        bid = _seal_manifest(draft, payload, actor, received_at, keep_copy)
        replaced = _replace_earlier(bid)
        bid.save()
        draft.parts.filter(pk__in=payload["parts"]).update(bid=bid)
        draft.status = DraftStatus.SUBMITTED
        draft.save(update_fields=["status"])
        if not keep_copy:
            destroy_draft(draft)
        log.record(
            "bid.replaced" if replaced else "bid.submitted",
            bid,
            actor,
            lot=lot,
            receipt=bid.receipt_number,
            manifest_sha256=bid.manifest_sha256,
            commitment=bid.plaintext_commitment,
            received_at=received_at,
        )
        announce(BidSubmitted(bid.pk))
        request_document("bid_receipt", bid)
    return bid


def _still_counted(lot: Lot) -> Decision:
    if lot.status == LotStatus.OPEN:
        return allow("R-BID-07")
    return refuse(_("This lot is closed: the bids have been counted."), "R-BID-07")


@sensitive_variables()
def _seal_manifest(draft: BidDraft, payload: Payload, actor: Actor, received_at: datetime, keep_copy: bool) -> Bid:
    plaintext = manifest_of(draft, payload)
    sealed = encrypt(plaintext, draft.lot.key.public_key)
    return Bid(
        lot=draft.lot,
        body=draft.body,
        draft=draft,
        manifest=sealed,
        manifest_sha256=hashlib.sha256(sealed).hexdigest(),
        plaintext_commitment=crypto.commitment(bytes.fromhex(payload["nonce"]), plaintext),
        receipt_number=new_receipt_number(received_at),
        submitted_by_id=actor.user_id,
        received_at=received_at,
        kept_copy=keep_copy,
    )


def new_receipt_number(received_at: datetime) -> str:
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _index in range(8))
    return f"TB-{received_at:%Y%m%d}-{letters}"


def _replace_earlier(bid: Bid) -> bool:
    earlier = Bid.objects.filter(lot=bid.lot, body=bid.body, status=BidStatus.SUBMITTED)
    return bool(earlier.update(status=BidStatus.REPLACED))


def withdraw_bid(*, actor: Actor, receipt_number: str, received_at: datetime) -> Bid:
    """Withdraw before the deadline (R-BID-08). The sealed version stays sealed for ever and is not counted."""
    with audit.transaction() as log:
        bid = Bid.objects.filter(receipt_number=receipt_number).first()
        if bid is None or not owns(actor, bid):
            raise NotFound("")
        lot = locked(Lot, bid.lot_id, "tender")
        bid = locked(Bid, bid.pk)
        require_permission(can_withdraw_bid(actor, bid))
        if bid.status == BidStatus.WITHDRAWN:
            return bid
        require(in_time(received_at, lot.tender.deadline), _still_counted(lot))  # type: ignore[arg-type]
        if bid.status != BidStatus.SUBMITTED:
            raise MarketplaceError(
                _("This version was replaced by a later one; withdraw that one."), code="wrong_state"
            )
        bid.status, bid.withdrawn_at = BidStatus.WITHDRAWN, received_at
        bid.save(update_fields=["status", "withdrawn_at"])
        log.record("bid.withdrawn", bid, actor, lot=lot, receipt=bid.receipt_number, received_at=received_at)
        announce(BidWithdrawn(bid.pk))
    return bid
