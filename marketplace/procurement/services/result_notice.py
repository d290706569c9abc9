"""The result notice: winner by name, losers by letter, experts by name but never beside a score (R-NOTICE-05)."""

from __future__ import annotations

from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.audit.log import Log
from marketplace.publication.models import NoticeKind, NoticeSnapshot
from marketplace.publication.services import publish_notice

from ..models import Award, Bid, Lot, MemberKind
from ..notices import chinese_day
from ..selectors.award import ranked
from ..selectors.review import opened_bids, seated, values_of
from .notice_parts import contacts, full_title, project

NO_AGENT_FEE = "无：未收取代理费。"


def publish_result(log: Log, *, actor: Actor, award: Award) -> NoticeSnapshot:
    tender = award.lot.tender
    return publish_notice(
        log=log,
        actor=actor,
        kind=NoticeKind.RESULT,
        title=f"{full_title(award.lot)}中标结果公告",
        subject=award.lot,
        project_number=tender.number,
        body=tender.buyer,
        region=tender.buyer.region,
        data=result_data(award),
    )


def result_data(award: Award) -> dict[str, Any]:
    lot, winner = award.lot, award.bid
    tender = lot.tender
    return {
        **project(tender),
        "winner_name": winner.body.name,
        "winner_address": winner.body.address or "见投标文件",
        "amount": f"{winner.price:.2f}",
        "total_score": total_of(winner),
        "service_name": lot.title,
        "service_scope": lot.needs or tender.needs,
        "service_requirement": tender.needs,
        "service_time": f"{chinese_day(tender.service_from)} 至 {chinese_day(tender.service_to)}",
        "service_standard": tender.quality,
        "experts": expert_names(lot),
        "scores": [score_row(award, bid) for bid in ranked(lot)],
        "agent_fee": NO_AGENT_FEE,
        "notice_period": f"自本公告发布之日起 {values_of(tender).notice_days} 个工作日",
        "other": others(award),
        **contacts(tender),
        "attachments": ["招标文件", "评审数据文件（可自行核验）"],
    }


def total_of(bid: Bid) -> str:
    return f"{bid.result.total:.{bid.lot.tender.rounding_places}f}"


def bidder_name(award: Award, bid: Bid) -> str:
    """The winner by name, everyone else by letter."""
    return bid.body.name if bid.pk == award.bid_id else f"投标人 {bid.label}"


def score_row(award: Award, bid: Bid) -> dict[str, str]:
    return {
        "bidder": bidder_name(award, bid),
        "price": f"{bid.price:.2f}",
        "total": total_of(bid),
        "rank": f"并列第 {bid.result.rank}" if bid.result.is_tied else str(bid.result.rank),
    }


def expert_names(lot: Lot) -> list[str]:
    """All members by name, in the order of their names: nothing joins them to 成员 1 … n (R-COMM-11)."""
    names = [member.user.name + ("（采购人代表）" if member.kind == MemberKind.BUYER else "") for member in seated(lot)]
    return sorted(names)


def others(award: Award) -> str:
    """Everything that R-NOTICE-05 leaves to «other»: order, invalid bids, how to object."""
    lines = [f"质疑期至 {award.objection_until:%Y-%m-%d}，向采购人书面提出。"] if award.objection_until else []
    if award.reason:
        lines.append(f"未按第一候选人确定的理由：{award.reason}")
    invalid = opened_bids(award.lot).exclude(invalid_reason="")
    lines += [f"投标人 {bid.label} 未进入排名：{bid.get_status_display()}。" for bid in invalid]
    return "".join(lines)
