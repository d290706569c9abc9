"""What the notice of a result says. Frozen Chinese text: funded projects by name, all others as counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import translation

from marketplace.publication.wording import chinese_day, money

from .models import Assessment, GrantProposal, PanelRole
from .notices import LANGUAGE, contacts
from .rules.decision import by_pot
from .selectors.assessment import assessed, seated
from .selectors.decision import proposals_of
from .selectors.ranking import criterion_means

NORMALISED = "排名依据标准化平均分：先按每位评委的平均分和离散程度换算，再求平均。"
RAW = "排名依据各评委总分的平均分。"
TIES = "总分四舍五入保留两位小数；总分相同的并列，资金分配的先后由可复核的抽签决定。"
OWN = "未获资助的申报单位可在工作台查看本单位的得分和理由。"
HOW = "公示期内，任何登录本平台的人可在征集页面提出异议，牵头单位自收到之日起 5 个工作日内答复。"


def result_notice(row: Assessment) -> dict[str, Any]:
    """`row.display_until` is set already."""
    with translation.override(LANGUAGE):
        proposals = list(proposals_of(row))
        funded = [each for each in proposals if each.amount]
        means = criterion_means(row, [each.application_id for each in funded])
        return {
            "call_number": row.call.number,
            "call_name": row.call.title,
            "total": money(sum(each.amount for each in funded)),
            "funded": [_line(each, means[each.application_id]) for each in funded],
            "counts": _counts(row, len(funded)),
            "method": _method(row),
            "panel": _panel(row),
            "display_until": row.display_until.isoformat(),  # type: ignore[union-attr]
            "objections": HOW,
            "other": f"公示至{chinese_day(row.display_until)}（含当日）。{OWN}",
            **contacts(row.call),
        }


def _line(each: GrantProposal, means: list) -> dict[str, str]:
    shares = {share.pot.name: share.amount for share in each.shares.all()}
    return {
        "rank": str(each.rank),
        "project": each.application.title,
        "organization": each.application.body.name,
        "score": f"{each.total:.2f}",
        "means": "；".join(f"{criterion.title} {mean:.2f}/{criterion.weight}" for criterion, mean in means),
        "pots": by_pot(shares),
        "amount": money(each.amount),
    }


def _counts(row: Assessment, funded: int) -> list[str]:
    whole = assessed(row).count()
    return [f"进入评审的申报 {whole} 个", f"拟资助 {funded} 个", f"未获资助 {whole - funded} 个（不公布名称）"]


def _method(row: Assessment) -> list[str]:
    form = "；".join(f"{criterion.title} {criterion.weight} 分" for criterion in row.criteria.all())
    lines = [
        f"评分标准：{form}",
        f"每个申报由 {row.reviewers_each} 位评委评分",
        NORMALISED if row.is_normalised else RAW,
    ]
    if row.defence_share:
        lines.append(f"书面评审占 {100 - row.defence_share}%，答辩占 {row.defence_share}%")
    schemes = [f"{scheme.title} 加 {scheme.points.normalize():f} 分" for scheme in row.bonuses.all()]
    if schemes:
        lines.append(f"加分项（合计不超过 {row.bonus_cap.normalize():f} 分）：{'；'.join(schemes)}")
    return [*lines, TIES]


def _panel(row: Assessment) -> str:
    """How many of each kind of seat, and the names in an order of their own: never beside a score."""
    members = list(seated(row))
    counted = Counter(member.role for member in members)
    seats = "、".join(f"{PanelRole(role).label} {counted[role]} 人" for role in PanelRole.values if counted[role])
    return f"{seats}：{'、'.join(sorted(str(member.user) for member in members))}"
