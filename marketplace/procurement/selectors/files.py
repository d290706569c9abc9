"""Who may read files of a review: evidence and bids after the opening, look-ups, answers, letters, the report."""

from __future__ import annotations

from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.documents.access import subject_key
from marketplace.documents.models import Document, StoredFile

from ..models import BidFile, CreditQuery, Letter, Lot, LotStatus, MemberStatus, Objection, PriceQuery
from ..permissions.review import can_read_letter, can_read_lot, can_read_objection, is_seated
from .review import IN_REVIEW

REPORT_KINDS = ("review_report", "review_signatures")


def is_member(actor: Actor, lot: Lot) -> bool:
    """Whether the actor holds a declared seat in the lot's committee."""
    members = lot.members.filter(user_id=actor.user_id, status=MemberStatus.ACCEPTED)
    return any(is_seated(member) for member in members)


def can_read_letter_document(actor: Actor, document: Document) -> bool:
    letter = Letter.objects.select_related("bid", "award__lot__tender").filter(pk=subject_key(document)).first()
    return letter is not None and bool(can_read_letter(actor, letter))


def can_read_report(actor: Actor, document: Document) -> bool:
    """The report names the members: they themselves, and the procuring parties once it is signed (R-COMM-11)."""
    if document.kind not in REPORT_KINDS:
        return False
    lot = Lot.objects.select_related("tender").get(pk=subject_key(document))
    if is_member(actor, lot):
        return True
    is_signed = lot.status in (LotStatus.REVIEWED, LotStatus.AWARDED, LotStatus.CONTRACTED)
    return is_signed and bool(can_read_lot(actor, lot))


def can_read_review_file(actor: Actor, file: StoredFile) -> bool:
    return _part_of_bid(actor, file) or _look_up(actor, file) or _answer(actor, file) or _objection(actor, file)


def _part_of_bid(actor: Actor, file: StoredFile) -> bool:
    """Opened bids: the procuring parties read all, members the technical parts of the bids before them."""
    row = BidFile.objects.select_related("bid__lot__tender").filter(file=file).first()
    if row is None:
        return False
    if can_read_lot(actor, row.bid.lot):
        return True
    return row.purpose != "evidence" and row.bid.status in IN_REVIEW and is_member(actor, row.bid.lot)


def _look_up(actor: Actor, file: StoredFile) -> bool:
    query = CreditQuery.objects.select_related("bid__lot__tender").filter(file=file).first()
    return query is not None and bool(can_read_lot(actor, query.bid.lot))


def _answer(actor: Actor, file: StoredFile) -> bool:
    query = PriceQuery.objects.select_related("bid__lot__tender").filter(file=file).first()
    if query is None:
        return False
    own = actor.body_id is not None and actor.body_id == query.bid.body_id
    return own or is_member(actor, query.bid.lot) or bool(can_read_lot(actor, query.bid.lot))


def _objection(actor: Actor, file: StoredFile) -> bool:
    objection = Objection.objects.select_related("lot__tender").filter(Q(file=file)).first()
    return objection is not None and bool(can_read_objection(actor, objection))
