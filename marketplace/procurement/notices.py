"""What the notices of a tender say, field by field (R-NOTICE-03, -06, -07). Frozen Chinese text, no interface words."""

from __future__ import annotations

from typing import Any

from marketplace.core.rules.time import day_of
from marketplace.core.workcalendar import calendar
from marketplace.funds.models import FundKind
from marketplace.publication.wording import body_line, chinese, chinese_day, iso, money

from .boilerplate import JOINT, NO_BOND
from .models import Correction, Lot, Tender, Termination
from .rules.timetable import notice_end
from .selectors.tender import rules_of

LAW = (
    "符合《中华人民共和国政府采购法》第二十二条规定：具有独立承担民事责任的能力；具有良好的商业信誉和健全的财务会计制度；"
    "具有履行合同所必需的设备和专业技术能力；有依法缴纳税收和社会保障资金的良好记录；"
    "参加政府采购活动前三年内，在经营活动中没有重大违法记录；法律、行政法规规定的其他条件。"
)
POLICY = (
    "本项目面向各类供应商，社会组织平等参加，不设所有制、组织形式和注册地限制；未被列入失信被执行人、"
    "重大税收违法失信主体、政府采购严重违法失信行为记录名单；单位负责人为同一人或者存在直接控股、管理关系的不同供应商，不得参加同一包的投标。"
)
NO_SPECIFIC = "无"
WAY = "在线获取：登录益招，在本项目页面点击“获取招标文件”"
FREE = "免费（0 元）"
OTHER = (
    f"{NO_BOND}投标文件一律在线加密提交，截止前不可解密。评审结果公布各投标人分项均分、报价、总分和名次；"
    "评审委员会成员的个别评分以“成员 1…n”匿名公布。"
)
LOTTERY = "本项目由彩票公益金资助。"


def tender_notice(tender: Tender) -> dict[str, Any]:
    lots = list(tender.lots.all())
    rules = rules_of(tender, day_of(tender.published_at))  # type: ignore[arg-type]
    end = notice_end(day_of(tender.published_at), rules, calendar())  # type: ignore[arg-type]
    lottery = LOTTERY if tender.item.budget_line.fund.kind == FundKind.LOTTERY else ""
    return {
        "overview": (
            f"{tender.title}的潜在投标人应在益招获取招标文件，"
            f"并于 {chinese(tender.deadline)}（北京时间）前提交投标文件。"  # type: ignore[arg-type]
        ),
        "project_number": tender.number,
        "project_name": tender.title,
        "method": "公开招标，综合评分法",
        "budget": money(tender.budget_amount),
        "ceiling": money(sum(lot.effective_ceiling for lot in lots)),
        "needs": tender.needs,
        "lots": [lot_row(lot) for lot in lots],
        "term": f"{chinese_day(tender.service_from)}至 {chinese_day(tender.service_to)}",
        "joint_bids": JOINT,
        "eligibility_law": LAW,
        "eligibility_policy": POLICY,
        "eligibility_specific": [row.text for row in tender.conditions.all()] or [NO_SPECIFIC],
        "documents_time": f"{chinese(tender.published_at)} 至 {chinese(tender.documents_until)}（北京时间）",  # type: ignore[arg-type]
        "documents_place": "益招（本站）",
        "documents_way": WAY,
        "documents_price": FREE,
        "deadline": iso(tender.deadline),  # type: ignore[arg-type]
        "opening_time": iso(tender.deadline),  # type: ignore[arg-type]
        "opening_place": tender.opening_place,
        "notice_period": f"自本公告发布之日起 {rules.value('R-TENDER-02')} 个工作日，至 {chinese_day(end)}",
        "other": lottery + OTHER,
        **contacts(tender),
    }


def correction_notice(correction: Correction, files: list[dict[str, str]]) -> dict[str, Any]:
    """`files`: rows of `selectors.correction.file_changes`."""
    tender = correction.tender
    changes = [
        {"item": row.label, "before": row.before or NO_SPECIFIC, "after": row.after} for row in correction.changes.all()
    ]
    return {
        "original_number": tender.number,
        "original_name": tender.title,
        "first_notice_date": day_of(tender.published_at).isoformat(),  # type: ignore[arg-type]
        "corrected_thing": "采购公告、采购文件",
        "changes": changes + date_changes(correction) + files,
        "reason": correction.subject,
        "correction_date": day_of(correction.published_at).isoformat(),  # type: ignore[arg-type]
        "new_deadline": iso(correction.new_deadline) if correction.new_deadline else "",
        "other": "其他内容不变。" + ("" if correction.affects_bids else "本次更正不影响投标文件编制。"),
        **contacts(tender),
    }


def date_changes(correction: Correction) -> list[dict[str, str]]:
    """The moved dates as rows of the table."""
    moved = (
        ("投标截止和开标时间", correction.old_deadline, correction.new_deadline),
        ("招标文件获取截止时间", correction.old_documents_until, correction.new_documents_until),
    )
    return [
        {"item": label, "before": chinese(before), "after": chinese(after)}
        for label, before, after in moved
        if after is not None and after != before
    ]


def termination_notice(termination: Termination) -> dict[str, Any]:
    tender = termination.tender
    return {
        "project_number": tender.number,
        "project_name": tender.title,
        "reason": f"{termination.get_kind_display()}：{termination.reason}",
        "other": "本项目招标文件免费提供、不收取投标保证金，无费用和保证金需要退还。已密封的投标不会打开。",
        **contacts(tender),
    }


def contacts(tender: Tender) -> dict[str, str]:
    return {
        "buyer_contact": body_line(tender.buyer),
        "agent_contact": body_line(tender.agency) if tender.agency else "",
        "project_contact": f"{tender.contact_name}，{tender.contact_phone}",
    }


def lot_row(lot: Lot) -> dict[str, str]:
    return {
        "number": lot.number,
        "title": lot.title,
        "budget": money(lot.budget_amount),
        "ceiling": money(lot.effective_ceiling),
        "needs": lot.needs,
    }
