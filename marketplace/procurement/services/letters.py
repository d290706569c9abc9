"""Letters after the decision: the award letter, and to each loser the own score, rank and reason (R-AWARD-05, -08)."""

from __future__ import annotations

from django.utils.translation import override

from marketplace import audit
from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.core import clock
from marketplace.core.exceptions import NotFound
from marketplace.core.locking import locked
from marketplace.documents.generation import request_document

from ..models import Award, Bid, BidStatus, Letter, LetterKind
from ..permissions.review import can_read_letter
from ..selectors.review import opened_bids
from .notice_parts import full_title
from .result_notice import total_of
from .voiding import RESULT_LANGUAGE

DOCUMENT_KINDS = {LetterKind.WINNER: "award_letter", LetterKind.LOSER: "result_letter"}


def send_letters(log: Log, *, actor: Actor, award: Award) -> list[Letter]:
    """One letter to every bidder, with its PDF; each goes to its own bidder only."""
    with override(RESULT_LANGUAGE):
        letters = [_letter(award, bid) for bid in opened_bids(award.lot).select_related("result")]
    for letter in letters:
        request_document(DOCUMENT_KINDS[LetterKind(letter.kind)], letter)
        log.record("letter.sent", letter, actor, project=award.lot.tender.number, lot=award.lot, kind=letter.kind)
    return letters


def _letter(award: Award, bid: Bid) -> Letter:
    is_winner = bid.pk == award.bid_id
    return Letter.objects.create(
        award=award,
        bid=bid,
        kind=LetterKind.WINNER if is_winner else LetterKind.LOSER,
        text=winner_text(award) if is_winner else loser_text(award, bid),
        sent_at=clock.now(),
    )


def winner_text(award: Award) -> str:
    lot = award.lot
    return (
        f"贵单位在 {lot.number} {full_title(lot)}的评审中总得分 {total_of(award.bid)} 分，"
        f"经采购人依法确认为中标人，中标金额 {award.bid.price:,.2f} 元。"
        "请自本通知书发出之日起 30 日内，按招标文件和投标文件与采购人签订合同。"
        "中标通知书对双方具有法律效力；无正当理由不签订合同的，依法承担责任。"
    )


def loser_text(award: Award, bid: Bid) -> str:
    lot = award.lot
    head = f"{lot.number} {full_title(lot)}的采购结果已经公告，中标人为{award.bid.body.name}。"
    if bid.status == BidStatus.INELIGIBLE:
        return f"{head}贵单位未通过资格审查，原因：{bid.invalid_reason}。"
    if bid.status in (BidStatus.INVALID, BidStatus.UNREADABLE):
        return f"{head}贵单位的投标无效，原因：{bid.invalid_reason or bid.open_error}。"
    result = bid.result
    first = award.bid.result
    return (
        f"{head}贵单位的投标经评审总得分 {total_of(bid)} 分，排名第 {result.rank}。"
        f"未中标的原因：{_why(award, bid, result.rank, first.rank)}"
        "各评分项的得分见所附得分表。"
    )


def _why(award: Award, bid: Bid, own: int, first: int) -> str:
    if own > first:
        return f"中标人总得分 {total_of(award.bid)} 分，排名第 {first}，列于贵单位之前。"
    if own == first:
        return "与中标人并列，按抽签所定的次序列于其后。"
    ended = award.lot.awards.filter(bid=bid).exclude(end_reason="").order_by("-pk").first()
    return f"{ended.get_status_display()}：{ended.end_reason}。" if ended else f"{award.reason}。"


def mark_read(*, actor: Actor, letter_id: int) -> Letter:
    """Note that the bidder has opened the letter; its time counts as receipt."""
    with audit.transaction() as log:
        letter = locked(Letter, letter_id, "award", "award__lot", "award__lot__tender", "bid")
        if not can_read_letter(actor, letter):
            raise NotFound("")
        if actor.body_id == letter.bid.body_id and letter.read_at is None:
            letter.read_at = clock.now()
            letter.save(update_fields=["read_at"])
            log.record("letter.read", letter, actor, project=letter.award.lot.tender.number, lot=letter.award.lot)
        return letter
