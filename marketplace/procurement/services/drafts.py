"""Drafts of bids: everything a bidder writes, encrypted under the draft's own key, until it is sealed or destroyed.

Whoever controls the running server and the seal key could read a draft; secrecy is claimed from the sealing on.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.core import clock
from marketplace.core.decisions import Decision, refuse, require, require_permission
from marketplace.core.exceptions import MarketplaceError, NotFound, StaleVersion
from marketplace.core.locking import locked
from marketplace.documents.encryption import (
    copy_encrypted,
    decrypt,
    decrypting,
    encrypt,
    new_identity,
    recipient_of,
)
from marketplace.documents.services import open_file
from marketplace.documents.storage import storage

from .. import sealkey
from ..models import BidDraft, BidPart, DraftStatus, Lot, LotStatus, PartStatus
from ..permissions.bids import can_bid, can_edit_draft, owns
from ..rules.bid_contents import Payload, new_payload, stored, version_of, with_section
from ..rules.bidding import in_time, price_in_yuan, price_positive, price_within, size_within
from ..selectors.bids import bidder_conflict, usable_evidence

DraftId = uuid.UUID | str
EDITABLE = (DraftStatus.EDITING, DraftStatus.SUBMITTED)


@dataclass(frozen=True)
class PartPlace:
    """Where a file belongs in the bid: evidence of a kind or condition, a criterion, or the annexes."""

    purpose: str
    key: str = ""
    title: str = ""


@dataclass(frozen=True)
class PartFile:
    """A file as it lies encrypted under the draft's key, with what was found when it passed by."""

    part_id: uuid.UUID
    name: str
    content_type: str
    size: int
    sha256: str
    encrypted_size: int


def draft_path(draft_id: DraftId, part_id: DraftId) -> str:
    return f"drafts/{draft_id}/{part_id}.age"


@sensitive_variables()
def start_draft(*, actor: Actor, lot_id: int) -> BidDraft:
    """The organization's draft for a lot; the one it has already, if so. Refused after the deadline."""
    with audit.transaction():
        lot = locked(Lot, lot_id, "tender")
        require_permission(can_bid(actor))
        require(_lot_takes_bids(lot), in_time(clock.now(), lot.tender.deadline), bidder_conflict(actor, lot))  # type: ignore[arg-type]
        existing = lot.drafts.filter(body_id=actor.body_id, destroyed_at=None).first()
        if existing is not None:
            return existing
        draft = BidDraft(
            lot=lot,
            body_id=actor.body_id,
            wrapped_key=sealkey.wrap(new_identity().encode()),
            updated_by_id=actor.user_id,
            updated_at=clock.now(),
        )
        write_payload(draft, new_payload())
        draft.save(force_insert=True)
    return draft


def _lot_takes_bids(lot: Lot) -> Decision:
    if lot.status == LotStatus.OPEN:
        return Decision(True)
    return refuse(_("This lot does not take bids: it is not published yet, or it is closed."), "R-BID-07")


def identity_of(draft: BidDraft) -> str:
    if draft.destroyed_at is not None or not draft.wrapped_key:
        raise MarketplaceError(_("This draft was destroyed at the sealing or at the deadline."), code="destroyed")
    return sealkey.unwrap(bytes(draft.wrapped_key)).decode()


@sensitive_variables()
def read_payload(draft: BidDraft) -> Payload:
    return json.loads(decrypt(bytes(draft.payload), identity_of(draft)))


@sensitive_variables()
def write_payload(draft: BidDraft, payload: Payload) -> None:
    """Put the payload into the draft, encrypted under its key; the caller saves."""
    draft.payload = encrypt(json.dumps(payload, ensure_ascii=False).encode(), recipient_of(identity_of(draft)))


@sensitive_variables()
def save_payload(draft: BidDraft, payload: Payload, actor: Actor) -> None:
    """Store a changed payload of a locked draft."""
    write_payload(draft, payload)
    draft.version += 1
    draft.updated_by_id, draft.updated_at = actor.user_id, clock.now()
    draft.save(update_fields=["payload", "version", "status", "updated_by", "updated_at"])


def locked_draft(actor: Actor, draft_id: DraftId) -> BidDraft:
    """The organization's own draft under its lock; a stranger's is not found."""
    draft = (
        BidDraft.objects.select_for_update(of=("self",))
        .select_related("lot__tender", "body")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or not owns(actor, draft):
        raise NotFound("")
    require_permission(can_edit_draft(actor, draft))
    return draft


def editable_draft(actor: Actor, draft_id: DraftId) -> BidDraft:
    draft = locked_draft(actor, draft_id)
    if draft.status not in EDITABLE:
        raise MarketplaceError(
            _("The bid is marked complete and being sealed. Choose «back to writing» first."), code="wrong_state"
        )
    draft.status = DraftStatus.EDITING
    return draft


@sensitive_variables()
def save_section(
    *, actor: Actor, draft_id: DraftId, section: str, version: int, values: Any, stated: str | None = None
) -> int:
    """Store one step of the draft; answers its new version. Another tab's save meanwhile: `StaleVersion` with its text.

    With the answer to an objective criterion goes `stated`, the range that the bidder says its evidence meets.
    Autosaves are no log entries. The price is checked against ceiling and unit here, before anyone relies on it.
    """
    with transaction.atomic():
        draft = editable_draft(actor, draft_id)
        payload = read_payload(draft)
        key = section.partition(":")[2]
        before = payload["stated"].get(key, "")
        if stored(payload, section) == values and stated in (None, before):
            return version_of(payload, section)
        if version_of(payload, section) != version:
            raise StaleVersion(
                _(
                    "This step was saved in another window meanwhile. Both texts stand below; keep what is right and "
                    "save."
                ),
                current={
                    "values": stored(payload, section),
                    "stated": before,
                    "version": version_of(payload, section),
                },
            )
        if section == "price":
            require(*_price_decisions(draft.lot, values))
        payload = with_section(payload, section, values)
        if stated is not None:
            payload["stated"][key] = stated
        save_payload(draft, payload, actor)
    return version_of(payload, section)


def _price_decisions(lot: Lot, values: dict[str, Any]) -> list[Decision]:
    if not values["amount"]:
        return []
    price, ceiling = Decimal(values["amount"]), lot.effective_ceiling
    unit = price_in_yuan(price, ceiling)
    decisions = [price_positive(price), price_within(price, ceiling)]
    if not unit.allowed and not values["confirmed"]:
        decisions.append(refuse(unit.reason, unit.rule_id, field=unit.field))
    return decisions


@sensitive_variables()
def attach_part(*, actor: Actor, draft_id: DraftId, file: PartFile, place: PartPlace) -> BidPart:
    """Take an encrypted file into the draft. When it is refused, nothing of it stays."""
    try:
        with transaction.atomic():
            draft = editable_draft(actor, draft_id)
            payload = read_payload(draft)
            part = add_part(draft, payload, file, place)
            save_payload(draft, payload, actor)
    except BaseException:
        storage().delete(draft_path(draft_id, file.part_id))
        raise
    return part


@sensitive_variables()
def add_part(draft: BidDraft, payload: Payload, file: PartFile, place: PartPlace) -> BidPart:
    """Put a file into the payload of a locked draft; the caller saves. Refused above the limit of a bid."""
    require(size_within(sum(meta["size"] for meta in payload["parts"].values()) + file.size))
    part = BidPart.objects.create(pk=file.part_id, draft=draft, draft_size=file.encrypted_size, created_at=clock.now())
    payload["parts"][str(part.pk)] = {
        "order": 1 + max((meta["order"] for meta in payload["parts"].values()), default=0),
        "title": place.title or file.name,
        "purpose": place.purpose,
        "key": place.key,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "problem": "",
    }
    return part


@sensitive_variables()
def encrypt_part(draft: BidDraft, stream: IO[bytes], *, name: str, content_type: str) -> PartFile:
    """Encrypt a file that lies in clear elsewhere (the organization's evidence file) under the draft's key."""
    part_id, digest, size = uuid.uuid4(), hashlib.sha256(), 0

    class Passing:
        def read(self, wanted: int = -1) -> bytes:
            nonlocal size
            data = stream.read(wanted)
            digest.update(data)
            size += len(data)
            return data

    written = copy_encrypted(Passing(), draft_path(draft.pk, part_id), recipient_of(identity_of(draft)))
    return PartFile(part_id, name, content_type, size, digest.hexdigest(), written.size)


@sensitive_variables()
def attach_bytes(
    *, actor: Actor, draft_id: DraftId, content: bytes, name: str, content_type: str, place: PartPlace
) -> BidPart:
    """Attach content that this program holds in memory."""
    draft = own_draft(actor, draft_id)
    file = encrypt_part(draft, io.BytesIO(content), name=name, content_type=content_type)
    return attach_part(actor=actor, draft_id=draft_id, file=file, place=place)


@sensitive_variables()
def attach_evidence(*, actor: Actor, draft_id: DraftId, evidence_id: str | int, place: PartPlace) -> BidPart:
    """Take a document of the organization's evidence file into the bid: a copy of its own, encrypted."""
    evidence = usable_evidence(actor).filter(pk=evidence_id).first()
    if evidence is None:
        raise NotFound("")
    draft = own_draft(actor, draft_id)
    with open_file(evidence.file) as content:
        file = encrypt_part(draft, content, name=evidence.file.name, content_type=evidence.file.content_type)
    titled = PartPlace(place.purpose, place.key, evidence.title)
    return attach_part(actor=actor, draft_id=draft_id, file=file, place=titled)


def own_draft(actor: Actor, draft_id: DraftId) -> BidDraft:
    draft = BidDraft.objects.select_related("lot__tender__buyer", "body", "updated_by").filter(pk=draft_id).first()
    if draft is None or not owns(actor, draft):
        raise NotFound("")
    return draft


@sensitive_variables()
def remove_part(*, actor: Actor, draft_id: DraftId, part_id: DraftId) -> None:
    """Take a file out of the draft. What an earlier submitted version holds stays sealed as it is."""
    with transaction.atomic():
        draft = editable_draft(actor, draft_id)
        payload = read_payload(draft)
        part = draft.parts.select_for_update().filter(pk=part_id).first()
        if part is None or payload["parts"].pop(str(part.pk), None) is None:
            raise NotFound("")
        if part.bid_id is None:
            part.status = PartStatus.REMOVED
            part.save(update_fields=["status"])
        save_payload(draft, payload, actor)
    storage().delete(draft_path(draft_id, part_id))


@sensitive_variables()
def open_draft_part(draft: BidDraft, part_id: DraftId) -> AbstractContextManager[IO[bytes]]:
    """The plain content of a part of a living draft, as a stream."""
    return decrypting(draft_path(draft.pk, part_id), identity_of(draft))


def destroy_draft(draft: BidDraft) -> None:
    """Destroy the draft's key and what it protected: payload, files. Sealed parts of submitted bids stay."""
    paths = [draft_path(draft.pk, pk) for pk in draft.parts.values_list("pk", flat=True)]
    orphans = [sealed_path(pk) for pk in draft.parts.filter(bid=None).values_list("pk", flat=True)]
    draft.parts.filter(bid=None).update(status=PartStatus.REMOVED)
    if draft.status != DraftStatus.SUBMITTED:
        draft.status = DraftStatus.DESTROYED
    draft.wrapped_key, draft.payload, draft.destroyed_at = b"", b"", clock.now()
    draft.save(update_fields=["wrapped_key", "payload", "destroyed_at", "status"])
    transaction.on_commit(lambda: delete_files([*paths, *orphans]))


def delete_files(paths: list[str]) -> None:
    for path in paths:
        storage().delete(path)


def sealed_path(part_id: DraftId) -> str:
    return f"sealed/{part_id}.age"


def new_nonce() -> str:
    return os.urandom(32).hex()
