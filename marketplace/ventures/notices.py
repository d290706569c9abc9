"""What the notices of a call say, field by field. Frozen Chinese text, no interface words."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from marketplace.core.catalogue import rule
from marketplace.core.rules.time import day_of
from marketplace.publication.wording import body_line, chinese, chinese_day, iso, money

from .models import Call, CallPaper, CallPot
from .rules.values import plain
from .selectors.call import form_of, off_of

LANGUAGE = "zh-hans"
ALL_THEMES = "全部主题"
NONE = "无"
HOW = (
    "在本平台网上申报：登录后在征集页面点击“申报”，填写申报书并提交，以系统回执为准；截止前可以修改、撤回或者重新提交。"
)
LOTTERY = "本次资助使用彩票公益金，受资助的设施、设备和活动应以显著方式标明“彩票公益金资助-中国福利彩票”。"
NO_DONATIONS = "本平台不开展公开募捐；确需公开募捐的，应通过民政部指定的互联网募捐信息平台进行。"
ELIGIBILITY = (
    "依法登记的社会组织。有下列情形之一的不得申报：未按时年检年报或者结论不合格；被列入活动异常名录或者严重违法失信名单；"
    "三年内被列入创投失信名单；以前承接的创投项目未结项；同一项目已获其他财政资金资助。"
)


def call_notice(call: Call) -> dict[str, Any]:
    with translation.override(LANGUAGE):
        pots = list(call.pots.select_related("budget_line__fund__body", "theme"))
        themes = [_joined(row.title, row.description) for row in call.themes.all()]
        return {
            "call_number": call.number,
            "call_name": call.title,
            "kind": f"{call.get_kind_display()}；{call.get_level_display()}{call.street}",
            "aims": call.aims,
            "place": call.place,
            "themes": themes or [NONE],
            "track": call.track_statement,
            "funders": "；".join([call.lead.name, *(row.body.name for row in call.funders.select_related("body"))]),
            "pots": [_pot(pot) for pot in pots],
            "total": money(sum(pot.amount for pot in pots)),
            "eligibility": ELIGIBILITY,
            "values": _values(call),
            "tranches": _tranches(call),
            "switched_off": [f"{rule_id} {rule(rule_id).zh}：{reason}" for rule_id, reason in off_of(call).items()],
            "opens_at": iso(call.opens_at),  # type: ignore[arg-type]
            "deadline": iso(call.deadline),  # type: ignore[arg-type]
            "steps": _steps(call),
            "how": HOW,
            "form": [block.title for block in form_of(call)],
            "guide": call.guide,
            "other": (LOTTERY if any(pot.budget_line.fund.is_lottery for pot in pots) else "") + NO_DONATIONS,
            **contacts(call),
        }


def _joined(*parts: str) -> str:
    return "：".join(part for part in parts if part)


def _pot(pot: CallPot) -> dict[str, str]:
    line = pot.budget_line
    return {
        "name": pot.name,
        "source": f"{line.fund.body.name} {line.fund.get_kind_display()}（{line.code}）",
        "purpose": line.get_purpose_display(),
        "theme": pot.theme.title if pot.theme else ALL_THEMES,
        "amount": money(pot.amount),
    }


def _values(call: Call) -> list[str]:
    staff = f"人员经费不超过项目预算的 {plain(call.staff_ceiling)}%" if call.staff_ceiling is not None else ""
    lines = (
        f"单个项目资助不超过 {call.grant_cap:,.2f} 元",
        f"自筹或者社会资金不低于项目预算的 {plain(call.own_share)}%" if call.own_share else "不要求自筹资金",
        f"间接费用不超过项目预算的 {plain(call.indirect_ceiling)}%",
        staff,
        f"每个社会组织可申报 {call.applications_each} 个项目",
        f"项目周期 {call.months_least} 至 {call.months_most} 个月",
    )
    return [line for line in lines if line]


def _tranches(call: Call) -> str:
    shares = [f"{row.get_stage_display()} {plain(row.share)}%" for row in call.tranches.all() if row.share]
    return "；".join(shares)


def _steps(call: Call) -> list[str]:
    return [
        f"材料补正：通知后 {call.correction_days} 个工作日内，限一次",
        f"评审和答辩：{chinese_day(call.review_until)}前完成",
        f"结果公示：不少于 {call.display_days} 日",
    ]


def correction_notice(paper: CallPaper) -> dict[str, Any]:
    call = paper.call
    changes = [
        {"item": row.label, "before": row.before or NONE, "after": row.after or NONE} for row in paper.changes.all()
    ]
    if paper.new_deadline is not None:
        moved = {"item": "申报截止时间", "before": chinese(paper.old_deadline), "after": chinese(paper.new_deadline)}  # type: ignore[arg-type]
        changes.insert(0, moved)
    return {
        "call_number": call.number,
        "call_name": call.title,
        "first_notice_date": day_of(call.published_at).isoformat(),  # type: ignore[arg-type]
        "subject": paper.subject,
        "changes": changes,
        "reason": paper.reason,
        "correction_date": day_of(paper.published_at).isoformat(),  # type: ignore[arg-type]
        "new_deadline": iso(paper.new_deadline) if paper.new_deadline else "",
        "other": "其他内容不变。",
        **contacts(call),
    }


def termination_notice(paper: CallPaper) -> dict[str, Any]:
    call = paper.call
    return {
        "call_number": call.number,
        "call_name": call.title,
        "reason": paper.reason,
        "other": "资金池的余额退回原预算项目。已提交的申报不再评审。",
        **contacts(call),
    }


def contacts(call: Call) -> dict[str, str]:
    return {
        "lead_contact": body_line(call.lead),
        "call_contact": f"{call.contact_name}，{call.contact_phone}",
    }
