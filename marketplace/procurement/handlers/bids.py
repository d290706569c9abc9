"""Documents of bids and openings, who may read them, and what follows from a moved deadline."""

from __future__ import annotations

from marketplace.accounts.actors import Actor
from marketplace.core.events import subscribe
from marketplace.documents.access import register_files, register_subject, subject_key
from marketplace.documents.generation import Blueprint, register
from marketplace.documents.models import Document, StoredFile

from .. import places
from ..events import CorrectionPublished
from ..models import Bid, BidFile, Correction, Opening
from ..permissions.bids import can_attend_opening, can_read_opened_bids, owns
from ..selectors.openings import minutes_of
from ..services.notice_parts import full_title
from ..services.sealing import move_opening


def connect() -> None:
    register("bid_receipt", receipt)
    register("opening_minutes", minutes)
    register_subject("procurement.bid", reads_bid_document)
    register_subject("procurement.opening", reads_opening_document)
    register_files(reads_bid_file)
    places.register()
    subscribe(CorrectionPublished, deadline_may_have_moved)


def receipt(bid: Bid) -> Blueprint:
    tender = bid.lot.tender
    return Blueprint(
        template="documents/bid_receipt.html",
        context={"bid": bid, "tender": tender, "number": tender.number, "title": "投标回执"},
        title=f"投标回执 {bid.receipt_number}",
    )


def minutes(opening: Opening) -> Blueprint:
    lot = opening.lot
    return Blueprint(
        template="documents/opening_minutes.html",
        context={
            **minutes_of(opening),
            "number": lot.tender.number,
            "title": "开标记录",
            "full_title": full_title(lot),
        },
        title=f"开标记录 {lot.number}",
    )


def reads_bid_document(actor: Actor, document: Document) -> bool:
    """A receipt is its bidder's."""
    bid = Bid.objects.filter(receipt_number=subject_key(document)).first()
    return bid is not None and owns(actor, bid)


def reads_opening_document(actor: Actor, document: Document) -> bool:
    opening = Opening.objects.select_related("lot__tender").filter(pk=subject_key(document)).first()
    return opening is not None and bool(can_attend_opening(actor, opening.lot))


def reads_bid_file(actor: Actor, file: StoredFile) -> bool:
    """Files of an opened bid: its own people, and those who read opened bids. There is none before the opening."""
    row = BidFile.objects.select_related("bid__lot__tender").filter(file=file).first()
    return row is not None and (owns(actor, row.bid) or bool(can_read_opened_bids(actor, row.bid.lot)))


def deadline_may_have_moved(event: CorrectionPublished) -> None:
    """The keys of the lots carry the new moment."""
    move_opening(Correction.objects.select_related("tender").get(pk=event.correction_id).tender)
