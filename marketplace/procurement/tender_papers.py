"""The tender documents (招标文件) as a generated PDF: sections of R-TENDER-09, must-have terms marked ★."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.core.rules.time import day_of
from marketplace.core.workcalendar import calendar
from marketplace.documents.generation import Blueprint
from marketplace.funds.models import FundKind

from . import notices
from .models import Correction, PaperStatus, Tender
from .rules.criteria import plain
from .rules.timetable import notice_end
from .selectors.content import attachments_of, criteria_tree
from .selectors.tender import issue_day, rules_of

KIND = "tender_documents"


@dataclass(frozen=True)
class Group:
    """Criteria under one heading."""

    title: str
    points: Decimal
    rows: list[Any]


def tender_documents(tender: Tender) -> Blueprint:
    """For `request_document`: public, because they are free and open to anyone at publication."""
    return Blueprint(
        "documents/tender_documents.html", documents_context(tender), f"{tender.title}招标文件", is_public=True
    )


def documents_context(tender: Tender) -> dict[str, Any]:
    """Everything that the template shows; a draft is previewed with the same."""
    day, rules = issue_day(tender), rules_of(tender, issue_day(tender))
    return {
        "title": f"{tender.title}招标文件",
        "number": tender.number or "（草稿，发布时编号）",
        "tender": tender,
        "lots": list(tender.lots.all()),
        "conditions": list(tender.conditions.all()),
        "groups": groups_of(tender),
        "milestones": list(tender.milestone_plans.all()),
        "attachments": attachments_of(tender),
        "corrections": published_corrections(tender),
        "is_lottery": tender.item.budget_line.fund.kind == FundKind.LOTTERY,
        "law": notices.LAW,
        "policy": notices.POLICY,
        "notice_until": notice_end(day, rules, calendar()),
        "notice_days": rules.value("R-TENDER-02"),
        "issued_on": day,
        "contacts": notices.contacts(tender),
        "price_points": plain(Decimal(tender.price_weight)),
        "low_price": low_price_words(tender),
    }


def groups_of(tender: Tender) -> list[Group]:
    """The criteria by group, in order, the price last."""
    found: dict[str, list[Any]] = {}
    for row in criteria_tree(tender):
        found.setdefault(row.group or row.title, []).append(row)
    return [Group(title, sum((row.points for row in rows), Decimal(0)), rows) for title, rows in found.items()]


def published_corrections(tender: Tender) -> list[Correction]:
    return list(tender.corrections.filter(status=PaperStatus.PUBLISHED).prefetch_related("changes"))


def low_price_words(tender: Tender) -> str:
    """R-EVAL-16: the triggers, raised where the documents raise them."""
    rules = rules_of(tender, day_of(tender.published_at) if tender.published_at else issue_day(tender))

    def share(key: str) -> str:
        own = Decimal(str(rules.value("R-EVAL-16", key)))
        return plain((max(own, tender.abnormal_raise) if tender.abnormal_raise else own) * 100)

    return (
        f"投标报价低于全部通过符合性审查投标报价平均值 {share('mean')}%、低于次低报价 {share('second_lowest')}%，"
        f"或者低于最高限价（未设的为预算）{share('ceiling')}% 的，评审委员会启动异常低价审查，要求投标人在不少于 "
        f"{rules.value('R-EVAL-17')} 分钟内书面说明；不能证明合理性的，投标无效。"
    )
